import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../testing/nightly.js';
import { PARTITIONS, SeenSet } from './seen-set.js';

type Lanes = readonly [number, number];

const WORDS = 3;
const newSet = (exact = false) => new SeenSet({ words: WORDS, exact });

/** Makes room for so many more in every table, as a search does before it adds a block. */
function makeRoom(seen: SeenSet, count: number): void {
  seen.plan(new Float64Array(PARTITIONS).fill(count));
  seen.reserve();
  for (let p = 0; p < PARTITIONS; p++) seen.grow(p);
}

/** Adds a state of these words with this fingerprint; true if it was new. */
function add(seen: SeenSet, lanes: Lanes, state: readonly number[] = [0, 0, 0]): boolean {
  makeRoom(seen, 1);
  const entries = Int32Array.from(seen.handles.exact ? [lanes[0], ...state] : lanes);
  const run = { entries, from: 0, to: 1, fresh: Uint8Array.of(9) };
  const added = seen.add(lanes[0] >>> 28, run);
  expect(run.fresh[0]).toBe(added);
  return added === 1;
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
  // The home of a slot is the lane from its fifth bit on: these differ in their last bits only.
  fc.tuple(fc.nat(1), fc.nat(200)).map(([high, low]) => (high << 31) | 0x0fffff00 | (low & 0xff) || 1),
  fc.integer({ min: 1, max: 5 }),
);

describe('the seen-set', () => {
  test('knows what a Set knows, growing as it must (seed=1)', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(nonZero, nonZero), { maxLength: 600, size: 'max' }), (lanes) =>
        agrees(newSet(), lanes),
      ),
      { seed: 1, numRuns: runs(60) },
    );
  });

  test('knows what a Set knows when many fingerprints share a home slot (seed=2)', () => {
    fc.assert(
      fc.property(fc.array(crowded, { maxLength: 600, size: 'max' }), (lanes) => agrees(newSet(), lanes)),
      { seed: 2, numRuns: runs(60) },
    );
  });

  test('keeps fingerprints apart that differ in one lane only', () => {
    const seen = newSet();
    expect(add(seen, [1, 1])).toBe(true);
    expect(add(seen, [1, 2])).toBe(true);
    expect(add(seen, [2, 1])).toBe(true);
    expect(add(seen, [1, 1])).toBe(false);
    expect(seen.size).toBe(3);
  });

  test('loses nothing over many steps of growth', () => {
    const seen = newSet();
    const lane = (k: number): Lanes => [Math.imul(k, 0x9e3779b1) | 1, (k << 24) | 1 | (k & 0xffffff)];
    const known = new Set<string>();
    for (let k = 1; k <= 40_000; k++) {
      const pair = lane(k);
      if (add(seen, pair) === known.has(pair.join()))
        throw new Error(`fingerprint ${k} is taken for another`);
      known.add(pair.join());
    }
    expect(seen.size).toBe(known.size);
    for (let k = 1; k <= 40_000; k++) if (add(seen, lane(k))) throw new Error(`fingerprint ${k} was lost`);
  });

  test.each([false, true])('loses nothing if thousands have one home (exact: %s)', (exact) => {
    const seen = newSet(exact);
    for (let k = 1; k <= 5_000; k++) {
      if (!add(seen, [0x0fffff00, k], [k, 0, 0])) throw new Error(`entry ${k} is taken for another`);
    }
    expect(seen.size).toBe(5_000);
    for (let k = 1; k <= 5_000; k++) {
      if (add(seen, [0x0fffff00, k], [k, 0, 0])) throw new Error(`entry ${k} was lost`);
    }
  });

  test('keeps whole states apart in exact mode, whatever their fingerprints (seed=3)', () => {
    const state = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3));
    const lane = fc.constantFrom(1, 2, -1, 1 << 31, 0x0fffffff);
    fc.assert(
      fc.property(fc.array(fc.tuple(lane, state), { maxLength: 800, size: 'max' }), (list) => {
        const [seen, known] = [newSet(true), new Set<string>()];
        for (const [first, words] of list) {
          expect(add(seen, [first, 7], words)).toBe(!known.has(`${first} ${words}`));
          known.add(`${first} ${words}`);
        }
        expect(seen.size).toBe(known.size);
      }),
      { seed: 3, numRuns: runs(50) },
    );
  });

  test('refuses states that exact mode has no room for', () => {
    const words = 2_047;
    const state = Array.from({ length: words }, (_, i) => i);
    const seen = new SeenSet({ words, exact: true });
    expect(add(seen, [1, 1], state)).toBe(true);
    expect(add(seen, [1, 1], state)).toBe(false);
    expect(add(seen, [1, 1], state.with(words - 1, 0))).toBe(true);
    expect(() => new SeenSet({ words: words + 1, exact: true })).toThrow('2047 words in exact mode');
  });

  test('says how many bytes it would take before it grows, and grows no further than it must', () => {
    const seen = newSet();
    const before = seen.bytes;
    expect(seen.plan(new Float64Array(PARTITIONS).fill(100))).toBe(before);
    const planned = seen.plan(new Float64Array(PARTITIONS).fill(10_000));
    expect(planned - before).toBeGreaterThan(PARTITIONS * 9_700 * 8);
    expect(planned - before).toBeLessThan(PARTITIONS * 10_000 * 8 * 1.5);
    expect(seen.bytes).toBe(before);
    seen.reserve();
    for (let p = 0; p < PARTITIONS; p++) seen.grow(p);
    expect(seen.bytes).toBe(planned);
  });

  test('is the same set for a thread that holds its handles', () => {
    const seen = newSet();
    add(seen, [5, 6]);
    const shared = new SeenSet(seen.handles);
    expect(add(shared, [5, 6])).toBe(false);
    expect(add(shared, [5, 7])).toBe(true);
    expect(add(seen, [5, 7])).toBe(false);
    expect([seen.size, shared.size]).toEqual([2, 2]);
  });
});
