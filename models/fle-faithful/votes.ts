/** Which votes equal each other: `Vote.equals` and `getVoteTracker` of FastLeaderElection. */

import { LOOKING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import type { Heard, ServerReading } from './state.js';

/**
 * Votes in recvset that equal this one. Two votes of servers that have decided equal each other by their
 * leader alone, if this one has a version: those in recvset have none.
 */
export function recorded(self: ServerReading, servers: number, vote: Heard, rules: Rules): number {
  const byLeader = vote.hasVersion && !rules.comparesEpochsInRecvset;
  let count = 0;
  for (let j = 0; j < servers; j++) {
    const { state, leader, zxid, electionEpoch, peerEpoch } = self.recvset[j];
    if (state === OFF || leader !== vote.leader) continue;
    const bothDecided = state !== LOOKING && vote.state !== LOOKING;
    if (bothDecided ? byLeader || peerEpoch === vote.peerEpoch : isSame(vote, zxid, electionEpoch, peerEpoch))
      count++;
  }
  return count;
}

const isSame = (vote: Heard, zxid: number, electionEpoch: number, peerEpoch: number): boolean =>
  vote.zxid === zxid && vote.electionEpoch === electionEpoch && vote.peerEpoch === peerEpoch;

/** Votes in outofelection that equal this one: by leader alone, if only one of the two has a version. */
export function outside(self: ServerReading, servers: number, vote: Heard, rules: Rules): number {
  let count = 0;
  for (let j = 0; j < servers; j++) {
    const entry = self.outofelection[j];
    if (entry.state === OFF || entry.leader !== vote.leader) continue;
    if (entry.hasVersion === vote.hasVersion && entry.peerEpoch !== vote.peerEpoch) continue;
    if (!rules.comparesRoundsOutOfElection || entry.electionEpoch === vote.electionEpoch) count++;
  }
  return count;
}
