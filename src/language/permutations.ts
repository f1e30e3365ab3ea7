/**
 * Symmetry: renaming the ids of a state, and the one representative of all states that a renaming turns into
 * each other, its orbit. Code is generated for swaps of two neighbouring ids alone; every renaming is a
 * sequence of these.
 */
import { regionOf } from './arena.js';
import { bagsOf } from './bags.js';
import { InvalidModel, TooLarge } from './errors.js';
import { layoutOf, wordsOf } from './layout.js';
import { concernsIds, swapsOf, traitsOf } from './renaming.js';
import type { StructType } from './types.js';
import type { View } from './view-types.js';
import { ViewFactory, zeroWords } from './views.js';

/** The part of a model that tells which states are one but for names; see `Model`. */
interface Renamed<S extends StructType> {
  readonly schema: S;
  readonly permutations: number | null;
  readonly representative: ((state: View<S>) => void) | null;
}

/** Replaces the packed state at `offset` by the representative of its orbit. */
export type Canonicalize = (memory: Int32Array, offset: number) => void;

/** Renames the ids of the packed state at `offset`: what was of id i becomes of id `permutation[i]`. */
export type Permute = (permutation: readonly number[], memory: Int32Array, offset: number) => void;

/** Up to 7! = 5040 members of an orbit are looked at for each successor. */
const MOST_IDS = 7;

/**
 * The code that finds the representative of a state: two states have the same one if and only if a renaming
 * turns one into the other. It is, of those in which the traits of ids ascend, the one of the least words.
 * Null if the model declares no permutations.
 */
export function canonicalizer<S extends StructType>(model: Renamed<S>): Canonicalize | null {
  const { schema, permutations } = model;
  if (permutations === null) return representing(model);
  const { swaps, changing } = swapsOf(schema, permutations);
  const { traits, complete } = traitsOf(schema, permutations);
  const trait = new Int32Array(permutations);
  const orders = complete ? null : tieOrders(permutations);
  const best = new Int32Array(changing.length);
  return (memory, offset) => {
    traits(memory, offset, trait);
    for (let last = permutations - 1; last > 0; last--) {
      for (let k = 0; k < last; k++) {
        const first = trait[k];
        if (first <= trait[k + 1]) continue;
        trait[k] = trait[k + 1];
        trait[k + 1] = first;
        swaps[k](memory, offset);
      }
    }
    if (orders === null) return;
    let ties = 0;
    for (let k = 0; k + 1 < permutations; k++) if (trait[k] === trait[k + 1]) ties |= 1 << k;
    if (ties === 0) return;
    for (let i = 0; i < best.length; i++) best[i] = memory[offset + changing[i]];
    for (const k of orders[ties]) {
      swaps[k](memory, offset);
      let i = 0;
      while (i < best.length && memory[offset + changing[i]] === best[i]) i++;
      if (i === best.length || memory[offset + changing[i]] > best[i]) continue;
      for (; i < best.length; i++) best[i] = memory[offset + changing[i]];
    }
    for (let i = 0; i < best.length; i++) memory[offset + changing[i]] = best[i];
  };
}

/** The code that makes the representative which the model itself chooses; null if it chooses none. */
function representing<S extends StructType>({ schema, representative }: Renamed<S>): Canonicalize | null {
  if (representative === null) return null;
  const layout = layoutOf(schema);
  const words = wordsOf(layout);
  const { memory, start, own } = regionOf(words + zeroWords(layout));
  const view = new ViewFactory(memory, start + words, false).root(schema, start) as View<S>;
  const { settle } = bagsOf(schema);
  return (source, offset) => {
    for (let i = 0; i < words; i++) own[i] = source[offset + i];
    representative(view);
    settle?.(own, 0);
    for (let i = 0; i < words; i++) source[offset + i] = own[i];
  };
}

/** The code that renames the ids of a state; null if the model declares no permutations. */
export function permuter<S extends StructType>({ schema, permutations }: Renamed<S>): Permute | null {
  if (permutations === null) return null;
  const { swaps } = swapsOf(schema, permutations);
  return (permutation, memory, offset) => {
    // Bubble sort: the ids travel to their new names by swaps of neighbours.
    const goesTo = [...permutation];
    for (let last = goesTo.length - 1; last > 0; last--) {
      for (let k = 0; k < last; k++) {
        if (goesTo[k] < goesTo[k + 1]) continue;
        [goesTo[k], goesTo[k + 1]] = [goesTo[k + 1], goesTo[k]];
        swaps[k](memory, offset);
      }
    }
  };
}

/**
 * Refuses a number of ids that is too large, that nothing in the schema is about, or that a part
 * contradicts.
 */
export function checkPermutations(model: string, schema: StructType, ids: number): void {
  if (!Number.isInteger(ids) || ids < 1) {
    throw new InvalidModel(`${model} declares permutations of ${ids} ids. Give the number of ids, from 1.`);
  }
  if (ids > MOST_IDS) throw new TooLarge(`${model}: permutations of ${ids} ids`, `${MOST_IDS} ids`);
  if (!concernsIds(schema, ids)) {
    throw new InvalidModel(
      `${model} declares permutations of ${ids} ids, but nothing in its schema is \`perServer(${ids}, …)\`, ` +
        `\`sid(${ids})\` or \`sidSet(${ids})\`. Usually the number is another one than in the schema.`,
    );
  }
}

/**
 * For each set of ties (bit k: ids k and k + 1 have equal traits) the swaps that pass through all orders of
 * the ids within each run of equal ones.
 */
function tieOrders(ids: number): Uint8Array[] {
  return Array.from({ length: 1 << (ids - 1) }, (_, ties) => {
    let order: number[] = [];
    for (let first = 0, end = 1; first < ids; first = end++) {
      while ((ties >>> (end - 1)) & 1) end++;
      const inner = order;
      const run = swapOrder(end - first).map((k) => k + first);
      order = [...inner, ...run.flatMap((k) => [k, ...inner])];
    }
    return Uint8Array.from(order);
  });
}

/**
 * Which neighbours to exchange, one pair after the other, to pass through all orders of so many ids
 * (Steinhaus, Johnson and Trotter): the last id travels down and up again, and between two journeys the
 * others move on.
 */
function swapOrder(ids: number): number[] {
  if (ids < 2) return [];
  const up = Array.from({ length: ids - 1 }, (_, k) => k);
  const down = [...up].reverse();
  return [...down, ...swapOrder(ids - 1).flatMap((k, i) => (i % 2 === 0 ? [k + 1, ...up] : [k, ...down]))];
}
