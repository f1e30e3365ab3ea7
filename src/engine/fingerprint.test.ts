import { describe, expect, test } from 'vitest';
import { findFamily, findRuleSet } from '../../models/index.js';
import { caseOf } from '../../properties/index.js';
import type { Model } from '../language/index.js';
import { isNightly } from '../testing/nightly.js';
import { Batch } from './batch.js';
import { BreadthFirst } from './breadth-first.js';
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

/** By day fewer of each kind of state. */
const [NUMBERS, MULTIPLES, COUNTED] = isNightly ? [64, 20_000, 600] : [24, 5_000, 300];

/** Small numbers in the low bits, or in the high bits, of every pair of words. */
function* pairs(words: number, shift: number): Iterable<Int32Array> {
  for (let i = 0; i < words; i++) {
    for (let j = i + 1; j < words; j++) {
      for (let a = 0; a < NUMBERS; a++) {
        for (let b = 0; b < NUMBERS; b++) {
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
    for (let k = 0; k < MULTIPLES; k++) {
      const state = new Int32Array(words);
      state[i] = Math.imul(k, 0x9e3779b1);
      state[i + 1] = -state[i];
      yield state;
    }
  }
}

/** A counter in the lowest word and one in the highest: what bounded models mostly look like. */
function* counters(words: number): Iterable<Int32Array> {
  for (let a = 0; a < COUNTED; a++) {
    for (let b = 0; b < COUNTED; b++) {
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

  const MANY = isNightly ? 1_000_000 : 100_000;

  test(`tell ${MANY} states of three words apart`, () => {
    function* family() {
      for (let k = 0; k < MANY; k++) yield Int32Array.of(k % 100, Math.floor(k / 100) % 100, k << 12);
    }
    expect(collisions(fingerprintOf(3), family())).toEqual({ states: MANY, hidden: 0 });
  });

  test('never have a first lane of 0', () => {
    const lanes = new Int32Array(2);
    const fingerprint = fingerprintOf(1);
    for (let k = 0; k < MANY; k++) {
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

/** Both lanes of the fingerprint of each state, one after the other. */
function lanesOf(states: readonly Int32Array[]): Int32Array {
  const fingerprint = fingerprintOf(states[0].length);
  const lanes = new Int32Array(2 * states.length);
  const out = new Int32Array(2);
  states.forEach((state, i) => {
    fingerprint(state, 0, out);
    lanes.set(out, 2 * i);
  });
  return lanes;
}

/**
 * The bits, of 64, that are not set in about half of the pairs of lanes: more than six standard deviations
 * off, which chance does twice in a thousand million.
 */
function uneven(lanes: Int32Array): readonly number[] {
  const pairs = lanes.length / 2;
  const set = new Float64Array(64);
  lanes.forEach((lane, i) => {
    for (let bit = 0; bit < 32; bit++) set[32 * (i & 1) + bit] += (lane >>> bit) & 1;
  });
  return [...set.keys()].filter((bit) => Math.abs(set[bit] - pairs / 2) > 3 * Math.sqrt(pairs));
}

/** For each bit of a state, the bits of its fingerprint that do not change with it in about half of them. */
function unmoved(states: readonly Int32Array[]): readonly string[] {
  const before = lanesOf(states);
  return Array.from({ length: 32 * states[0].length }, (_, bit) => {
    const changed = states.map((state) => {
      const copy = state.slice();
      copy[bit >> 5] ^= 1 << (bit & 31);
      return copy;
    });
    const moved = lanesOf(changed).map((lane, i) => lane ^ before[i]);
    return uneven(moved).map((out) => `${out} by ${bit}`);
  }).flat();
}

/** The first so many states of a model, as a search packs them. */
function statesOf(model: Model, most: number): readonly Int32Array[] {
  const run = new BreadthFirst(model, { claims: [], witnesses: [] });
  const { store } = run;
  const { words } = store.shape;
  const states: Int32Array[] = [];
  do {
    for (let state = states.length; state < store.distinct; state++) {
      const { memory, at } = store.frontier.locate(state);
      states.push(memory.slice(at, at + words));
    }
  } while (states.length < most && run.advance(1));
  return states.slice(0, most);
}

describe('all 64 bits of a fingerprint tell states apart', () => {
  const STATES = 100_000;
  const REAL = ['fast-leader-election', 'fle-faithful', 'zab-synchronization'];
  const made = new Map<string, readonly Int32Array[]>();
  const realStates = (name: string) => {
    const states = made.get(name) ?? searched(name);
    made.set(name, states);
    return states;
  };
  const searched = (name: string) => {
    const family = findFamily(name)!;
    const { model } = caseOf(family, { ...family.presets.ci, reduce: 'none' }, findRuleSet('correct')!);
    return statesOf(model as never, STATES);
  };

  test.each(REAL)('each is set in about half of the states of %s, and no two states share all', (name) => {
    const states = realStates(name);
    expect(states).toHaveLength(STATES);
    const lanes = lanesOf(states);
    expect(uneven(lanes)).toEqual([]);
    const each = states.map((_, i) => lanes.subarray(2 * i, 2 * i + 2).join());
    expect(new Set(each).size).toBe(STATES);
  });

  test.each([1, 2, 5, 8])(
    'and in about half of near-duplicates, and of small counters (words=%i)',
    (words) => {
      for (const family of [nearDuplicates(words, 0), nearDuplicates(words, -1), counters(words)])
        expect(uneven(lanesOf([...family]))).toEqual([]);
    },
  );

  test.each(REAL)('each changes with about half of all changes of any one bit of a state of %s', (name) => {
    const states = realStates(name);
    expect(unmoved(states.filter((_, i) => i % (STATES / 500) === 0))).toEqual([]);
  });

  test('would be seen to be fewer', () => {
    const lanes = lanesOf([...counters(2)]);
    const of48 = lanes.map((lane, i) => (i % 2 === 0 ? lane : lane & 0xffff));
    expect(uneven(of48)).toEqual(Array.from({ length: 16 }, (_, i) => 48 + i));
  });
});

describe('the estimate of collisions', () => {
  test('is the number of states squared over 2 to the 65th', () => {
    expect(expectedCollisions(2 ** 32)).toBe(0.5);
    expect(expectedCollisions(0)).toBe(0);
  });
});
