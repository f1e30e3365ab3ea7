import { describe, expect, test } from 'vitest';
import { Batch } from './batch.js';
import { expectedCollisions } from './collisions.js';
import { PARTITIONS } from './seen-set.js';

/** Writes both lanes of the state at `offset` to `out`. */
type Fingerprint = (source: Int32Array, offset: number, out: Int32Array) => void;

/** As a search computes it. */
function fingerprintOf(words: number): Fingerprint {
  const batch = new Batch({ words, instances: 1, exact: false }, null);
  const offsets = new Int32Array(PARTITIONS + 1);
  return (source, offset, out) => {
    for (let i = 0; i < words; i++) batch.states[i] = source[offset + i];
    batch.enter(0, 1, offsets, 0);
    out[0] = batch.entries[0];
    out[1] = batch.entries[1];
  };
}

/** How many different states of a family share a fingerprint with another. */
function collisions(
  fingerprint: Fingerprint,
  family: Iterable<Int32Array>,
): { states: number; hidden: number } {
  const [states, seen, lanes] = [new Set<string>(), new Set<string>(), new Int32Array(2)];
  for (const state of family) {
    const key = state.join();
    if (states.has(key)) continue;
    states.add(key);
    fingerprint(state, 0, lanes);
    seen.add(lanes.join());
  }
  return { states: states.size, hidden: states.size - seen.size };
}

/** Small numbers in the low bits, or in the high bits, of every pair of words. */
function* pairs(words: number, shift: number): Iterable<Int32Array> {
  for (let i = 0; i < words; i++) {
    for (let j = i + 1; j < words; j++) {
      for (let a = 0; a < 64; a++) {
        for (let b = 0; b < 64; b++) {
          const state = new Int32Array(words);
          state[i] = a << shift;
          state[j] = b << shift;
          yield state;
        }
      }
    }
  }
}

/** All states of one word, and of one or two bits set anywhere around a common background. */
function* nearDuplicates(words: number, background: number): Iterable<Int32Array> {
  const bits = 32 * words;
  for (let i = 0; i < bits; i++) {
    for (let j = i; j < bits; j++) {
      const state = new Int32Array(words).fill(background);
      state[i >> 5] ^= 1 << (i & 31);
      state[j >> 5] ^= 1 << (j & 31);
      yield state;
    }
  }
}

/** Equal words in both lanes' worst place: the same difference in neighbours, in any multiple. */
function* mirrored(words: number): Iterable<Int32Array> {
  for (let i = 0; i + 1 < words; i++) {
    for (let k = 0; k < 20_000; k++) {
      const state = new Int32Array(words);
      state[i] = Math.imul(k, 0x9e3779b1);
      state[i + 1] = -state[i];
      yield state;
    }
  }
}

/** A counter in the lowest word and one in the highest: what bounded models mostly look like. */
function* counters(words: number): Iterable<Int32Array> {
  for (let a = 0; a < 600; a++) {
    for (let b = 0; b < 600; b++) {
      const state = new Int32Array(words);
      state[0] = a;
      state[words - 1] += b << 16;
      yield state;
    }
  }
}

function* families(words: number): Iterable<readonly [string, Iterable<Int32Array>]> {
  for (const shift of [0, 13, 26]) yield [`pairs of words, bits from ${shift} on`, pairs(words, shift)];
  for (const background of [0, -1, 0x5bd1e995 | 0]) {
    yield [`two bits apart from ${background}`, nearDuplicates(words, background)];
  }
  yield ['opposite neighbours', mirrored(words)];
  yield ['two counters', counters(words)];
}

const hiddenIn = (fingerprint: Fingerprint, words: number): readonly string[] =>
  [...families(words)].flatMap(([name, family]) =>
    collisions(fingerprint, family).hidden > 0 ? [name] : [],
  );

describe('fingerprints', () => {
  for (const words of [1, 2, 5, 8]) {
    test(`tell near-duplicates apart (words=${words})`, () => {
      expect(hiddenIn(fingerprintOf(words), words)).toEqual([]);
    });
  }

  test('tell a million states of three words apart', () => {
    function* family() {
      for (let k = 0; k < 1_000_000; k++) yield Int32Array.of(k % 100, Math.floor(k / 100) % 100, k << 12);
    }
    expect(collisions(fingerprintOf(3), family())).toEqual({ states: 1_000_000, hidden: 0 });
  });

  test('never have a first lane of 0', () => {
    const lanes = new Int32Array(2);
    const fingerprint = fingerprintOf(1);
    for (let k = 0; k < 1_000_000; k++) {
      fingerprint(Int32Array.of(k), 0, lanes);
      if (lanes[0] === 0) throw new Error(`the first lane of state ${k} is 0`);
    }
  });

  test('read the words from the offset on', () => {
    const [here, there] = [new Int32Array(2), new Int32Array(2)];
    fingerprintOf(2)(Int32Array.of(7, 8), 0, here);
    fingerprintOf(2)(Int32Array.of(1, 2, 7, 8, 3), 2, there);
    expect(there).toEqual(here);
  });

  test('would be caught skipping a word, or mixing words linearly', () => {
    const sound = fingerprintOf(5);
    const skipsOne: Fingerprint = (source, offset, out) => {
      const copy = source.slice(offset, offset + 5);
      copy[3] = 0;
      sound(copy, 0, out);
    };
    const linear: Fingerprint = (source, offset, out) => {
      const words = source.subarray(offset, offset + 5);
      out[0] = words.reduce((sum, word) => (Math.imul(sum, 31) + word) | 0, 1);
      out[1] = words.reduce((sum, word) => Math.imul(sum ^ word, 0x01000193), 0x811c9dc5);
    };
    expect(hiddenIn(skipsOne, 5)).not.toEqual([]);
    expect(hiddenIn(linear, 5)).not.toEqual([]);
  });
});

describe('the estimate of collisions', () => {
  test('is the number of states squared over 2 to the 65th', () => {
    expect(expectedCollisions(2 ** 32)).toBe(0.5);
    expect(expectedCollisions(0)).toBe(0);
  });
});
