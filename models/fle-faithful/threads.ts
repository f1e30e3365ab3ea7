/**
 * The threads of a server, branch by branch, with all that they keep. To check against Java:
 * - the thread of QuorumPeer: `FastLeaderElection.lookForLeader`, whose head begins a round, and whose loop
 *   reads recvqueue: `case LOOKING`; `receivedFollowingNotification` and `receivedLeadingNotification`;
 *   finalizeWait;
 * - its end: `setPeerState`, `leaveInstance`, and the return with a vote;
 * - the thread that receives: `FastLeaderElection.Messenger.WorkerReceiver.run`, which answers, or fills
 *   recvqueue;
 * - the network: `QuorumCnxManager.SendWorker.run`, which sends the last message again over a new connection.
 * The rules take all decisions. votes.ts has which votes equal each other.
 */

import type { Bounds } from '../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { myidOf, NO_ZXID } from '../votes/zxid.js';
import {
  FINALIZE_WAIT,
  type Heard,
  LEAVING,
  OUTSIDE,
  POLL,
  type ServerReading,
  type ServerView,
  type State,
} from './state.js';
import { outside, recorded } from './votes.js';

type Vote = Omit<Heard, 'state' | 'hasVersion'>;

/** Called after each notification sent, which is then the last in channel[me][to]. */
export type OnSend = (s: State, me: number, to: number) => void;

/** The steps of the threads. Each function is one uninterrupted step. */
export interface Threads {
  /** The process starts: its current vote is for itself, and of no round yet. */
  start(s: State, me: number): void;
  /** Looks for a leader: the clock rises, the own credential is proposed to all, itself among them. */
  look(s: State, me: number): void;
  stop(s: State, me: number): void;
  receive(s: State, me: number, from: number, heard: Heard): void;
  handle(s: State, me: number): void;
  decide(s: State, me: number): void;
  sendNotifications(s: State, me: number): void;
  publish(s: State, me: number): void;
  reconnect(s: State, a: number, b: number): void;
}

const nobody: OnSend = () => {};

