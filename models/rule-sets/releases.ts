/**
 * What ZooKeeper does, version by version: the rules of `correct` without its repairs, and with what each
 * version does in another way. Read in the Java of each version. 3.9.3 is none of them: it does as master
 * does, and its committedLog may have holes (ZOOKEEPER-4925).
 */
import type { Rules } from '../rules.js';
import { KEPT_IN_A_TRUNC, LOGS_AFTER_NEWLEADER } from './overrides.js';
import type { RuleSet } from './rule-set.js';

const SYNCHRONIZATION = 'zab-synchronization';

/** No version has the repairs. */
const UNREPAIRED: Partial<Rules> = {
  truncatesCommitted: true,
  truncationRevokesAcks: false,
  lateAcksCount: true,
  ...KEPT_IN_A_TRUNC,
};

export const releases: readonly RuleSet[] = [
  {
    name: 'zookeeper-master',
    alsoCalled: ['zookeeper-3.9.4', 'zookeeper-3.9.5'],
    says: 'ZooKeeper 3.9.4 and later: it truncates what is committed and not applied, and counts ACKs of it',
    source: 'LearnerHandler.syncFollower: getmaxCommittedLog; Leader.startForwarding, removeLearnerHandler',
    overrides: UNREPAIRED,
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'zookeeper-3.8.6',
    alsoCalled: ['zookeeper-3.8.5', 'zookeeper-3.9.2'],
    says: 'ZooKeeper 3.8.6: it logs all proposals for NEWLEADER, and its database is behind until UPTODATE',
    source: 'Learner.syncWithLeader of 3.8.6: appendRequest, requestsToAck, startupWithoutServing',
    overrides: { ...UNREPAIRED, loggedForNewLeader: 'all', logWriterSurvives: true },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'zookeeper-3.8.0',
    alsoCalled: [
      'zookeeper-3.8.1',
      'zookeeper-3.8.2',
      'zookeeper-3.8.3',
      'zookeeper-3.8.4',
      'zookeeper-3.9.0',
      'zookeeper-3.9.1',
    ],
    says: 'ZooKeeper 3.8.0: it acknowledges NEWLEADER and currentEpoch before the history is on its disk',
    source: 'Learner.syncWithLeader of 3.8.0: setCurrentEpoch, startupWithoutServing, logRequest',
    overrides: {
      ...UNREPAIRED,
      ...LOGS_AFTER_NEWLEADER,
      logWriterSurvives: true,
    },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 1 },
      },
    },
  },
];
