/** Reductions of `fast-leader-election` (docs/internals/reductions.md). */

import type { Bounds } from '../../model/bounds.js';
import type { Reduction } from '../../model/reductions.js';
import { LOOKING } from '../../model/server-state.js';
import { correct, type Rules } from '../../rules.js';
import { quorumsDiffer } from '../../votes/symmetry.js';
import { myidOf } from '../../votes/zxid.js';
import { DECIDED, GONE, NONE, type OneRound } from './one-round.js';

/** Conditions of reductions. A test sets one to true to leave it out, and must notice the mistake. */
export interface DroppedConditions {
  readonly waitersDoNotSend: boolean;
  readonly waitersAreAnswered: boolean;
  readonly wordsOutliveServers: boolean;
  readonly lowerVotesCount: boolean;
  readonly equalVotesBeginWaits: boolean;
  readonly majorityVoted: boolean;
  readonly candidatesKeepPlaces: boolean;
}
export const NONE_DROPPED: DroppedConditions = {
  waitersDoNotSend: false,
  waitersAreAnswered: false,
  wordsOutliveServers: false,
  lowerVotesCount: false,
  equalVotesBeginWaits: false,
  majorityVoted: false,
  candidatesKeepPlaces: false,
};

export interface FleReduction extends Reduction {
  /** Simplifies a round; true if all reductions must look at it again. */
  readonly simplify?: (round: OneRound, dropped: DroppedConditions) => boolean;
  /** Whether `simplify` reads what `analyse` computes. */
  readonly analyses?: boolean;
}

/**
 * Every server that may send its vote again has done so (`ResendNotifications`). The state with full slots
 * can do all that the state before could, since a notification may always come late.
 */
export const fullSlots: FleReduction = {
  name: 'full-slots',
  says: 'The slots of a server that looks and does not wait hold its vote: it may always send it again.',
  unsoundBecause: ({ slots, disconnects }, rules) => {
    if (slots !== 1) return 'it needs --slots 1, in which the newest notification is the only one';
    if (disconnects > 0) return 'it has no room for the message that a broken connection sends again';
    return rules.broadcastsAdopted
      ? null
      : 'a server that keeps a new vote to itself has old ones on its way';
  },
};

/** The rules by which a server that looks hears, waits and joins within a round. */
const RULES_OF_A_ROUND = [
  'totalOrderPredicate',
  'entersRecvset',
  'entersOutofelection',
  'broadcastsAdopted',
  'waitsToFinalize',
  'endsFinalizeWait',
  'putsBack',
  'checkLeader',
  'joinsLeaderOfThisRound',
] as const;

/** Refuses bounds and rules under which a decision is not for good, or a proposal may fall. */
function unsoundBeyondOneRound(bounds: Bounds, rules: Rules): string | null {
  const { slots, rounds, crashes, abandons, disconnects, returns, servers } = bounds;
  if (slots !== 1) return 'it needs --slots 1, in which a slot has one notification';
  if (rounds > 1 || abandons > 0) return 'it needs --rounds 1 and no abandon: a decision must be for good';
  if (crashes > 0 && returns === 'any')
    return 'it needs --crashes 0 or --returns none: a server that comes back votes lower than before';
  if (disconnects > 0) return 'it has no room for the message that a broken connection sends again';
  const other = RULES_OF_A_ROUND.find((name) => rules[name] !== correct[name]);
  if (other !== undefined) return `its argument is about ZooKeeper's ${other}, which the rules replace`;
  if (quorumsDiffer(bounds, rules)) return 'the same votes must be a quorum for every server';
  const isQuorum = (votes: number) => rules.hasQuorum(votes, servers, myidOf(0));
  let isMonotone = !isQuorum(1);
  for (let votes = 1; votes < servers; votes++)
    if (isQuorum(votes) && !isQuorum(votes + 1)) isMonotone = false;
  return isMonotone ? null : 'a quorum must have two votes or more, and stay one with another vote';
}

/** A decided server reads a notification only to answer it, and here no server needs the answer. */
const spentSlots: FleReduction = {
  name: 'spent-slots',
  says: 'Notifications between servers that have decided, or to one that is gone, are forgotten.',
  unsoundBecause: unsoundBeyondOneRound,
  simplify: (round, dropped) => {
    const { servers, sent, role } = round;
    const waitersToo = dropped.waitersAreAnswered;
    for (let to = 0; to < servers; to++) {
      if (round.isUndecided(to)) continue;
      for (let from = 0; from < servers; from++) {
        const k = from * servers + to;
        if (sent[k] === NONE) continue;
        if (role[to] !== GONE && round.isUndecided(from) && !(waitersToo && round.waits[from] === 1))
          continue;
        sent[k] = NONE;
      }
    }
    return false;
  },
};