/** The threads of all servers. `zxids`: the zxids whose places states keep. */
export function threadsOf(
  bounds: Bounds,
  rules: Rules,
  zxids: readonly number[],
  onSend: OnSend = nobody,
): Threads {
  const network = networkOf(bounds, rules, onSend);
  const zxidAt = (place: number): number => (place < 0 ? NO_ZXID : zxids[place]);

  const beatsOwn = ({ zxid, currentEpoch }: ServerReading, me: number, heard: Heard): boolean =>
    beats(heard, me, zxid, currentEpoch);

  const beatsProposal = ({ proposal }: ServerReading, heard: Heard): boolean =>
    beats(heard, proposal.leader, proposal.zxid, proposal.peerEpoch);

  const isQuorum = (votes: number, me: number): boolean => rules.hasQuorum(votes, bounds.servers, myidOf(me));

  return {
    start,
    look: (s, me) => begin(s, me, false),
    stop,
    receive,
    handle,
    decide,
    sendNotifications: network.sendNotifications,
    publish,
    reconnect: network.reconnect,
  };

  function beats(heard: Heard, leader: number, zxid: number, peerEpoch: number): boolean {
    return rules.totalOrderPredicate(
      myidOf(heard.leader),
      zxidAt(heard.zxid),
      heard.peerEpoch,
      myidOf(leader),
      zxidAt(zxid),
      peerEpoch,
    );
  }

  /** `FastLeaderElection.updateProposal`; the history notes it. */
  function propose(s: State, me: number, leader: number, zxid: number, peerEpoch: number): void {
    const { proposal, logicalclock } = s.server[me];
    proposal.leader = leader;
    proposal.zxid = zxid;
    proposal.peerEpoch = peerEpoch;
    const history = s.cast[me][logicalclock];
    history.votes = history.votes | (1 << leader);
  }

  function proposeSelf(s: State, me: number): void {
    const { zxid, currentEpoch } = s.server[me];
    propose(s, me, me, zxid, currentEpoch);
  }

  function start(s: State, me: number): void {
    const self = s.server[me];
    const { currentVote } = self;
    currentVote.leader = me;
    currentVote.zxid = self.zxid;
    currentVote.electionEpoch = -1;
    currentVote.peerEpoch = self.currentEpoch;
    begin(s, me, true);
  }

  /** The head of `lookForLeader`. */
  function begin(s: State, me: number, starts: boolean): void {
    const self = s.server[me];
    const { leader, zxid, peerEpoch } = self.currentVote;
    self.state = LOOKING;
    self.place = POLL;
    if (rules.raisesClock || self.logicalclock <= 0) self.logicalclock = self.logicalclock + 1;
    if (rules.proposesItselfFirst || starts) proposeSelf(s, me);
    else propose(s, me, leader, zxid, peerEpoch);
    network.sendNotifications(s, me);
  }

  /**
   * `setPeerState`, `leaveInstance`, and the return of `lookForLeader` with a vote.
   * Abstracts: leaving-is-one-step.
   */
  function leave(s: State, me: number, { leader, zxid, electionEpoch, peerEpoch }: Vote): void {
    const self = s.server[me];
    const { endVote } = self;
    self.state = leader === me ? LEADING : FOLLOWING;
    self.place = LEAVING;
    endVote.leader = leader;
    endVote.zxid = zxid;
    endVote.electionEpoch = electionEpoch;
    endVote.peerEpoch = peerEpoch;
    if (leader === me) s.everLed = s.everLed | (1 << me);
    forget(self);
  }

  /** Clears all that `lookForLeader` keeps but its vote: nothing reads it until the next election sets it. */
  function forget(self: ServerView): void {
    self.proposal.clear();
    self.recvqueue.clear();
    for (let j = 0; j < bounds.servers; j++) {
      self.recvset[j].clear();
      self.outofelection[j].clear();
    }
  }

  function decide(s: State, me: number): void {
    const self = s.server[me];
    const { leader, zxid, peerEpoch } = self.proposal;
    leave(s, me, { leader, zxid, electionEpoch: self.logicalclock, peerEpoch });
  }

  /** `WorkerReceiver.run`, for a notification of a voting server. */
  function receive(s: State, me: number, from: number, heard: Heard): void {
    const self = s.server[me];
    if (self.state === LOOKING) {
      enqueue(self, from, heard);
      const isBehind = rules.repliesToEarlierRound && heard.electionEpoch < self.logicalclock;
      if (heard.state === LOOKING && isBehind) network.sendProposal(s, me, from);
    } else if (heard.state === LOOKING) {
      network.sendCurrentVote(s, me, from);
    }
  }

  /** One turn of `lookForLeader`, or of its finalizeWait, with the head of recvqueue. */
  function handle(s: State, me: number): void {
    const self = s.server[me];
    const { from, leader, zxid, electionEpoch, peerEpoch, state, hasVersion } = self.recvqueue.head;
    const heard = { leader, zxid, electionEpoch, peerEpoch, state, hasVersion };
    self.recvqueue.pop();
    if (self.place === FINALIZE_WAIT) {
      if (!rules.endsFinalizeWait(beatsProposal(self, heard), electionEpoch === self.logicalclock)) return;
      self.place = POLL;
      if (rules.putsBack) enqueue(self, from, heard);
      return;
    }
    if (leader >= bounds.servers || state === OBSERVING) return;
    if (state === LOOKING) hearLooking(s, me, from, heard);
    else hearDecided(s, me, from, heard);
  }

  /** `case LOOKING` of `lookForLeader`. */
  function hearLooking(s: State, me: number, from: number, heard: Heard): void {
    const self = s.server[me];
    const { proposal } = self;
    const { leader, zxid, electionEpoch, peerEpoch } = heard;
    if (self.zxid === -1 || zxid === -1) return;
    if (electionEpoch < self.logicalclock && rules.dropsEarlierRounds) return;
    const beats = beatsProposal(self, heard);
    if (electionEpoch > self.logicalclock) {
      self.logicalclock = electionEpoch;
      if (rules.clearsRecvsetOnJump) for (let j = 0; j < bounds.servers; j++) self.recvset[j].clear();
      const next = rules.proposalOnJump(beatsOwn(self, me, heard), beats);
      if (next === 'heard') propose(s, me, leader, zxid, peerEpoch);
      else if (next === 'own') proposeSelf(s, me);
      else propose(s, me, proposal.leader, proposal.zxid, proposal.peerEpoch);
      network.sendNotifications(s, me);
    } else if (beats) {
      propose(s, me, leader, zxid, peerEpoch);
      if (rules.broadcastsAdopted) network.sendNotifications(s, me);
    }
    if (rules.entersRecvset(true, electionEpoch === self.logicalclock)) write(self.recvset[from], heard);
    if (isQuorum(forProposal(self), me)) self.place = FINALIZE_WAIT;
  }

  /** Votes of recvset that equal the proposal, in this round. */
  function forProposal(self: ServerView): number {
    const { leader, zxid, peerEpoch } = self.proposal;
    const electionEpoch = self.logicalclock;
    const vote = { leader, zxid, electionEpoch, peerEpoch, state: LOOKING, hasVersion: false };
    return recorded(self, bounds.servers, vote, rules);
  }

  /** `receivedFollowingNotification`, for FOLLOWING and LEADING alike. */
  function hearDecided(s: State, me: number, from: number, heard: Heard): void {
    const self = s.server[me];
    const { leader, electionEpoch } = heard;
    const isOfThisRound = electionEpoch === self.logicalclock;
    if (rules.entersRecvset(false, isOfThisRound)) write(self.recvset[from], heard);
    if (isOfThisRound && isQuorum(recorded(self, bounds.servers, heard, rules), me)) {
      const leads = self.recvset[leader].state === LEADING;
      if (rules.checkLeader(leader === me, leads, self.logicalclock, electionEpoch)) {
        return leave(s, me, heard);
      }
    }
    if (!rules.entersOutofelection(isOfThisRound)) return;
    const entry = self.outofelection[from];
    write(entry, heard);
    entry.hasVersion = heard.hasVersion;
    if (isQuorum(outside(self, bounds.servers, heard, rules), me)) {
      const leads = self.outofelection[leader].state === LEADING;
      if (rules.checkLeader(leader === me, leads, self.logicalclock, electionEpoch)) {
        self.logicalclock = electionEpoch;
        return leave(s, me, heard);
      }
    }
    if (isOfThisRound && heard.state === LEADING && rules.joinsLeaderOfThisRound) leave(s, me, heard);
  }

  function publish(s: State, me: number): void {
    const self = s.server[me];
    self.currentVote.copyFrom(self.endVote);
    self.endVote.clear();
    self.place = OUTSIDE;
  }

  /** Abstracts: crash-empties-channels. */
  function stop(s: State, me: number): void {
    const self = s.server[me];
    self.state = OFF;
    self.place = OUTSIDE;
    self.logicalclock = rules.clockAfterCrash(self.logicalclock);
    self.currentVote.clear();
    self.endVote.clear();
    forget(self);
    network.cutOff(s, me);
  }
}

