/**
 * The rung `fast-leader-election`: votes travel as messages that may be late, overwritten or sent twice;
 * servers start in any order, crash, come back with their clock reset, and give up a leader. Follows
 * `FastLeaderElection.lookForLeader` and `FastLeaderElection.Messenger.WorkerReceiver.run`, branch by branch.
 */
import {
  channel,
  defineModel,
  domain,
  flag,
  type Model,
  oneOf,
  perOther,
  perServer,
  type Reading,
  range,
  sid,
  sidSet,
  struct,
  type View,
} from '../src/spec/index.js';
import { credentialsDomain, refuseUnsoundRanks, setCredentials } from './credentials.js';
import type { Rules } from './rules.js';
import type { Bounds } from './rung.js';

/**
 * `ServerState` of QuorumPeer, and OFF: not running, or no vote where a vote might stand.
 * Observers do not vote. Abstracts: majorities-only.
 */
export const ServerState = oneOf('OFF', 'LOOKING', 'FOLLOWING', 'LEADING');
export const { OFF, LOOKING, FOLLOWING, LEADING } = ServerState.values;

export function schema({ servers, rounds, crashes, abandons, slots, zxids, dataVersions }: Bounds) {
  const most = zxids === 'ranks' ? 0 : zxids === 'every' ? dataVersions - 1 : Math.max(...zxids);
  const Notification = struct({ leader: sid(servers), electionEpoch: range(0, rounds), state: ServerState });
  const Server = struct({
    state: ServerState,
    logicalclock: range(0, rounds),
    /** The proposal while LOOKING, the current vote afterwards. */
    proposal: sid(servers),
    /** In finalizeWait: a quorum was seen and the wait for a better vote runs. */
    finalizing: flag,
    recvset: perOther(servers, Notification),
    outofelection: perOther(servers, struct({ leader: sid(servers), state: ServerState })),
    /** Abstracts: credentials-are-fixed, so votes carry no zxid and no epoch of their own. */
    currentEpoch: range(0, zxids === 'every' ? most : 0),
    /** The last zxid processed. Abstracts: zxids-are-known. */
    zxid: range(0, most),
  });
  return struct({
    server: perServer(servers, Server),
    /** channel[i][j]: sent by i, not yet handled by j. Abstracts: one-queue-per-link, connections-hold. */
    channel: perServer(servers, perOther(servers, channel(slots, Notification))),
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    /** History, for claims alone: the leaders each server has voted for in each round, and who ever led. */
    cast: perServer(servers, perServer(rounds, struct({ votes: sidSet(servers) }))),
    everLed: sidSet(servers),
  });
}

export type FleSchema = ReturnType<typeof schema>;
export type FleState = Reading<FleSchema>;
type State = View<FleSchema>;
type ServerView = State['server'][number];