/**
 * The words of decided servers are read only when they have an effect: `LazySteps` has the steps. A recorded
 * word counts as a vote if it is for the reader's proposal. It is forgotten if it can be asked for again.
 */
export const lazyDecisions: FleReduction = {
  name: 'lazy-decisions',
  says: 'Decided servers are asked for their answers only when these decide an election or end a wait.',
  macros: [
    { name: 'HearReply', of: 'HandleNotification' },
    { name: 'JoinLeader', of: 'HandleNotification' },
  ],
  unsoundBecause: unsoundBeyondOneRound,
  simplify: (round, dropped) => {
    const { servers } = round;
    for (let i = 0; i < servers; i++) {
      if (round.role[i] !== LOOKING) continue;
      const asksForItself = round.isQuorum(round.votesToAskFor(i, round.ownVote(i)));
      for (let j = 0; j < servers; j++) if (j !== i) simplifyAnswer(round, i, j, asksForItself, dropped);
    }
    return false;
  },
};

/** Simplifies the votes of `j` that server `i`, which looks, has recorded, may read, or has asked for. */
function simplifyAnswer(
  round: OneRound,
  i: number,
  j: number,
  asksForItself: boolean,
  dropped: DroppedConditions,
): void {
  const { servers, recorded, sent } = round;
  const vote = round.vote[i];
  const own = asksForItself ? round.ownVote(i) : NONE;
  const known = i * servers + j;
  const coming = j * servers + i;
  const asked = known;
  const answers = round.answers(j) || (dropped.wordsOutliveServers && round.isDecided(j));
  if (dropped.waitersAreAnswered && round.isDecided(j)) sent[asked] = NONE;
  if (answers && recorded[known] >= DECIDED) {
    const theirs = recorded[known] - DECIDED;
    if (theirs === vote) recorded[known] = theirs;
    else if (theirs < vote && theirs !== own) recorded[known] = NONE;
  }
  if (round.isDecided(j)) {
    const theirs = round.vote[j];
    if (round.waits[i] === 0) {
      // The answer can be had at any time. It is kept if reading it is a step, or its sender may crash.
      const isKept = theirs === own || !answers;
      if (isKept && sent[coming] === NONE) sent[coming] = theirs + DECIDED;
      if (!isKept && sent[coming] >= DECIDED) sent[coming] = NONE;
    } else if (answers && theirs <= vote) {
      if (sent[coming] >= DECIDED) sent[coming] = NONE;
      sent[asked] = NONE;
    } else {
      if (sent[asked] !== NONE && sent[coming] === NONE) sent[coming] = theirs + DECIDED;
      if (sent[coming] >= DECIDED) sent[asked] = NONE;
    }
    // If the sender has decided for this vote, its answer says the same.
    if (answers && theirs < vote) {
      if (recorded[known] === theirs) recorded[known] = NONE;
      if (sent[coming] === theirs) sent[coming] = LOWEST;
    }
  }
  if (recorded[known] >= 0 && recorded[known] < vote && sent[coming] === recorded[known] + DECIDED)
    recorded[known] = NONE;
}

/** Stands for any vote that counts for nothing. Reading it can only begin a wait again. */
const LOWEST = 0;

/** A vote counts for nothing if the server that has it can no longer elect or join its leader. */
export const deadVotes: FleReduction = {
  name: 'dead-votes',
  says: 'Votes that their reader can never count towards a majority are forgotten.',
  unsoundBecause: unsoundBeyondOneRound,
  analyses: true,
  simplify: (round, dropped) => {
    const { servers } = round;
    let changed = false;
    for (let i = 0; i < servers; i++) {
      if (!round.isUndecided(i)) continue;
      const isSure = round.waits[i] === 1 && !mayBeOvertaken(round, i);
      const isHopeless = !round.mayHaveQuorum(i, round.vote[i]);
      for (let j = 0; j < servers; j++) {
        if (j !== i && forgetDead(round, i, j, isSure, isHopeless, dropped)) changed = true;
      }
    }
    return changed;
  },
};

