import { expect, test } from 'vitest';
import { findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../engine/check.js';
import { replay } from '../trace/replay.js';
import { compare, shortNames } from './difference.js';
import { comparedCases, followedIn, productOf } from './product.js';

const family = findFamily('tutorial')!;
const pairOf = (...names: readonly [string, string]) => {
  const [a, b] = names.map((name) => ({ ruleSet: findRuleSet(name)! }));
  return comparedCases(family, family.presets.tiny, [a, b]);
};
const differenceOf = (pair: ReturnType<typeof pairOf>) => {
  const { model, expectations } = productOf(...pair, followedIn('tutorial')!);
  return check(model, expectations);
};

test('a rule set elects as it does itself', () => {
  expect(differenceOf(pairOf('correct', 'correct')).verdict).toBe('holds');
});

test('two rule sets that differ part after a schedule, which each takes as far as its rules admit', () => {
  const pair = pairOf('correct', 'minority-quorum');
  const { violation } = differenceOf(pair);
  const { steps, traces } = compare(pair, violation!.schedule);
  expect(steps).toHaveLength(violation!.schedule.steps.length);
  const { servers } = steps.at(-1)!;
  expect(servers.some(({ a, b }) => a !== b)).toBe(true);
  for (const [k, { model, expectations }] of pair.entries()) {
    expect(replay(model, expectations, traces[k])).toBeNull();
  }
  expect(shortNames(pair)).toEqual(['correct', 'minority-quorum']);
});

test('nobody is elected where votes alone are compared', () => {
  expect(followedIn('rules')).toBeNull();
});
