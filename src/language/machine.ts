/**
 * A model made executable: two packed states in one memory, before and after a step, and generated code that
 * lists the enabled steps and takes one. Everything that runs a model goes through it or through code built
 * the same way.
 */

import type { NamedAction } from './action.js';
import { type Region, regionOf } from './arena.js';
import { bagsOf, type Settle } from './bags.js';
import { refuseResult } from './definition.js';
import { refuseReplaced } from './elements.js';
import { AbsentEntryWritten, GuardWrites, ModelFailed, truthOf } from './errors.js';
import { layoutOf, wordsOf } from './layout.js';
import { decodeStep, type Model, printStep } from './model.js';
import { strayFinder } from './strays.js';
import { type Plain, toPlain } from './to-plain.js';
import { noteViews } from './twin.js';
import type { StructType } from './types.js';
import type { Reading, View } from './view-types.js';
import { ViewFactory, zeroWords } from './views.js';

/** Generated loops over the arguments of an action; `body` sees them as a0, a1, … and the code as `code`. */
export function loopOver<S extends StructType>(
  action: NamedAction<S>,
  body: (args: string) => string,
): string {
  const names = action.over.map((_, i) => `a${i}`);
  const code = action.over.reduce((sum, { lo, hi }, i) => `(${sum}) * ${hi - lo + 1} + (a${i} - ${lo})`, '0');
  const head = action.over
    .map(({ lo, hi }, i) => `for (let a${i} = ${lo}; a${i} <= ${hi}; a${i}++) `)
    .join('');
  const args = names.map((name) => `, ${name}`).join('');
  return `${head}{ const code = ${action.first} + (${code}); ${body(args)} }`;
}

/** Generated declarations of the arguments a0, a1, … of an action behind `code`. */
export function argumentsOf<S extends StructType>(action: NamedAction<S>): string {
  let size = 1;
  const lines: string[] = [];
  for (let i = action.over.length - 1; i >= 0; i--) {
    const { lo, hi } = action.over[i];
    lines.push(`const a${i} = ${lo} + ((code - ${action.first}) / ${size} | 0) % ${hi - lo + 1};`);
    size *= hi - lo + 1;
  }
  return lines.join(' ');
}

type Guards = (out: Uint16Array, n: number) => number;

export class Machine<S extends StructType> {
  readonly model: Model<S>;
  /** Words of a packed state. */
  readonly words: number;
  /** `words` of the state before, `words` of the state after, then a row of zeros. */
  readonly memory: Int32Array;
  readonly pre: Reading<S>;
  readonly post: View<S>;
  readonly #preAsView: View<S>;
  readonly #region: Region;
  #guards: readonly Guards[] | null = null;
  /** Sorts the bags of a state, which `then` leaves in order of arrival; null of a schema without any. */
  readonly settle: Settle | null;
  readonly #hasStrays: ReturnType<typeof strayFinder>;
  /** The index of the action behind each code. */
  readonly actionOf: Uint16Array;

  constructor(model: Model<S>) {
    const layout = layoutOf(model.schema);
    this.model = model;
    this.words = wordsOf(layout);
    this.#region = regionOf(2 * this.words + zeroWords(layout));
    const { memory, start, own } = this.#region;
    this.memory = own;
    const views = new ViewFactory(memory, start + 2 * this.words, false);
    this.#preAsView = views.root(model.schema, start) as View<S>;
    this.pre = this.#preAsView as unknown as Reading<S>;
    this.post = views.root(model.schema, start + this.words) as View<S>;
    noteViews(model.schema, own, [this.pre, this.post]);
    this.settle = bagsOf(model.schema).settle;
    this.#hasStrays = strayFinder(model.schema);
    this.actionOf = new Uint16Array(model.instances);
    model.actions.forEach(({ first, instances }, k) => {
      this.actionOf.fill(k, first, first + instances);
    });
  }

  /** The number of initial states to try with `start`. */
  get initials(): number {
    return this.model.initial.instances;
  }

  /**
   * One an action: writes the codes of its enabled steps to `out` from position `n`; returns the next. Made
   * when first asked for: only the walk lists steps without taking them.
   */
  get guards(): readonly Guards[] {
    this.#guards ??= this.#generateGuards();
    return this.#guards;
  }

