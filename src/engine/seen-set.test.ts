import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SeenSet } from './seen-set.js';

type Lanes = readonly [number, number];

function add(seen: SeenSet, [h0, h1]: Lanes): boolean {
  if (!seen.fits(1)) seen.grow();
  return seen.add(h0, h1);
}

/** Adds all of them, in order, to the seen-set and to a Set; both must say the same each time. */
function agrees(seen: SeenSet, lanes: readonly Lanes[]): void {
  const known = new Set<string>();
  for (const pair of lanes) {
    expect(add(seen, pair)).toBe(!known.has(pair.join()));
    known.add(pair.join());
  }
  expect(seen.size).toBe(known.size);
  for (const pair of lanes) expect(add(seen, pair)).toBe(false);
}

const nonZero = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((lane) => lane || 1);

/** Few values in each lane, and all of them at home in the same few slots. */
const crowded = fc.tuple(
  fc.tuple(fc.nat(7), fc.nat(20)).map(([low, high]) => (high << 20) | low || 1),
  fc.integer({ min: 1, max: 5 }),
);

describe('the seen-set', () => {
  test('knows what a Set knows, growing from two slots (seed=1)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(nonZero, nonZero), { maxLength: 600, size: 'max' }), (lanes) =>
        agrees(new SeenSet(2), lanes),
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  test('knows what a Set knows when many fingerprints share a home slot (seed=2)', () => {
    fc.assert(
      fc.property(fc.array(crowded, { maxLength: 600, size: 'max' }), (lanes) =>
        agrees(new SeenSet(8), lanes),
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  test('keeps fingerprints apart that differ in one lane only', () => {
    const seen = new SeenSet();
    expect(add(seen, [1, 1])).toBe(true);
    expect(add(seen, [1, 2])).toBe(true);
    expect(add(seen, [2, 1])).toBe(true);
    expect(add(seen, [1, 1])).toBe(false);
    expect(seen.size).toBe(3);
  });

  test('loses nothing over many doublings', () => {
    const seen = new SeenSet(2);
    const lane = (k: number): Lanes => [Math.imul(k, 0x9e3779b1) | 1, (k << 24) | 1 | (k & 0xffffff)];
    const known = new Set<string>();
    for (let k = 1; k <= 200_000; k++) {
      const pair = lane(k);
      if (add(seen, pair) === known.has(pair.join()))
        throw new Error(`fingerprint ${k} is taken for another`);
      known.add(pair.join());
    }
    expect(seen.size).toBe(known.size);
    for (let k = 1; k <= 200_000; k++) if (add(seen, lane(k))) throw new Error(`fingerprint ${k} was lost`);
  });

  test('says how many bytes it takes, and would take besides to grow', () => {
    const seen = new SeenSet(16);
    expect([seen.bytes, seen.bytesToGrow]).toEqual([128, 256]);
    seen.grow();
    expect(seen.bytes).toBe(256);
  });
});
