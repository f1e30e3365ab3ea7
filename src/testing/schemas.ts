/** Random schemas, and random edits of a state that mean the same on packed and on plain views. */
import fc from 'fast-check';
import {
  type AtomType,
  type BagType,
  bag,
  type ChannelType,
  type CompositeType,
  channel,
  flag,
  isAtom,
  type OptionalType,
  oneOf,
  optional,
  perOther,
  perServer,
  range,
  type SequenceType,
  type SetType,
  type StructType,
  sequence,
  set,
  struct,
  type Type,
  valuesOf,
} from '../language/index.js';

/** A view of any shape, packed or plain. */
export interface AnyView {
  [field: string | number]: unknown;
  readonly length: number;
  readonly last: AnyView;
  readonly head: AnyView;
  readonly present: boolean;
  readonly value: unknown;
  readonly size: number;
  at(index: number): unknown;
  set(index: unknown, value?: unknown): void;
  has(value: unknown): boolean;
  add(value: unknown): void;
  delete(value: unknown): void;
  push(value?: unknown): AnyView;
  put(): AnyView;
  pop(): void;
  take(index: number): void;
  truncate(length: number): void;
  clear(): void;
  copyFrom(other: AnyView): void;
  equals(other: AnyView): boolean;
}

/** An atom somewhere in a state: how to read and to write it through any view of the state. */
export interface AtomPlace {
  readonly type: AtomType;
  readonly read: (root: AnyView) => unknown;
  readonly write: (root: AnyView, value: unknown) => void;
}
export interface StructPlace {
  readonly type: StructType;
  readonly at: (root: AnyView) => AnyView;
  /** Around which server it stands; -1 for none. */
  readonly self: number;
}
export interface ChannelPlace {
  readonly type: ChannelType;
  readonly at: (root: AnyView) => AnyView;
}
/** What more or less may be in: a queue, a sequence, a bag, a set or an optional value. */
export interface HolderPlace {
  readonly type: HolderType;
  readonly at: (root: AnyView) => AnyView;
  /** Around which server it stands; -1 for none. */
  readonly self: number;
}
type HolderType = ChannelType | SequenceType | BagType | SetType | OptionalType;
/** Everything in a state that can be named without going through a message in flight. */
export interface Places {
  readonly atoms: AtomPlace[];
  readonly structs: StructPlace[];
  readonly channels: ChannelPlace[];
  /** The channels among them. */
  readonly holders: HolderPlace[];
}

/**
 * What to do to a state. Numbers are taken modulo the choices there are, so any list of edits makes sense.
 */
export interface Edit {
  readonly kind: 'set' | 'next' | 'clear' | 'copy' | 'push' | 'pop' | 'drop' | 'amend';
  readonly place: number;
  readonly pick: number;
}

const KINDS = [
  'set',
  'set',
  'next',
  'next',
  'next',
  'clear',
  'copy',
  'push',
  'push',
  'pop',
  'drop',
  'amend',
] as const;

export const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom(...KINDS),
  place: fc.nat(1000),
  pick: fc.oneof(fc.nat(3), fc.nat(2 ** 30)),
});

/** Applies an edit to a state; `shift` stands for an argument of the action around it. */
export function applyEdit(places: Places, { kind, place, pick }: Edit, root: AnyView, shift = 0): void {
  const { atoms, structs, holders } = places;
  const box = structs[place % structs.length];
  const holder = holders.length === 0 ? null : holders[place % holders.length];
  const atom = atoms.length === 0 ? null : atoms[(place + shift) % atoms.length];
  if (kind === 'set') atom?.write(root, valueAt(atom.type, pick + shift));
  if (kind === 'next') atom?.write(root, valueAt(atom.type, codeOf(atom.type, atom.read(root)) + 1 + shift));
  if (kind === 'clear') box.at(root).clear();
  if (kind === 'copy') {
    const alike = structsLike(places, box);
    box.at(root).copyFrom(alike[(pick + shift) % alike.length].at(root));
  }
  if (holder === null) return;
  const { type, self } = holder;
  const view = holder.at(root);
  if (kind === 'push') pushInto(type, view, pick + shift, self);
  if (kind === 'pop') takeFrom(type, view, pick + shift);
  if (kind === 'drop') view.clear();
  if (kind === 'amend') amend(type, view, pick + shift, self);
}

