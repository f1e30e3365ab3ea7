/** The engine, and an oracle without its packing, hashing or tables, see the same whole graph of a model. */
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet, type Preset } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { oracle } from '../../src/engine/oracle.js';
import { isNightly } from '../../src/testing/nightly.js';
import { caseOf } from '../index.js';

type Size = readonly [model: string, preset: Preset, change: Partial<Bounds>];

/** Twenty thousand states of three servers, as plain objects: for the nightly run. */
const LARGE: Size = ['fast-leader-election', 'tiny', { start: 'together' }];

const sizes: readonly Size[] = [
  ['rules', 'tiny', {}],
  ['tutorial', 'tiny', {}],
  ['tutorial', 'ci', { servers: 4, dataVersions: 1 }],
  ['fast-leader-election', 'tiny', { servers: 2, rounds: 2, abandons: 1, crashes: 1 }],
  ['fast-leader-election', 'tiny', { servers: 2, slots: 2, zxids: [1, 0] }],
  ...(isNightly ? [LARGE] : []),
];

describe('the engine sees the graph that the oracle sees', () => {
  for (const [model, preset, change] of sizes) {
    const family = findFamily(model)!;
    const bounds = { ...family.presets[preset], ...change };
    test(`${model} (${family.describe(bounds)})`, () => {
      const subject = caseOf(family, bounds, findRuleSet('correct')!);
      const { distinct, generated, depth, actions, witnesses } = check(subject.model, subject.expectations);
      const seen = oracle(subject.model, subject.expectations);
      expect({ distinct, generated, depth, actions }).toEqual({
        distinct: seen.distinct,
        generated: seen.generated,
        depth: seen.depth,
        actions: seen.actions,
      });
      for (const [name, schedule] of Object.entries(witnesses)) {
        expect([name, schedule?.steps.length]).toEqual([name, seen.distances[name]]);
      }
      for (const { name } of subject.expectations.claims) expect(seen.distances[name] ?? null).toBeNull();
      expect(seen.deadlocks).toEqual([]);
    });
  }
});
