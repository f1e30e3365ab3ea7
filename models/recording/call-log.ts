/**
 * Which rules a model calls while it is explored, and with which arguments: an append-only list in shared
 * memory, so that every thread of a search can add to it.
 */

import type { RuleSet } from '../rule-sets/rule-set.js';
import { correct, type RuleName } from '../rules.js';

/** A rule is called with numbers and truth values. */
export type Argument = number | boolean;

/** A call: the rule, then its arguments. A constant that is read has none. */
export type Call = readonly [rule: RuleName, ...args: readonly Argument[]];

/** How a search within the bounds used one overridden rule. */
export interface RuleUse {
  readonly rule: RuleName;
  /** Whether the rule is a value, which models read, and not a function. */
  readonly constant: boolean;
  /** The number of different argument lists of its calls; 1 for a constant that was read. */
  readonly calls: number;
  /** The number of these lists that it answers otherwise than ZooKeeper. */
  readonly differing: number;
  /** False if the log was full; then both numbers are lower bounds. */
  readonly all: boolean;
}

/** Most arguments of a rule. */
export const MOST_ARGUMENTS = 6;

const NAMES = Object.keys(correct) as readonly RuleName[];

/** Numbers of one entry: the rule, how many arguments, which of them are truth values, the arguments. */
const STRIDE = 3 + MOST_ARGUMENTS;
/** Entries that fit; models call a rule with thousands of different argument lists at most. */
const MOST_ENTRIES = 1 << 18;
const FIRST_ENTRIES = 64;
const BYTES = STRIDE * Float64Array.BYTES_PER_ELEMENT;

/** A log as plain data for another thread. */
export interface CallLogHandles {
  readonly length: SharedArrayBuffer;
  readonly entries: SharedArrayBuffer;
}

const freshHandles = (): CallLogHandles => ({
  length: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
  entries: new SharedArrayBuffer(FIRST_ENTRIES * BYTES, { maxByteLength: MOST_ENTRIES * BYTES }),
});

export class CallLog {
  readonly handles: CallLogHandles;
  readonly #length: Int32Array;

  constructor(handles: CallLogHandles = freshHandles()) {
    this.handles = handles;
    this.#length = new Int32Array(handles.length);
  }

  /** Adds a call. The same call from another thread does no harm. */
  add([rule, ...args]: Call): void {
    const index = Atomics.add(this.#length, 0, 1);
    if (index >= MOST_ENTRIES) return;
    growTo(this.handles.entries, (index + 1) * BYTES);
    const entry = new Float64Array(this.handles.entries, index * BYTES, STRIDE);
    const flags = args.reduce<number>((mask, arg, i) => mask | (Number(typeof arg === 'boolean') << i), 0);
    entry.set([NAMES.indexOf(rule), args.length, flags, ...args.map(Number)]);
  }

  addAll(calls: readonly Call[]): void {
    for (const call of calls) this.add(call);
  }

  /** Whether calls may be missing, because there were more than fit. */
  get isFull(): boolean {
    return Atomics.load(this.#length, 0) > MOST_ENTRIES;
  }

  /** Every call once, in an order that does not depend on the threads. */
  get calls(): readonly Call[] {
    const length = Math.min(Atomics.load(this.#length, 0), MOST_ENTRIES);
    const entries = new Float64Array(this.handles.entries, 0, length * STRIDE);
    const found = new Map<string, Call>();
    for (let i = 0; i < length; i++) {
      const call = callIn(entries.subarray(i * STRIDE, (i + 1) * STRIDE));
      found.set(call.join(), call);
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, call]) => call);
  }
}

function callIn([rule, count, flags, ...numbers]: Float64Array): Call {
  const args = numbers.slice(0, count).map((value, i) => ((flags >> i) & 1 ? value === 1 : value));
  return [NAMES[rule], ...args];
}

/** Another thread may have grown it further meanwhile. */
function growTo(buffer: SharedArrayBuffer, bytes: number): void {
  if (buffer.byteLength >= bytes) return;
  try {
    buffer.grow(Math.min(buffer.maxByteLength, 2 * bytes));
  } catch (error) {
    if (buffer.byteLength < bytes) throw error;
  }
}

/** How a search used these rules of a rule set, according to its log. */
export function usesOf(
  log: Pick<CallLog, 'calls' | 'isFull'>,
  { overrides }: RuleSet,
  rules: readonly RuleName[],
): readonly RuleUse[] {
  const { calls } = log;
  const all = !log.isFull;
  return rules.map((rule) => {
    const mine = calls.filter(([name]) => name === rule);
    const differs = ([, ...args]: Call) =>
      !isSameAnswer(answerOf(overrides[rule], args), answerOf(correct[rule], args));
    return {
      rule,
      constant: isConstant(rule),
      calls: mine.length,
      differing: mine.filter(differs).length,
      all,
    };
  });
}

/** The value of a constant, or the returned value of a function. */
const answerOf = (rule: unknown, args: readonly Argument[]): unknown =>
  typeof rule === 'function' ? rule(...args) : rule;

/** Whether a rule is a value, not a function. */
export const isConstant = (rule: RuleName): boolean => typeof correct[rule] !== 'function';

/** Whether two answers of a rule are the same: truth values, numbers, words, or lists of words. */
export const isSameAnswer = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => x === b[i]));
