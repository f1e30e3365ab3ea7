/**
 * The built-ins of JavaScript, which a file of a user could replace for all code in its process. This file
 * calls only functions that it took when it was loaded, before the user's file could replace them.
 */
const { apply, defineProperty, deleteProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } = Reflect;
const symbolText = Symbol.prototype.toString;
const { hasOwn, is } = Object;

interface Property {
  readonly key: PropertyKey;
  readonly was: PropertyDescriptor;
}
interface Builtin {
  /** `Array.prototype`. */
  readonly name: string;
  readonly object: object;
  readonly properties: readonly Property[];
}

const NAMES: readonly (keyof typeof globalThis)[] = [
  'Object',
  'Function',
  'Array',
  'String',
  'Number',
  'Boolean',
  'BigInt',
  'Symbol',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Promise',
  'RegExp',
  'Date',
  'Int32Array',
  'Uint8Array',
  'Uint16Array',
  'Float64Array',
  'ArrayBuffer',
  'SharedArrayBuffer',
  'JSON',
  'Math',
  'Reflect',
  'Atomics',
];
/** Objects without a name of their own, which loops go through. */
const ITERATORS: readonly (readonly [name: string, object: object])[] = [
  ['the iterator of Array', getPrototypeOf([][Symbol.iterator]()) as object],
  ['the iterator of Map', getPrototypeOf(new Map()[Symbol.iterator]()) as object],
  ['the iterator of Set', getPrototypeOf(new Set()[Symbol.iterator]()) as object],
  ['the iterator of String', getPrototypeOf(''[Symbol.iterator]()) as object],
  [
    'the prototype of all iterators',
    getPrototypeOf(getPrototypeOf([][Symbol.iterator]()) as object) as object,
  ],
  ['the prototype of typed arrays', getPrototypeOf(Int32Array.prototype) as object],
  ['Error.prototype', Error.prototype],
];

const propertiesOf = (object: object): readonly Property[] =>
  ownKeys(object).map((key) => ({ key, was: getOwnPropertyDescriptor(object, key) as PropertyDescriptor }));

/** The binding of each name, which may be replaced as a whole. Other globals are made lazily. */
const globals: Builtin = {
  name: '',
  object: globalThis,
  properties: propertiesOf(globalThis).filter(({ key }) => (NAMES as readonly unknown[]).includes(key)),
};

const builtins: readonly Builtin[] = [
  ...NAMES.flatMap((name) => {
    const object = globalThis[name] as { readonly prototype?: object };
    const { prototype } = object;
    return [
      [name, object] as const,
      ...(prototype === undefined ? [] : [[`${name}.prototype`, prototype] as const]),
    ];
  }),
  ...ITERATORS,
].map(([name, object]) => ({ name, object, properties: propertiesOf(object) }));

/**
 * The first built-in, such as `Array.prototype.map`, that has changed since this was loaded; null if none
 * has. Restores all of them as far as possible, so that later code runs as it was written.
 */
export function restoreBuiltins(): string | null {
  let first = restored(globals, false);
  for (let i = 0; i < builtins.length; i++) {
    const changed = restored(builtins[i], true);
    if (first === null) first = changed;
  }
  return first;
}

/** The predicate of a file that replaces a built-in: it would `change Array.prototype.map`. */
export const changing = (what: string): string => `change ${what}, which is not theirs alone`;

/** `isWhole`: a property that was not there before counts, and is removed. */
function restored({ name, object, properties }: Builtin, isWhole: boolean): string | null {
  let first: string | null = null;
  for (let i = 0; i < properties.length; i++) {
    const { key, was } = properties[i];
    if (isAs(was, getOwnPropertyDescriptor(object, key))) continue;
    if (first === null) first = named(name, key);
    defineProperty(object, key, was);
  }
  if (!isWhole) return first;
  const keys = ownKeys(object);
  if (keys.length === properties.length) return first;
  for (let i = 0; i < keys.length; i++) {
    if (isAmong(keys[i], properties)) continue;
    if (first === null) first = named(name, keys[i]);
    deleteProperty(object, keys[i]);
  }
  return first;
}

function isAs(was: PropertyDescriptor, now: PropertyDescriptor | undefined): boolean {
  if (now === undefined) return false;
  return (
    is(own(was, 'value'), own(now, 'value')) &&
    own(was, 'get') === own(now, 'get') &&
    own(was, 'set') === own(now, 'set')
  );
}

/** A descriptor that lacks a field would inherit it from a prototype that a file may have changed. */
const own = (of: PropertyDescriptor, key: 'value' | 'get' | 'set'): unknown =>
  hasOwn(of, key) ? of[key] : undefined;

function isAmong(key: PropertyKey, properties: readonly Property[]): boolean {
  for (let i = 0; i < properties.length; i++) if (properties[i].key === key) return true;
  return false;
}

/** `Array.prototype.map`, `Array.prototype[Symbol(Symbol.iterator)]`. */
function named(owner: string, key: PropertyKey): string {
  if (typeof key === 'symbol') return `${owner}[${apply(symbolText, key, [])}]`;
  return owner === '' ? `${key}` : `${owner}.${key}`;
}
