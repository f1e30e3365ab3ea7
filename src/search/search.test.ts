import { expect, test } from 'vitest';
import { findFamily, findRuleSet } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { Interrupt } from '../process/interrupt.js';
import { search } from './search.js';

const options = { memoryMax: 2 ** 28, workers: 1, checkpointEvery: Number.POSITIVE_INFINITY };

const fle = (rules: string): Case => {
  const family = findFamily('fast-leader-election')!;
  return caseOf(family, family.presets.tiny, findRuleSet(rules)!);
};

test('a search has the outcome of its case, with the states of each level', async () => {
  const { outcome, stopped, resumedAt, levels, growth } = await search(
    fle('correct'),
    options,
    new Interrupt(),
  );
  expect(outcome.verdict).toBe('holds');
  expect([stopped, resumedAt]).toEqual([null, null]);
  expect(levels.reduce((sum, states) => sum + states)).toBe(outcome.distinct);
  expect(growth.at(-1)![1]).toBe(outcome.distinct);
});

test('a search finds what breaks a claim', async () => {
  const { outcome } = await search(fle('minority-quorum'), options, new Interrupt());
  expect(outcome.violation?.claim).toBe('noMinorityLeader');
});

test('a search that is interrupted says so, and proves nothing', async () => {
  const interrupt = new Interrupt();
  interrupt.begin();
  interrupt.request();
  const { outcome, stopped } = await search(fle('correct'), options, interrupt);
  expect([outcome.verdict, stopped]).toEqual(['inconclusive', 'interrupted']);
});

test('a limit of states ends a search as inconclusive', async () => {
  const { outcome } = await search(fle('correct'), { ...options, statesMax: 100 }, new Interrupt());
  expect(outcome).toMatchObject({ verdict: 'inconclusive', complete: false });
});
