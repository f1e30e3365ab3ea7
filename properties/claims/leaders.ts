/**
 * Witnesses of every model of Fast Leader Election: some server leads, and each server that can lead does.
 */

import type { Bounds } from '../../models/model/bounds.js';
import { LEADING } from '../../models/model/server-state.js';
import { sometimes, type Witness } from '../../src/language/index.js';
import { cannotLead } from './majority.js';

/** A state with servers; LEADING is the same number in every model. */
interface Servers {
  readonly server: readonly { readonly state: number }[];
}

export const leaderElected = <S extends Servers>(): Witness<S> =>
  sometimes<S>({
    name: 'leaderElected',
    says: 'A server leads.',
    source: 'FastLeaderElection.setPeerState',
    shows: ({ server }) => {
      for (let i = 0; i < server.length; i++) if (server[i].state === LEADING) return true;
      return false;
    },
  });

/** One witness for each server that can lead. */
export const everySidLeads = <S extends Servers>(bounds: Bounds): Witness<S>[] =>
  Array.from({ length: bounds.servers }, (_, s) =>
    sometimes<S>({
      name: `s${s + 1}Leads`,
      says: `s${s + 1} leads in some behaviour.`,
      source: 'FastLeaderElection.totalOrderPredicate: any voter may be the best of a majority',
      excludedBecause: cannotLead(bounds, s),
      shows: ({ server }) => server[s].state === LEADING,
    }),
  );

/** A state whose servers have a logical clock. */
interface Clocked {
  readonly server: readonly { readonly state: number; readonly logicalclock: number }[];
}

/** The largest number of leaders at one clock. */
export function leadersAtOneClock({ server }: Clocked): number {
  let most = 0;
  for (let i = 0; i < server.length; i++) {
    if (server[i].state !== LEADING) continue;
    let alike = 0;
    for (let j = 0; j < server.length; j++)
      if (server[j].state === LEADING && server[j].logicalclock === server[i].logicalclock) alike++;
    most = Math.max(most, alike);
  }
  return most;
}
