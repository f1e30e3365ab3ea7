/** How a state of `fast-leader-election` is shown: each server in a few words, and a picture. */
import type { Plain } from '../../src/language/index.js';
import { BARE, type Draws } from '../model/drawing.js';
import { serversOf, sidOf } from '../model/plain-states.js';
import {
  electing,
  electionTraffic,
  notificationsIn,
  printVote,
  recorded,
  voteFor,
} from '../votes/drawing.js';

/** `LOOKING c1 → s2, has s1:s2, waits`: its vote, those that it has recorded, finalizeWait. */
export function describeServer(state: Plain, index: number): string {
  const self = serversOf(state)[index];
  if (self.state === 'OFF') return 'off';
  if (self.state === 'LEADING') return `LEADING c${self.logicalclock}`;
  return [
    `${self.state} ${printVote(self.logicalclock, self.proposal)}`,
    ...recorded(self),
    ...(self.finalizing ? ['waits'] : []),
  ].join(', ');
}

export const draws: Draws = {
  picture: (state, bounds) => {
    const servers = serversOf(state);
    return {
      servers: servers.map((self, me) => {
        const own = voteFor(servers, sidOf(me));
        if (self.state === 'OFF') return { ...BARE, role: 'OFF', own };
        return { ...electing(self, me, voteFor(servers, self.proposal), bounds), own };
      }),
      messages: notificationsIn(state),
    };
  },
  traffic: (step, before, _after, bounds) => electionTraffic('HandleNotification', step, before, bounds),
};
