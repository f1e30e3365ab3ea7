/** The shortest way from the end of a schedule to a target: the engine, on the model from there on. */
import type { Case } from '../../properties/index.js';
import { BreadthFirst } from '../engine/breadth-first.js';
import type { Schedule } from '../engine/outcome.js';
import {
  always,
  type Claim,
  decodeStep,
  everyStep,
  type Model,
  type Reading,
  type StructType,
  type View,
  type Witness,
} from '../language/index.js';
import type { Target } from './branch.js';

/** A search with more states than this would fill the memory of a page. */
export const MOST_STATES = 20_000_000;

/** The progress of a search, or its result. */
export type Found =
  | { readonly kind: 'progress'; readonly states: number; readonly level: number }
  /** The codes of the steps; none if the target is reached where the search began. */
  | { readonly kind: 'found'; readonly steps: readonly number[]; readonly states: number }
  /** Every reachable state was searched: the target is not among them. */
  | { readonly kind: 'none'; readonly states: number }
  | { readonly kind: 'inconclusive'; readonly states: number; readonly because: string };

/** Searches in slices of some milliseconds; the last value is no progress. Throws what the model throws. */
export function* shortestWay(
  subject: Case,
  from: Schedule,
  target: Target,
  mostStates = MOST_STATES,
): Generator<Found> {
  const claim = goalOf(subject, target);
  const search = new BreadthFirst(
    startingAfter(subject.model, from),
    { claims: [claim], witnesses: [] },
    { states: mostStates },
  );
  while (search.advance(20_000)) {
    const { distinct, level } = search.progress();
    yield { kind: 'progress', states: distinct, level };
  }
  const { violation, distinct: states, reason } = search.outcome();
  if (violation !== null) yield { kind: 'found', steps: violation.schedule.steps, states };
  else if (search.store.finished) yield { kind: 'none', states };
  else yield { kind: 'inconclusive', states, because: reason ?? '' };
}

/** The model with the state after a schedule as its only initial one, in which any state may be the last. */
function startingAfter(model: Model, { initial, steps }: Schedule): Model {
  const then = (s: View<StructType>) => take(model, s, initial, steps);
  return {
    ...model,
    initial: { name: 'initial', over: [], first: 0, instances: 1, then },
    terminal: () => true,
    permutations: null,
  };
}

function take(model: Model, s: View<StructType>, initial: number, steps: readonly number[]): void {
  model.initial.then(s, ...decodeStep([model.initial], initial).args);
  for (const code of steps) {
    const { action, args } = decodeStep(model.actions, code);
    action.then(s, ...args);
  }
}

/** A claim that fails exactly when the target is reached. Throws `TypeError` for an unknown target. */
function goalOf({ expectations }: Case, { kind, name }: Target): Claim<Reading<StructType>> {
  const { claims, witnesses } = expectations;
  const claim = kind === 'claim' ? claims.find((one) => one.name === name) : undefined;
  if (claim !== undefined && claim.kind !== 'scenario') return { ...claim, witness: '' };
  const witness = kind === 'witness' ? witnesses.find((one) => one.name === name) : undefined;
  if (witness === undefined) throw new TypeError(`there is no ${kind} ${name} to look for`);
  return neverShows(witness);
}

function neverShows(witness: Witness<Reading<StructType>>): Claim<Reading<StructType>> {
  const { name, says, source } = witness;
  const words = { name, says, source, witness: '' };
  const explain = () => `${name} is shown.`;
  if (witness.kind === 'state') return always({ ...words, explain, holds: (state) => !witness.shows(state) });
  const holds = (...asked: Parameters<typeof witness.shows>) => !witness.shows(...asked);
  return everyStep({ ...words, ...(witness.on === null ? {} : { on: witness.on }), explain, holds });
}
