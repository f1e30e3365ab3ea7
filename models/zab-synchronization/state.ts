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
 * How far a learner has come: none; it has joined a leader, which now knows its last zxid; the packets before
 * NEWLEADER are read; one, two, all three of NEWLEADER's writes are done; UPTODATE is read.
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
    /** What is in the log and the snapshots: durable. */
    disk: history(txns),
    /** What the database in memory has processed. */
    memory: history(txns),
    leader: sidOrNone(all),
    stage: Stage,
    /** Its leader has closed the connection, which it has yet to notice. */
    broken: flag,
    syncMode: SyncMode,
    /** Of a LEADING server: who has acknowledged NEWLEADER, and whether it serves. */
    newLeaderAcks: sidSet(all),
    serves: flag,
  });
  return struct({
    server: perServer(all, Server),
    /**
     * The epoch of each transaction, 0 before it is proposed; who has acknowledged it to its leader.
     */
    txn: list(txns, struct({ epoch: range(0, epochs), acks: sidSet(all) })),
    crashesLeft: range(0, crashes),
    abandonsLeft: range(0, abandons),
    /** History, for claims alone: what was ever committed. */
    committed: history(txns),
  });
}

export type SynchronizationSchema = ReturnType<typeof schema>;
export type SynchronizationState = Reading<SynchronizationSchema>;
