/** An action of a model: its arguments, its guard, its effect. */
import type { StructType } from './types.js';
import type { Reading, View } from './view-types.js';

/** The values an argument of an action takes: a range, named in traces by its `print`. */
export interface Domain {
  readonly name: string;
  readonly lo: number;
  readonly hi: number;
  readonly print: (value: number) => string;
  /**
   * The value behind a printed text, or null. Without it all values are tried: give it if they are many.
   */
  readonly read?: (text: string) => number | null;
}

/** What `then` returns. A function of type `() => void` will do; one that returns something will not. */
// biome-ignore lint/suspicious/noConfusingVoidType: TypeScript accepts any result for () => void
type Nothing = undefined | void;

/**
 * One kind of step. `over` is the only nondeterminism: for each choice of arguments that `when` admits in a
 * state, `then` turns a copy of that state into the next. Both must be pure but for that, and must not keep
 * the views.
 */
export interface Action<S extends StructType> {
  readonly over?: readonly Domain[];
  readonly when?: (state: Reading<S>, ...args: number[]) => boolean;
  readonly then: (state: View<S>, ...args: number[]) => Nothing;
  /** What a person reads in a trace; the name and its arguments without it. */
  readonly says?: (state: Reading<S>, ...args: number[]) => string;
  /** Why these bounds never let the action be taken; null when it must be taken in some state. */
  readonly excludedBecause?: string | null;
}

export type ActionGroup<S extends StructType> = { readonly [name: string]: Action<S> };

/**
 * An action with its name, its domains and the codes of its instances: `first + (mixed radix of the
 * arguments)`.
 */
export interface NamedAction<S extends StructType> extends Action<S> {
  readonly name: string;
  readonly over: readonly Domain[];
  readonly first: number;
  readonly instances: number;
}
