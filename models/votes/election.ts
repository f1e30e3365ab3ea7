/** Bounds and rules that are shared by all models in which servers elect by votes. */
import { type Bounds, leastBounds } from '../model/bounds.js';
import { afterCrash, always, inLaterRounds, type Uses } from '../model/uses.js';
import { MOST_VERSIONS, MOST_ZXID } from './zxid.js';

/** The bounds that both models of Fast Leader Election take. */
export const electionTakes = {
  servers: { min: 2, max: 7 },
  rounds: { min: 1, max: 15 },
  crashes: { min: 0, max: 15 },
  abandons: { min: 0, max: 15 },
  disconnects: { min: 0, max: 15 },
  slots: { min: 1, max: 8 },
  zxids: { min: 0, max: MOST_ZXID },
  dataVersions: { min: 1, max: MOST_VERSIONS },
} as const;

/** The rules by which servers handle votes, however they are connected. */
export const votesUses = {
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

/** Credentials take the values 0 and 1 for epoch and zxid each where every assignment is an initial state. */
export const electionBounds: Bounds = { ...leastBounds, dataVersions: 2 };
