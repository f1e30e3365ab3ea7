/**
 * Exact mode against fingerprints. A run that compares whole states has exactly the pinned figures of the run
 * that compares fingerprints, so no collision has hidden a state there.
 */
import { expect, test } from 'vitest';
import { type Bounds, families, findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { isNightly } from '../../src/testing/nightly.js';
import { caseOf } from '../index.js';
import { pinned } from './pinned.js';

const correct = findRuleSet('correct')!;

const fle = findFamily('fast-leader-election')!;
/** Models whose ci bounds have millions of states are left for the nightly run. */
const smaller: { readonly [family: string]: readonly [name: string, bounds: Bounds] } = {
  'fast-leader-election': ['one-crash', { ...fle.presets.tiny, crashes: 1 }],
  'zab-synchronization': ['tiny', findFamily('zab-synchronization')!.presets.tiny],
  'fle-faithful': ['tiny', findFamily('fle-faithful')!.presets.tiny],
};

for (const family of families) {
  const [name, bounds] = (isNightly ? null : smaller[family.name]) ?? ['ci', family.presets.ci];
  test(`${family.name} has no state that fingerprints hide (${name}: ${family.describe(bounds)})`, async () => {
    const subject = caseOf(family, bounds, correct);
    const outcome = check(subject.model, subject.expectations, { exact: true });
    expect(outcome.expectedCollisions).toBe(0);
    await expect(pinned(subject, outcome)).toMatchFileSnapshot(
      `../corpus/exhaustive/${family.name}.${name}.json`,
    );
  });
}

test('fast-leader-election with a mutant of its rules is violated by the same schedule', () => {
  const mutant = findRuleSet('minority-quorum')!;
  const subject = caseOf(fle, fle.presets.tiny, mutant);
  const [exact, hashed] = [true, false].map((mode) =>
    check(subject.model, subject.expectations, { exact: mode }),
  );
  expect(exact.verdict).toBe('violated');
  expect({ ...exact, bytes: 0, expectedCollisions: 0 }).toEqual({
    ...hashed,
    bytes: 0,
    expectedCollisions: 0,
  });
});
