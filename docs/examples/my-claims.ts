/** Claims of one's own: `fle-check check zab-synchronization --claims-file ./my-claims.ts`. */
import { always, type ClaimsByModel, everyStep, LEADING, LOOKING, myidOf, sometimes } from 'fle-check/claims';

export default {
  'fast-leader-election': [
    everyStep({
      name: 'nobodyLooksInVain',
      says: 'A server that ends its election in this step leads, or follows a server that is up.',
      source: 'our runbook: no election ends for a dead server',
      witness: 'leaderElected',
      on: ['EndFinalizeWait'],
      holds: (_pre, post, me) => {
        const { state, proposal } = post.server.at(me);
        return state === LEADING || post.server.at(proposal).state !== 0;
      },
      explain: (_pre, post, me) =>
        `s${myidOf(me)} follows s${myidOf(post.server.at(me).proposal)}, which is down.`,
    }),
  ],
  'zab-synchronization': [
    always({
      name: 'servesItsEpoch',
      says: 'A leader that serves has written the epoch that it has accepted.',
      source: 'our runbook: currentEpoch and acceptedEpoch of a serving leader are equal',
      witness: 'someoneServes',
      holds: ({ server }) => {
        for (let i = 0; i < server.length; i++) {
          const { serves, acceptedEpoch, currentEpoch } = server.at(i);
          if (serves && acceptedEpoch !== currentEpoch) return false;
        }
        return true;
      },
      explain: ({ server }) => {
        const wrong = server.flatMap(({ serves, acceptedEpoch, currentEpoch }, i) =>
          serves && acceptedEpoch !== currentEpoch ? [`s${myidOf(i)}`] : [],
        );
        return `${wrong.join(' and ')} serve in an epoch that is not the one accepted.`;
      },
    }),
    sometimes({
      name: 'someoneServes',
      says: 'A leader serves while another server looks for one.',
      source: 'our runbook',
      shows: ({ server }) =>
        server.some(({ serves }) => serves) && server.some(({ state }) => state === LOOKING),
    }),
  ],
} satisfies ClaimsByModel;
