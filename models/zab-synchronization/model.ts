/**
 * `zab-synchronization`: which transactions survive elections, crashes and synchronization. The actions, in
 * the order of a run, and the Java that each stands for:
 * - `ElectLeader`, `JoinLeader`: lookForLeader and discovery, up to `Leader.waitForEpochAck` and
 *   `Learner.registerWithLeader`, in one step;
 * - `ReceiveSync`: `LearnerHandler.syncFollower` chooses DIFF, TRUNC or SNAP, `Learner.syncWithLeader`
 *   applies it; `WriteNewLeader`: its case NEWLEADER, as three writes;
 * - `StartServing`: `Leader.waitForNewLeaderAck` and `startZkServer`; `HandleUpToDate`: case UPTODATE;
 * - `ProposeTxn`: `Leader.propose`; `LogTxn`: `SyncRequestProcessor`, and `Leader.processAck` of its ACK;
 *   `CommitTxn`: `FollowerZooKeeperServer.commit`;
 * - `EscapeLeader`, `AbandonLeader`: `ZooKeeperServer.shutdown`; `CrashServer`, `StartServer`: the process,
 *   and `QuorumPeer.loadDataBase`.
 * index.ts lists where this departs from Java; `Abstracts:` marks the place.
 */
import { defineModel, domain, type Model, sid, sidSet, upTo, type View } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { ordersVotesAsZooKeeper, quorumsDiffer } from '../votes/symmetry.js';
import { myidOf } from '../votes/zxid.js';
import { sizeOf } from '../zab-discovery/handshake.js';
import { endsAfter, has, lastOf, lastZxid, nextAfter, upToTxn } from './histories.js';
import { Stage, type SynchronizationSchema, type SynchronizationState, SyncMode, schema } from './state.js';
import {
  commitInWords,
  escapeInWords,
  logInWords,
  stuckInWords,
  syncInWords,
  writeInWords,
} from './words.js';

const { NONE, JOINED, SYNCING, NEWLEADER_1, NEWLEADER_2, SYNCED, SERVING } = Stage.values;
const { NONE: NO_SYNC, DIFF, TRUNC, SNAP } = SyncMode.values;

type State = View<SynchronizationSchema>;
type Txns = SynchronizationState['txn'];

