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
    /** The history that the database in memory has processed. */
    memory: history(txns),
    leader: sidOrNone(all),
    stage: Stage,
    /** Its leader has closed the connection, and it has not noticed yet. */
    broken: flag,
    syncMode: SyncMode,
    /** For a LEADING server: the servers that have acknowledged NEWLEADER, and whether it serves. */
    newLeaderAcks: sidSet(all),
    serves: flag,
  });
  return struct({
    server: perServer(all, Server),
    /**
     * The epoch of each transaction, 0 before it is proposed; the servers that have acknowledged it to its
     * leader.
     */
    txn: list(txns, struct({ epoch: range(0, epochs), acks: sidSet(all) })),
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    /** Ghost state, for claims alone: the transactions that were ever committed. */
    committed: history(txns),
  });
}

export type SynchronizationSchema = ReturnType<typeof schema>;
export type SynchronizationState = Reading<SynchronizationSchema>;
