/** `fast-leader-election` with reductions: its steps, and how the state after each is reduced. */
import type { Model, View } from '../../../src/language/index.js';
import type { Bounds } from '../../model/bounds.js';
import { reductionsChosen, settled, UnsoundReduction } from '../../model/reductions.js';
import { LOOKING } from '../../model/server-state.js';
import type { Rules } from '../../rules.js';
import type { FleSchema } from '../model.js';
import { actionOf, LazySteps } from './lazy-steps.js';
import { OneRound } from './one-round.js';
import {
  anonymousServers,
  type DroppedConditions,
  type FleReduction,
  fleReductions,
  fullSlots,
  lazyDecisions,
  NONE_DROPPED,
  settledHistory,
} from './reductions.js';

type State = View<FleSchema>;
type Fle = Model<FleSchema>;

/** Each pass forgets something or reads something: far more than servers and slots can have. */
const MOST_PASSES = 1_000;

/** The model with the reductions that its bounds name. Throws `UnsoundReduction`. */
export function reduced(
  model: Fle,
  bounds: Bounds,
  rules: Rules,
  dropped: DroppedConditions = NONE_DROPPED,
): Fle {
  const chosen = reductionsChosen(fleReductions, bounds, rules);
  if (chosen.length === 0) return model;
  const explored = chosen.includes(lazyDecisions)
    ? new LazySteps(model, bounds, rules, chosen).model()
    : model;
  const representative = chosen.includes(anonymousServers) ? ordering(bounds, rules, dropped) : null;
  return settled(explored, settling(model, bounds, rules, chosen, dropped), representative);
}

function settling(
  model: Fle,
  bounds: Bounds,
  rules: Rules,
  chosen: readonly FleReduction[],
  dropped: DroppedConditions,
): (s: State) => void {
  const fill = chosen.includes(fullSlots) ? filling(model, bounds, dropped) : () => {};
  const simplifying = chosen.filter(({ simplify }) => simplify !== undefined);
  const forgets = chosen.includes(settledHistory);
  if (simplifying.length === 0 && !forgets) return fill;
  const round = new OneRound(bounds, rules);
  const analyses = forgets || chosen.some((one) => one.analyses);
  return (s) => {
    fill(s);
    round.load(s);
    for (let pass = 0, changed = true; changed; pass++) {
      if (pass > MOST_PASSES) throw new UnsoundReduction(`${model.name}: reductions undo each other`);
      changed = false;
      if (analyses) round.analyse();
      for (const { simplify } of simplifying) if (simplify?.(round, dropped)) changed = true;
    }
    if (forgets) settleHistory(round, dropped);
    round.store(s);
  };
}

/** Forgets which servers have voted for a leader, once that makes no difference. */
function settleHistory(round: OneRound, dropped: DroppedConditions): void {
  const { servers, cast } = round;
  const enough = dropped.majorityVoted ? 0 : servers / 2;
  for (let vote = 0; vote < servers; vote++) {
    let voters = 0;
    for (let i = 0; i < servers; i++) if (round.ownVote(i) <= vote && (cast[i] >>> vote) & 1) voters++;
    const isPossible = round.isPossible[vote] === 1;
    if (isPossible && voters <= enough) continue;
    for (let i = 0; i < servers; i++) cast[i] = isPossible ? cast[i] | (1 << vote) : cast[i] & ~(1 << vote);
  }
}

/** Puts anonymous servers into the order that gives the least state. */
function ordering(bounds: Bounds, rules: Rules, dropped: DroppedConditions): (s: State) => void {
  const round = new OneRound(bounds, rules);
  const known = new Map<number, readonly Int8Array[]>();
  return (s) => {
    round.load(s);
    const anonymous = round.anonymous(dropped.candidatesKeepPlaces);
    if ((anonymous & (anonymous - 1)) === 0) return;
    let orders = known.get(anonymous);
    if (orders === undefined) {
      orders = ordersOf(anonymous, bounds.servers);
      known.set(anonymous, orders);
    }
    let best = orders[0];
    for (let k = 1; k < orders.length; k++)
      if (round.mayChange(orders[k]) && round.compare(orders[k], best) < 0) best = orders[k];
    if (best === orders[0]) return;
    round.change(best);
    round.store(s);
  };
}

/** All orders of some servers, the rest in their places; the first as they are. */
function ordersOf(some: number, servers: number): readonly Int8Array[] {
  const places = Array.from({ length: servers }, (_, i) => i).filter((i) => (some >>> i) & 1);
  const orders: Int8Array[] = [];
  const extend = (taken: readonly number[]): void => {
    if (taken.length === places.length) {
      const order = Int8Array.from({ length: servers }, (_, i) => i);
      places.forEach((place, k) => {
        order[place] = taken[k];
      });
      orders.push(order);
    } else for (const next of places) if (!taken.includes(next)) extend([...taken, next]);
  };
  extend([]);
  return orders;
}

/** Fills the slots of every server that may send again, by the model's own step. */
function filling(model: Fle, { servers }: Bounds, dropped: DroppedConditions): (s: State) => void {
  const resend = actionOf(model, 'ResendNotifications').then;
  const waitersToo = dropped.waitersDoNotSend;
  return (s) => {
    for (let i = 0; i < servers; i++) {
      const { state, finalizing } = s.server[i];
      if (state === LOOKING && (!finalizing || waitersToo) && hasEmptySlot(s, i, servers)) resend(s, i);
    }
  };
}

function hasEmptySlot(s: State, i: number, servers: number): boolean {
  for (let j = 0; j < servers; j++) if (j !== i && s.channel[i][j].length === 0) return true;
  return false;
}
