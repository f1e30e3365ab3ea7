/**
 * Reductions: where a state can be followed by hidden steps to one that imitates it, that one is explored in
 * its place. A step is hidden if it changes nothing of the projection: role, clock and proposal of every
 * server. What is reachable of the projection, step by step, stays the same; deadlocks do not. Each reduction
 * says where its argument does not hold (docs/internals/reductions.md).
 */
import type { Model, StructType, View } from '../src/spec/index.js';
import { UnsoundReduction } from './credentials.js';
import type { Rules } from './rules.js';
import type { Bounds } from './rung.js';

/** What is told of a reduction. */
export interface ReductionTold {
  readonly name: string;
  /** What is explored in place of what, in one sentence. */
  readonly says: string;
  /** Why it is unsound within these bounds or under these rules; null where it is sound. */
  readonly unsoundBecause: (bounds: Bounds, rules: Rules) => string | null;
}

export interface Reduction<S extends StructType> extends ReductionTold {
  /** Takes hidden steps in a state; true if it took any. */
  readonly hidden: (model: Model<S>, bounds: Bounds, rules: Rules) => (state: View<S>) => boolean;
}

/** Each pass takes a step that none after it undoes: far more than servers and slots can have. */
const MOST_PASSES = 1_000;

/** The names in a bound `reduce`; traces from before there were reductions have no such bound. */
export const reductionsNamed = ({ reduce }: Partial<Bounds>): readonly string[] =>
  reduce === undefined || reduce === 'none' ? [] : reduce.split(',');

/**
 * The model with the reductions that its bounds name: after each step hidden ones are taken until none is
 * left. Throws `UnsoundReduction`.
 */
export function reduced<S extends StructType>(
  model: Model<S>,
  known: readonly Reduction<S>[],
  bounds: Bounds,
  rules: Rules,
): Model<S> {
  const names = reductionsNamed(bounds);
  const chosen = known.filter(({ name }) => names.includes(name));
  for (const { name, unsoundBecause } of chosen) {
    const because = unsoundBecause(bounds, rules);
    if (because !== null) throw new UnsoundReduction(`the reduction ${name} is unsound here: ${because}`);
  }
  return chosen.length === 0
    ? model
    : imitated(
        model,
        chosen.map(({ hidden }) => hidden(model, bounds, rules)),
      );
}

/** The model in which hidden steps follow each step, as long as there are any. */
export function imitated<S extends StructType>(
  model: Model<S>,
  hidden: readonly ((state: View<S>) => boolean)[],
): Model<S> {
  const settle = (state: View<S>) => {
    for (let pass = 0; pass < MOST_PASSES; pass++) {
      let moved = false;
      for (const take of hidden) if (take(state)) moved = true;
      if (!moved) return;
    }
    throw new UnsoundReduction(`${model.name}: hidden steps follow each other without end`);
  };
  const followed = <A extends { readonly then: (state: View<S>, ...args: number[]) => void }>(
    action: A,
  ): A => ({
    ...action,
    then: (state: View<S>, ...args: number[]) => {
      action.then(state, ...args);
      settle(state);
    },
  });
  return {
    ...model,
    initial: followed(model.initial),
    actions: model.actions.map(followed),
    // A state that waits may have no step where the one it stands for has some.
    terminal: () => true,
    permutations: null,
  };
}
