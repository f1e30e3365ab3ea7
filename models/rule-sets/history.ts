/**
 * The bugs that ZooKeeper's elections have had, each as today's rules with one old mistake. In the order of
 * the issue tracker.
 */
import type { NewLeaderWrite } from '../rules.js';
import { EPOCH_FIRST, HISTORY_FIRST, KEPT_IN_A_TRUNC } from './overrides.js';
import type { RuleSet } from './rule-set.js';

const VOTES = 'rules';
const TEXTBOOK = 'tutorial';
const ELECTION = 'fast-leader-election';
const DISCOVERY = 'zab-discovery';
const SYNCHRONIZATION = 'zab-synchronization';

const TWO_ROUNDS = { rounds: 2, abandons: 1 };
/** Bounds under which votes elect, and get the established epoch afterwards. */
const ELECTED = { election: 'fle', epochs: 1, rounds: 2 } as const;

const ACK_BEFORE_HISTORY: readonly NewLeaderWrite[] = ['currentEpoch', 'ack', 'history'];

export const history: readonly RuleSet[] = [
  {
    name: 'ZOOKEEPER-159',
    alsoCalled: ['ZOOKEEPER-480'],
    says: 'a leader that others report is followed without asking whether it leads',
    source: 'ZOOKEEPER-159, 480: FastLeaderElection before checkLeader; peers went on electing a dead leader',
    overrides: { checkLeader: () => true },
    breaks: { [ELECTION]: { claim: 'adoptedWasLeading' } },
  },
  {
    name: 'ZOOKEEPER-275',
    says: 'a server that enters a later round proposes itself, whatever it has heard',
    source:
      'ZOOKEEPER-275: FastLeaderElection.lookForLeader before 3.1.0, a jump without totalOrderPredicate',
    overrides: { proposalOnJump: () => 'own' },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. It adopts the better vote when it hears it again; elections take longer',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'ZOOKEEPER-335',
    alsoCalled: ['ZOOKEEPER-1081', 'ZOOKEEPER-1082'],
    says: 'a server writes currentEpoch as soon as it accepts an epoch',
    source: 'ZOOKEEPER-335, 1081, 1082: one epoch before acceptedEpoch was told from currentEpoch, in 3.4.0',
    overrides: { currentEpochWritten: 'whenAccepted' },
    breaks: { [DISCOVERY]: { claim: 'currentEpochEstablished', bounds: { epochs: 1 } } },
  },
  {
    name: 'ZOOKEEPER-481',
    says: 'the last message over a connection that broke is not sent again over the next one',
    source: 'ZOOKEEPER-481: QuorumCnxManager before lastMessageSent',
    overrides: { resendsLastMessage: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because:
          'pending: liveness. A server that has decided is silent until it is asked; no wrong one is elected',
        bounds: { disconnects: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-569',
    says: 'a server that begins a new election votes for the leader of its last one first',
    source: 'ZOOKEEPER-569: an election that kept its vote for a peer that was dead',
    overrides: { proposesItselfFirst: false },
    breaks: { [ELECTION]: { claim: 'proposalDominatesSelf', bounds: TWO_ROUNDS } },
  },
  {
    name: 'ZOOKEEPER-764',
    alsoCalled: ['ZOOKEEPER-2988'],
    says: 'an observer is elected: it takes itself for a voter, and so does one server',
    source: 'ZOOKEEPER-764, 2988: FastLeaderElection without validVoter, under two views of who votes',
    overrides: {
      validVoter: (isParticipant, sid) => isParticipant || sid === 1 || sid === 4,
      countsInEpochQuorum: (isParticipant, sid) => isParticipant || sid === 4,
    },
    breaks: { [DISCOVERY]: { claim: 'singleLeaderPerEpoch', bounds: { epochs: 1, observers: 1 } } },
  },
  {
    name: 'ZOOKEEPER-790',
    says: 'a leader raises its credential when it proposes an epoch, before a quorum has acknowledged it',
    source: 'ZOOKEEPER-790: Leader.lead, setZxid before a quorum supports the leader',
    overrides: { currentEpochWritten: 'whenProposed' },
    breaks: { [DISCOVERY]: { claim: 'currentEpochEstablished', bounds: { epochs: 1 } } },
  },
  {
    name: 'ZOOKEEPER-962',
    alsoCalled: ['ZOOKEEPER-1551', 'ZOOKEEPER-4394'],
    says: 'a learner gets the COMMIT of a transaction that was never proposed to it',
    source:
      'ZOOKEEPER-962, 1551, 4394: LearnerHandler, a proposal between the sync of a learner and its registration',
    overrides: { queuesOutstanding: false },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedPrefixAgrees',
        also: ['leaderCompleteness', 'committedNeverTruncated', 'committedIsDurable'],
        bounds: { epochs: 2, txns: 2, crashes: 0, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-1154',
    alsoCalled: ['ZOOKEEPER-1156'],
    says: 'a learner that is ahead of its leader keeps transactions that the leader lacks',
    source: 'ZOOKEEPER-1154, 1156: LearnerHandler.run, a DIFF where a TRUNC is due',
    overrides: { truncates: false },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedPrefixAgrees',
        bounds: { epochs: 2, txns: 2, crashes: 0, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-1270',
    says: 'a leader does not count itself for the quorum that acknowledges NEWLEADER',
    source: 'ZOOKEEPER-1270: Leader.lead, its own ACK lost in a race with those of its followers',
    overrides: { leaderAcksNewLeader: false },
    breaks: {},
    survives: {
      [SYNCHRONIZATION]: {
        because: 'pending: liveness. A leader waits for more followers than it needs',
        unreached: 'cannotStartAgain',
      },
    },
  },
  {
    name: 'ZOOKEEPER-1291',
    says: 'a leader writes its acceptedEpoch together with currentEpoch, after its epoch was proposed',
    source: 'ZOOKEEPER-1291: Leader.lead, setAcceptedEpoch after waitForEpochAck',
    overrides: { leaderAcceptsEpoch: 'withCurrentEpoch' },
    breaks: {
      [DISCOVERY]: {
        claim: 'singleLeaderPerEpoch',
        also: ['oneAckPerEpoch', 'establishedOnce'],
        bounds: { epochs: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-1291-omitted',
    says: 'a leader does not write the epoch that it proposes as its own acceptedEpoch',
    source: 'ZOOKEEPER-1291: Leader.getEpochToPropose without self.setAcceptedEpoch(epoch)',
    overrides: { leaderAcceptsEpoch: 'never' },
    breaks: {
      [DISCOVERY]: {
        claim: 'singleLeaderPerEpoch',
        also: ['acceptedCoversCurrent', 'oneAckPerEpoch', 'establishedOnce'],
        bounds: { epochs: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-1343',
    says: 'the proposed epoch may equal the acceptedEpoch of a server in the quorum',
    source: 'ZOOKEEPER-1343: Leader.getEpochToPropose with > for >=',
    overrides: {
      epochToPropose: (epoch, lastAcceptedEpoch) =>
        lastAcceptedEpoch > epoch ? lastAcceptedEpoch + 1 : epoch,
    },
    breaks: { [DISCOVERY]: { claim: 'proposedEpochFresh', bounds: { epochs: 2, abandons: 1 } } },
  },
  {
    name: 'ZOOKEEPER-1419',
    says: 'if zxids are equal the sid decides, not the epoch, so three votes can beat each other in a circle',
    source: 'ZOOKEEPER-1419: FastLeaderElection.totalOrderPredicate before 3.4.4',
    overrides: {
      totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
        newEpoch > curEpoch ||
        (newEpoch === curEpoch && newZxid > curZxid) ||
        (newZxid === curZxid && newId > curId),
    },
    breaks: {
      [VOTES]: { claim: 'strictTotalOrder' },
      // Two votes beat each other, so no server can be elected.
      [SYNCHRONIZATION]: { claim: 'deadlock', bounds: { epochs: 3, txns: 1, crashes: 1, abandons: 1 } },
      [ELECTION]: {
        claim: 'highestOfQuorumWins',
        also: ['proposalMonotone', 'proposalDominatesSelf'],
        bounds: { servers: 2 },
      },
    },
    survives: {
      [TEXTBOOK]: {
        because: 'the textbook has no epochs, and without them this is the right order',
        answersAlike: true,
      },
    },
  },
  {
    name: 'ZOOKEEPER-1732',
    alsoCalled: ['ZOOKEEPER-1805', 'ZOOKEEPER-1817', 'ZOOKEEPER-1818'],
    says: 'votes out of the election equal each other only if their rounds do',
    source: 'ZOOKEEPER-1732, 1805, 1817, 1818: Vote.equals before 3.4.6, of all fields',
    overrides: { comparesRoundsOutOfElection: true },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. No server joins a leader whose followers came in other rounds',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'ZOOKEEPER-1732-epochs',
    says: 'servers that serve keep the peerEpoch of the election in their votes, and not the established epoch',
    source: 'ZOOKEEPER-1732: Leader.startZkServer, Learner.syncWithLeader before updateElectionVote',
    overrides: { updatesElectionVote: false },
    breaks: {},
    survives: {
      [DISCOVERY]: {
        because:
          'pending: liveness. No server joins a leader whose supporters were elected in different epochs',
        bounds: ELECTED,
      },
    },
  },
  {
    name: 'ZOOKEEPER-2307',
    says: 'a server sets acceptedEpoch in memory before its file, so a restart may find the one before',
    source: 'ZOOKEEPER-2307: QuorumPeer.setAcceptedEpoch, the field set before the file is written',
    overrides: { acceptedEpochAfterCrash: (_acceptedEpoch, currentEpoch) => Math.max(0, currentEpoch - 1) },
    breaks: {
      [DISCOVERY]: {
        claim: 'restartable',
        also: [
          'acceptedEpochMonotone',
          'acceptedCoversCurrent',
          'oneAckPerEpoch',
          'establishedOnce',
          'singleLeaderPerEpoch',
        ],
        bounds: { epochs: 1, crashes: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-2418',
    alsoCalled: ['ZOOKEEPER-2846', 'ZOOKEEPER-4352', 'ZOOKEEPER-4925'],
    says: 'a DIFF has a hole: of what the learner lacks it holds the last transaction alone',
    source:
      'ZOOKEEPER-2418, 2846, 4352, 4925: LearnerHandler.syncFollower, a DIFF that leaves transactions out',
    overrides: { diffHolds: (nth, count) => nth === count },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedPrefixAgrees',
        also: ['leaderCompleteness', 'committedNeverTruncated', 'committedIsDurable'],
        bounds: { epochs: 2, txns: 2, crashes: 0, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-2845',
    says: 'a server that leaves goes on with its database, though its log has more',
    source: 'ZOOKEEPER-2845: ZooKeeperServer.shutdown without fastForwardDataBase',
    overrides: {
      databaseAfterLeaving: (runs, snapshot) => (runs ? 'kept' : snapshot ? 'reloaded' : 'kept'),
    },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedNeverTruncated',
        also: ['leaderCompleteness', 'committedIsDurable'],
        bounds: { epochs: 2, crashes: 0, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-2959',
    says: 'observers count for the quorums that propose and acknowledge an epoch',
    source: 'ZOOKEEPER-2959: Leader.getEpochToPropose, waitForEpochAck without isParticipant',
    overrides: { countsInEpochQuorum: () => true },
    breaks: { [DISCOVERY]: { claim: 'singleLeaderPerEpoch', bounds: { epochs: 1, observers: 1 } } },
  },
  {
    name: 'ZOOKEEPER-3104',
    says: 'a learner acknowledges NEWLEADER before the snapshot that it was sent is on its disk',
    source: 'ZOOKEEPER-3104: NEWLEADER is sent before the snapshot is done',
    overrides: { newLeaderWrites: (snapshot) => (snapshot ? ACK_BEFORE_HISTORY : HISTORY_FIRST) },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 3, crashes: 0, abandons: 2 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-3642',
    says: 'a learner that leaves in the middle of a SNAP keeps the snapshot, which is not on its disk',
    source: 'ZOOKEEPER-3642: Learner.shutdown without the forced shutdown of the database',
    overrides: { databaseAfterLeaving: (runs) => (runs ? 'fastForwarded' : 'kept') },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedNeverTruncated',
        also: ['committedIsDurable', 'leaderCompleteness'],
        bounds: { epochs: 3, crashes: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-3911',
    alsoCalled: ['ZOOKEEPER-4646', 'ZOOKEEPER-4785'],
    says: 'a learner acknowledges NEWLEADER before the transactions that came before it are on its disk',
    source: 'ZOOKEEPER-3911, 4646, 4785: Learner.syncWithLeader, the ACK before the DIFF is durable',
    overrides: { newLeaderWrites: (snapshot) => (snapshot ? HISTORY_FIRST : ACK_BEFORE_HISTORY) },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedIsDurable', 'committedNeverTruncated'],
        bounds: { epochs: 3, crashes: 0, abandons: 2 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-4643',
    says: 'a learner writes currentEpoch before the transactions that came with it',
    source: 'ZOOKEEPER-4643: Learner.syncWithLeader, setCurrentEpoch before the DIFF is logged',
    overrides: { newLeaderWrites: () => EPOCH_FIRST },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedNeverTruncated',
        also: ['leaderCompleteness', 'committedIsDurable'],
        bounds: { epochs: 3, crashes: 0, abandons: 2 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-4685',
    says: 'a learner acknowledges a transaction of the DIFF before NEWLEADER, and its leader ignores the ACK',
    source: 'ZOOKEEPER-4685: Learner.syncWithLeader, transactions logged by SyncRequestProcessor meanwhile',
    overrides: { acksDiffWhenLogged: true },
    breaks: {},
    survives: {
      [SYNCHRONIZATION]: {
        because:
          'pending: liveness. A leader gives up for want of an ACK; the next sync finds the DIFF on disk',
      },
    },
  },
  {
    name: 'ZOOKEEPER-4712',
    alsoCalled: ['ZOOKEEPER-4541'],
    says: 'the log of a learner that has left goes on writing what it was given',
    source:
      'ZOOKEEPER-4712, 4541: LearnerZooKeeperServer.shutdown before 3.9.3 leaves its SyncRequestProcessor',
    overrides: { logWriterSurvives: true },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedNeverTruncated', 'committedIsDurable'],
      },
    },
  },
  {
    name: 'ZOOKEEPER-4882',
    says: 'a follower commits a transaction that it failed to log, so its memory is ahead of its log',
    source: 'ZOOKEEPER-4882: SyncRequestProcessor.run fails, and ZooKeeperServer.shutdown keeps the database',
    overrides: { commitsUnlogged: true },
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'committedPrefixAgrees',
        also: ['leaderCompleteness', 'committedNeverTruncated', 'committedIsDurable'],
        bounds: { epochs: 2, txns: 2, crashes: 1, abandons: 0 },
      },
    },
  },
  {
    name: 'ZOOKEEPER-5094',
    says: 'a learner that leaves in the middle of a TRUNC keeps what it committed, and its log does not have it',
    source: 'ZOOKEEPER-5094: Learner.shutdown, which clears the database in the middle of a SNAP alone',
    overrides: KEPT_IN_A_TRUNC,
    breaks: {
      [SYNCHRONIZATION]: {
        claim: 'leaderCompleteness',
        also: ['committedNeverTruncated', 'committedIsDurable'],
        bounds: { crashes: 2 },
      },
    },
  },
];
