/** A test of a user's own: what it says of rules that are right, and of rules that are not. */
import { expect, test } from 'vitest';
import { correct } from '../models/rules.js';
import { everyStep, type States } from './claims.js';
import { always, defineModel, range, sometimes, struct } from './index.js';
import { modelProperty, modelRefutationOf, refutationOf } from './vitest.js';

test('the rules of ZooKeeper are not refuted, nor are some that no claim notices', () => {
  expect(refutationOf({ rules: {} })).toBeNull();
  expect(refutationOf({ rules: correct, model: 'zab-discovery' })).toBeNull();
  expect(refutationOf({ rules: { broadcastsAdopted: false }, bounds: { crashes: 1 } })).toBeNull();
});

test('a violated claim is told with its shortest trace', () => {
  const told = refutationOf({ rules: { checkLeader: () => true } });
  expect(told).toMatch(/^adoptedWasLeading is violated after 8 steps: A server that joins a leader/);
  expect(told).toMatch(/8 +s3 hears s1, .*FOLLOWING c1 → s2/);
  expect(told).toContain('s3 joins s2, which has never led: it is LOOKING.');
  expect(told).toContain('c = logical clock · → s2 = votes for s2');
});

test('a witness that is lost is told, since a claim may pass vacuously without it', () => {
  expect(refutationOf({ rules: { hasQuorum: () => false } })).toContain('cannot be reached');
});

test('a model that there is not is named, with those that there are', () => {
  expect(() => refutationOf({ rules: {}, model: 'fle' })).toThrow(
    'no model is called `fle`. (fle-check models lists all.)',
  );
});

test('a claim of steps that the bounds leave out has not been asked', () => {
  const neverCrashes = everyStep<States['fast-leader-election']>({
    name: 'neverCrashes',
    says: 'No server crashes.',
    source: 'mine',
    witness: 'leaderElected',
    on: ['CrashServer'],
    holds: () => false,
    explain: () => 'One crashes.',
  });
  const on = 'CrashServer' as unknown as string[];
  const told = () => refutationOf({ claims: [{ ...neverCrashes, on }] });
  expect(told).toThrow(
    'the claims given: fast-leader-election[0] has `on`: "CrashServer", which is no list of actions',
  );
  expect(refutationOf({ claims: [neverCrashes], bounds: { crashes: 0 } })).toBe(
    'claim neverCrashes was never asked: CrashServer is never taken within these bounds',
  );
});

/** A counter up to 9, and the claim that it stays below `most`. */
function counter(most: number) {
  const schema = struct({ n: range(0, 9) });
  const model = defineModel({
    name: 'counter',
    schema,
    terminal: ({ n }) => n === 9,
    initial: { then: () => {} },
    actions: {
      Add: {
        when: ({ n }) => n < 9,
        then: (s) => {
          s.n += 1;
        },
      },
    },
  });
  type State = { readonly n: number };
  const below = always<State>({
    name: 'below',
    says: 'n is below the most',
    source: 'mine',
    witness: 'counts',
    holds: ({ n }) => n < most,
    explain: ({ n }) => `n is ${n}.`,
  });
  const counts = sometimes<State>({
    name: 'counts',
    says: 'n counts',
    source: 'mine',
    shows: ({ n }) => n === 1,
  });
  return { model, expectations: { claims: [below], witnesses: [counts] } };
}

modelProperty('a model holds', counter(10));
modelProperty('so do random runs of it', { ...counter(10), runs: 10 });

test('a model is refuted with its shortest trace, whether all states or random runs are looked at', () => {
  for (const how of [{}, { runs: 10, seed: 3 }]) {
    const told = modelRefutationOf({ ...counter(4), ...how });
    expect(told).toMatch(/^counter violates below after 4 steps: n is below the most\n/);
    expect(told).toContain('\u2717  n is 4.');
  }
});

test('a limit that ends the search of a model is told', () => {
  expect(modelRefutationOf({ ...counter(10), states: 5 })).toBe(
    'counter: inconclusive: the limit of 5 distinct states was reached',
  );
});