/** Adds something, if there is room. */
function pushInto(type: HolderType, view: AnyView, pick: number, self: number): void {
  if (type.kind === 'set') return view.add(valueAt(type.member, pick));
  if (type.kind === 'optional') {
    return isAtom(type.value)
      ? view.set(valueAt(type.value, pick))
      : fill(type.value, view.put(), pick, self);
  }
  if (type.kind === 'channel') return fill(type.message, view.push(), pick, self);
  if (view.length === type.slots) return;
  if (type.kind === 'bag') return fill(type.message, view.put(), pick, self);
  if (isAtom(type.element)) view.push(valueAt(type.element, pick));
  else fill(type.element, view.push(), pick, self);
}

/** Removes something, if there is anything. */
function takeFrom(type: HolderType, view: AnyView, pick: number): void {
  if (type.kind === 'set') return view.delete(valueAt(type.member, pick));
  if (type.kind === 'optional') return view.clear();
  if (type.kind === 'channel') return view.pop();
  if (type.kind === 'sequence') return view.truncate(pick % (view.length + 1));
  if (view.length > 0) view.take(pick % view.length);
}

/** Changes what was added, if there is anything. */
function amend(type: HolderType, view: AnyView, pick: number, self: number): void {
  if (amountIn(type, view) === 0 || type.kind === 'set') return;
  if (type.kind === 'optional') {
    return isAtom(type.value)
      ? view.set(valueAt(type.value, pick))
      : fill(type.value, view.value, pick, self);
  }
  if (type.kind === 'channel') return fill(type.message, view.last, pick, self);
  const index = pick % view.length;
  if (type.kind === 'bag') return fill(type.message, view.at(index), pick, self);
  if (isAtom(type.element)) view.set(index, valueAt(type.element, pick));
  else fill(type.element, view.at(index), pick, self);
}

/** How much there is in a holder. */
export const amountIn = ({ kind }: HolderType, view: AnyView): number =>
  kind === 'set' ? view.size : kind === 'optional' ? Number(view.present) : view.length;

/** The structs that may be copied onto this one. */
export const structsLike = ({ structs }: Places, { type, self }: StructPlace): StructPlace[] =>
  structs.filter((other) => other.type === type && other.self === self);

/** Sets most fields of a message, and leaves the others as they were made; adds to what holds more. */
function fill(type: StructType, made: unknown, pick: number, self: number): void {
  const message = made as AnyView;
  const { atoms, holders } = placesOf(type, self);
  for (const [i, atom] of atoms.entries())
    if ((pick + i) % 3 !== 1) atom.write(message, valueAt(atom.type, pick + i));
  for (const [i, holder] of holders.entries())
    if ((pick + i) % 3 !== 2) pushInto(holder.type, holder.at(message), pick + i, holder.self);
}

/** The value of an atom with a code, counted from 0 and modulo the number of values. */
export function valueAt(type: AtomType, code: number): unknown {
  const least = code % valuesOf(type);
  return type.kind === 'range' ? type.lo + least : type.kind === 'flag' ? least === 1 : least;
}

/** The code of a value: 0 for the least. */
export const codeOf = (type: AtomType, value: unknown): number =>
  type.kind === 'range' ? (value as number) - type.lo : Number(value);

/** All places of a state, or of a struct of a server; the entries about oneself in a `perOther` are none. */
export function placesOf(type: StructType, self = -1): Places {
  const places: Places = { atoms: [], structs: [], channels: [], holders: [] };
  visitStruct(places, type, (root) => root, self);
  return places;
}

type Step = (root: AnyView) => AnyView;

function visitStruct(places: Places, type: StructType, at: Step, self: number): void {
  places.structs.push({ type, at, self });
  for (const [name, field] of Object.entries(type.fields)) {
    if (isAtom(field)) {
      const write = (root: AnyView, value: unknown) => {
        at(root)[name] = value;
      };
      places.atoms.push({ type: field, read: (root) => at(root)[name], write });
    } else visit(places, field, (root) => at(root)[name] as AnyView, self);
  }
}

