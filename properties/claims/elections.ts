/** Claims that both models of the real algorithm make of a server that is LOOKING, in the same words. */
import { OFF, ServerState } from '../../models/model/server-state.js';
import { always, type StateClaim } from '../../src/language/index.js';
import { nameOf } from './in-words.js';

/**
 * A server with the votes that it has received in its round; an entry of nobody is OFF. One model keeps no
 * entry of its own vote, which is null in plain states.
 */
interface Elector {
  readonly logicalclock: number;
  readonly recvset: readonly ({ readonly state: number; readonly electionEpoch: number } | null)[];
}
interface Electors {
  readonly server: readonly Elector[];
}

/** Every recvset entry is of the server's current round. */
export const recvsetOfThisRound = <S extends Electors>(witness: string): StateClaim<S> =>
  always<S>({
    name: 'recvsetOfThisRound',
    says: 'Every vote in recvset is of the current round of the server that holds it.',
    source: 'FastLeaderElection.lookForLeader: recvset.clear() on a round jump',
    witness,
    holds: ({ server }) => {
      for (let i = 0; i < server.length; i++) if (outdatedVote(server[i]) >= 0) return false;
      return true;
    },
    explain: ({ server }) => {
      const i = server.findIndex((one) => outdatedVote(one) >= 0);
      const j = outdatedVote(server[i]);
      const { recvset, logicalclock } = server[i];
      const vote = `the vote of ${nameOf(j)} of round ${recvset[j]?.electionEpoch}`;
      return `${nameOf(i)} is in round ${logicalclock}, and its recvset holds ${vote}.`;
    },
  });

/** The first server whose vote in a recvset is not of the round of its owner; -1 if there is none. */
function outdatedVote({ recvset, logicalclock }: Elector): number {
  for (let j = 0; j < recvset.length; j++) {
    const entry = recvset[j];
    if (entry !== null && entry.state !== OFF && entry.electionEpoch !== logicalclock) return j;
  }
  return -1;
}

/** That a server joins a leader which has never led; `state`: what that one is. */
export const joinsInVain = (me: number, leader: number, state: number): string =>
  `${nameOf(me)} joins ${nameOf(leader)}, which has never led: it is ${ServerState.names[state]}.`;
