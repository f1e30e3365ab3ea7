/** The state of `zab-synchronization`. */
import {
  flag,
  list,
  oneOf,
  perServer,
  type Reading,
  range,
  sidOrNone,
  sidSet,
  struct,
  type View,
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import { ServerState } from '../model/server-state.js';
import { history } from './histories.js';

/**
 * The stage of a learner: none; it has joined a leader, which knows its last zxid; it has read the packets
 * before NEWLEADER; it has done one, two or all three writes of NEWLEADER; it has read UPTODATE.
 */
export const Stage = oneOf('NONE', 'JOINED', 'SYNCING', 'NEWLEADER_1', 'NEWLEADER_2', 'SYNCED', 'SERVING');

/** `QuorumPeer.SyncMode`. */
export const SyncMode = oneOf('NONE', 'DIFF', 'TRUNC', 'SNAP');

export function schema({ servers, observers, epochs, txns, crashes, abandons }: Bounds) {
  const all = servers + observers;
  const Server = struct({
    state: ServerState,
    acceptedEpoch: range(0, epochs),
    currentEpoch: range(0, epochs),
    /** The history in the log and the snapshots: durable. */
    disk: history(txns),
    /** The history that the database in memory has processed: `DataTree.lastProcessedZxid` is its last. */
    memory: history(txns),
    leader: sidOrNone(all),
    stage: Stage,
    /** Its leader has closed the connection, and it has not noticed yet. */
    broken: flag,
    syncMode: SyncMode,
    /**
     * For a learner: the transactions that it has read over this connection and not yet applied,
     * `packetsNotLogged` before UPTODATE and `pendingTxns` after it; those of them whose COMMIT it has read
     * before UPTODATE, `packetsCommitted`.
     */
    pending: history(txns),
    commits: history(txns),
    /** Proposals of its leader that it was never sent. Only without `queuesOutstanding` are there any. */
    missed: history(txns),
    /** The queue of its `SyncRequestProcessor`: transactions that it has yet to log and acknowledge. */
    unlogged: history(txns),
    /** The same of a `SyncRequestProcessor` whose server has ended. Only `logWriterSurvives` leaves any. */
    orphaned: history(txns),
    /** For a LEADING server: the servers that have acknowledged NEWLEADER, and whether it serves. */
    newLeaderAcks: sidSet(all),
    serves: flag,
  });
  return struct({
    server: perServer(all, Server),
    /**
     * The epoch of each transaction, 0 before it is proposed; the servers whose ACK is on its way to the
     * leader that proposed it, and those whose ACK that leader has counted, until it commits.
     */
    txn: list(txns, struct({ epoch: range(0, epochs), inFlight: sidSet(all), acks: sidSet(all) })),
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    /**
     * The transactions that a leader has committed: those of its epoch are its `lastCommitted`, the others
     * are for claims alone.
     */
    committed: history(txns),
  });
}

export type SynchronizationSchema = ReturnType<typeof schema>;
/** A state to be read. */
export type SynchronizationState = Reading<SynchronizationSchema>;
/** A state to be changed. */
export type SynchronizationView = View<SynchronizationSchema>;
