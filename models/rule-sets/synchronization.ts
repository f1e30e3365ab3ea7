/** Mutants of synchronization: bugs that ZooKeeper had, and one that it seems to have. */
import type { NewLeaderWrite, RuleSet } from '../rules.js';

const model = 'zab-synchronization';

const HISTORY_FIRST: readonly NewLeaderWrite[] = ['history', 'currentEpoch', 'ack'];
const ACK_BEFORE_HISTORY: readonly NewLeaderWrite[] = ['currentEpoch', 'ack', 'history'];
const EPOCH_BEFORE_HISTORY: readonly NewLeaderWrite[] = ['currentEpoch', 'history', 'ack'];

export const synchronizationMutants: readonly RuleSet[] = [
  {
    name: 'ack-before-history',
    says: 'a learner acknowledges NEWLEADER before the transactions that came before it are on its disk',
    source: 'ZOOKEEPER-3911, ZOOKEEPER-4646: Learner.syncWithLeader, the ACK before the DIFF is durable',
    overrides: { newLeaderWrites: (snapshot) => (snapshot ? HISTORY_FIRST : ACK_BEFORE_HISTORY) },
    breaks: {
      [model]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 3, crashes: 0, abandons: 2 },
      },
    },
  },
  {
    name: 'ack-before-snapshot',
    says: 'a learner acknowledges NEWLEADER before the snapshot that it was sent is on its disk',
    source: 'ZOOKEEPER-3104: NEWLEADER is sent before the snapshot is done',
    overrides: { newLeaderWrites: (snapshot) => (snapshot ? ACK_BEFORE_HISTORY : HISTORY_FIRST) },
    breaks: {
      [model]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 3, crashes: 0, abandons: 2 },
      },
    },
  },
  {
    name: 'epoch-before-history',
    says: 'a learner writes currentEpoch before the transactions that came with it',
    source: 'ZOOKEEPER-4643: Learner.syncWithLeader, setCurrentEpoch before the DIFF is logged',
    overrides: { newLeaderWrites: () => EPOCH_BEFORE_HISTORY },
    breaks: {
      [model]: {
        claim: 'committedNeverTruncated',
        also: ['leaderCompleteness', 'committedIsDurable'],
        bounds: { epochs: 3, crashes: 0, abandons: 2 },
      },
    },
  },
  {
    name: 'no-truncation',
    says: 'a learner that is ahead of its leader keeps what only it has',
    source: 'ZOOKEEPER-1154, ZOOKEEPER-1156: LearnerHandler.run, a DIFF where a TRUNC is due',
    overrides: { truncates: false },
    breaks: {
      [model]: { claim: 'committedPrefixAgrees', bounds: { epochs: 2, txns: 2, crashes: 0, abandons: 1 } },
    },
  },
  {
    name: 'database-kept',
    says: 'a server that leaves goes on with its database, though its log has more',
    source: 'ZOOKEEPER-2845: ZooKeeperServer.shutdown without fastForwardDataBase',
    overrides: {
      databaseAfterLeaving: (runs, snapshot) => (runs ? 'kept' : snapshot ? 'reloaded' : 'kept'),
    },
    breaks: {
      [model]: {
        claim: 'committedNeverTruncated',
        also: ['leaderCompleteness', 'committedIsDurable'],
        bounds: { epochs: 2, crashes: 0, abandons: 1 },
      },
    },
  },
  {
    name: 'snapshot-kept-in-memory',
    says: 'a learner that leaves in the middle of a SNAP keeps the snapshot, which is not on its disk',
    source: 'ZOOKEEPER-3642: Learner.shutdown without the forced shutdown of the database',
    overrides: { databaseAfterLeaving: (runs) => (runs ? 'fastForwarded' : 'kept') },
    breaks: {
      [model]: {
        claim: 'committedNeverTruncated',
        also: ['committedIsDurable', 'leaderCompleteness'],
        bounds: { epochs: 3, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'acks-outlive-truncation',
    says: 'an ACK counts though its sender has come back to the same leader and was told to truncate',
    source:
      'Leader.removeLearnerHandler leaves acks; LearnerHandler.syncFollower sends TRUNC: ZooKeeper as it is',
    overrides: { truncationRevokesAcks: false },
    breaks: {
      [model]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { servers: 5, epochs: 2, crashes: 0, abandons: 2 },
      },
    },
  },
];
