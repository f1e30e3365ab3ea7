/**
 * Reductions: one state is explored in place of others from which the same is reachable. The steps of the
 * projection (role, clock and proposal of every server) stay the same; deadlocks do not. Each reduction says
 * within which bounds it is unsound (docs/internals/reductions.md).
 */
import { type Model, SpecError, type StructType, type View } from '../../src/language/index.js';
import type { Rules } from '../rules.js';
import type { Bounds } from './bounds.js';

/** A reduction is asked for under rules that make it unsound. */
export class UnsoundReduction extends SpecError {}

/** A reduction, as a model describes it. */
export interface Reduction {
  readonly name: string;
  /** Which states are explored in place of which, in one sentence. */
  readonly says: string;
  /** Why it is unsound within these bounds or under these rules; null if it is sound. */
  readonly unsoundBecause: (bounds: Bounds, rules: Rules) => string | null;
  /**
   * Macro steps that it adds. Each stands for several steps of the model, the last by the action `of`; claims
   * on `of` apply to it.
   */
  readonly macros?: readonly { readonly name: string; readonly of: string }[];
}

/** The names in a bound `reduce`; traces from before there were reductions have no such bound. */
export const reductionsNamed = ({ reduce }: Partial<Bounds>): readonly string[] =>
  reduce === undefined || reduce === 'none' ? [] : reduce.split(',');

/** Reductions that are sound somewhere, and why the others are not. */
export interface ReductionChoice {
  readonly taken: readonly string[];
  /** The reason by the name. */
  readonly leftOut: { readonly [name: string]: string };
}

/** Which reductions are sound within the bounds and under the rules: what `all` stands for. */
export function reductionsSound(known: readonly Reduction[], bounds: Bounds, rules: Rules): ReductionChoice {
  const judged = known.map(({ name, unsoundBecause }) => [name, unsoundBecause(bounds, rules)] as const);
  return {
    taken: judged.flatMap(([name, because]) => (because === null ? [name] : [])),
    leftOut: Object.fromEntries(
      judged.flatMap(([name, because]) => (because === null ? [] : [[name, because]])),
    ),
  };
}

/** The reductions that the bounds name, in the order of the model. Throws `UnsoundReduction`. */
export function reductionsChosen<R extends Reduction>(
  known: readonly R[],
  bounds: Bounds,
  rules: Rules,
): readonly R[] {
  const names = reductionsNamed(bounds);
  const chosen = known.filter(({ name }) => names.includes(name));
  for (const { name, unsoundBecause } of chosen) {
    const because = unsoundBecause(bounds, rules);
    if (because !== null) throw new UnsoundReduction(`the reduction ${name} is unsound here: ${because}`);
  }
  return chosen;
}

/** The model in which each state is reduced before claims look at it. */
export function settled<S extends StructType>(
  model: Model<S>,
  settle: (state: View<S>) => void,
  representative: ((state: View<S>) => void) | null,
): Model<S> {
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
    // A reduced state may have no step although the state that it stands for has one.
    terminal: () => true,
    permutations: null,
    representative,
  };
}
