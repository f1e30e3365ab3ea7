/** The views that a model gets of the values of a type: it may write to a `View`, and not to a `Reading`. */
import type {
  ArrayType,
  AtomType,
  BagType,
  ChannelType,
  Fields,
  FlagType,
  Member,
  OneOfType,
  OptionalType,
  RangeType,
  SequenceType,
  SetType,
  StructType,
} from './types.js';

type AtomView<T> = T extends RangeType
  ? number
  : T extends FlagType
    ? boolean
    : T extends OneOfType<infer N>
      ? Member<N>
      : never;

/** What `then` sees of a value of type `T`: fields to read and to assign. */
export type View<T> = T extends AtomType
  ? AtomView<T>
  : T extends StructType<infer F>
    ? StructView<F>
    : T extends ArrayType<infer E>
      ? E extends AtomType
        ? AtomArrayView<AtomView<E>>
        : Elements<View<E>>
      : T extends ChannelType<infer M>
        ? ChannelView<View<M>, Reading<M>>
        : T extends OptionalType<infer E>
          ? E extends AtomType
            ? OptionalAtomView<AtomView<E>>
            : OptionalStructView<View<E>>
          : T extends SetType<infer E>
            ? SetView<AtomView<E>>
            : T extends SequenceType<infer E>
              ? E extends AtomType
                ? AtomSequenceView<AtomView<E>>
                : StructSequenceView<View<E>>
              : T extends BagType<infer M>
                ? BagView<View<M>>
                : never;

/** The view that guards and claims get: the same, deeply read-only. */
export type Reading<T> = T extends AtomType
  ? AtomView<T>
  : T extends StructType<infer F>
    ? StructReading<F>
    : T extends ArrayType<infer E>
      ? E extends AtomType
        ? AtomArrayReading<AtomView<E>>
        : Elements<Reading<E>>
      : T extends ChannelType<infer M>
        ? ChannelReading<Reading<M>>
        : T extends OptionalType<infer E>
          ? OptionalReading<Reading<E>>
          : T extends SetType<infer E>
            ? SetReading<AtomView<E>>
            : T extends SequenceType<infer E>
              ? SequenceReading<Reading<E>>
              : T extends BagType<infer M>
                ? BagReading<Reading<M>>
                : never;

type AtomFields<F extends Fields> = { [K in keyof F]: F[K] extends AtomType ? K : never }[keyof F];

export type StructReading<F extends Fields> = { readonly [K in keyof F]: Reading<F[K]> } & {
  equals(other: StructReading<F>): boolean;
};
export type StructView<F extends Fields> = { -readonly [K in AtomFields<F>]: View<F[K]> } & {
  readonly [K in Exclude<keyof F, AtomFields<F>>]: View<F[K]>;
} & {
  equals(other: StructReading<F>): boolean;
  /** Assigns every field from another value of the same type. */
  copyFrom(other: StructReading<F>): void;
  /** Sets every field to its least value: 0, false, the first name, empty, absent. */
  clear(): void;
};
/** An array of anything but atoms. */
export interface Elements<V> extends ReadonlyArray<V> {
  /** The element at an index from 0; RangeExceeded if there is none, also for a negative one. */
  at(index: number): V;
}
export interface AtomArrayReading<V> {
  readonly length: number;
  at(index: number): V;
}
export interface AtomArrayView<V> extends AtomArrayReading<V> {
  set(index: number, value: V): void;
}
export interface ChannelReading<R> {
  readonly length: number;
  /** The oldest message; all fields least when the channel is empty. */
  readonly head: R;
  /** The newest message; all fields least when the channel is empty. */
  readonly last: R;
  /** The message at an index below the number of slots; all fields least from `length` on. */
  at(index: number): R;
}
export interface ChannelView<V, R> extends ChannelReading<R> {
  readonly head: V & R;
  readonly last: V & R;
  /** A cleared slot to fill in: a new one, or the last one when all are taken; QueueMisused if strict. */
  push(): V;
  /** Drops the oldest message; nothing when the channel is empty, or QueueMisused if strict. */
  pop(): void;
  /** Drops every message. */
  clear(): void;
}
export interface OptionalReading<R> {
  /** True if there is a value. */
  readonly present: boolean;
  /** The value; ValueAbsent if there is none. */
  readonly value: R;
}
export interface OptionalAtomView<V> extends OptionalReading<V> {
  /** There is a value from now on, and this is it. */
  set(value: V): void;
  /** There is no value from now on. */
  clear(): void;
}
export interface OptionalStructView<V> extends OptionalReading<V> {
  /** There is a value from now on: a cleared struct, to fill in. */
  put(): V;
  /** There is no value from now on. */
  clear(): void;
}
/** A value that the member type cannot hold is RangeExceeded, in `has` too. */
export interface SetReading<V> {
  /** How many members it has. */
  readonly size: number;
  has(value: V): boolean;
}
export interface SetView<V> extends SetReading<V> {
  add(value: V): void;
  delete(value: V): void;
  clear(): void;
}
export interface SequenceReading<R> {
  readonly length: number;
  /** The newest element; ElementMissing if there is none. */
  readonly last: R;
  /** The element at an index below `length`; ElementMissing from there on. */
  at(index: number): R;
}
interface Truncatable {
  /** Drops the elements from an index on, which is at most `length`. */
  truncate(length: number): void;
  /** Drops every element. */
  clear(): void;
}
export interface AtomSequenceView<V> extends SequenceReading<V>, Truncatable {
  /** Replaces the element at an index below `length`. */
  set(index: number, value: V): void;
  /** Adds an element at the end; CollectionFull if there is no room. */
  push(value: V): void;
}
export interface StructSequenceView<V> extends SequenceReading<V>, Truncatable {
  /** Adds a cleared element at the end, to fill in; CollectionFull if there is no room. */
  push(): V;
}
export interface BagReading<R> {
  readonly length: number;
  /** The message at an index below `length`, in the order of their fields; ElementMissing from there on. */
  at(index: number): R;
}
export interface BagView<V> extends BagReading<V> {
  /** Adds a cleared message, to fill in; CollectionFull if there is no room. */
  put(): V;
  /** Drops the message at an index below `length`; those after it move up. */
  take(index: number): void;
  /** Drops every message. */
  clear(): void;
}
