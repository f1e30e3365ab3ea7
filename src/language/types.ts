/**
 * The types a state is made of. A schema is a `struct` of these; it alone decides how a state is packed,
 * hashed, printed and compared, so that no field can be forgotten by hand.
 */
import { DuplicateName, EmptyType, InvalidType, ReservedName, TooLarge } from './errors.js';

/** One member of a `oneOf`: a number at run time, a name to the compiler. */
export type Member<N extends string> = number & { readonly __member: N };

export interface RangeType {
  readonly kind: 'range';
  readonly lo: number;
  readonly hi: number;
  /** How a value is printed in traces; a plain number without it. */
  readonly print: ((value: number) => string) | null;
  /** What renaming servers does to a value: maps it, moves its bits, or nothing. */
  readonly holds: 'sid' | 'sidSet' | null;
}
export interface FlagType {
  readonly kind: 'flag';
}
export interface OneOfType<N extends string> {
  readonly kind: 'oneOf';
  readonly names: readonly N[];
  /** The members by name: `const { LOOKING, LEADING } = Role.values`. */
  readonly values: { readonly [K in N]: Member<K> };
}
export type Fields = { readonly [name: string]: Type };
export interface StructType<F extends Fields = Fields> {
  readonly kind: 'struct';
  readonly fields: F;
}
export interface ArrayType<E extends Type = Type> {
  readonly kind: 'array';
  readonly length: number;
  readonly element: E;
  /** True for `perOther`: element i of the i-th instance does not exist. */
  readonly skipsSelf: boolean;
  /** False for `list`: renaming servers moves no element. */
  readonly perSid: boolean;
}
export interface ChannelType<M extends StructType = StructType> {
  readonly kind: 'channel';
  readonly slots: number;
  readonly message: M;
  /** Only of a strict one: pushing to it when full, and popping when empty, are errors. */
  readonly strict?: true;
}
/** A value or none; none is all zero bits. */
export interface OptionalType<E extends AtomType | StructType = AtomType | StructType> {
  readonly kind: 'optional';
  readonly value: E;
}
/** A set of values of an atom: a bit each, the least value first. */
export interface SetType<E extends AtomType = AtomType> {
  readonly kind: 'set';
  readonly member: E;
}
/** Elements in order; the slots past its length are all zero bits. */
export interface SequenceType<E extends AtomType | StructType = AtomType | StructType> {
  readonly kind: 'sequence';
  readonly slots: number;
  readonly element: E;
}
/** Messages in no order: a state has them sorted by their fields, in declared order. */
export interface BagType<M extends StructType = StructType> {
  readonly kind: 'bag';
  readonly slots: number;
  readonly message: M;
}
export type AtomType = RangeType | FlagType | OneOfType<string>;
export type CompositeType =
  | StructType
  | ArrayType
  | ChannelType
  | OptionalType
  | SetType
  | SequenceType
  | BagType;
export type Type = AtomType | CompositeType;

export const isAtom = (type: Type): type is AtomType =>
  type.kind === 'range' || type.kind === 'flag' || type.kind === 'oneOf';

/** The number of values of an atom. */
export const valuesOf = (type: AtomType): number =>
  type.kind === 'range' ? type.hi - type.lo + 1 : type.kind === 'flag' ? 2 : type.names.length;

/** An integer from `lo` to `hi`, both included. `print` names values in traces. */
export function range(lo: number, hi: number, print: RangeType['print'] = null): RangeType {
  if (!Number.isSafeInteger(lo) || !Number.isSafeInteger(hi) || hi < lo) {
    throw new EmptyType(`range(${lo}, ${hi})`);
  }
  if (lo < -(2 ** 30) || hi >= 2 ** 30) throw new TooLarge(`range(${lo}, ${hi})`, '-2³⁰ to 2³⁰ - 1');
  return { kind: 'range', lo, hi, print, holds: null };
}

/** A set of servers, kept as the bits of one number: bit i stands for the server with index i. */
export function sidSet(servers: number): RangeType {
  if (servers > 30) throw new TooLarge(`sidSet(${servers})`, '30 servers');
  const members = (mask: number) =>
    `{${Array.from({ length: servers }, (_, i) => i)
      .filter((i) => (mask >>> i) & 1)
      .map((i) => `s${i + 1}`)
      .join(' ')}}`;
  return { ...range(0, 2 ** servers - 1, members), holds: 'sidSet' };
}

/** True or false. */
export const flag: FlagType = { kind: 'flag' };

/** The index of one of `servers` servers, from 0; printed as ZooKeeper counts them: s1, s2, … */
export const sid = (servers: number): RangeType => ({
  ...range(0, servers - 1, (i) => `s${i + 1}`),
  holds: 'sid',
});

/** The index of one of `servers` servers, or -1 for none. */
export const sidOrNone = (servers: number): RangeType => ({
  ...range(-1, servers - 1, (i) => (i < 0 ? 'none' : `s${i + 1}`)),
  holds: 'sid',
});

/** One of the given names. Compare with its `values`, never with literals. */
export function oneOf<const N extends string>(...names: readonly N[]): OneOfType<N> {
  if (names.length === 0) throw new EmptyType('oneOf()');
  const repeated = names.find((name, i) => names.indexOf(name) < i);
  if (repeated !== undefined) throw new DuplicateName('members', repeated, `oneOf(${names.join(', ')})`);
  const values = Object.fromEntries(names.map((name, i) => [name, i]));
  return { kind: 'oneOf', names, values: values as unknown as OneOfType<N>['values'] };
}

