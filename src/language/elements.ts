/** Arrays of views: plain arrays, as fast as any, whose `at` refuses an index that they do not have. */
import { ElementReplaced, RangeExceeded } from './errors.js';
import { INSPECT, type Showing, show, toPlain } from './to-plain.js';
import type { ArrayType } from './types.js';
import type { Elements } from './view-types.js';

/** The type of an array, its path in the state, and the server around it. */
interface About {
  readonly type: ArrayType;
  readonly path: string;
  readonly self: number;
}

const ABOUT = Symbol('about');

interface Made {
  readonly [ABOUT]: About;
}

function at<V>(this: readonly V[], index: number): V {
  if (index !== (index | 0) || index < 0 || index >= this.length) {
    const { path } = (this as unknown as Made)[ABOUT];
    throw new RangeExceeded(`${path}.index`, index, `the integers 0 to ${this.length - 1}`);
  }
  return this[index];
}

function inspectElements(this: Made, ...how: Showing): unknown {
  const { type, self } = this[ABOUT];
  return show(toPlain(type, this, self), ...how);
}

/**
 * The same array with an `at` of its own, and shown by `console.log` as its plain value. It stays an `Array`:
 * V8 iterates over those of a class derived from it more slowly.
 */
export function elementsOf<V>(elements: V[], about: About, frozen: boolean): Elements<V> {
  Object.defineProperties(elements, {
    at: { value: at },
    [INSPECT]: { value: inspectElements },
    [ABOUT]: { value: about },
  });
  if (!frozen) originals.set(elements, [...elements]);
  return (frozen ? Object.freeze(elements) : elements) as Elements<V>;
}

/** The elements that a list was made with, of those that are not frozen. */
const originals = new WeakMap<readonly unknown[], readonly unknown[]>();

/**
 * Throws ElementReplaced if an element of a list somewhere in a view is no longer the one that it was made
 * with, and puts it back: what a step writes there is written to no state.
 */
export function refuseReplaced(view: object): void {
  if (Array.isArray(view)) {
    const made = originals.get(view) ?? view;
    for (const [i, element] of made.entries()) {
      if (view[i] !== element || view.length !== made.length) {
        view.splice(0, view.length, ...made);
        throw new ElementReplaced(`${(view as unknown as Made)[ABOUT].path}[${i}]`);
      }
      refuseReplaced(element);
    }
    return;
  }
  for (const part of Object.values(view)) {
    if (typeof part === 'object' && part !== null && !ArrayBuffer.isView(part)) refuseReplaced(part);
  }
}
