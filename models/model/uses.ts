/** Which rules each model uses, and under which election and bounds it calls them. */
import type { RuleName } from '../rules.js';
import type { BoundName, Bounds, Rung } from './entry.js';

/** How a model uses a rule. */
export interface Use {
  /** The election with which alone it does. */
  readonly election?: Bounds['election'];
  /** The least of a bound with which it calls it. */
  readonly needs?: { readonly [B in BoundName]?: number };
}

export type Uses = { readonly [R in RuleName]?: Use };

const always: Use = {};
const afterCrash: Use = { needs: { crashes: 1 } };
const inLaterRounds: Use = { needs: { rounds: 2 } };

/** The order of votes and nothing else. */
export const voteOrderUses: Uses = { totalOrderPredicate: always };

export const tutorialUses: Uses = { totalOrderPredicate: always, hasQuorum: always };

/** The rules by which servers handle votes, over any connections. */
const votesUses = {
  totalOrderPredicate: always,
  hasQuorum: always,
  proposesItselfFirst: always,
  proposalOnJump: inLaterRounds,
  clearsRecvsetOnJump: inLaterRounds,
  dropsEarlierRounds: inLaterRounds,
  entersRecvset: always,
  entersOutofelection: always,
  joinsLeaderOfThisRound: always,
  broadcastsAdopted: always,
  repliesToEarlierRound: always,
  waitsToFinalize: always,
  endsFinalizeWait: always,
  putsBack: always,
  comparesRoundsOutOfElection: inLaterRounds,
  comparesEpochsInRecvset: always,
  raisesClock: inLaterRounds,
  clockAfterCrash: afterCrash,
  checkLeader: always,
} satisfies Uses;

export const electionUses: Uses = { ...votesUses, resendsLastMessage: { needs: { disconnects: 1 } } };

const withVotes = Object.fromEntries(
  Object.entries(votesUses as Uses).map(([rule, use]) => [rule, { ...use, election: 'fle' }]),
) as Uses;

export const zabDiscoveryUses: Uses = {
  ...withVotes,
  hasQuorum: always,
  validVoter: { election: 'free' },
  epochToPropose: always,
  countsInEpochQuorum: always,
  leaderAcceptsEpoch: always,
  currentEpochWritten: always,
  updatesElectionVote: { election: 'fle' },
  countsEpochAck: always,
  isMoreRecentThan: always,
  oldConnectionsCount: always,
  acceptedEpochAfterCrash: afterCrash,
};

export const zabSynchronizationUses: Uses = {
  totalOrderPredicate: always,
  hasQuorum: always,
  countsInEpochQuorum: { needs: { observers: 1 } },
  truncates: always,
  truncationRevokesAcks: always,
  newLeaderWrites: always,
  acksDiffWhenLogged: always,
  commitsUnlogged: always,
  databaseAfterLeaving: always,
};

/** The rules that a model uses under an election. */
export const rulesUsed = ({ uses }: Pick<Rung, 'uses'>, election: Bounds['election']): readonly RuleName[] =>
  (Object.keys(uses) as RuleName[]).filter((rule) => (uses[rule]?.election ?? election) === election);