function visit(places: Places, type: CompositeType, at: Step, self: number): void {
  if (type.kind === 'struct') return visitStruct(places, type, at, self);
  if (type.kind === 'channel') places.channels.push({ type, at });
  if (type.kind !== 'array') return void places.holders.push({ type, at, self });
  const { element } = type;
  for (let i = 0; i < type.length; i++) {
    if (type.skipsSelf && i === self) continue;
    if (isAtom(element)) {
      const write = (root: AnyView, value: unknown) => at(root).set(i, value);
      places.atoms.push({ type: element, read: (root) => at(root).at(i), write });
    } else
      visit(places, element, (root) => at(root)[i] as AnyView, type.skipsSelf || !type.perSid ? self : i);
  }
}

/**
 * How large the ranges of a schema may be: many bits to test packing, few values to test exploration; and few
 * without optional values, sets, sequences and bags, of which a model soon has too many states.
 */
export type Width = 'wide' | 'narrow' | 'few';

/** A random schema of all types, nested; values of 0 to 31 bits, negative ones included. */
export const schema = (width: Width): fc.Arbitrary<StructType> =>
  fc
    .integer({ min: 1, max: 3 })
    .chain((servers) => structOf(width, servers, width === 'wide' ? 3 : 2, false));

const SPANS = { wide: [0, 1, 2, 6, 40, 255, 3000, 70_000, 2 ** 30 - 6], narrow: [0, 1, 2], few: [0, 1, 2] };

const atomOf = (width: Width): fc.Arbitrary<AtomType> =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(...SPANS[width]))
      .map(([lo, span]) => range(lo, lo + span)),
    fc.constant(flag),
    fc.integer({ min: 1, max: 4 }).map((count) => oneOf(...['A', 'B', 'C', 'D'].slice(0, count))),
  );

function structOf(width: Width, servers: number, depth: number, inside: boolean): fc.Arbitrary<StructType> {
  const member = typeOf(width, servers, depth, inside);
  return fc
    .array(member, { minLength: 1, maxLength: width === 'wide' ? 5 : 3 })
    .map((types) => struct(Object.fromEntries(types.map((type, i) => [`f${i}`, type]))));
}

/** `inside` a `perServer` of so many servers, a `perOther` may stand. */
function typeOf(width: Width, servers: number, depth: number, inside: boolean): fc.Arbitrary<Type> {
  const atom = atomOf(width);
  const atoms = fc.tuple(fc.integer({ min: 1, max: 5 }), atom).map(([n, type]) => perServer(n, type));
  if (depth === 0) return fc.oneof({ weight: 4, arbitrary: atom }, { weight: 1, arbitrary: atoms });
  const box = structOf(width, servers, depth - 1, inside);
  const queue = fc
    .tuple(fc.integer({ min: 1, max: 3 }), structOf(width, servers, 0, inside))
    .map(([slots, message]) => channel(slots, message));
  const holder = holderOf(width, atom, structOf(width, servers, Math.min(depth - 1, 1), inside));
  const each = fc
    .oneof(structOf(width, servers, depth - 1, true), typeOf(width, servers, depth - 1, true))
    .map((element) => perServer(servers, element));
  const others = fc.oneof(box, queue, holder).map((element) => perOther(servers, element));
  return fc.oneof(
    { weight: 6, arbitrary: atom },
    { weight: 2, arbitrary: atoms },
    { weight: 2, arbitrary: box },
    { weight: 2, arbitrary: queue },
    ...(width === 'few' ? [] : [{ weight: 4, arbitrary: holder }]),
    { weight: 3, arbitrary: each },
    ...(inside ? [{ weight: 3, arbitrary: others }] : []),
  );
}

/** An optional value, a set, a sequence or a bag, of atoms or of structs. */
function holderOf(
  width: Width,
  atom: fc.Arbitrary<AtomType>,
  box: fc.Arbitrary<StructType>,
): fc.Arbitrary<OptionalType | SetType | SequenceType | BagType> {
  const slots = fc.integer({ min: 1, max: width === 'wide' ? 4 : 2 });
  const single = fc.oneof(atom, box);
  return fc.oneof(
    single.map((value) => optional(value)),
    atom.filter((type) => valuesOf(type) <= 32).map((member) => set(member)),
    fc.tuple(slots, single).map(([max, element]) => sequence(max, element)),
    fc.tuple(slots, box).map(([max, message]) => bag(max, message)),
  );
}
