/** What must hold of the durable epochs of a server, in every model that has both. */
import { always, everyStep, type StateClaim, type StepClaim } from '../../src/language/index.js';
import { nameOf } from './in-words.js';

interface WithEpochs {
  readonly server: readonly { readonly acceptedEpoch: number; readonly currentEpoch: number }[];
}

/** acceptedEpoch ≥ currentEpoch: `acceptedCoversCurrent`, with the witness of a model. */
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

/** No step lowers a durable epoch: a crash keeps all that was written. */
export const epochNeverFalls = <S extends WithEpochs>(
  field: 'acceptedEpoch' | 'currentEpoch',
  source: string,
  witness: string,
): StepClaim<S> =>
  everyStep<S>({
    name: `${field}Monotone`,
    says: `No step lowers the ${field} of a server.`,
    source,
    witness,
    holds: (pre, post) => {
      for (let i = 0; i < pre.server.length; i++) {
        if (post.server[i][field] < pre.server[i][field]) return false;
      }
      return true;
    },
    explain: (pre, post) => {
      const i = pre.server.findIndex((one, k) => post.server[k][field] < one[field]);
      return `The ${field} of ${nameOf(i)} falls from ${pre.server[i][field]} to ${post.server[i][field]}.`;
    },
  });
