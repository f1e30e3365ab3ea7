/**
 * Fast Leader Election as a server runs it, branch by branch. To check against Java:
 * - `lookForLeader`: the head of `FastLeaderElection.lookForLeader`: the clock rises, the own vote goes to
 *   all;
 * - `hear`: the body of its loop, and of finalizeWait; `hearLooking`: `case LOOKING`; `hearDecided`:
 *   `receivedFollowingNotification` and `receivedLeadingNotification`;
 * - `supporters`, `outsiders`: `getVoteTracker` over recvset and over outofelection, with `Vote.equals`;
 * - `leave`: `setPeerState`, `leaveInstance`, and `QuorumPeer.setCurrentVote`;
 * - `HandleNotification` answers as `Messenger.WorkerReceiver.run` does.
 * A model that builds on it says what a vote holds besides its leader (`Votes`).
 */
import {
  type ActionGroup,
  type ArrayType,
  channel,
  domain,
  flag,
  perOther,
  perServer,
  type RangeType,
  type Reading,
  range,
  type StructType,
  sid,
  struct,
  type View,
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { fieldsIf } from '../model/optional-fields.js';
import { FOLLOWING, LEADING, LOOKING, OFF, VoterState } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { myidOf } from '../votes/zxid.js';

/**
 * The fields of a server that elects, and the channels between servers; `vote` is the type of a vote. Every
 * server votes. Abstracts: majorities-only.
 */
export function electionFields(
  { servers, rounds, slots, disconnects }: Bounds,
  rules: Rules,
  vote: RangeType,
) {
  const Notification = struct({ leader: vote, electionEpoch: range(0, rounds), state: VoterState });
  // Votes out of the election are equal whatever their rounds; only other rules need the round.
  const round = fieldsIf(rules.comparesRoundsOutOfElection, { electionEpoch: range(0, rounds) });
  // Only a connection that breaks needs the last message sent.
  const sent = perOther(servers, Notification);
  const lastMessage = fieldsIf(disconnects > 0, { lastMessageSent: sent });
  return {
    server: {
      state: VoterState,
      logicalclock: range(0, rounds),
      /** The proposal while LOOKING, the current vote afterwards. */
      proposal: vote,
      /** In finalizeWait: a quorum was seen and the wait for a better vote runs. */
      finalizing: flag,
      recvset: perOther(servers, Notification),
      outofelection: perOther(servers, struct({ leader: vote, state: VoterState, ...round })),
      ...lastMessage,
    },
    /** channel[i][j]: sent by i, not yet handled by j. Abstracts: one-queue-per-link, connections-hold. */
    channel: perServer(servers, perOther(servers, channel(slots, Notification))),
  };
}

type ElectionFields = ReturnType<typeof electionFields>;
export type ElectionSchema = StructType<{
  server: ArrayType<StructType<ElectionFields['server']>>;
  channel: ElectionFields['channel'];
}>;
export type ElectionState = Reading<ElectionSchema>;
export type ElectionView = View<ElectionSchema>;
type ServerView = ElectionView['server'][number];
type State = ElectionState['server'][number]['state'];

/**
 * The part of votes and decisions that differs between models. Each function may use more of the state than
 * is declared here.
 */
export interface Votes {
  readonly print: (vote: number) => string;
  /** The server a vote is for. */
  readonly leaderOf: (vote: number) => number;
  /** The vote of a server for itself: `getInitId`, `getInitLastLoggedZxid`, `getPeerEpoch`. */
  own(s: ElectionView, me: number): number;
  /** Whether a vote beats another. */
  beats(s: ElectionView, vote: number, current: number): boolean;
  /** A server has set its proposal. */
  proposed(s: ElectionView, me: number): void;
  /** Whether the bounds let a server lead, if it is elected. */
  mayLead(s: ElectionState, me: number): boolean;
  /** A server has decided: it leads, or follows another. */
  decided(s: ElectionView, me: number, leader: number): void;
}

interface Algorithm {
  /** The head of `lookForLeader`: the clock rises, the own credential is proposed to all. */
  lookForLeader(s: ElectionView, me: number): void;
  /** The process dies; what it sent stays in flight. Abstracts: crash-empties-channels. */
  stop(s: ElectionView, me: number): void;
  /** The connection of two servers breaks, and they connect again. Abstracts: reconnects-at-once. */
  reconnect(s: ElectionView, a: number, b: number): void;
  send(s: ElectionView, me: number, to: number): void;
  sendNotifications(s: ElectionView, me: number): void;
  hear(s: ElectionView, me: number, from: number, vote: number, electionEpoch: number, state: State): void;
  leave(s: ElectionView, me: number, vote: number): void;
}

export interface Election extends Algorithm {
  readonly actions: ActionGroup<ElectionSchema>;
}

export function electionOf(bounds: Bounds, rules: Rules, votes: Votes): Election {
  const algorithm = algorithmOf(bounds, rules, votes);
  return { ...algorithm, actions: actionsOf(bounds, rules, votes, algorithm) };
}

/** Whether a server may decide for a leader. */
const mayDecide = (votes: Votes, s: ElectionState, me: number, leader: number): boolean =>
  leader !== me || votes.mayLead(s, me);

function algorithmOf({ servers, disconnects }: Bounds, rules: Rules, votes: Votes): Algorithm {
  const connectionsBreak = disconnects > 0;

  return { lookForLeader, stop, reconnect, send, sendNotifications, hear, leave };

  function send(s: ElectionView, me: number, to: number): void {
    const { proposal, logicalclock, state } = s.server[me];
    const slot = s.channel[me][to].push();
    slot.leader = proposal;
    slot.electionEpoch = logicalclock;
    slot.state = state;
    if (connectionsBreak) s.server[me].lastMessageSent[to].copyFrom(slot);
  }

  /** Both ends lose the messages on their way, and connect again: `QuorumCnxManager.SendWorker.run`. */
  function reconnect(s: ElectionView, a: number, b: number): void {
    s.channel[a][b].clear();
    s.channel[b][a].clear();
    if (!rules.resendsLastMessage) return;
    sendLast(s, a, b);
    sendLast(s, b, a);
  }

  function sendLast(s: ElectionView, me: number, to: number): void {
    const last = s.server[me].lastMessageSent[to];
    if (last.state !== OFF) s.channel[me][to].push().copyFrom(last);
  }

  /** `FastLeaderElection.sendNotifications`, without the loopback. Abstracts: own-vote-counts-at-once. */
  function sendNotifications(s: ElectionView, me: number): void {
    for (let to = 0; to < servers; to++) if (to !== me) send(s, me, to);
  }

  /** `FastLeaderElection.updateProposal`. */
  function propose(s: ElectionView, me: number, vote: number): void {
    s.server[me].proposal = vote;
    votes.proposed(s, me);
  }

  function lookForLeader(s: ElectionView, me: number): void {
    const self = s.server[me];
    const starts = self.state === OFF;
    self.state = LOOKING;
    if (rules.raisesClock || self.logicalclock === 0) self.logicalclock = self.logicalclock + 1;
    propose(s, me, rules.proposesItselfFirst || starts ? votes.own(s, me) : self.proposal);
    sendNotifications(s, me);
  }

  /** Recvset, outofelection and the wait are local to `lookForLeader`. Abstracts: forgets-on-leaving. */
  function forget(self: ServerView, me: number): void {
    self.finalizing = false;
    for (let j = 0; j < servers; j++) {
      if (j === me) continue;
      self.recvset[j].clear();
      self.outofelection[j].clear();
    }
  }

  /**
   * `setPeerState` and `leaveInstance` of FastLeaderElection, then `setCurrentVote` of QuorumPeer.
   * Abstracts: leave-is-one-step, leaving-keeps-the-queue.
   */
  function leave(s: ElectionView, me: number, vote: number): void {
    const self = s.server[me];
    const leader = votes.leaderOf(vote);
    self.proposal = vote;
    self.state = leader === me ? LEADING : FOLLOWING;
    forget(self, me);
    votes.decided(s, me, leader);
  }

  /**
   * The number of votes in recvset, with its own, that equal a vote of this round. `decided`: the vote is of
   * a server that no longer looks; such votes are equal if their leaders are. `getVoteTracker`,
   * `Vote.equals`.
   */
  function supporters(self: ServerView, me: number, vote: number, decided: boolean): number {
    let count = self.proposal === vote ? 1 : 0;
    for (let j = 0; j < servers; j++) {
      if (j === me) continue;
      const { state, leader: theirs, electionEpoch } = self.recvset[j];
      if (state === OFF || electionEpoch !== self.logicalclock) continue;
      const byLeader = decided && state !== LOOKING && !rules.comparesEpochsInRecvset;
      if (byLeader ? votes.leaderOf(theirs) === votes.leaderOf(vote) : theirs === vote) count++;
    }
    return count;
  }

  /** The number of votes in outofelection that equal the vote of one such server. */
  function outsiders(self: ServerView, me: number, from: number): number {
    const { leader, electionEpoch } = self.outofelection[from];
    let count = 0;
    for (let j = 0; j < servers; j++) {
      if (j === me) continue;
      const theirs = self.outofelection[j];
      if (theirs.state === OFF || theirs.leader !== leader) continue;
      if (!rules.comparesRoundsOutOfElection || theirs.electionEpoch === electionEpoch) count++;
    }
    return count;
  }

  /** `case LOOKING` of `lookForLeader`. */
  function hearLooking(s: ElectionView, me: number, from: number, vote: number, electionEpoch: number): void {
    const self = s.server[me];
    if (electionEpoch < self.logicalclock && rules.dropsEarlierRounds) return;
    if (electionEpoch > self.logicalclock) {
      self.logicalclock = electionEpoch;
      if (rules.clearsRecvsetOnJump) {
        for (let j = 0; j < servers; j++) if (j !== me) self.recvset[j].clear();
      }
      const own = votes.own(s, me);
      const next = rules.proposalOnJump(votes.beats(s, vote, own), votes.beats(s, vote, self.proposal));
      propose(s, me, next === 'heard' ? vote : next === 'own' ? own : self.proposal);
      sendNotifications(s, me);
    } else if (votes.beats(s, vote, self.proposal)) {
      propose(s, me, vote);
      if (rules.broadcastsAdopted) sendNotifications(s, me);
    }
    if (rules.entersRecvset(true, electionEpoch === self.logicalclock))
      record(self, from, vote, electionEpoch, LOOKING);
    self.finalizing = rules.hasQuorum(supporters(self, me, self.proposal, false), servers, myidOf(me));
  }

  function record(self: ServerView, from: number, vote: number, electionEpoch: number, state: State): void {
    const entry = self.recvset[from];
    entry.leader = vote;
    entry.electionEpoch = electionEpoch;
    entry.state = state;
  }

  /** `receivedFollowingNotification`, for FOLLOWING and LEADING alike. */
  function hearDecided(
    s: ElectionView,
    me: number,
    from: number,
    vote: number,
    electionEpoch: number,
    state: State,
  ): void {
    const self = s.server[me];
    const leader = votes.leaderOf(vote);
    const iLead = leader === me;
    const isOfThisRound = electionEpoch === self.logicalclock;
    if (rules.entersRecvset(false, isOfThisRound)) record(self, from, vote, electionEpoch, state);
    if (isOfThisRound) {
      const led = !iLead && self.recvset[leader].state === LEADING;
      if (
        rules.hasQuorum(supporters(self, me, vote, true), servers, myidOf(me)) &&
        rules.checkLeader(iLead, led, self.logicalclock, electionEpoch) &&
        mayDecide(votes, s, me, leader)
      ) {
        return leave(s, me, vote);
      }
    }
    if (!rules.entersOutofelection(isOfThisRound)) return;
    const entry = self.outofelection[from];
    entry.leader = vote;
    if (rules.comparesRoundsOutOfElection) entry.electionEpoch = electionEpoch;
    entry.state = state;
    const led = !iLead && self.outofelection[leader].state === LEADING;
    if (
      rules.hasQuorum(outsiders(self, me, from), servers, myidOf(me)) &&
      rules.checkLeader(iLead, led, self.logicalclock, electionEpoch) &&
      mayDecide(votes, s, me, leader)
    ) {
      self.logicalclock = electionEpoch;
      return leave(s, me, vote);
    }
    if (isOfThisRound && state === LEADING && rules.joinsLeaderOfThisRound) leave(s, me, vote);
  }

  /** A notification to a LOOKING server, in finalizeWait or not. Abstracts: put-back-is-handled-at-once. */
  function hear(
    s: ElectionView,
    me: number,
    from: number,
    vote: number,
    electionEpoch: number,
    state: State,
  ): void {
    const self = s.server[me];
    if (self.finalizing) {
      // Only a better vote, of any round and any state of its sender, ends the wait; others are lost.
      const beats = votes.beats(s, vote, self.proposal);
      if (!rules.endsFinalizeWait(beats, electionEpoch === self.logicalclock)) return;
      self.finalizing = false;
      if (!rules.putsBack) return;
    }
    if (state === LOOKING) hearLooking(s, me, from, vote, electionEpoch);
    else hearDecided(s, me, from, vote, electionEpoch, state);
  }

  function stop(s: ElectionView, me: number): void {
    const self = s.server[me];
    self.state = OFF;
    self.logicalclock = rules.clockAfterCrash(self.logicalclock);
    self.proposal = 0;
    forget(self, me);
    for (let j = 0; j < servers; j++) {
      if (j === me) continue;
      s.channel[j][me].clear();
      if (connectionsBreak) self.lastMessageSent[j].clear();
    }
  }
}

function actionsOf(
  bounds: Bounds,
  rules: Rules,
  votes: Votes,
  algorithm: Algorithm,
): ActionGroup<ElectionSchema> {
  const { servers, rounds, crashes } = bounds;
  const { lookForLeader, send, sendNotifications, hear, leave } = algorithm;
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;

  return {
    /** The process starts, or starts again: `QuorumPeer.startLeaderElection`, with the clock at 0. */
    StartServer: {
      over: [Sid],
      when: ({ server }, me) => server[me].state === OFF && server[me].logicalclock < rounds,
      then: (s, me) => lookForLeader(s, me),
      says: (_s, me) => `${name(me)} starts and votes for itself`,
      excludedBecause: bounds.start === 'together' && crashes === 0 ? 'all run from the start' : null,
    },
    /** `me` handles the oldest notification of `from`. Abstracts: any-sender-next, replies-when-handled. */
    HandleNotification: {
      over: [Sid, Sid],
      when: ({ server, channel }, me, from) =>
        me !== from &&
        server[me].state !== OFF &&
        channel[from][me].length > 0 &&
        (rules.waitsToFinalize || !server[me].finalizing),
      then: (s, me, from) => {
        const { leader, electionEpoch, state } = s.channel[from][me].head;
        const self = s.server[me];
        s.channel[from][me].pop();
        // `WorkerReceiver.run` answers if this server has decided, or if the sender is rounds behind.
        if (state === LOOKING) {
          const isBehind = rules.repliesToEarlierRound && electionEpoch < self.logicalclock;
          if (self.state !== LOOKING || isBehind) send(s, me, from);
        }
        if (self.state === LOOKING) hear(s, me, from, leader, electionEpoch, state);
      },
      says: ({ channel }, me, from) => {
        const { leader, electionEpoch, state } = channel[from][me].head;
        return `${name(me)} hears ${name(from)}, ${VoterState.names[state]} c${electionEpoch} → ${votes.print(leader)}`;
      },
    },
    /** The queue stayed empty after a quorum. Abstracts: finalizeWait-may-end-at-any-time. */
    EndFinalizeWait: {
      over: [Sid],
      when: (s, me) => {
        const { finalizing, proposal } = s.server[me];
        return finalizing && mayDecide(votes, s, me, votes.leaderOf(proposal));
      },
      then: (s, me) => leave(s, me, s.server[me].proposal),
      says: ({ server }, me) => {
        const { proposal } = server[me];
        const leads = votes.leaderOf(proposal) === me;
        return `${name(me)} ends finalizeWait, and ${leads ? 'leads' : `follows ${votes.print(proposal)}`}`;
      },
    },
    /** Nothing came in time, and delays are arbitrary. Abstracts: resend-at-any-time. */
    ResendNotifications: {
      over: [Sid],
      when: ({ server }, me) => server[me].state === LOOKING && !server[me].finalizing,
      then: (s, me) => sendNotifications(s, me),
      says: (_s, me) => `${name(me)} sends its vote again`,
    },
  };
}
