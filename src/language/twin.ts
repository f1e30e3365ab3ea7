/**
 * A second look at a state: views of words of their own show it, while the view that it was given through
 * shows what is no state at all. Whoever keeps a view from an earlier call sees something else.
 */
import { type Region, regionOf } from './arena.js';
import { layoutOf, type StructLayout, wordsOf } from './layout.js';
import type { StructType } from './types.js';
import { ViewFactory, zeroWords } from './views.js';

/** The state that a view shows, and where its twin will lie: states that are compared lie in one memory. */
interface Behind {
  readonly schema: StructType;
  readonly words: Int32Array;
  readonly region: () => Region;
  readonly at: number;
}

const behind = new WeakMap<object, Behind>();
const twins = new WeakMap<object, Twin>();

/** Notes the views of the two states of a machine: their words are side by side. */
export function noteViews(schema: StructType, words: Int32Array, views: readonly [object, object]): void {
  const layout = layoutOf(schema);
  const size = wordsOf(layout);
  let made: Region | null = null;
  const region = () => {
    made ??= regionOf(2 * size + zeroWords(layout));
    return made;
  };
  for (const [i, view] of views.entries()) {
    const at = i * size;
    behind.set(view, { schema, words: words.subarray(at, at + size), region, at });
  }
}

/** The twin of a view of a whole state; null of what is none. */
export function twinOf(view: unknown): Twin | null {
  if (typeof view !== 'object' || view === null) return null;
  const shown = behind.get(view);
  if (shown === undefined) return null;
  const twin = twins.get(view) ?? new Twin(shown);
  twins.set(view, twin);
  return twin;
}

type Root = { readonly [name: string]: unknown };
type RootClass = new (...parts: readonly unknown[]) => Root;

/** One state in so many is looked at through views that are new from root to leaf. */
const ANEW = 512;

export class Twin {
  readonly #schema: StructType;
  readonly #shown: Int32Array;
  readonly #own: Int32Array;
  readonly #start: number;
  readonly #views: ViewFactory;
  readonly #names: readonly string[];
  #Root: RootClass;
  /** The parts of a root, which roots share. */
  #parts: readonly unknown[];

  constructor({ schema, words, region, at }: Behind) {
    const { fields } = layoutOf(schema) as StructLayout;
    const { memory, start, own } = region();
    this.#schema = schema;
    this.#shown = words;
    this.#own = own.subarray(at, at + words.length);
    this.#start = start + at;
    this.#views = new ViewFactory(memory, start + 2 * words.length, false);
    this.#names = fields.filter((field) => field.at.layout.kind !== 'atom').map(({ name }) => name);
    [this.#Root, this.#parts] = this.#madeAnew();
  }

  /** The state in a view that is new. Until `uncover`, the other view shows each bit inverted. */
  cover(): unknown {
    const [shown, own] = [this.#shown, this.#own];
    let mixed = 0;
    for (let i = 0; i < shown.length; i++) {
      const word = shown[i];
      own[i] = word;
      shown[i] = ~word;
      mixed = Math.imul(mixed ^ word, 0x9e3779b1);
    }
    // The state alone decides, so that it does not matter which thread asks, and when.
    if ((mixed >>> 16) % ANEW === 0) [this.#Root, this.#parts] = this.#madeAnew();
    return new this.#Root(...this.#parts);
  }

  /** Both views show the state. */
  uncover(): void {
    const [shown, own] = [this.#shown, this.#own];
    for (let i = 0; i < shown.length; i++) shown[i] = own[i];
  }

  #madeAnew(): [RootClass, readonly unknown[]] {
    const root: Root = this.#views.root(this.#schema, this.#start);
    const parts = ['$w', '$s', '$path', '$self', ...this.#names].map((name) => root[name]);
    return [root.constructor as unknown as RootClass, parts];
  }
}
