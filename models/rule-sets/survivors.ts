/** Made-up changes of the rules that no claim notices, and why: most make an election slower, or endless. */
import type { RuleSet } from './rule-set.js';

const ELECTION = 'fast-leader-election';
const TWO_ROUNDS = { rounds: 2, abandons: 1 };

export const survivors: readonly RuleSet[] = [
  {
    name: 'jump-compares-proposal',
    says: 'a server that enters a later round keeps its proposal of the round before, if that is better',
    source: 'made up; FastLeaderElection.lookForLeader with the proposal for getInitId',
    overrides: { proposalOnJump: (_own, proposal) => (proposal ? 'heard' : 'proposal') },
    breaks: {},
    survives: {
      [ELECTION]: {
        because:
          'of three servers, one that backs another waits in finalizeWait, and only a better vote ends the wait, ' +
          'so both answers name the same vote. With more servers, pending: liveness. A vote for a dead server ' +
          'outlives the round',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'adopted-not-sent',
    says: 'a server that adopts a vote does not send it',
    source: 'made up; FastLeaderElection.lookForLeader without sendNotifications after updateProposal',
    overrides: { broadcastsAdopted: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. ResendNotifications sends the vote later',
        bounds: { crashes: 1 },
      },
    },
  },
  {
    name: 'no-reply-to-earlier-round',
    says: 'a LOOKING server does not answer one that is rounds behind',
    source: 'made up; WorkerReceiver.run without the reply',
    overrides: { repliesToEarlierRound: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. The one behind hears the later round from a notification sent again',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'earlier-rounds-heard',
    says: 'the vote of a LOOKING server that is rounds behind may be adopted',
    source: 'made up; FastLeaderElection.lookForLeader without n.electionEpoch < logicalclock',
    overrides: { dropsEarlierRounds: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'it casts the adopted vote in its own round, and votes of earlier rounds still do not count',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'word-of-leader',
    says: 'a server follows a leader of its own round on the word of that leader alone, without a quorum',
    source: 'FastLeaderElection.tla, leaveOk3; receivedFollowingNotification before ZOOKEEPER-480',
    overrides: { joinsLeaderOfThisRound: true },
    breaks: {},
    survives: {
      [ELECTION]: {
        because:
          'a leader has the votes of a majority of its round: to follow it at once is to follow it sooner',
      },
    },
  },
  {
    name: 'decided-votes-out-of-recvset',
    says: 'votes of servers that have decided do not enter recvset',
    source: 'made up; receivedFollowingNotification without recvset.put',
    overrides: { entersRecvset: (isLooking, isOfThisRound) => isLooking && isOfThisRound },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. A leader may be joined by its outofelection votes alone, or not at all',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'this-round-out-of-outofelection',
    says: 'votes of servers that have decided in this round do not enter outofelection',
    source: 'made up; receivedFollowingNotification with else before outofelection.put',
    overrides: { entersOutofelection: (isOfThisRound) => !isOfThisRound },
    breaks: {},
    survives: {
      [ELECTION]: {
        because:
          'pending: liveness. A leader whose followers decided in this round and in another is not joined',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'put-back-lost',
    says: 'the better vote that ends finalizeWait is lost',
    source: 'made up; the inner loop of FastLeaderElection.lookForLeader without recvqueue.put',
    overrides: { putsBack: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because:
          'pending: liveness. It decides later for the best of its quorum, or hears the better vote again',
        unreached: 'decisionOvertaken',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'recvset-compares-epochs',
    says: 'votes of servers that have decided in this round equal each other only if their peerEpochs do',
    source: 'made up; Vote.equals of version 2 where receivedFollowingNotification leaves version 0',
    overrides: { comparesEpochsInRecvset: true },
    breaks: {},
    survives: {
      [ELECTION]: { because: 'credentials are fixed there, so all votes for one leader have one peerEpoch' },
      'zab-discovery': {
        because: 'pending: liveness. Fewer servers join a leader that is established and does not serve yet',
        bounds: { election: 'fle', epochs: 1 },
      },
    },
  },
  {
    name: 'wait-checks-round',
    says: 'a better vote of another round does not end finalizeWait',
    source: 'made up; the inner loop of FastLeaderElection.lookForLeader with a look at the round',
    overrides: { endsFinalizeWait: (beatsProposal, isOfThisRound) => beatsProposal && isOfThisRound },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'it decides at once what it would have decided later: its quorum is of this round',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'no-finalize-wait',
    says: 'a server decides as soon as it has a quorum',
    source: 'made up; FastLeaderElection.lookForLeader without the inner loop',
    overrides: { waitsToFinalize: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'the wait makes the best of all win more often; the best of a quorum wins without it',
        unreached: 'decisionOvertaken',
        bounds: { crashes: 1 },
      },
    },
  },
  {
    name: 'clock-not-raised',
    says: 'a new election goes on in the round of the last one',
    source: 'made up; FastLeaderElection.lookForLeader without logicalclock.incrementAndGet',
    overrides: { raisesClock: false },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'with one round for all there are no rounds to compare: rounds are for progress',
        unreached: 'clockLoweredByAdoption',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'clock-kept-over-a-crash',
    says: 'a server that starts again goes on from the round in which it died',
    source: 'made up; logicalclock in a file',
    overrides: { clockAfterCrash: (logicalclock) => logicalclock },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'round numbers repeat less often, and no claim depends on that',
        bounds: { crashes: 1 },
      },
    },
  },
];
