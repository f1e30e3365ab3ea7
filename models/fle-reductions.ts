/** Reductions of `fast-leader-election`. */
import type { Model, View } from '../src/spec/index.js';
import { LOOKING, OFF } from './election.js';
import type { FleSchema } from './fast-leader-election.js';
import type { Reduction } from './reductions.js';
import type { Rules } from './rules.js';
import type { Bounds } from './rung.js';

type State = View<FleSchema>;

/**
 * Whoever may send again has: `ResendNotifications`. In the full state nothing is impossible that was
 * possible before, since a notification may always come late.
 */
export const fullSlots: Reduction<FleSchema> = {
  name: 'full-slots',
  says: 'The slots of a server that looks and does not wait hold its vote: it may always send it again.',
  unsoundBecause: ({ slots, disconnects }, rules) => {
    if (slots !== 1) return 'it needs --slots 1, in which the newest notification is the only one';
    if (disconnects > 0) return 'what a connection sends again when it breaks has no place in it';
    return rules.broadcastsAdopted
      ? null
      : 'a server that keeps a new vote to itself has old ones on its way';
  },
  hidden: (model, { servers }) => {
    const resend = actionOf(model, 'ResendNotifications');
    return (s) => {
      let sent = false;
      for (let i = 0; i < servers; i++) {
        const { state, finalizing } = s.server[i];
        if (state !== LOOKING || finalizing || !hasEmptySlot(s, i, servers)) continue;
        resend(s, i);
        sent = true;
      }
      return sent;
    };
  },
};

/** What an action of the model does: a hidden step is a step of it. */
export function actionOf(model: Model<FleSchema>, name: string): (s: State, ...args: number[]) => void {
  const action = model.actions.find((one) => one.name === name);
  if (action === undefined) throw new TypeError(`${model.name} has no action ${name}`);
  return action.then;
}

export function hasEmptySlot(s: State, i: number, servers: number): boolean {
  for (let j = 0; j < servers; j++) if (j !== i && s.channel[i][j].length === 0) return true;
  return false;
}

/**
 * A vote below the own one, of a server of which nothing is recorded, is read at once: it is recorded, and
 * counts for nothing but joining a leader later, which is put off by not reading what decided servers say.
 */
export const eagerReads: Reduction<FleSchema> = {
  name: 'eager-reads',
  says: 'A LOOKING vote below the own one, of a server of which none is recorded, is read at once.',
  unsoundBecause: ({ slots, rounds, crashes, abandons, disconnects }) => {
    if (slots !== 1) return 'it needs --slots 1, in which a slot has one notification';
    if (rounds > 1 || abandons > 0) return 'it needs --rounds 1 and no abandon: a decision must be for good';
    if (crashes > 0)
      return 'it needs --crashes 0: what a server has said must be there to be asked for again';
    return disconnects > 0 ? 'what a connection sends again when it breaks has no place in it' : null;
  },
  hidden: (model, bounds, rules) => readingAtOnce(model, bounds, rules, isLowerAndFirst),
};

/** Whether `i` may read the vote of `j` at once. */
export type MayRead = (
  s: State,
  i: number,
  j: number,
  beats: (vote: number, other: number) => boolean,
) => boolean;

export const isLowerAndFirst: MayRead = (s, i, j, beats) => {
  const { recvset, proposal, logicalclock } = s.server[i];
  const { leader, electionEpoch, state } = s.channel[j][i].head;
  return (
    state === LOOKING &&
    electionEpoch === logicalclock &&
    recvset[j].state === OFF &&
    leader !== proposal &&
    beats(proposal, leader)
  );
};

/** Takes `HandleNotification` as a hidden step wherever the vote may be read at once. */
export function readingAtOnce(
  model: Model<FleSchema>,
  { servers }: Bounds,
  rules: Rules,
  mayRead: MayRead,
): (s: State) => boolean {
  const handle = actionOf(model, 'HandleNotification');
  return (s: State): boolean => {
    let read = false;
    const beats = (a: number, b: number): boolean => {
      const [one, other] = [s.server[a], s.server[b]];
      return rules.totalOrderPredicate(a, one.zxid, one.currentEpoch, b, other.zxid, other.currentEpoch);
    };
    for (let i = 0; i < servers; i++) {
      const { state, finalizing } = s.server[i];
      if (state !== LOOKING || finalizing || rules.hasQuorum(votesAtHand(s, i, servers), servers)) continue;
      for (let j = 0; j < servers; j++) {
        if (j === i || s.channel[j][i].length === 0 || !mayRead(s, i, j, beats)) continue;
        handle(s, i, j);
        read = true;
      }
    }
    return read;
  };
}

/** Votes recorded for the own proposal, the own one among them. */
function votesAtHand(s: State, i: number, servers: number): number {
  const { recvset, proposal, logicalclock } = s.server[i];
  let votes = 1;
  for (let j = 0; j < servers; j++) {
    if (j === i || recvset[j].state === OFF) continue;
    if (recvset[j].electionEpoch === logicalclock && recvset[j].leader === proposal) votes++;
  }
  return votes;
}

export const fleReductions: readonly Reduction<FleSchema>[] = [fullSlots, eagerReads];