  /** Makes the initial state with this code the state before; false if its guard excludes it. */
  start(code: number): boolean {
    const { action, args } = decodeStep([this.model.initial], code);
    const step = () => printStep(action, args);
    this.memory.fill(0, 0, this.words);
    if (
      !this.#guarded(step, () =>
        this.reads(`the guard of ${step()}`, () => action.when?.(this.pre, ...args) !== false),
      )
    ) {
      return false;
    }
    this.#guarded(step, () => refuseResult(action.then(this.#preAsView, ...args)));
    this.#finish(0, step);
    return true;
  }

  /** Writes the codes of the enabled steps to `out`, in ascending order; returns how many. */
  enabled(out: Uint16Array): number {
    let n = 0;
    for (const guards of this.guards) n = guards(out, n);
    return n;
  }

  /** Takes a step: the state after is what it makes of the state before. The guard is not asked. */
  apply(code: number): void {
    const { action, args } = decodeStep(this.model.actions, code);
    this.memory.copyWithin(this.words, 0, this.words);
    const step = () => printStep(action, args);
    this.#guarded(step, () => refuseResult(action.then(this.post, ...args)));
    this.#finish(this.words, step);
  }

  /** True if the guard admits the step in the state before. */
  admits(code: number): boolean {
    const { action, args } = decodeStep(this.model.actions, code);
    const { when } = action;
    if (when === undefined) return true;
    const guard = `the guard of ${printStep(action, args)}`;
    return truthOf(
      guard,
      this.reads(guard, () => when(this.pre, ...args)),
    );
  }

  /** The state after becomes the state before. */
  advance(): void {
    this.memory.copyWithin(0, this.words, 2 * this.words);
  }

  /** Sets the state before from packed words. */
  load(source: Int32Array, offset: number): void {
    for (let i = 0; i < this.words; i++) this.memory[i] = source[offset + i];
  }

  /** The state before, as JSON. */
  plain(): Plain {
    return toPlain(this.model.schema, this.pre);
  }

  /** The name of a step with its arguments. */
  print(code: number): string {
    const { action, args } = decodeStep(this.model.actions, code);
    return printStep(action, args);
  }

  /**
   * The value of a body that may only read both states; GuardWrites, with the states restored, if it writes.
   */
  reads<T>(what: string, body: () => T): T {
    const before = this.memory.slice();
    const result = body();
    if (before.every((word, i) => word === this.memory[i])) return result;
    this.memory.set(before);
    throw new GuardWrites(what);
  }

  #guarded<T>(step: () => string, body: () => T): T {
    let result: T;
    try {
      result = body();
    } catch (error) {
      if (error instanceof GuardWrites) throw error;
      throw new ModelFailed(this.model.name, step(), this.plain(), error);
    }
    if (!this.absentEntriesWritten()) return result;
    this.memory.fill(0, 2 * this.words);
    throw new AbsentEntryWritten(step());
  }

  /** Sorts the bags of the state at `offset`, which a step has made. */
  #finish(offset: number, step: () => string): void {
    this.#guarded(step, () => refuseReplaced(this.post));
    if (this.#hasStrays?.(this.memory, offset)) throw new AbsentEntryWritten(step());
    this.settle?.(this.memory, offset);
  }

  /** True if a step wrote to an entry that does not exist. */
  absentEntriesWritten(): boolean {
    for (let i = 2 * this.words; i < this.memory.length; i++) if (this.memory[i] !== 0) return true;
    return false;
  }

  #generateGuards(): Guards[] {
    const { memory, start } = this.#region;
    const views = new ViewFactory(memory, start + 2 * this.words, true);
    const frozen = views.root(this.model.schema, start) as unknown as Reading<S>;
    return this.model.actions.map((action) =>
      action.instances <= MOST_UNROLLED ? unrolledGuards(action, frozen) : loopedGuards(action, this.pre),
    );
  }
}

/** Actions with more instances than this have their guards asked in a loop. */
const MOST_UNROLLED = 256;
/**
 * Guards asked in one function. V8 inlines up to a budget into each function: with 7, guards of a usual size
 * are all inlined, and what they read lies at constant addresses.
 */
const GUARDS_IN_ONE = 7;

const admitted = <S extends StructType>({ when }: NamedAction<S>, args: string): string =>
  when === undefined ? 'true' : `when(pre${args})`;

function unrolledGuards<S extends StructType>(action: NamedAction<S>, pre: Reading<S>): Guards {
  const parts: Guards[] = [];
  const end = action.first + action.instances;
  for (let from = action.first; from < end; from += GUARDS_IN_ONE) {
    const codes = Array.from({ length: Math.min(GUARDS_IN_ONE, end - from) }, (_, i) => from + i);
    const lines = codes.map((code) => {
      const args = decodeStep([action], code).args.map((value) => `, ${value}`);
      return `if (${admitted(action, args.join(''))}) out[n++] = ${code};`;
    });
    const source = `'use strict'; return function guards_${action.name}_${from}(out, n) {
  ${lines.join('\n  ')}
  return n; };`;
    parts.push(new Function('pre', 'when', source)(pre, action.when) as Guards);
  }
  if (parts.length === 1) return parts[0];
  return (out, n) => {
    for (let i = 0; i < parts.length; i++) n = parts[i](out, n);
    return n;
  };
}

function loopedGuards<S extends StructType>(action: NamedAction<S>, pre: Reading<S>): Guards {
  const source = `'use strict'; return function guards_${action.name}(out, n) {
  ${loopOver(action, (args) => `if (${admitted(action, args)}) out[n++] = code;`)}
  return n; };`;
  return new Function('pre', 'when', source)(pre, action.when) as Guards;
}
