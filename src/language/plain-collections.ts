/** Optional values, sets, sequences and bags as plain objects. */
import { absentValue, checkElement, checkLength, noRoom } from './misuse.js';
import { INSPECT, type Showing, show, toPlain } from './to-plain.js';
import type { CompositeType } from './types.js';

/** The type of a view, its path in the state, and the server around it. */
export interface About {
  readonly type: CompositeType;
  readonly path: string;
  readonly self: number;
}

/** Returns a value that may stand at a place below the view; throws RangeExceeded of another. */
type Check = (where: string, value: unknown) => unknown;
/** Makes a cleared struct at a place below the view. */
type Fresh<S> = (where: string) => S;

abstract class Collection {
  protected readonly about: About;

  constructor(about: About) {
    this.about = about;
  }

  abstract toJSON(): unknown;

  [INSPECT](...how: Showing): unknown {
    const { type, self } = this.about;
    return show(toPlain(type, this, self), ...how);
  }
}

abstract class PlainOptional<V> extends Collection {
  /** The value, in a list of its own. */
  protected held: readonly V[] = [];

  get present(): boolean {
    return this.held.length > 0;
  }

  get value(): V {
    if (!this.present) absentValue(this.about.path);
    return this.held[0];
  }

  clear(): void {
    this.held = [];
  }

  toJSON(): V | null {
    return this.present ? this.value : null;
  }
}

export class PlainOptionalAtom extends PlainOptional<unknown> {
  readonly #check: Check;

  constructor(about: About, check: Check) {
    super(about);
    this.#check = check;
  }

  set(value: unknown): void {
    this.held = [this.#check('.value', value)];
  }
}

export class PlainOptionalStruct<S> extends PlainOptional<S> {
  readonly #fresh: Fresh<S>;

  constructor(about: About, fresh: Fresh<S>) {
    super(about);
    this.#fresh = fresh;
  }

  put(): S {
    this.held = [this.#fresh('.value')];
    return this.held[0];
  }
}

export class PlainSet extends Collection {
  readonly #check: Check;
  readonly #members = new Set<unknown>();

  constructor(about: About, check: Check) {
    super(about);
    this.#check = check;
  }

  get size(): number {
    return this.#members.size;
  }

  has(value: unknown): boolean {
    return this.#members.has(this.#check('.member', value));
  }

  add(value: unknown): void {
    this.#members.add(this.#check('.member', value));
  }

  delete(value: unknown): void {
    this.#members.delete(this.#check('.member', value));
  }

  clear(): void {
    this.#members.clear();
  }

  toJSON(): readonly unknown[] {
    return [...this.#members].sort((a, b) => Number(a) - Number(b));
  }
}

/** What is counted from 0 and has a greatest length. */
abstract class PlainSlots<V> extends Collection {
  protected held: V[] = [];
  readonly #most: number;

  constructor(about: About, most: number) {
    super(about);
    this.#most = most;
  }

  get length(): number {
    return this.held.length;
  }

  at(index: number): V {
    checkElement(this.about.path, index, this.length);
    return this.held[index];
  }

  clear(): void {
    this.held = [];
  }

  toJSON(): readonly V[] {
    return this.held;
  }

  protected refuseFull(method: 'push' | 'put'): void {
    if (this.length === this.#most) noRoom(this.about.path, this.#most, method);
  }
}

abstract class PlainSequence<V> extends PlainSlots<V> {
  get last(): V {
    return this.at(this.length - 1);
  }

  truncate(length: number): void {
    checkLength(this.about.path, length, this.length);
    this.held = this.held.slice(0, length);
  }
}

export class PlainAtomSequence extends PlainSequence<unknown> {
  readonly #check: Check;

  constructor(about: About, most: number, check: Check) {
    super(about, most);
    this.#check = check;
  }

  set(index: number, value: unknown): void {
    checkElement(this.about.path, index, this.length);
    this.held[index] = this.#check(`[${index}]`, value);
  }

  push(value: unknown): void {
    this.refuseFull('push');
    this.held.push(this.#check(`[${this.length}]`, value));
  }
}

export class PlainStructSequence<S> extends PlainSequence<S> {
  readonly #fresh: Fresh<S>;

  constructor(about: About, most: number, fresh: Fresh<S>) {
    super(about, most);
    this.#fresh = fresh;
  }

  push(): S {
    this.refuseFull('push');
    this.held.push(this.#fresh(`[${this.length}]`));
    return this.last;
  }
}

/** Messages are in order of arrival until they are sorted. */
export class PlainBag<S> extends PlainSlots<S> {
  readonly #fresh: Fresh<S>;
  readonly #compare: (one: S, other: S) => number;

  constructor(about: About, most: number, fresh: Fresh<S>, compare: (one: S, other: S) => number) {
    super(about, most);
    this.#fresh = fresh;
    this.#compare = compare;
  }

  put(): S {
    this.refuseFull('put');
    this.held.push(this.#fresh(`[${this.length}]`));
    return this.held[this.length - 1];
  }

  take(index: number): void {
    checkElement(this.about.path, index, this.length);
    this.held.splice(index, 1);
  }

  sort(): void {
    this.held.sort(this.#compare);
  }
}
