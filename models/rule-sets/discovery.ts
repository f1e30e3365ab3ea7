/** Mutants of discovery: what makes one established leader per epoch true, each left out once. */
import type { RuleSet } from '../rules.js';

const model = 'zab-discovery';

export const discoveryMutants: readonly RuleSet[] = [
  {
    name: 'leader-accepts-never',
    says: 'a leader does not write the epoch that it proposes as its own acceptedEpoch',
    source: 'ZOOKEEPER-1291: Leader.getEpochToPropose without self.setAcceptedEpoch(epoch)',
    overrides: { leaderAcceptsEpoch: 'never' },
    breaks: {
      [model]: {
        claim: 'singleLeaderPerEpoch',
        also: ['acceptedCoversCurrent', 'oneAckPerEpoch', 'establishedOnce'],
        bounds: { epochs: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'leader-accepts-late',
    says: 'a leader writes its acceptedEpoch together with currentEpoch, after its epoch was proposed',
    source: 'ZOOKEEPER-1291: Leader.lead, setAcceptedEpoch after waitForEpochAck',
    overrides: { leaderAcceptsEpoch: 'withCurrentEpoch' },
    breaks: {
      [model]: {
        claim: 'singleLeaderPerEpoch',
        also: ['oneAckPerEpoch', 'establishedOnce'],
        bounds: { epochs: 1, abandons: 1 },
      },
    },
  },
  {
    name: 'accepted-epoch-volatile',
    says: 'acceptedEpoch is lost in a crash: the server starts again with currentEpoch in its place',
    source: 'made up; QuorumPeer.setAcceptedEpoch without writeLongToFile',
    overrides: { acceptedEpochAfterCrash: (_acceptedEpoch, currentEpoch) => currentEpoch },
    breaks: {
      [model]: {
        claim: 'singleLeaderPerEpoch',
        also: ['acceptedEpochMonotone', 'oneAckPerEpoch', 'establishedOnce'],
        bounds: { epochs: 1, crashes: 1 },
      },
    },
  },
  {
    name: 'accepted-epoch-in-memory-only',
    says: 'a server takes an epoch for accepted that its file does not have: a start finds the one before',
    source: 'ZOOKEEPER-2307: QuorumPeer.setAcceptedEpoch, the field set before the file is written',
    overrides: { acceptedEpochAfterCrash: (_acceptedEpoch, currentEpoch) => Math.max(0, currentEpoch - 1) },
    breaks: {
      [model]: {
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
    name: 'repeated-ack-counts',
    says: 'an ACKEPOCH of -1, from a server that had accepted the epoch before, counts like any other',
    source: 'made up; Leader.waitForEpochAck without ss.getCurrentEpoch() != -1',
    overrides: { countsEpochAck: () => true },
    breaks: {
      [model]: {
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
      [model]: {
        claim: 'singleLeaderPerEpoch',
        also: ['oneAckPerEpoch'],
        bounds: { epochs: 2, abandons: 2 },
      },
    },
  },
  {
    name: 'observers-count',
    says: 'observers count for the quorums that propose and acknowledge an epoch',
    source: 'ZOOKEEPER-2959: Leader.getEpochToPropose, waitForEpochAck without isParticipant',
    overrides: { countsInEpochQuorum: () => true },
    breaks: {
      [model]: {
        claim: 'singleLeaderPerEpoch',
        bounds: { epochs: 1, observers: 1 },
      },
    },
  },
  {
    name: 'ahead-is-no-obstacle',
    says: 'a leader counts the ACKEPOCH of a follower whose currentEpoch is ahead of its own',
    source: 'made up; Leader.waitForEpochAck without ss.isMoreRecentThan(leaderStateSummary)',
    overrides: { isMoreRecentThan: () => false },
    breaks: { [model]: { claim: 'leaderNotBehind', bounds: { epochs: 2, abandons: 1 } } },
  },
  {
    name: 'epoch-not-raised-when-equal',
    says: 'the proposed epoch may equal the acceptedEpoch of a server in the quorum',
    source: 'ZOOKEEPER-1343: Leader.getEpochToPropose with > for >=',
    overrides: {
      epochToPropose: (epoch, lastAcceptedEpoch) =>
        lastAcceptedEpoch > epoch ? lastAcceptedEpoch + 1 : epoch,
    },
    breaks: {
      [model]: { claim: 'proposedEpochFresh', bounds: { epochs: 2, abandons: 1 } },
    },
  },
];
