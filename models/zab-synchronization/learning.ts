/**
 * A learner reads the packets of its leader, and each server writes its log:
 * - `receiveSync`: `LearnerHandler.syncFollower` chooses DIFF, TRUNC or SNAP, `Leader.startForwarding` queues
 *   what is outstanding, `Learner.syncWithLeader` reads all of it;
 * - `writeNewLeader`: `Learner.syncWithLeader`, case NEWLEADER, as three writes;
 * - `handleUpToDate`: its case UPTODATE and what follows the loop;
 * - `readProposal`, `readCommit`: `Follower.processPacket`, and `Observer.processPacket` for INFORM;
 * - `log`: `SyncRequestProcessor`, and `SendAckRequestProcessor` or `AckRequestProcessor`.
 */
import type { Bounds } from '../model/bounds.js';
import { LEADING } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { myidOf } from '../votes/zxid.js';
import { sizeOf } from '../zab-discovery/handshake.js';
import { afterTxn, endsAfter, has, lastOf, nextAfter, upToTxn, without } from './histories.js';
import type { leadingOf } from './leading.js';
import { Stage, type SynchronizationState, type SynchronizationView, SyncMode } from './state.js';

const { SYNCING, NEWLEADER_1, NEWLEADER_2, SYNCED, SERVING } = Stage.values;
const { NONE: NO_SYNC, DIFF, TRUNC, SNAP } = SyncMode.values;

type State = SynchronizationState;
type View = SynchronizationView;

/** Whether a learner with an open connection is at a stage between `from` and `to`. */
export function isUnderWay({ server }: State, me: number, from: number, to: number): boolean {
  const { stage, broken } = server[me];
  return stage >= from && stage <= to && !broken;
}

