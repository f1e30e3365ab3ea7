/**
 * Random exploration of the ladder itself: it finds what the mutants break, and nothing in the correct rules.
 */
import { describe, expect, test } from 'vitest';
import { findFamily, ruleSets } from '../../models/index.js';
import { subjectOf } from '../cases/random-subject.js';
import { check } from '../engine/check.js';
import { isNightly } from '../testing/nightly.js';
import { exploreSubject } from './exploration.js';
import { narrow } from './reduce.js';

const election = findFamily('fast-leader-election')!;
const correct = ruleSets.find(({ name }) => name === 'correct')!;
const mutants = ruleSets.filter(({ breaks }) => breaks[election.name] !== undefined);
/** By day every fifth: all are met by seed 1. */
const someMutants = mutants.filter((_, i) => isNightly || i % 5 === 0);
/** Seed 1 is tried by src/trials/random-trials.test.ts, on every model. */
const SEED = 2;
const RUNS = 400;

describe.each(someMutants)('the rule set $name', (mutant) => {
  const { claim } = mutant.breaks[election.name];

  test(`violates ${claim} at 3 to 5 servers, as shortly as possible (seed ${SEED})`, () => {
    const drawn = subjectOf(election, mutant, {}, [claim]);
    const subject = { ...drawn, space: { ...drawn.space, servers: { values: [3, 4, 5], least: 3 } } };
    const { violation } = exploreSubject(subject, { seed: SEED, runs: RUNS });
    expect(violation?.claim).toBe(claim);
    const { model, expectations } = narrow(subject.build(violation!.bounds), claim);
    const exhaustive = check(model, expectations).violation;
    expect(violation!.schedule.steps).toHaveLength(exhaustive!.schedule.steps.length);
    expect(violation!.lengths.shortest).toBe(exhaustive!.schedule.steps.length);
  });
});

describe.each([
  ['tutorial', 'leaderElected', 1 / 4],
  ['fast-leader-election', 'leaderElected', 1 / 4],
  ['fle-faithful', 'leaderElected', 1 / 4],
  ['zab-discovery', 'leaderEstablished', 1 / 8],
  ['zab-synchronization', 'followerBehind', 1 / 8],
] as const)('%s with the correct rules', (name, witness, share) => {
  const family = findFamily(name)!;

  // The more servers, the longer a run; a run of the models above takes ten times as long.
  const isFull = isNightly || !name.startsWith('zab-');
  const runsOf = isFull ? [12, 10, 8] : [6, 3];
  // By day not at seven, which five stand for.
  const sizes = isNightly ? [3, 5, 7] : [3, 5];
  test.each(sizes.map((servers, i) => [servers, runsOf[i]]))(
    'violates nothing at %i servers (%i runs of 10,000 choices, seed 1)',
    (servers, runs) => {
      const outcome = exploreSubject(subjectOf(family, correct, { servers }), { seed: 1, runs });
      expect(outcome.violation).toBeNull();
      expect(outcome).toMatchObject({ verdict: 'passed', runs, neverTaken: [] });
      expect(outcome.claims.length).toBeGreaterThan(2);
      expect(outcome.witnesses[witness]).toBeGreaterThan(runs * share);
    },
  );
});
