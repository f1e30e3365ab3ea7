import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Batch } from './batch.js';
import { entryWords, PARTITIONS } from './seen-set.js';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const statesOf = (words: number) =>
  fc.array(fc.array(word, { minLength: words, maxLength: words }), { maxLength: 200 });

/** Puts the states into a batch from `from` on, and sorts them; what `enter` says. */
function entered(states: readonly (readonly number[])[], words: number, exact: boolean, from: number) {
  const batch = new Batch({ words, instances: 10, exact }, null);
  batch.states.set(states.flat(), from * words);
  const offsets = new Int32Array(PARTITIONS + 3).fill(-1);
  batch.enter(from, from + states.length, offsets, 1);
  const size = entryWords({ words, exact });
  const entries = states.map((_, n) => {
    const place = batch.places[from + n];
    return { place, entry: [...batch.entries.subarray(place * size, (place + 1) * size)] };
  });
  return { entries, offsets: [...offsets] };
}

describe('a batch', () => {
  test.each([1, 2, 5])('sorts its entries by table, in order (words=%i, seed=1)', (words) => {
    fc.assert(
      fc.property(statesOf(words), fc.boolean(), fc.nat(50), (states, exact, from) => {
        const { entries, offsets } = entered(states, words, exact, from);
        const last = from + states.length;
        expect([offsets[0], offsets[1], offsets[17], offsets[18]]).toEqual([-1, from, last, -1]);
        const places = entries.map(({ place }) => place).sort((a, b) => a - b);
        expect(places).toEqual(Array.from(states, (_, n) => from + n));
        const next = offsets.slice(1);
        for (const { place, entry } of entries) expect(place).toBe(next[entry[0] >>> 28]++);
        expect(next.slice(0, PARTITIONS)).toEqual(offsets.slice(2, 2 + PARTITIONS));
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test.each([1, 2, 5])('enters whole states in exact mode (words=%i, seed=2)', (words) => {
    fc.assert(
      fc.property(statesOf(words), (states) => {
        const [exact, usual] = [true, false].map((mode) => entered(states, words, mode, 0).entries);
        exact.forEach(({ entry }, n) => {
          expect(entry).toEqual([usual[n].entry[0], ...states[n]]);
        });
      }),
      { seed: 2, numRuns: 40 },
    );
  });

  test('has room for the successors of some states, however many one has', () => {
    const batch = new Batch({ words: 3, instances: 3_000_000, exact: false }, null);
    expect(batch.capacity).toBeGreaterThanOrEqual(3_000_000);
    expect(batch.fresh.byteOffset + batch.capacity).toBeLessThanOrEqual(batch.memory.buffer.byteLength);
  });
});
