/** Rules of synchronization that several rule sets have in common. */
import type { NewLeaderWrite, Rules } from '../rules.js';

export const HISTORY_FIRST: readonly NewLeaderWrite[] = ['history', 'currentEpoch', 'ack'];
export const EPOCH_FIRST: readonly NewLeaderWrite[] = ['currentEpoch', 'history', 'ack'];

/** Until 3.8.4, 3.9.1: the log of a follower gets all that came before NEWLEADER, in its own time. */
export const LOGS_AFTER_NEWLEADER: Partial<Rules> = {
  loggedForNewLeader: 'none',
  newLeaderWrites: (snapshot) => (snapshot ? HISTORY_FIRST : EPOCH_FIRST),
};

/** In every release: only in the middle of a SNAP is the database read again. */
export const KEPT_IN_A_TRUNC: Partial<Rules> = {
  databaseAfterLeaving: (runs, snapshot) => (runs ? 'fastForwarded' : snapshot ? 'reloaded' : 'kept'),
};
