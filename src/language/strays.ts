/**
 * Bits where nothing is: past the length of a sequence or a bag, or in an optional value that is absent. A
 * view of what was removed, kept and written to, leaves them, and states that are equal would not be equal
 * words.
 */
import { type Layout, layoutOf, maskOf, type Placed, within } from './layout.js';
import type { StructType } from './types.js';

/** A place that must be all zero bits unless a number elsewhere is above a bound. */
interface Guarded {
  readonly count: Placed;
  readonly above: number;
  readonly part: Placed;
}

/** True if a packed state has such bits; null for a schema in which none are possible. */
export function strayFinder(schema: StructType): ((memory: Int32Array, offset: number) => boolean) | null {
  const places = guardedIn({ layout: layoutOf(schema), word: 0, shift: 0 });
  if (places.length === 0) return null;
  return (memory, offset) =>
    places.some(
      ({ count, above, part }) =>
        bitsAt(memory, offset, count) <= above && !isZero(memory, offset, part, part.layout),
    );
}

function guardedIn(at: Placed): Guarded[] {
  const { layout } = at;
  switch (layout.kind) {
    case 'struct':
      return layout.fields.flatMap((field) => guardedIn(within(at, field.at)));
    case 'array':
      return layout.elements.flatMap((element) => guardedIn(within(at, element)));
    case 'optional': {
      const part = within(at, layout.value);
      return [{ count: within(at, layout.present), above: 0, part }, ...guardedIn(part)];
    }
    case 'slots': {
      const parts = layout.slots.map((slot) => within(at, slot));
      const inner = parts.flatMap(guardedIn);
      // A channel reads as least where it is empty, and older models may rely on it.
      if (layout.type.kind === 'channel') return inner;
      const count = within(at, layout.length);
      return [...parts.map((part, above) => ({ count, above, part })), ...inner];
    }
    default:
      return [];
  }
}

const bitsAt = (memory: Int32Array, offset: number, { layout, word, shift }: Placed): number =>
  (memory[offset + word] >>> shift) & maskOf(layout.bits);

function isZero(memory: Int32Array, offset: number, at: Placed, { words }: Layout): boolean {
  if (words === 0) return bitsAt(memory, offset, at) === 0;
  for (let i = 0; i < words; i++) if (memory[offset + at.word + i] !== 0) return false;
  return true;
}