const RESERVED = new Set(['copyFrom', 'clear', 'equals', 'constructor', '__proto__']);

/** Named fields. A struct of at most 32 bits lives in one word and is copied, cleared and compared as one. */
export function struct<const F extends Fields>(fields: F): StructType<F> {
  const names = Object.keys(fields);
  if (names.length === 0) throw new EmptyType('struct({})');
  for (const name of names) {
    if (RESERVED.has(name) || !/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw new ReservedName(name, 'a struct');
    refuseNoType(`\`${name}\` of a struct`, fields[name]);
  }
  return { kind: 'struct', fields };
}

/**
 * One element a server (or anything counted from 0, see `list`): `a.at(i)`, and `a[i]` unless it is of
 * atoms.
 */
export function perServer<const E extends Type>(servers: number, element: E): ArrayType<E> {
  if (!Number.isInteger(servers) || servers < 1) throw new EmptyType(`perServer(${servers}, …)`);
  refuseNoType(`the element of perServer(${servers}, …)`, element);
  return { kind: 'array', length: servers, element, skipsSelf: false, perSid: true };
}

/** One element for each *other* server, inside an element of `perServer`: saves the entry about oneself. */
export function perOther<const E extends Exclude<CompositeType, ArrayType>>(
  servers: number,
  element: E,
): ArrayType<E> {
  if (!Number.isInteger(servers) || servers < 1) throw new EmptyType(`perOther(${servers}, …)`);
  refuseNoType(`the element of perOther(${servers}, …)`, element, COMPOSITES);
  return { kind: 'array', length: servers, element, skipsSelf: true, perSid: true };
}

/** So many elements, not one a server: `permutations` of as many servers leave them in place. */
export function list<const E extends Type>(length: number, element: E): ArrayType<E> {
  if (!Number.isInteger(length) || length < 1) throw new EmptyType(`list(${length}, …)`);
  refuseNoType(`the element of list(${length}, …)`, element);
  return { kind: 'array', length, element, skipsSelf: false, perSid: false };
}

/**
 * A bounded queue of `slots` messages. Sending to a full one overwrites the last: the newest wins; and
 * `pop` of an empty one does nothing; of a `strict` one both are errors, `QueueMisused`.
 */
export function channel<const M extends StructType>(
  slots: number,
  message: M,
  { strict = false }: { readonly strict?: boolean } = {},
): ChannelType<M> {
  if (!Number.isInteger(slots) || slots < 1) throw new EmptyType(`channel(${slots}, …)`);
  refuseNoType(`the message of channel(${slots}, …)`, message, ['struct']);
  return { kind: 'channel', slots, message, ...(strict ? { strict } : {}) };
}

/** A value that may be absent: `present`, `value`, `clear()`; `set(v)` of an atom, `put()` of a struct. */
export function optional<const E extends AtomType | StructType>(value: E): OptionalType<E> {
  refuseNoType('the value of optional(…)', value, SINGLE);
  return { kind: 'optional', value };
}

/** A set of values of an atom that has at most 32: `has(v)`, `add(v)`, `delete(v)`, `size`, `clear()`. */
export function set<const E extends AtomType>(member: E): SetType<E> {
  refuseNoType('the member of set(…)', member, ATOMS);
  const values = valuesOf(member);
  if (values > 32) throw new TooLarge(`set(…) of a type of ${values} values`, '32 values');
  return { kind: 'set', member };
}

/** At most `max` elements, pushed to the end and truncated there. A push to a full one is an error. */
export function sequence<const E extends AtomType | StructType>(max: number, element: E): SequenceType<E> {
  if (!Number.isInteger(max) || max < 1) throw new EmptyType(`sequence(${max}, …)`);
  refuseNoType(`the element of sequence(${max}, …)`, element, SINGLE);
  return { kind: 'sequence', slots: max, element };
}

/**
 * At most `max` messages in no order: states with the same messages are one, whichever came first. Another
 * message put into a full one is an error.
 */
export function bag<const M extends StructType>(max: number, message: M): BagType<M> {
  if (!Number.isInteger(max) || max < 1) throw new EmptyType(`bag(${max}, …)`);
  refuseNoType(`the message of bag(${max}, …)`, message, ['struct']);
  return { kind: 'bag', slots: max, message };
}

const ATOMS = ['range', 'flag', 'oneOf'];
const SINGLE = [...ATOMS, 'struct'];
const COMPOSITES = ['struct', 'channel', 'optional', 'set', 'sequence', 'bag'];
const KINDS = [...ATOMS, 'array', ...COMPOSITES];

/** Throws InvalidType unless something is a type of one of some kinds: a function that makes one is none. */
function refuseNoType(where: string, given: unknown, kinds: readonly string[] = KINDS): void {
  const { kind } = (given ?? {}) as { readonly kind?: string };
  if (kind !== undefined && kinds.includes(kind)) return;
  throw new InvalidType(
    where,
    typeof given === 'function' ? `the function ${given.name}` : given,
    inWords(kinds),
  );
}

const inWords = (kinds: readonly string[]): string =>
  kinds === KINDS ? 'a type, such as `range(0, 3)`' : `a ${kinds.map((kind) => `\`${kind}\``).join(' or ')}`;