export function build(bounds: Bounds, rules: Rules): Model<SynchronizationSchema> {
  const { servers, observers, epochs, txns, crashes, abandons } = bounds;
  const all = servers + observers;
  const Voter = domain('sid', sid(servers));
  const Sid = domain('sid', sid(all));
  const Quorum = domain('quorum', sidSet(servers));
  const All = domain('servers', sidSet(all));
  const Mode = upTo('sync', 2, (snapshot) => (snapshot === 1 ? 'snapshot' : 'log'));
  const name = Sid.print;
  const isVoter = (i: number) => i < servers;
  /** ZooKeeper's order compares sids last, so a tie stands for both orders of two sids. */
  const tiesAreOpen = ordersVotesAsZooKeeper(rules);

  return defineModel({
    name: 'zab-synchronization',
    schema: schema(bounds),
    permutations: observers === 0 && tiesAreOpen && !quorumsDiffer(bounds, rules) ? servers : null,
    initial: {
      then: (s) => {
        for (let i = 0; i < all; i++) s.server[i].state = LOOKING;
        s.crashesLeft = crashes;
        s.abandonsLeft = abandons;
      },
    },
    actions: {
      /** Election and discovery among a quorum. Abstracts: election-is-one-step, epochs-are-bounded. */
      ElectLeader: {
        over: [Voter, Quorum],
        when: mayElect,
        then: (s, leader, quorum) => {
          const epoch = nextEpoch(s as unknown as SynchronizationState, quorum);
          for (let i = 0; i < servers; i++) if (has(quorum, i) && i !== leader) join(s, i, leader, epoch);
          const self = s.server[leader];
          self.state = LEADING;
          self.acceptedEpoch = epoch;
          self.currentEpoch = epoch;
          self.newLeaderAcks = 1 << leader;
        },
        says: (s, leader, quorum) =>
          `${name(leader)} is elected and established in epoch ${nextEpoch(s, quorum)} by ${Quorum.print(quorum)}`,
      },
      /**
       * A server follows one that leads already, unless the leader's epoch is below its own acceptedEpoch.
       */
      JoinLeader: {
        over: [Sid, Voter],
        when: ({ server }, me, leader) =>
          server[me].state === LOOKING &&
          server[leader].state === LEADING &&
          server[me].acceptedEpoch <= server[leader].currentEpoch,
        then: (s, me, leader) => join(s, me, leader, s.server[leader].currentEpoch),
        says: (_s, me, leader) => `${name(me)} joins ${name(leader)}`,
        excludedBecause:
          servers + observers === 2 && crashes + abandons === 0
            ? 'both servers elect, and nobody leaves'
            : null,
      },
      /**
       * TRUNC if the learner is ahead, else DIFF or SNAP.
       * Abstracts: leader-chooses-snapshots, sync-is-of-one-moment.
       */
      ReceiveSync: {
        over: [Sid, Mode],
        when: (s, me, snapshot) => isUnderWay(s, me, JOINED, JOINED) && (snapshot === 0 || !isAhead(s, me)),
        then: (s, me, snapshot) => receiveSync(s, me, snapshot === 1),
        says: (s, me, snapshot) => syncInWords(s, me, syncModeFor(s, me, snapshot === 1)),
      },
      /** NEWLEADER: history, currentEpoch, acknowledgement, one at a time. */
      WriteNewLeader: {
        over: [Sid],
        when: (s, me) => isUnderWay(s, me, SYNCING, NEWLEADER_2),
        then: (s, me) => writeNewLeader(s, me),
        says: (s, me) => {
          const { stage, syncMode } = s.server[me];
          return writeInWords(s, me, rules.newLeaderWrites(syncMode !== DIFF)[stage - SYNCING]);
        },
      },
      /** `Leader.waitForNewLeaderAck`, `startZkServer`: its history is committed. */
      StartServing: {
        over: [Voter],
        when: ({ server }, me) =>
          server[me].state === LEADING &&
          !server[me].serves &&
          rules.hasQuorum(sizeOf(server[me].newLeaderAcks), servers, myidOf(me)),
        then: (s, me) => {
          s.server[me].serves = true;
          s.committed = s.committed | s.server[me].memory;
        },
        says: ({ server }, me) =>
          `${name(me)} serves: NEWLEADER is acknowledged by ${All.print(server[me].newLeaderAcks)}`,
      },
      HandleUpToDate: {
        over: [Sid],
        when: (s, me) => isUnderWay(s, me, SYNCED, SYNCED) && s.server[s.server[me].leader].serves,
        then: ({ server }, me) => {
          server[me].stage = SERVING;
        },
        says: ({ server }, me) => `${name(me)} reads UPTODATE of ${name(server[me].leader)}`,
      },
      /** A client writes; the leader logs it and sends it. Abstracts: leader-logs-first. */
      ProposeTxn: {
        over: [Voter],
        when: ({ server, txn }, me) => server[me].serves && txn[txns - 1].epoch === 0,
        then: (s, me) => {
          let t = 0;
          while (s.txn[t].epoch !== 0) t++;
          s.txn[t].epoch = s.server[me].currentEpoch;
          s.txn[t].acks = 1 << me;
          s.server[me].disk = s.server[me].disk | (1 << t);
        },
        says: ({ txn }, me) =>
          `${name(me)} logs and proposes t${txn.findIndex(({ epoch }) => epoch === 0) + 1}`,
      },
      /** PROPOSAL at a follower, INFORM at an observer. Abstracts: acks-arrive-at-once. */
      LogTxn: {
        over: [Sid],
        when: (s, me) => nextToLog(s, me) >= 0,
        then: (s, me) => {
          const self = s.server[me];
          const t = nextToLog(s as unknown as SynchronizationState, me);
          self.disk = self.disk | (1 << t);
          if (!isVoter(me)) {
            self.memory = self.memory | (1 << t);
            return;
          }
          s.txn[t].acks = s.txn[t].acks | (1 << me);
          commit(s, self.leader);
        },
        says: (s, me) => {
          const t = nextToLog(s, me);
          const isQuorum = (acks: number) =>
            rules.hasQuorum(sizeOf(acks), servers, myidOf(s.server[me].leader));
          if (!isVoter(me)) return `${name(me)} is informed of t${t + 1}, and applies it`;
          return logInWords(s, me, t, isQuorum);
        },
      },
      /** A follower commits what its log has. Abstracts: logs-do-not-fail. */
      CommitTxn: {
        over: [Voter],
        when: (s, me) => nextToCommit(s, me) >= 0,
        then: (s, me) => {
          const self = s.server[me];
          const t = nextToCommit(s as unknown as SynchronizationState, me);
          self.memory = self.memory | (1 << t);
          // The thread that writes the log has died, and the server goes down with it.
          if (!has(self.disk, t)) self.broken = true;
        },
        says: (s, me) => commitInWords(s, me, nextToCommit(s, me)),
      },
      /** The leader does not lead, or has no quorum. This is no fault. */
      EscapeLeader: {
        over: [Sid],
        when: (s, me) => {
          const { state, broken } = s.server[me];
          return broken || (state === LEADING && !hasSupport(s, me));
        },
        then: leave,
        says: escapeInWords,
        excludedBecause: crashes + abandons === 0 ? 'nobody leaves a leader without a fault' : null,
      },
      AbandonLeader: {
        over: [Sid],
        when: ({ server, abandonsLeft }, me) => abandonsLeft > 0 && server[me].state > LOOKING,
        then: (s, me) => {
          s.abandonsLeft = s.abandonsLeft - 1;
          leave(s, me);
        },
        says: (_s, me) => `${name(me)} gives up and looks for a leader`,
        excludedBecause: abandons === 0 ? 'no abandon is budgeted' : null,
      },
      /** Memory is lost; the server starts again from its disk. */
      CrashServer: {
        over: [Sid],
        when: ({ server, crashesLeft }, me) => crashesLeft > 0 && server[me].state !== OFF,
        then: (s, me) => {
          s.crashesLeft = s.crashesLeft - 1;
          detach(s, me);
          s.server[me].state = OFF;
          s.server[me].memory = s.server[me].disk;
        },
        says: (_s, me) => `${name(me)} crashes`,
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
      /** A server whose files contradict each other does not start: somebody has to mend them. */
      StartServer: {
        over: [Sid],
        when: (s, me) => s.server[me].state === OFF && mayStart(s, me),
        then: ({ server }, me) => {
          server[me].state = LOOKING;
        },
        says: (_s, me) => `${name(me)} starts again`,
        excludedBecause: crashes === 0 ? 'no crash is budgeted' : null,
      },
    },
    /**
     * All that can start serve, and nothing is left to propose; or too few can start; or the last epoch is
     * accepted, and nobody may begin anew.
     */
    terminal: (s) => {
      let settled = 0;
      let able = 0;
      for (let i = 0; i < all; i++) {
        const { acceptedEpoch, serves, stage } = s.server[i];
        if (acceptedEpoch === epochs) return true;
        if (serves || stage === SERVING || !mayStart(s, i)) settled++;
        if (isVoter(i) && mayStart(s, i)) able++;
      }
      return !mayLead(s, able) || (settled === all && s.txn[txns - 1].epoch !== 0);
    },
    stuckBecause: (s) =>
      stuckInWords(s, {
        voters: servers,
        mayStart: (i) => mayStart(s, i),
        ranksBelow: (a, b) => ranksBelow(s, a, b),
      }),
  });

  /** The epoch that a quorum would accept: above all that its members have accepted. */
  function nextEpoch({ server }: SynchronizationState, quorum: number): number {
    let epoch = 0;
    for (let i = 0; i < servers; i++) {
      if (has(quorum, i) && server[i].acceptedEpoch > epoch) epoch = server[i].acceptedEpoch;
    }
    return epoch + 1;
  }

  /**
   * Whether the vote for `b` beats that for `a`, by their currentEpochs, last zxids and sids.
   * Abstracts: ties-go-either-way.
   */
  function ranksBelow({ server, txn }: SynchronizationState, a: number, b: number): boolean {
    const zxid = lastZxid(txn, server[a].memory);
    const theirs = lastZxid(txn, server[b].memory);
    const { currentEpoch } = server[a];
    if (tiesAreOpen && theirs === zxid && server[b].currentEpoch === currentEpoch) return false;
    return rules.totalOrderPredicate(
      myidOf(b),
      theirs,
      server[b].currentEpoch,
      myidOf(a),
      zxid,
      currentEpoch,
    );
  }

  /** Whether the election among `quorum` may end with `leader`: no member is better. */
  function mayElect(s: SynchronizationState, leader: number, quorum: number): boolean {
    if (s.server[leader].state !== LOOKING || !has(quorum, leader)) return false;
    if (!rules.hasQuorum(sizeOf(quorum), servers, myidOf(leader))) return false;
    for (let i = 0; i < servers; i++) {
      if (i === leader || !has(quorum, i)) continue;
      if (s.server[i].state !== LOOKING || ranksBelow(s, leader, i)) return false;
    }
    return nextEpoch(s, quorum) <= epochs;
  }

  function join(s: State, me: number, leader: number, epoch: number): void {
    const self = s.server[me];
    self.state = isVoter(me) ? FOLLOWING : OBSERVING;
    self.acceptedEpoch = epoch;
    self.leader = leader;
    self.stage = JOINED;
  }

  /** The leadership ends: its connections break, and its proposals lose their acknowledgements. */
  function stopLeading(s: State, me: number): void {
    const self = s.server[me];
    for (let t = 0; t < txns; t++) if (s.txn[t].epoch === self.currentEpoch) s.txn[t].acks = 0;
    for (let j = 0; j < all; j++) if (s.server[j].leader === me) s.server[j].broken = true;
    self.newLeaderAcks = 0;
    self.serves = false;
  }

  /** `ZooKeeperServer.shutdown`: what becomes of the database of a server that goes on without a leader. */
  function leave(s: State, me: number): void {
    const self = s.server[me];
    const runs = self.serves || self.stage === SERVING;
    const after = rules.databaseAfterLeaving(runs, self.syncMode === SNAP);
    if (after === 'reloaded') self.memory = self.disk;
    if (after === 'fastForwarded') {
      const { disk, memory } = self;
      self.memory = memory | (disk & ~upToTxn(s.txn as Txns, disk, lastOf(s.txn as Txns, memory)));
    }
    detach(s, me);
  }

  function detach(s: State, me: number): void {
    const self = s.server[me];
    if (self.state === LEADING) stopLeading(s, me);
    self.state = LOOKING;
    self.leader = -1;
    self.stage = NONE;
    self.broken = false;
    self.syncMode = NO_SYNC;
  }

  /** `QuorumPeer.loadDataBase`: the last zxid is not of an epoch after currentEpoch. */
  function mayStart({ server, txn }: SynchronizationState, me: number): boolean {
    const { state, disk, currentEpoch, acceptedEpoch } = server[me];
    if (state !== OFF) return true;
    const last = lastOf(txn, disk);
    return acceptedEpoch >= currentEpoch && (last < 0 || txn[last].epoch <= currentEpoch);
  }

  /** Voters that `me` leads, and itself. Abstracts: majorities-only. */
  function supporters({ server }: SynchronizationState, me: number): number {
    let count = 1;
    for (let j = 0; j < servers; j++) if (server[j].leader === me && !server[j].broken) count++;
    return count;
  }

  function hasSupport(s: SynchronizationState, me: number): boolean {
    return rules.hasQuorum(supporters(s, me), servers, myidOf(me));
  }

  /** Whether a learner's last zxid is beyond all that its leader has committed. */
  function isAhead({ server, txn }: SynchronizationState, me: number): boolean {
    return endsAfter(txn, server[me].memory, server[server[me].leader].memory);
  }

  /** A leader does not truncate across epochs; it sends a snapshot instead. */
  function syncModeFor(s: SynchronizationState, me: number, snapshot: boolean) {
    if (rules.truncates && isAhead(s, me)) return TRUNC;
    const { memory, leader } = s.server[me];
    const last = lastOf(s.txn, memory);
    const isKnown = last < 0 || has(s.server[leader].memory, last);
    return snapshot || (rules.truncates && !isKnown) ? SNAP : DIFF;
  }

  /** `LearnerHandler.syncFollower`, and what the learner does with the packets before NEWLEADER. */
  function receiveSync(s: State, me: number, snapshot: boolean): void {
    const self = s.server[me];
    const txn = s.txn as Txns;
    const { memory: theirs } = s.server[self.leader];
    self.syncMode = syncModeFor(s as unknown as SynchronizationState, me, snapshot);
    self.stage = SYNCING;
    if (self.syncMode === TRUNC) {
      self.disk = upToTxn(txn, self.disk, lastOf(txn, theirs));
      self.memory = self.disk;
    } else if (self.syncMode === SNAP) self.memory = theirs;
    if (self.syncMode !== DIFF && rules.truncationRevokesAcks) revokeAcks(s, me, theirs);
  }

  /** The leader takes back the ACKs of a learner for what it drops. Abstracts: dropped-is-unacknowledged. */
  function revokeAcks(s: State, me: number, kept: number): void {
    for (let t = 0; t < txns; t++) if (!has(kept, t)) s.txn[t].acks = s.txn[t].acks & ~(1 << me);
  }

  /** The next of the three writes that NEWLEADER asks for. */
  function writeNewLeader(s: State, me: number): void {
    const self = s.server[me];
    const { memory: theirs, currentEpoch } = s.server[self.leader];
    const writes = rules.newLeaderWrites(self.syncMode !== DIFF);
    const done = self.stage - SYNCING;
    if (writes[done] === 'history') {
      if (self.syncMode === DIFF) {
        const missing = theirs & ~upToTxn(s.txn as Txns, theirs, lastOf(s.txn as Txns, self.memory));
        self.disk = self.disk | missing;
        self.memory = self.memory | missing;
        // Its leader did not count the ACK that it got, waits for another, and gives up.
        if (missing !== 0 && rules.acksDiffWhenLogged) self.broken = true;
      } else self.disk = self.memory;
    } else if (writes[done] === 'currentEpoch') self.currentEpoch = currentEpoch;
    else if (isVoter(me) || rules.countsInEpochQuorum(false, myidOf(self.leader))) {
      const leader = s.server[self.leader];
      leader.newLeaderAcks = leader.newLeaderAcks | (1 << me);
    }
    self.stage = done === 0 ? NEWLEADER_1 : done === 1 ? NEWLEADER_2 : SYNCED;
    if (done === 2) self.syncMode = NO_SYNC;
  }

  /** `Leader.tryToCommit`, for all transactions that may be committed now, in order. */
  function commit(s: State, leader: number): void {
    const self = s.server[leader];
    const txn = s.txn as Txns;
    for (let k = 0; k < txns; k++) {
      const next = nextAfter(txn, self.disk, lastOf(txn, self.memory));
      if (next < 0 || !rules.hasQuorum(sizeOf(txn[next].acks), servers, myidOf(leader))) return;
      self.memory = self.memory | (1 << next);
      s.committed = s.committed | (1 << next);
    }
  }

  /** The transaction that a learner logs next, or an observer applies next; -1 if there is none. */
  function nextToLog({ server, txn }: SynchronizationState, me: number): number {
    const { leader, disk, memory, stage, broken } = server[me];
    if (stage !== SERVING || broken) return -1;
    // Its leader sends the transactions after the last zxid that it reported, which is its memory's.
    const last = lastOf(txn, disk | memory);
    return nextAfter(txn, isVoter(me) ? server[leader].disk : server[leader].memory, last);
  }

  /** The transaction that a follower commits next; -1 if there is none. */
  function nextToCommit({ server, txn }: SynchronizationState, me: number): number {
    const { leader, disk, memory, stage, broken } = server[me];
    if (stage !== SERVING || broken) return -1;
    const theirs = server[leader].memory;
    return nextAfter(txn, rules.commitsUnlogged ? theirs : theirs & disk, lastOf(txn, memory));
  }

  /** Whether some voter that can start may have a quorum of so many. */
  function mayLead(s: SynchronizationState, able: number): boolean {
    for (let i = 0; i < servers; i++) {
      if (mayStart(s, i) && rules.hasQuorum(able, servers, myidOf(i))) return true;
    }
    return false;
  }

  /** Whether a learner with an open connection is at a stage between `from` and `to`. */
  function isUnderWay({ server }: SynchronizationState, me: number, from: number, to: number): boolean {
    const { stage, broken } = server[me];
    return stage >= from && stage <= to && !broken;
  }
}
