import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ticksUpTo } from './ticks.js';

test.each([
  [35_478, 5, true, [0, 10_000, 20_000, 30_000, 40_000]],
  [46, 6, true, [0, 10, 20, 30, 40, 50]],
  [3, 6, true, [0, 1, 2, 3]],
  [0, 6, true, [0, 1]],
  [0.03, 4, false, [0, 0.01, 0.02, 0.03]],
  [1.7, 5, false, [0, 0.5, 1, 1.5, 2]],
])('up to %d, at most %d', (max, most, whole, expected) => {
  expect(ticksUpTo(max, most, whole)).toEqual(expected);
});

test('are few, rise evenly from 0, and reach what is to be shown, whatever it is (seed=1)', () => {
  const max = fc.oneof(
    fc.nat(),
    fc.integer({ min: 0, max: 1e12 }),
    fc.double({ min: 1e-4, max: 1e6, noNaN: true }),
  );
  fc.assert(
    fc.property(max, fc.integer({ min: 3, max: 8 }), (most, count) => {
      const whole = Number.isInteger(most);
      const ticks = ticksUpTo(most, count, whole);
      expect(ticks[0]).toBe(0);
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(count);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most * 0.99999);
      expect(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1])).toBe(true);
      expect(!whole || ticks.every(Number.isInteger)).toBe(true);
    }),
    { seed: 1, numRuns: 300 },
  );
});
