/**
 * States of a schema that no model has to reach: plain objects, drawn by a seed, for the tests alone. Sparse
 * ones come first, so that what tells two predicates apart is small.
 */
import type { Type } from '../../src/language/index.js';

/** Numbers that stand for the values of a state, in the order of its fields; 0 is the least value of each. */
export type Codes = readonly number[];

/** A generator of 32 random bits (mulberry32). */
function bitsOf(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    const b = Math.imul(a ^ (a >>> 15), 1 | a);
    const c = (b + Math.imul(b ^ (b >>> 7), 61 | b)) ^ b;
    return (c ^ (c >>> 14)) >>> 0;
  };
}

/** A whole number below `below`. */
export type Draw = (below: number) => number;

export function drawOf(seed: number): Draw {
  const bits = bitsOf(seed);
  return (below) => bits() % below;
}

const LARGE = 2 ** 20;

/** Codes of which about `dense` in ten are not 0. */
export const someCodes = (draw: Draw, count: number, dense: number): number[] =>
  Array.from({ length: count }, () => (draw(10) < dense ? draw(LARGE) : 0));

/** The same codes, about `changed` in ten of them drawn anew. */
export const changedCodes = (draw: Draw, codes: Codes, changed: number): number[] =>
  codes.map((code) => (draw(10) < changed ? draw(LARGE) : code));

/** How many codes a value takes. */
export function widthOf(type: Type): number {
  if (type.kind === 'struct') {
    return Object.values(type.fields).reduce((sum, field) => sum + widthOf(field), 0);
  }
  if (type.kind === 'array') return type.length * widthOf(type.element);
  return type.kind === 'channel' ? 1 + type.slots * widthOf(type.message) : 1;
}

/** The state that codes stand for; entries of a server about itself are null, so nobody may look at them. */
export function stateOf(type: Type, codes: Codes): unknown {
  let next = 0;
  const take = (size: number): number => codes[next++] % size;
  const build = (of: Type, self: number): unknown => {
    switch (of.kind) {
      case 'struct':
        return Object.fromEntries(
          Object.entries(of.fields).map(([name, field]) => [name, build(field, self)]),
        );
      case 'array':
        return Array.from({ length: of.length }, (_, i) => {
          const element = build(of.element, of.skipsSelf || !of.perSid ? self : i);
          return of.skipsSelf && i === self ? null : element;
        });
      case 'channel': {
        const length = take(of.slots + 1);
        const messages = Array.from({ length: of.slots }, () => build(of.message, self));
        return { length, head: messages[0], messages };
      }
      case 'flag':
        return take(2) === 1;
      case 'oneOf':
        return take(of.names.length);
      case 'range':
        return of.lo + take(of.hi - of.lo + 1);
      default:
        throw new TypeError(`no naive state has a ${of.kind}`);
    }
  };
  return build(type, -1);
}
