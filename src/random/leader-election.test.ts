/**
 * Random exploration of the ladder itself: it finds what the mutants break, and nothing in the correct rules.
 */
import { describe, expect, test } from 'vitest';
import { findRung, ruleSets } from '../../models/index.js';
import { caseOf } from '../../properties/index.js';
import { subjectOf } from '../cli/random-subject.js';
import { check } from '../engine/breadth-first.js';
import { explore } from './exploration.js';
import { narrow } from './reduce.js';

const election = findRung('fast-leader-election')!;
const correct = ruleSets.find(({ name }) => name === 'correct')!;
const mutants = ruleSets.filter(({ breaks }) => breaks[election.name] !== undefined);
const SEEDS = [1, 2];
const RUNS = 400;

describe.each(mutants)('the rule set $name', (mutant) => {
  const { claim } = mutant.breaks[election.name];

  test.each(SEEDS)(`violates ${claim} at 3 to 5 servers, as shortly as possible (seed %i)`, (seed) => {
    const drawn = subjectOf(election, mutant, {}, [claim]);
    const subject = { ...drawn, space: { ...drawn.space, servers: { values: [3, 4, 5], least: 3 } } };
    const { violation } = explore(subject, { seed, runs: RUNS });
    expect(violation?.claim).toBe(claim);
    const { model, expectations } = narrow(subject.build(violation!.bounds), claim);
    const exhaustive = check(model, expectations).violation;
    expect(violation!.schedule.steps).toHaveLength(exhaustive!.schedule.steps.length);
    expect(violation!.lengths.shortest).toBe(exhaustive!.schedule.steps.length);
  });

  test(`violates ${claim} by no fewer steps than exhaustive exploration needs (seed 1)`, () => {
    const { tiny, ci } = election.presets;
    const given = { start: tiny.start, slots: ci.slots };
    const { violation } = explore(subjectOf(election, mutant, given, [claim]), { seed: 1, runs: RUNS });
    const { model, expectations } = narrow(caseOf(election, ci, mutant), claim);
    const exhaustive = check(model, expectations).violation;
    expect(violation!.bounds.servers).toBe(ci.servers);
    expect(violation!.lengths.shortest).toBe(exhaustive!.schedule.steps.length);
  });
});

describe.each([
  ['tutorial', 'leaderElected', 1 / 4],
  ['fast-leader-election', 'leaderElected', 1 / 4],
  ['zab-discovery', 'leaderEstablished', 1 / 8],
  ['zab-synchronization', 'followerBehind', 1 / 8],
] as const)('%s with the correct rules', (name, witness, share) => {
  const rung = findRung(name)!;

  // The more servers, the longer a run.
  test.each([
    [3, 40],
    [4, 40],
    [5, 30],
    [6, 15],
    [7, 10],
  ])('violates nothing at %i servers (%i runs of 10,000 choices, seed 1)', (servers, runs) => {
    const outcome = explore(subjectOf(rung, correct, { servers }), { seed: 1, runs });
    expect(outcome.violation).toBeNull();
    expect(outcome).toMatchObject({ verdict: 'passed', runs, neverTaken: [] });
    expect(outcome.claims.length).toBeGreaterThan(2);
    expect(outcome.witnesses[witness]).toBeGreaterThan(runs * share);
  });
});