/** To the tail of recvqueue. */
function enqueue({ recvqueue }: ServerView, from: number, heard: Heard): void {
  const slot = recvqueue.push();
  slot.from = from;
  write(slot, heard);
  slot.hasVersion = heard.hasVersion;
}

/** Writes a notification, but for its version, which recvset does not keep. */
function write(slot: Omit<Heard, 'hasVersion'>, heard: Heard): void {
  slot.leader = heard.leader;
  slot.zxid = heard.zxid;
  slot.electionEpoch = heard.electionEpoch;
  slot.peerEpoch = heard.peerEpoch;
  slot.state = heard.state;
}

interface Network {
  /** The vote that a LOOKING server sends: its proposal. */
  sendProposal(s: State, me: number, to: number): void;
  /** The vote that any other server sends: its current vote, with the round of that vote. */
  sendCurrentVote(s: State, me: number, to: number): void;
  sendNotifications(s: State, me: number): void;
  cutOff(s: State, me: number): void;
  reconnect(s: State, a: number, b: number): void;
}

/** Queues and connections. Abstracts: one-queue-per-link, loopback-keeps-the-newest. */
function networkOf({ servers, disconnects }: Bounds, rules: Rules, onSend: OnSend): Network {
  const connectionsBreak = disconnects > 0;

  function note(s: State, me: number, to: number, sent: ServerView['recvset'][number]): void {
    if (connectionsBreak && to !== me) s.server[me].lastMessageSent[to].copyFrom(sent);
    onSend(s, me, to);
  }

  function sendProposal(s: State, me: number, to: number): void {
    const { proposal, logicalclock } = s.server[me];
    const slot = s.channel[me][to].push();
    slot.leader = proposal.leader;
    slot.zxid = proposal.zxid;
    slot.electionEpoch = logicalclock;
    slot.peerEpoch = proposal.peerEpoch;
    slot.state = LOOKING;
    note(s, me, to, slot);
  }

  function sendCurrentVote(s: State, me: number, to: number): void {
    const { currentVote, state } = s.server[me];
    const slot = s.channel[me][to].push();
    slot.leader = currentVote.leader;
    slot.zxid = currentVote.zxid;
    slot.electionEpoch = currentVote.electionEpoch;
    slot.peerEpoch = currentVote.peerEpoch;
    slot.state = state;
    note(s, me, to, slot);
  }

  /** `QuorumCnxManager.SendWorker.run`. Abstracts: connections-hold, reconnects-at-once. */
  function sendLast(s: State, me: number, to: number): void {
    const last = s.server[me].lastMessageSent[to];
    if (last.state !== OFF) s.channel[me][to].push().copyFrom(last);
  }

  return {
    sendProposal,
    sendCurrentVote,
    sendNotifications: (s, me) => {
      for (let to = 0; to < servers; to++) sendProposal(s, me, to);
    },
    cutOff: (s, me) => {
      for (let j = 0; j < servers; j++) {
        s.channel[j][me].clear();
        if (j !== me && connectionsBreak) s.server[me].lastMessageSent[j].clear();
      }
    },
    reconnect: (s, a, b) => {
      s.channel[a][b].clear();
      s.channel[b][a].clear();
      if (!rules.resendsLastMessage) return;
      sendLast(s, a, b);
      sendLast(s, b, a);
    },
  };
}
