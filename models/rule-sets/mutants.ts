/**
 * Mutants that no issue describes: the correct rules with one mistake, and the claim that must notice it.
 * Each leaves out one thing that makes the right leader win, or keeps one established leader per epoch.
 */
import { LOGS_AFTER_NEWLEADER } from './overrides.js';
import type { RuleSet } from './rule-set.js';

const VOTES = 'rules';
const TEXTBOOK = 'tutorial';
const ELECTION = 'fast-leader-election';
const DISCOVERY = 'zab-discovery';
const SYNCHRONIZATION = 'zab-synchronization';

/** Bounds with equal data, so that the sid alone decides; `ranks` would be unsound. */
const EQUAL_DATA = { zxids: [0, 0, 0] } as const;
const TWO_ROUNDS = { rounds: 2, abandons: 1 };

export const mutants: readonly RuleSet[] = [
  {
    name: 'order-ignores-zxid',
    says: 'votes are ordered by epoch and server id alone, so a server that lacks data may lead',
    source: 'made up; the least change of FastLeaderElection.totalOrderPredicate that loses data',
    overrides: {
      totalOrderPredicate: (newId, _newZxid, newEpoch, curId, _curZxid, curEpoch) =>
        newEpoch > curEpoch || (newEpoch === curEpoch && newId > curId),
    },
    breaks: {
      [TEXTBOOK]: { claim: 'highestOfQuorumWins' },
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
      },
      [ELECTION]: {
        claim: 'highestOfQuorumWins',
        also: ['proposalMonotone', 'proposalDominatesSelf'],
        bounds: { servers: 2 },
      },
    },
    survives: {
      [VOTES]: {
        because: 'it is a strict order; only its keys are wrong',
        unreached: 'zxidDecides',
      },
    },
  },
  {
    name: 'order-ignores-epoch',
    says: 'votes are ordered by zxid and server id alone',
    source: 'made up; FastLeaderElection.totalOrderPredicate as it was before votes had a peerEpoch',
    overrides: {
      totalOrderPredicate: (newId, newZxid, _newEpoch, curId, curZxid) =>
        newZxid > curZxid || (newZxid === curZxid && newId > curId),
    },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedIsDurable',
        bounds: { epochs: 3, txns: 2, crashes: 0, abandons: 2 },
      },
      [ELECTION]: {
        claim: 'highestOfQuorumWins',
        also: ['proposalMonotone', 'proposalDominatesSelf'],
        bounds: { servers: 2 },
      },
    },
    survives: {
      [VOTES]: {
        because: 'it is a strict order; only its keys are wrong',
        unreached: 'epochDecides',
      },
      [TEXTBOOK]: { because: 'the textbook has no epochs', answersAlike: true },
    },
  },
  {
    name: 'order-ignores-sid',
    says: 'votes are ordered by epoch and zxid alone, so equal data decide nothing',
    source: 'made up; the last comparison of FastLeaderElection.totalOrderPredicate left out',
    overrides: {
      totalOrderPredicate: (_newId, newZxid, newEpoch, _curId, curZxid, curEpoch) =>
        newEpoch > curEpoch || (newEpoch === curEpoch && newZxid > curZxid),
    },
    breaks: {
      [VOTES]: { claim: 'strictTotalOrder' },
      [TEXTBOOK]: { claim: 'highestOfQuorumWins', also: ['deadlock'] },
    },
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. Equal votes split for ever, and nobody is elected',
        unreached: 'leaderElected',
        bounds: EQUAL_DATA,
      },
      [SYNCHRONIZATION]: {
        because: 'either of two servers with equal data may win: no claim depends on the sid',
      },
    },
  },
  {
    name: 'order-not-strict',
    says: 'a vote beats itself',
    source: 'made up; FastLeaderElection.totalOrderPredicate with >= for the last >',
    overrides: {
      totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
        newEpoch > curEpoch ||
        (newEpoch === curEpoch && (newZxid > curZxid || (newZxid === curZxid && newId >= curId))),
    },
    breaks: { [VOTES]: { claim: 'strictTotalOrder' } },
    survives: {
      [TEXTBOOK]: {
        because:
          'a vote that is heard again is adopted again; it is the same vote, and votes settle as before',
      },
      [ELECTION]: {
        because:
          'pending: liveness. A vote that is heard again is adopted again and sent again; it is the same vote',
        bounds: EQUAL_DATA,
      },
      [SYNCHRONIZATION]: {
        because: 'the vote of an elected server is compared with those of others, and never with itself',
        answersAlike: true,
      },
    },
  },
  {
    name: 'minority-quorum',
    says: 'half of the servers, rounded down, are enough for a quorum',
    source: 'made up; QuorumMaj.containsQuorum with >= for >',
    overrides: { hasQuorum: (votes, servers) => votes >= Math.floor(servers / 2) },
    breaks: {
      [TEXTBOOK]: { claim: 'noMinorityLeader' },
      [DISCOVERY]: { claim: 'singleLeaderPerEpoch', bounds: { epochs: 1 } },
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
      },
      [ELECTION]: {
        claim: 'noMinorityLeader',
        also: ['highestOfQuorumWins', 'decisionHasVoteQuorum'],
      },
    },
  },
  {
    name: 'jump-takes-what-it-hears',
    says: 'a server that enters a later round proposes what it hears, even if its own credential is better',
    source: 'made up; FastLeaderElection.lookForLeader without the comparison with getInitId',
    overrides: { proposalOnJump: () => 'heard' },
    breaks: {
      [ELECTION]: {
        claim: 'highestOfQuorumWins',
        also: ['proposalDominatesSelf'],
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'recvset-kept-on-jump',
    says: 'a server that enters a later round keeps the votes of the one before',
    source: 'made up; FastLeaderElection.lookForLeader without recvset.clear',
    overrides: { clearsRecvsetOnJump: false },
    breaks: { [ELECTION]: { claim: 'recvsetOfThisRound', bounds: TWO_ROUNDS } },
  },
  {
    name: 'recvset-of-any-round',
    says: 'votes of servers that have decided enter recvset whatever their round',
    source: 'made up; receivedFollowingNotification without n.electionEpoch == logicalclock',
    overrides: { entersRecvset: () => true },
    breaks: { [ELECTION]: { claim: 'recvsetOfThisRound', bounds: TWO_ROUNDS } },
  },
  {
    name: 'accepted-epoch-volatile',
    says: 'acceptedEpoch is lost in a crash: the server starts again with currentEpoch in its place',
    source: 'made up; QuorumPeer.setAcceptedEpoch without writeLongToFile',
    overrides: { acceptedEpochAfterCrash: (_acceptedEpoch, currentEpoch) => currentEpoch },
    breaks: {
      [DISCOVERY]: {
        claim: 'singleLeaderPerEpoch',
        also: ['acceptedEpochMonotone', 'oneAckPerEpoch', 'establishedOnce'],
        bounds: { epochs: 1, crashes: 1 },
      },
    },
  },
  {
    name: 'repeated-ack-counts',
    says: 'an ACKEPOCH of -1, from a server that had accepted the epoch before, counts like any other',
    source: 'made up; Leader.waitForEpochAck without ss.getCurrentEpoch() != -1',
    overrides: { countsEpochAck: () => true },
    breaks: {
      [DISCOVERY]: {
        claim: 'singleLeaderPerEpoch',
        also: ['oneAckPerEpoch'],
        bounds: { epochs: 1, abandons: 2 },
      },
    },
  },
  {
    name: 'old-connections-count',
    says: 'an ACKEPOCH that was sent to an earlier leadership of the same server counts in its next one',
    source: 'made up; ACKEPOCH carries no epoch, so only the connection tells which leadership it is for',
    overrides: { oldConnectionsCount: true },
    breaks: {
      [DISCOVERY]: {
        claim: 'singleLeaderPerEpoch',
        also: ['oneAckPerEpoch'],
        bounds: { epochs: 2, abandons: 2 },
      },
    },
  },
  {
    name: 'ahead-is-no-obstacle',
    says: 'a leader counts the ACKEPOCH of a follower whose currentEpoch is ahead of its own',
    source: 'made up; Leader.waitForEpochAck without ss.isMoreRecentThan(leaderStateSummary)',
    overrides: { isMoreRecentThan: () => false },
    breaks: { [DISCOVERY]: { claim: 'leaderNotBehind', bounds: { epochs: 2, abandons: 1 } } },
  },
  {
    name: 'acks-outlive-truncation',
    says: 'an ACK counts though its sender has come back to the same leader and was told to truncate',
    source:
      'Leader.removeLearnerHandler leaves acks; LearnerHandler.syncFollower sends TRUNC: every release since 3.4.14',
    overrides: { truncationRevokesAcks: false },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'late-acks-count',
    says: 'an ACK counts though it was sent before its sender was told to truncate, and was read later',
    source: 'LearnerHandler.run of a connection that the sender has replaced: every release',
    overrides: { lateAcksCount: true },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'committed-is-truncated',
    says: 'a learner is told to truncate what its leader has committed and not yet applied',
    source: 'LearnerHandler.syncFollower compares with getmaxCommittedLog: every release',
    overrides: { truncatesCommitted: true },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'acks-before-uptodate',
    says: 'a follower logs and acknowledges proposals before UPTODATE, and its database has none of them',
    source: 'Learner.syncWithLeader of 3.8.0 to 3.8.4, 3.9.0 and 3.9.1: startupWithoutServing, logRequest',
    overrides: LOGS_AFTER_NEWLEADER,
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 2, crashes: 1, abandons: 0 },
      },
    },
  },
  {
    name: 'logs-ahead-of-memory',
    says: 'a follower logs all that came before NEWLEADER, and its database has none of it until UPTODATE',
    source: 'Learner.syncWithLeader of 3.8.5, 3.8.6 and 3.9.2: appendRequest, startupWithoutServing',
    overrides: { loggedForNewLeader: 'all' },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
      },
    },
  },
];