/** Whether a better vote may end the wait of server `i`. */
function mayBeOvertaken({ servers, role, vote, sent }: OneRound, i: number): boolean {
  for (let j = 0; j < servers; j++) if (role[j] !== GONE && vote[j] > vote[i]) return true;
  // A server that has joined a lower leader may have left a better vote on its way.
  for (let k = 0; k < sent.length; k++) if (sent[k] !== NONE && sent[k] % DECIDED > vote[i]) return true;
  return false;
}

function forgetDead(
  round: OneRound,
  i: number,
  j: number,
  isSure: boolean,
  isHopeless: boolean,
  dropped: DroppedConditions,
): boolean {
  const { servers, recorded, sent } = round;
  const vote = round.vote[i];
  const known = i * servers + j;
  const coming = j * servers + i;
  const naive = dropped.lowerVotesCount;
  const isDead = (theirs: number): boolean =>
    isSure || (theirs < vote && (naive || !round.mayJoin(i, theirs))) || (theirs === vote && isHopeless);
  let changed = false;
  // noMinorityLeader counts the votes of a server that is about to lead.
  const isCounted =
    round.waits[i] === 1 &&
    (recorded[known] === vote || recorded[known] === vote + DECIDED) &&
    vote === round.ownVote(i);
  if (
    recorded[known] !== NONE &&
    !isCounted &&
    (recorded[known] < DECIDED ? isDead(recorded[known]) : isSure)
  ) {
    recorded[known] = NONE;
    changed = true;
  }
  const arrives = sent[coming];
  if (arrives === NONE || round.sendsAgain(j)) return changed;
  if (arrives >= DECIDED) {
    if (!isSure && !(round.role[j] === GONE && isDead(arrives - DECIDED))) return changed;
    sent[coming] = NONE;
    return true;
  }
  const isKnown = arrives === recorded[known];
  if (!(isDead(arrives) || isKnown) || (mayStillAsk(round, j) && !dropped.waitersAreAnswered)) return changed;
  const left = isSure || !round.isPossibleAbove(vote) ? NONE : isKnown ? arrives : LOWEST;
  if (arrives === left) return changed;
  sent[coming] = left;
  return true;
}

/** Whether the vote that server `j` has sent is also a question: it waits, and cannot send again. */
const mayStillAsk = (round: OneRound, j: number): boolean =>
  round.role[j] === LOOKING &&
  round.waits[j] === 1 &&
  (round.mayCrash || round.isPossibleAbove(round.vote[j]));

/**
 * A server reads a vote below its own at once, if it has recorded nothing of the sender. Reading only records
 * the vote, which counts only for joining a leader. The server need not join before it reads the word of a
 * decided server.
 */
export const eagerReads: FleReduction = {
  name: 'eager-reads',
  says: 'A server reads a LOOKING vote below its own at once, if it has recorded none of the sender.',
  unsoundBecause: unsoundBeyondOneRound,
  analyses: true,
  simplify: (round, dropped) => {
    const { servers, recorded, sent } = round;
    for (let i = 0; i < servers; i++) {
      if (!round.sendsAgain(i) || round.isQuorum(round.votesAtHand(i))) continue;
      const vote = round.vote[i];
      for (let j = 0; j < servers; j++) {
        const known = i * servers + j;
        const coming = j * servers + i;
        const theirs = sent[coming];
        const counts =
          theirs < vote ? round.mayJoin(i, theirs) : dropped.equalVotesBeginWaits && theirs === vote;
        if (j === i || theirs === NONE || !counts) continue;
        if (recorded[known] !== NONE) continue;
        if (!round.sendsAgain(j)) {
          // Reading removes the vote, which could begin a wait again, or ask for an answer.
          if (round.isPossibleAbove(vote) || mayStillAsk(round, j)) continue;
          sent[coming] = NONE;
        }
        recorded[known] = theirs;
      }
    }
    return false;
  },
};

/**
 * The set of servers that voted for a leader matters until it is a majority, while the leader can be elected.
 */
export const settledHistory: FleReduction = {
  name: 'settled-history',
  says: 'The servers that voted for a leader are forgotten once they are a majority, or nobody can elect it.',
  unsoundBecause: unsoundBeyondOneRound,
  analyses: true,
};

/** Servers for which no vote is left differ only in their names. */
export const anonymousServers: FleReduction = {
  name: 'anonymous-servers',
  says: 'Servers for which no vote is left change places, as long as none has voted below its new place.',
  unsoundBecause: unsoundBeyondOneRound,
};

export const fleReductions: readonly FleReduction[] = [
  fullSlots,
  spentSlots,
  lazyDecisions,
  deadVotes,
  eagerReads,
  settledHistory,
  anonymousServers,
];