export function build(bounds: Bounds, rules: Rules): Model<FleSchema> {
  refuseUnsoundRanks(bounds, rules);
  const { servers, rounds, crashes, abandons } = bounds;
  const Sid = domain('sid', sid(servers));
  const name = Sid.print;

  /** Whether a vote for `leader` beats one for `current`: with fixed credentials, sids stand for votes. */
  function beats(s: FleState, leader: number, current: number): boolean {
    const a = s.server[leader];
    const b = s.server[current];
    return rules.totalOrderPredicate(leader, a.zxid, a.currentEpoch, current, b.zxid, b.currentEpoch);
  }

  function send(s: State, me: number, to: number): void {
    const { proposal, logicalclock, state } = s.server[me];
    const slot = s.channel[me][to].push();
    slot.leader = proposal;
    slot.electionEpoch = logicalclock;
    slot.state = state;
  }

  /** `FastLeaderElection.sendNotifications`, without the loopback. Abstracts: own-vote-counts-at-once. */
  function sendNotifications(s: State, me: number): void {
    for (let to = 0; to < servers; to++) if (to !== me) send(s, me, to);
  }

  /** `FastLeaderElection.updateProposal`, and the note that this vote was cast. */
  function propose(s: State, me: number, leader: number): void {
    const self = s.server[me];
    self.proposal = leader;
    const history = s.cast[me][self.logicalclock - 1];
    history.votes = history.votes | (1 << leader);
  }

  /** The head of `lookForLeader`: the clock rises, the own credential is proposed to all. */
  function lookForLeader(s: State, me: number): void {
    const self = s.server[me];
    self.state = LOOKING;
    self.logicalclock = self.logicalclock + 1;
    propose(s, me, me);
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
  function leave(s: State, me: number, leader: number): void {
    const self = s.server[me];
    self.proposal = leader;
    self.state = leader === me ? LEADING : FOLLOWING;
    if (leader === me) s.everLed = s.everLed | (1 << me);
    forget(self, me);
  }

  /** Votes in recvset equal to (leader, clock), the own one included. `getVoteTracker`, `Vote.equals`. */
  function supporters(self: ServerView, me: number, leader: number): number {
    let votes = self.proposal === leader ? 1 : 0;
    for (let j = 0; j < servers; j++) {
      if (j === me) continue;
      const { state, leader: theirs, electionEpoch } = self.recvset[j];
      if (state !== OFF && theirs === leader && electionEpoch === self.logicalclock) votes++;
    }
    return votes;
  }

  /** Votes of servers out of the election for one leader: equal by leader alone, whatever their round. */
  function outsiders(self: ServerView, me: number, leader: number): number {
    let votes = 0;
    for (let j = 0; j < servers; j++) {
      if (j !== me && self.outofelection[j].state !== OFF && self.outofelection[j].leader === leader) votes++;
    }
    return votes;
  }

  /** `case LOOKING` of `lookForLeader`. */
  function hearLooking(s: State, me: number, from: number, leader: number, electionEpoch: number): void {
    const self = s.server[me];
    if (electionEpoch < self.logicalclock) return;
    if (electionEpoch > self.logicalclock) {
      self.logicalclock = electionEpoch;
      for (let j = 0; j < servers; j++) if (j !== me) self.recvset[j].clear();
      propose(s, me, beats(s, leader, me) ? leader : me);
      sendNotifications(s, me);
    } else if (beats(s, leader, self.proposal)) {
      propose(s, me, leader);
      sendNotifications(s, me);
    }
    record(self, from, leader, electionEpoch, LOOKING);
    self.finalizing = rules.hasQuorum(supporters(self, me, self.proposal), servers);
  }

  function record(
    self: ServerView,
    from: number,
    leader: number,
    electionEpoch: number,
    state: FleState['server'][number]['state'],
  ): void {
    const entry = self.recvset[from];
    entry.leader = leader;
    entry.electionEpoch = electionEpoch;
    entry.state = state;
  }

  /** `receivedFollowingNotification`, for FOLLOWING and LEADING alike. */
  function hearDecided(
    s: State,
    me: number,
    from: number,
    leader: number,
    electionEpoch: number,
    state: FleState['server'][number]['state'],
  ): void {
    const self = s.server[me];
    const iLead = leader === me;
    if (electionEpoch === self.logicalclock) {
      record(self, from, leader, electionEpoch, state);
      const led = !iLead && self.recvset[leader].state === LEADING;
      if (
        rules.hasQuorum(supporters(self, me, leader), servers) &&
        rules.checkLeader(iLead, led, self.logicalclock, electionEpoch)
      ) {
        return leave(s, me, leader);
      }
    }
    const entry = self.outofelection[from];
    entry.leader = leader;
    entry.state = state;
    const led = !iLead && self.outofelection[leader].state === LEADING;
    if (
      rules.hasQuorum(outsiders(self, me, leader), servers) &&
      rules.checkLeader(iLead, led, self.logicalclock, electionEpoch)
    ) {
      self.logicalclock = electionEpoch;
      leave(s, me, leader);
    }
  }

  /** A notification to a LOOKING server, in finalizeWait or not. Abstracts: put-back-is-handled-at-once. */
  function hear(
    s: State,
    me: number,
    from: number,
    leader: number,
    electionEpoch: number,
    state: FleState['server'][number]['state'],
  ): void {
    const self = s.server[me];
    if (self.finalizing) {
      // Only a better vote ends the wait, whatever its round and its sender's state; all others are lost.
      if (!beats(s, leader, self.proposal)) return;
      self.finalizing = false;
    }
    if (state === LOOKING) hearLooking(s, me, from, leader, electionEpoch);
    else hearDecided(s, me, from, leader, electionEpoch, state);
  }

  return defineModel({
    name: 'fast-leader-election',
    schema: schema(bounds),
    initial: {
      over: [credentialsDomain(bounds, true)],
      then: (s, code) => {
        setCredentials(bounds, s.server, code);
        s.crashesLeft = crashes;
        s.abandonsLeft = abandons;
        if (bounds.start === 'staggered') return;
        for (let me = 0; me < servers; me++) lookForLeader(s, me);
      },
    },
    actions: {
      /** The process starts, or starts again: `QuorumPeer.startLeaderElection`, with the clock at 0. */
      StartServer: {
        over: [Sid],
        when: ({ server }, me) => server[me].state === OFF,
        then: (s, me) => lookForLeader(s, me),
        says: (_s, me) => `${name(me)} starts and votes for itself`,
        excludedBecause: bounds.start === 'together' && crashes === 0 ? 'all run from the start' : null,
      },
      /** `me` handles the oldest notification of `from`. Abstracts: any-sender-next, replies-when-handled. */
      HandleNotification: {
        over: [Sid, Sid],
        when: ({ server, channel }, me, from) =>
          me !== from && server[me].state !== OFF && channel[from][me].length > 0,
        then: (s, me, from) => {
          const { leader, electionEpoch, state } = s.channel[from][me].head;
          const self = s.server[me];
          s.channel[from][me].pop();
          // `WorkerReceiver.run` answers if the election is decided here, or if the sender is rounds behind.
          if (state === LOOKING) {
            if (self.state !== LOOKING || electionEpoch < self.logicalclock) send(s, me, from);
          }
          if (self.state === LOOKING) hear(s, me, from, leader, electionEpoch, state);
        },
        says: ({ channel }, me, from) => {
          const { leader, electionEpoch, state } = channel[from][me].head;
          return `${name(me)} hears ${name(from)}, ${ServerState.names[state]} c${electionEpoch} → ${name(leader)}`;
        },
      },
      /** The queue stayed empty after a quorum. Abstracts: finalizeWait-may-end-at-any-time. */
      EndFinalizeWait: {
        over: [Sid],
        when: ({ server }, me) => server[me].finalizing,
        then: (s, me) => leave(s, me, s.server[me].proposal),
        says: ({ server }, me) => `${name(me)} ends finalizeWait: ${name(server[me].proposal)} is elected`,
      },
      /** Nothing came in time, and delays are arbitrary. Abstracts: resend-at-any-time. */
      ResendNotifications: {
        over: [Sid],
        when: ({ server }, me) => server[me].state === LOOKING && !server[me].finalizing,
        then: (s, me) => sendNotifications(s, me),
        says: (_s, me) => `${name(me)} sends its vote again`,
      },
      /** A FOLLOWING or LEADING server gives up its leader or followers and elects anew. */
      AbandonLeader: {
        over: [Sid],
        when: ({ server, abandonsLeft }, me) =>
          abandonsLeft > 0 &&
          (server[me].state === FOLLOWING || server[me].state === LEADING) &&
          server[me].logicalclock < rounds,
        then: (s, me) => {
          s.abandonsLeft = s.abandonsLeft - 1;
          lookForLeader(s, me);
        },
        says: ({ server }, me) => `${name(me)} gives up ${name(server[me].proposal)} and starts a new round`,
        excludedBecause: abandons === 0 || rounds === 1 ? 'it needs an abandon and a second round' : null,
      },
      /** The process dies; what it sent stays in flight. Abstracts: crash-empties-channels. */
      CrashServer: {
        over: [Sid],
        when: ({ server, crashesLeft }, me) => crashesLeft > 0 && server[me].state !== OFF,
        then: (s, me) => {
          s.crashesLeft = s.crashesLeft - 1;
          const self = s.server[me];
          self.state = OFF;
          self.logicalclock = 0;
          self.proposal = 0;
          forget(self, me);
          for (let from = 0; from < servers; from++) if (from !== me) s.channel[from][me].clear();
        },
        says: (_s, me) => `${name(me)} crashes`,
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
    },
    terminal: ({ server }) => {
      for (let i = 0; i < servers; i++) if (server[i].state < FOLLOWING) return false;
      return true;
    },
  });
}
