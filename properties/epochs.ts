/** What must hold of the durable epochs of a server, in every rung that has both. */
import { always, type StateClaim } from '../src/spec/index.js';
import { nameOf } from './in-words.js';

interface WithEpochs {
  readonly server: readonly { readonly acceptedEpoch: number; readonly currentEpoch: number }[];
}

/** acceptedEpoch ≥ currentEpoch: `acceptedCoversCurrent`, with the witness of a rung. */
export const epochsAreOrdered = <S extends WithEpochs>(witness: string): StateClaim<S> =>
  always<S>({
    name: 'acceptedCoversCurrent',
    says: 'The acceptedEpoch of a server is never below its currentEpoch.',
    source: 'QuorumPeer.loadDataBase; ZOOKEEPER-1291',
    witness,
    holds: ({ server }) => {
      for (let i = 0; i < server.length; i++) {
        if (server[i].acceptedEpoch < server[i].currentEpoch) return false;
      }
      return true;
    },
    explain: ({ server }) => {
      const i = server.findIndex(({ acceptedEpoch, currentEpoch }) => acceptedEpoch < currentEpoch);
      const { acceptedEpoch, currentEpoch } = server[i];
      return `The acceptedEpoch of ${nameOf(i)} is ${acceptedEpoch}, below its currentEpoch ${currentEpoch}.`;
    },
  });
