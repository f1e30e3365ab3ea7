/**
 * The rules that a model is given. An overridden rule is asked once for each list of arguments, and calls are
 * recorded while the model is explored.
 */

import type { RuleSet } from '../rule-sets/rule-set.js';
import { correct, type RuleName, type Rules } from '../rules.js';
import { type Argument, type CallLog, MOST_ARGUMENTS } from './call-log.js';

export interface RecordedRules {
  readonly rules: Rules;
  /** The model is built: from now on calls are recorded. */
  readonly begin: () => void;
}

/** The complete rules of a rule set. Rules that it does not override cost nothing more. */
export function recordedRules({ overrides }: RuleSet, log: CallLog): RecordedRules {
  const rules: { [name: string]: unknown } = { ...correct };
  const started: (() => void)[] = [];
  for (const [name, rule] of Object.entries(overrides) as [RuleName, unknown][]) {
    const { recorded, begin } =
      typeof rule === 'function'
        ? memoised(rule as Rule, (args) => log.add([name, ...args]))
        : watchedConstant(rule, () => log.add([name]));
    Object.defineProperty(rules, name, { enumerable: true, ...recorded });
    started.push(begin);
  }
  return { rules: rules as unknown as Rules, begin: () => void started.map((begin) => begin()) };
}

type Rule = (...args: readonly Argument[]) => unknown;

interface Recorded {
  readonly recorded: PropertyDescriptor;
  readonly begin: () => void;
}

function watchedConstant(value: unknown, note: () => void): Recorded {
  let watches = false;
  const get = () => {
    if (watches) {
      watches = false;
      note();
    }
    return value;
  };
  return {
    recorded: { get },
    begin: () => {
      watches = true;
    },
  };
}

/** Stands for an argument that is not given: a rule is always given as many. */
const NONE = -2;
const FIRST_SLOTS = 64;
/** A free slot holds this. */
const FREE = Symbol('free');

/** Small arguments, from -1 to 29, are packed into one number, five bits each. */
const BITS = 5;
const LARGEST = (1 << BITS) - 1;

/** Answers by one whole number: open addressing, so that a look-up allocates nothing. */
class PackedAnswers {
  keys = new Int32Array(FIRST_SLOTS);
  values: unknown[] = new Array(FIRST_SLOTS).fill(FREE);
  shift = 32 - Math.log2(FIRST_SLOTS);
  #size = 0;

  insert(key: number, value: unknown): void {
    if (2 * ++this.#size > this.values.length) {
      const { keys, values } = this;
      this.keys = new Int32Array(2 * keys.length);
      this.values = new Array(2 * keys.length).fill(FREE);
      this.shift--;
      for (const [slot, kept] of values.entries()) if (kept !== FREE) this.#put(keys[slot], kept);
    }
    this.#put(key, value);
  }

  #put(key: number, value: unknown): void {
    let slot = slotOf(key, this.shift);
    while (this.values[slot] !== FREE) slot = (slot + 1) & (this.keys.length - 1);
    this.keys[slot] = key;
    this.values[slot] = value;
  }
}

/** The same by lists of numbers of any size. */
class Answers {
  keys = new Float64Array(FIRST_SLOTS * MOST_ARGUMENTS);
  values: unknown[] = new Array(FIRST_SLOTS).fill(FREE);
  #size = 0;

  insert(key: readonly number[], value: unknown): void {
    if (2 * ++this.#size > this.values.length) {
      const { keys, values } = this;
      this.keys = new Float64Array(2 * keys.length);
      this.values = new Array(2 * values.length).fill(FREE);
      for (const [slot, kept] of values.entries()) {
        const at = slot * MOST_ARGUMENTS;
        if (kept !== FREE) this.#put([...keys.subarray(at, at + MOST_ARGUMENTS)], kept);
      }
    }
    this.#put(key, value);
  }

  #put(key: readonly number[], value: unknown): void {
    let slot = key.reduce(mix, 0) & (this.values.length - 1);
    while (this.values[slot] !== FREE) slot = (slot + 1) & (this.values.length - 1);
    this.keys.set(key, slot * MOST_ARGUMENTS);
    this.values[slot] = value;
  }
}

const UPPER = 2 ** -32;
/** Both halves of a whole number count: the epoch of a zxid stands in the upper one. */
const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ (value | 0) ^ Math.imul(value * UPPER, 0x85ebca6b), 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

const slotOf = (key: number, shift: number): number => Math.imul(key, 0x9e3779b1) >>> shift;

/**
 * A rule is pure, so it is asked each list of arguments once. A model calls it millions of times a second, so
 * the common case, small arguments, allocates nothing. A zxid with an epoch is large.
 */
function memoised(rule: Rule, note: (args: readonly Argument[]) => void): Recorded {
  let records = false;
  let packed = new PackedAnswers();
  let others = new Answers();
  const ask = (given: readonly (Argument | undefined)[], keep: (answer: unknown) => void): unknown => {
    const args = given.slice(0, given.findLastIndex((arg) => arg !== undefined) + 1) as readonly Argument[];
    if (records) note(args);
    const answer = rule(...args);
    keep(answer);
    return answer;
  };
  const other = (
    given: readonly (Argument | undefined)[],
    p: number,
    q: number,
    r: number,
    x: number,
    y: number,
    z: number,
  ): unknown => {
    const { keys, values } = others;
    let slot = mix(mix(mix(mix(mix(mix(0, p), q), r), x), y), z) & (values.length - 1);
    for (; ; slot = (slot + 1) & (values.length - 1)) {
      const answer = values[slot];
      if (answer === FREE) return ask(given, (found) => others.insert([p, q, r, x, y, z], found));
      const at = slot * MOST_ARGUMENTS;
      const isFirst = keys[at] === p && keys[at + 1] === q && keys[at + 2] === r;
      if (isFirst && keys[at + 3] === x && keys[at + 4] === y && keys[at + 5] === z) return answer;
    }
  };
  const value = (a?: Argument, b?: Argument, c?: Argument, d?: Argument, e?: Argument, f?: Argument) => {
    const p = a === undefined ? NONE : +a;
    const q = b === undefined ? NONE : +b;
    const r = c === undefined ? NONE : +c;
    const x = d === undefined ? NONE : +d;
    const y = e === undefined ? NONE : +e;
    const z = f === undefined ? NONE : +f;
    // Negative ones are not small either.
    const all = (p - NONE) | (q - NONE) | (r - NONE) | (x - NONE) | (y - NONE) | (z - NONE);
    const isSmall =
      all >>> 0 <= LARGEST &&
      p <= LARGEST &&
      q <= LARGEST &&
      r <= LARGEST &&
      x <= LARGEST &&
      y <= LARGEST &&
      z <= LARGEST;
    if (!isSmall) return other([a, b, c, d, e, f], p, q, r, x, y, z);
    const low = (p - NONE) | ((q - NONE) << BITS) | ((r - NONE) << (2 * BITS));
    const high = (x - NONE) | ((y - NONE) << BITS) | ((z - NONE) << (2 * BITS));
    const key = low | (high << (3 * BITS));
    const { keys, values, shift } = packed;
    for (let slot = slotOf(key, shift); ; slot = (slot + 1) & (keys.length - 1)) {
      const answer = values[slot];
      if (answer === FREE) return ask([a, b, c, d, e, f], (found) => packed.insert(key, found));
      if (keys[slot] === key) return answer;
    }
  };
  return {
    recorded: { value },
    begin: () => {
      records = true;
      packed = new PackedAnswers();
      others = new Answers();
    },
  };
}
