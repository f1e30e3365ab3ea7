/** What is refused of optional values, sequences and bags, in packed and in plain views alike. */
import { fail } from './atoms.js';
import { CollectionFull, ElementMissing, ValueAbsent } from './errors.js';

/** Throws ValueAbsent. */
export const absentValue = (path: string): never => {
  throw new ValueAbsent(path);
};
/** Throws ElementMissing, or returns: the index of an element is an integer below the length. */
export const checkElement = (path: string, index: number, length: number): void => {
  if (index !== (index | 0) || index < 0 || index >= length) throw new ElementMissing(path, index, length);
};
/** Throws CollectionFull. */
export const noRoom = (path: string, slots: number, method: 'push' | 'put'): never => {
  throw new CollectionFull(path, slots, method);
};
/** Throws RangeExceeded, or returns: a sequence is cut to at most its length. */
export const checkLength = (path: string, length: number, most: number): void => {
  if (length !== (length | 0) || length < 0 || length > most) {
    fail(path, 'length', length, `the integers 0 to ${most}, which is its length`);
  }
};
