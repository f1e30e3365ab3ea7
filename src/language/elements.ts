/** Arrays of views: plain arrays, as fast as any, whose `at` refuses an index that they do not have. */
import { RangeExceeded } from './errors.js';
import { INSPECT, type Showing, show, toPlain } from './to-plain.js';
import type { ArrayType } from './types.js';
import type { Elements } from './view-types.js';

/** What an array is of, where it stands, and around which server. */
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
  return (frozen ? Object.freeze(elements) : elements) as Elements<V>;
}