export function learningOf({ servers }: Bounds, rules: Rules, leading: ReturnType<typeof leadingOf>) {
  const { committedBy, historyOf, proposedBy, toForward, acknowledge, sendAck, revokeAcks } = leading;
  const isVoter = (i: number) => i < servers;
  return {
    maySnapshot,
    syncModeFor,
    lastSent,
    diffFor,
    queuedFor,
    receiveSync,
    loggedForNewLeader,
    writeNewLeader,
    handleUpToDate,
    nextToRead,
    readProposal,
    nextToCommit,
    readCommit,
    nextToLog,
    log,
  };

  /** Whether a learner's last zxid is beyond the history of its leader. */
  function isAhead(s: State, me: number): boolean {
    const { memory, leader } = s.server[me];
    return endsAfter(s.txn, memory, historyOf(s, leader));
  }

  /** Whether a leader may send a snapshot: the learner has nothing that the leader has not applied. */
  function maySnapshot({ server, txn }: State, me: number): boolean {
    return !endsAfter(txn, server[me].memory, server[server[me].leader].memory);
  }

  /** A leader does not truncate across epochs; it sends a snapshot instead. */
  function syncModeFor(s: State, me: number, snapshot: boolean) {
    if (rules.truncates && isAhead(s, me)) return TRUNC;
    const { memory, leader } = s.server[me];
    const last = lastOf(s.txn, memory);
    const isKnown = last < 0 || has(historyOf(s, leader), last);
    return snapshot || (rules.truncates && !isKnown) ? SNAP : DIFF;
  }

  /** The last of what a leader sends a learner before the proposals that it queues behind it. */
  function lastSent(s: State, leader: number, mode: number): number {
    return lastOf(s.txn, mode === SNAP ? s.server[leader].memory : historyOf(s, leader));
  }

  /** The transactions of a DIFF: `LearnerHandler.queueCommittedProposals`, and `toBeApplied`. */
  function diffFor(s: State, me: number): number {
    const { memory, leader } = s.server[me];
    const lacked = afterTxn(s.txn, committedBy(s, leader), lastOf(s.txn, memory));
    const count = sizeOf(lacked);
    let some = 0;
    let t = -1;
    for (let nth = 1; nth <= count; nth++) {
      t = nextAfter(s.txn, lacked, t);
      if (rules.diffHolds(nth, count)) some |= 1 << t;
    }
    return some;
  }

  /** What is queued for a learner behind that: the outstanding proposals. */
  function queuedFor(s: State, me: number, mode: number): number {
    const { leader } = s.server[me];
    const queued = toForward(s, leader, isVoter(me), lastSent(s, leader, mode));
    return rules.queuesOutstanding ? queued : queued & s.committed;
  }

  /** The packets before NEWLEADER. Abstracts: leader-chooses-snapshots, flush-is-one-step. */
  function receiveSync(s: View, me: number, snapshot: boolean): void {
    const state = s as unknown as State;
    const self = s.server[me];
    const { leader } = self;
    const mode = syncModeFor(state, me, snapshot);
    const last = lastSent(state, leader, mode);
    const queued = queuedFor(state, me, mode);
    if (!rules.queuesOutstanding) self.missed = without(proposedBy(state, leader), s.committed);
    if (mode === TRUNC) {
      self.disk = upToTxn(state.txn, self.disk, last);
      self.memory = self.disk;
    } else if (mode === SNAP) self.memory = state.server[leader].memory;
    else {
      self.commits = diffFor(state, me);
      self.pending = self.commits;
    }
    self.pending = self.pending | queued;
    if (isVoter(me)) revokeAcks(s, me, toForward(state, leader, true, last));
    self.syncMode = mode;
    self.stage = SYNCING;
  }

  /** The next of the three writes that NEWLEADER asks for. */
  function writeNewLeader(s: View, me: number): void {
    const self = s.server[me];
    const leader = s.server[self.leader];
    const isDiff = self.syncMode === DIFF;
    const done = self.stage - SYNCING;
    const write = rules.newLeaderWrites(!isDiff)[done];
    if (write === 'history') writeHistory(s, me, isDiff);
    else if (write === 'currentEpoch') self.currentEpoch = leader.currentEpoch;
    else {
      if (isVoter(me) && rules.loggedForNewLeader === 'none') self.unlogged = self.pending;
      if (isVoter(me) || rules.countsInEpochQuorum(false, myidOf(self.leader)))
        leader.newLeaderAcks = leader.newLeaderAcks | (1 << me);
    }
    self.stage = done === 0 ? NEWLEADER_1 : done === 1 ? NEWLEADER_2 : SYNCED;
    if (done === 2) self.syncMode = NO_SYNC;
  }

  /** A snapshot of memory; and a follower logs what it was sent. */
  function writeHistory(s: View, me: number, isDiff: boolean): void {
    const self = s.server[me];
    if (!isDiff) self.disk = self.memory | logTail(s as unknown as State, me);
    const logged = loggedForNewLeader(s as unknown as State, me);
    self.disk = self.disk | logged;
    if (rules.loggedForNewLeader === 'committed') apply(s, me, logged);
    // Its leader did not count the ACK that it got, waits for another, and gives up.
    if (logged !== 0 && rules.acksDiffWhenLogged) self.broken = true;
  }

  /**
   * The transactions of the log that come after the zxid of the snapshot that a learner has read: a start
   * reads the snapshot, and then these. The zxid of a leader that serves is of its epoch, though it has no
   * transaction of that epoch (`Leader.startZkServer`). Abstracts: snapshots-know-who-serves.
   */
  function logTail({ server, txn }: State, me: number): number {
    const { disk, memory, leader } = server[me];
    const { serves, currentEpoch } = server[leader];
    let tail = afterTxn(txn, disk, lastOf(txn, memory));
    for (let t = 0; t < txn.length; t++) if (serves && txn[t].epoch < currentEpoch) tail &= ~(1 << t);
    return tail;
  }

  /** The transactions that a learner logs before it acknowledges NEWLEADER. An observer logs none. */
  function loggedForNewLeader({ server }: State, me: number): number {
    const { pending, commits } = server[me];
    if (!isVoter(me) || rules.loggedForNewLeader === 'none') return 0;
    return rules.loggedForNewLeader === 'all' ? pending : commits;
  }

  /** The database processes transactions, which are no longer pending. */
  function apply(s: View, me: number, some: number): void {
    const self = s.server[me];
    self.memory = self.memory | some;
    self.pending = without(self.pending, some);
    self.commits = without(self.commits, some);
  }

  /** `startup`; what was not logged for NEWLEADER goes to the log; what was committed is applied. */
  function handleUpToDate(s: View, me: number): void {
    const self = s.server[me];
    const { leader, commits, pending } = self;
    self.stage = SERVING;
    if (!isVoter(me)) {
      self.unlogged = pending;
      apply(s, me, pending);
      return;
    }
    if (rules.loggedForNewLeader === 'committed') self.unlogged = pending;
    if (rules.loggedForNewLeader === 'all') {
      for (let t = 0; t < s.txn.length; t++) if (has(pending, t)) sendAck(s, leader, t, me);
    }
    apply(s, me, commits);
  }

  /** The transaction of the next PROPOSAL, or for an observer of the next INFORM; -1 if there is none. */
  function nextToRead(s: State, me: number): number {
    const { leader, memory, pending, missed } = s.server[me];
    if (!isUnderWay(s, me, SERVING, SERVING)) return -1;
    const sent = isVoter(me) ? proposedBy(s, leader) : committedBy(s, leader);
    return nextAfter(s.txn, without(sent, missed), lastOf(s.txn, memory | pending));
  }

  function readProposal(s: View, me: number): void {
    const self = s.server[me];
    const t = nextToRead(s as unknown as State, me);
    self.unlogged = self.unlogged | (1 << t);
    if (isVoter(me)) self.pending = self.pending | (1 << t);
    else self.memory = self.memory | (1 << t);
  }

  /**
   * The transaction of the next COMMIT that changes the database; -1 if there is none. Between NEWLEADER and
   * UPTODATE a COMMIT waits for UPTODATE.
   */
  function nextToCommit(s: State, me: number): number {
    const { leader, memory, pending, stage, syncMode } = s.server[me];
    if (!isUnderWay(s, me, SYNCING, SERVING)) return -1;
    if (stage !== SERVING && (stage !== SYNCING || syncMode === DIFF)) return -1;
    return nextAfter(s.txn, committedBy(s, leader) & pending, lastOf(s.txn, memory));
  }

  function readCommit(s: View, me: number): void {
    const self = s.server[me];
    const t = nextToCommit(s as unknown as State, me);
    apply(s, me, 1 << t);
    if (!rules.commitsUnlogged || !has(self.unlogged, t)) return;
    // The thread that writes the log has died, and the server goes down with it.
    self.unlogged = 0;
    self.broken = true;
  }

  /** The transaction that the log of a server writes next; -1 if there is none. */
  function nextToLog({ server, txn }: State, me: number): number {
    return nextAfter(txn, server[me].unlogged, -1);
  }

  function log(s: View, me: number): void {
    const self = s.server[me];
    const t = nextToLog(s as unknown as State, me);
    self.unlogged = without(self.unlogged, 1 << t);
    self.disk = self.disk | (1 << t);
    if (self.state === LEADING) acknowledge(s, me, t, me);
    else if (isVoter(me) && !self.broken) sendAck(s, self.leader, t, me);
  }
}
