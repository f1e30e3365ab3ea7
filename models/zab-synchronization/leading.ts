/**
 * A leader keeps `outstandingProposals`, with the ACKs of each, and `lastCommitted`:
 * - `propose`: `Leader.propose`, and `ProposalRequestProcessor`, which hands the transaction to the leader's
 *   own log;
 * - `acknowledge`: `Leader.processAck` and `tryToCommit`;
 * - `nextToApply`: `CommitProcessor` and `Leader.ToBeAppliedRequestProcessor`;
 * - `revokeAcks`: nothing in ZooKeeper (the repair of `Leader.startForwarding`);
 * - `stopLeading`: `Leader.shutdown`.
 */
import type { Bounds } from '../model/bounds.js';
import { LEADING } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { myidOf } from '../votes/zxid.js';
import { sizeOf } from '../zab-discovery/handshake.js';
import { afterTxn, has, lastOf, nextAfter } from './histories.js';
import type { SynchronizationState, SynchronizationView } from './state.js';

type State = SynchronizationState;
type View = SynchronizationView;

export function leadingOf({ servers, observers, txns }: Bounds, rules: Rules) {
  const all = servers + observers;
  return {
    proposedBy,
    committedBy,
    historyOf,
    toForward,
    nextToPropose,
    propose,
    commits,
    acknowledge,
    sendAck,
    mayReceiveAck,
    receiveAck,
    nextToApply,
    revokeAcks,
    stopLeading,
  };

  /** The transactions that a leader has proposed in its epoch. */
  function proposedBy({ server, txn }: State, leader: number): number {
    const { currentEpoch } = server[leader];
    let some = 0;
    for (let t = 0; t < txns; t++) if (txn[t].epoch === currentEpoch) some |= 1 << t;
    return some;
  }

  /** All that a leader has applied, and what it has committed and not yet applied (`toBeApplied`). */
  function committedBy(s: State, leader: number): number {
    return s.server[leader].memory | (s.committed & proposedBy(s, leader));
  }

  /** The history that a leader compares with that of a learner: `maxCommittedLog` is its last. */
  function historyOf(s: State, leader: number): number {
    return rules.truncatesCommitted ? s.server[leader].memory : committedBy(s, leader);
  }

  /**
   * What `Leader.startForwarding` queues for a learner after what it was sent, which ends with `last`:
   * `toBeApplied`, and for a voter the outstanding proposals.
   */
  function toForward(s: State, leader: number, isVoter: boolean, last: number): number {
    return afterTxn(s.txn, isVoter ? proposedBy(s, leader) : committedBy(s, leader), last);
  }

  /** The first transaction that nobody has proposed; -1 if there is none. */
  function nextToPropose({ txn }: State): number {
    for (let t = 0; t < txns; t++) if (txn[t].epoch === 0) return t;
    return -1;
  }

  function propose(s: View, leader: number): void {
    const self = s.server[leader];
    const t = nextToPropose(s as unknown as State);
    s.txn[t].epoch = self.currentEpoch;
    self.unlogged = self.unlogged | (1 << t);
  }

  /** Whether the ACK of `from` makes its leader commit a transaction. */
  function commits(s: State, leader: number, t: number, from: number): boolean {
    if (!isOutstanding(s, leader, t)) return false;
    const earlier = nextAfter(s.txn, proposedBy(s, leader) & ~s.committed, -1);
    return earlier === t && rules.hasQuorum(sizeOf(s.txn[t].acks | (1 << from)), servers, myidOf(leader));
  }

  /** `Leader.processAck`: only the transaction that is acknowledged may be committed. */
  function acknowledge(s: View, leader: number, t: number, from: number): void {
    const state = s as unknown as State;
    if (!isOutstanding(state, leader, t)) return;
    if (commits(state, leader, t, from)) {
      s.committed = s.committed | (1 << t);
      s.txn[t].acks = 0;
      s.txn[t].inFlight = 0;
    } else s.txn[t].acks = s.txn[t].acks | (1 << from);
  }

  /** A server sends the ACK of a transaction to its leader; it is read later, if at all. */
  function sendAck(s: View, leader: number, t: number, from: number): void {
    if (isOutstanding(s as unknown as State, leader, t)) s.txn[t].inFlight = s.txn[t].inFlight | (1 << from);
  }

  /** Whether the ACK of a transaction is on its way from a server to a leader. */
  function mayReceiveAck({ server, txn }: State, leader: number, t: number, from: number): boolean {
    return (
      server[leader].serves && txn[t].epoch === server[leader].currentEpoch && has(txn[t].inFlight, from)
    );
  }

  function receiveAck(s: View, leader: number, t: number, from: number): void {
    s.txn[t].inFlight = s.txn[t].inFlight & ~(1 << from);
    acknowledge(s, leader, t, from);
  }

  function isOutstanding({ server, txn, committed }: State, leader: number, t: number): boolean {
    const { state, currentEpoch } = server[leader];
    return state === LEADING && txn[t].epoch === currentEpoch && !has(committed, t);
  }

  /** The transaction that a leader has committed and applies next; -1 if there is none. */
  function nextToApply(s: State, leader: number): number {
    return nextAfter(s.txn, committedBy(s, leader), lastOf(s.txn, s.server[leader].memory));
  }

  /**
   * The proposals in `queued` go to a learner again: the leader takes back its ACKs of them, and counts none
   * that it sent before.
   */
  function revokeAcks(s: View, me: number, queued: number): void {
    for (let t = 0; t < txns; t++) {
      if (!has(queued, t)) continue;
      if (rules.truncationRevokesAcks) s.txn[t].acks = s.txn[t].acks & ~(1 << me);
      if (!rules.lateAcksCount) s.txn[t].inFlight = s.txn[t].inFlight & ~(1 << me);
    }
  }

  /** The leadership ends: its connections break, and its proposals lose their acknowledgements. */
  function stopLeading(s: View, me: number): void {
    const self = s.server[me];
    for (let t = 0; t < txns; t++) {
      if (s.txn[t].epoch !== self.currentEpoch) continue;
      s.txn[t].acks = 0;
      s.txn[t].inFlight = 0;
    }
    for (let j = 0; j < all; j++) if (s.server[j].leader === me) s.server[j].broken = true;
    self.newLeaderAcks = 0;
    self.serves = false;
  }
}
