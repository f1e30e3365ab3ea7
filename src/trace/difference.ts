/** Finds where two plain values differ. */
import type { Plain } from '../language/index.js';

export interface Difference {
  /** `server[0].proposal`; empty for the whole value. */
  readonly path: string;
  /** What one value has there; undefined if nothing. */
  readonly expected: Plain | undefined;
  readonly found: Plain | undefined;
}

/** Every smallest part in which two values differ, in the order of their fields. Empty if they are equal. */
export function differences(
  expected: Plain | undefined,
  found: Plain | undefined,
  path = '',
): readonly Difference[] {
  const [left, right] = [childrenOf(expected), childrenOf(found)];
  if (left === null || right === null || Array.isArray(expected) !== Array.isArray(found)) {
    return expected === found ? [] : [{ path, expected, found }];
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap((key) => {
    const step = Array.isArray(expected) ? `[${key}]` : path === '' ? key : `.${key}`;
    return differences(left.get(key), right.get(key), path + step);
  });
}

const childrenOf = (value: Plain | undefined): Map<string, Plain> | null =>
  typeof value !== 'object' || value === null ? null : new Map(Object.entries(value));
