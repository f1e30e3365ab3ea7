/** Changes of the rules that no claim notices, and why not: most make an election slower, or endless. */
import type { RuleSet } from '../rules.js';

const ELECTION = 'fast-leader-election';
const TWO_ROUNDS = { rounds: 2, abandons: 1 };

export const survivors: readonly RuleSet[] = [
  {
    name: 'ZOOKEEPER-275',
    says: 'a server that enters a later round proposes itself, whatever it has heard',
    source: 'ZOOKEEPER-275: FastLeaderElection.lookForLeader before 3.1.0',
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
    name: 'ZOOKEEPER-1732',
    says: 'votes out of the election equal each other only if their rounds do',
    source: 'ZOOKEEPER-1732: Vote.equals before 3.4.6; ZOOKEEPER-1805',
    overrides: { comparesRoundsOutOfElection: true },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. A leader whose followers came in other rounds is joined by nobody',
        bounds: TWO_ROUNDS,
      },
    },
  },
  {
    name: 'jump-compares-proposal',
    says: 'a server that enters a later round keeps its proposal of the round before, if that is better',
    source: 'made up; FastLeaderElection.lookForLeader with the proposal for getInitId',
    overrides: { proposalOnJump: (_own, proposal) => (proposal ? 'heard' : 'proposal') },
    breaks: {},
    survives: {
      [ELECTION]: {
        because: 'pending: liveness. A vote for a server that has died since outlives the round',
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
        because: 'pending: liveness. What is not sent at once is sent again later, by ResendNotifications',
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
        because: 'round numbers would repeat less often, and no claim leans on their repeating',
        bounds: { crashes: 1 },
      },
    },
  },
];
