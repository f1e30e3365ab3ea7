/** How a state of `tutorial` is shown: each server in a few words, and a picture. */
import type { Plain } from '../../src/language/index.js';
import { BARE, type Draws, quorumOf, type Role } from '../model/drawing.js';
import { serversOf, sidOf } from '../model/plain-states.js';
import { clockLabel, printVote, voteFor } from '../votes/drawing.js';

/** `LOOKING c1 → s2`, `LEADING c1`. */
export function describeServer(state: Plain, index: number): string {
  const { state: role, logicalclock, vote: leader } = serversOf(state)[index];
  if (role === 'OFF') return 'off';
  return role === 'LEADING' ? `LEADING c${logicalclock}` : `${role} ${printVote(logicalclock, leader)}`;
}

/** Votes settle at once: there are no messages. */
export const draws: Draws = {
  picture: (state, bounds) => {
    const servers = serversOf(state);
    return {
      servers: servers.map(({ state: role, logicalclock, vote }, i) => {
        if (role === 'OFF') return { ...BARE, role, own: voteFor(servers, sidOf(i)) };
        const same = servers.flatMap((other, j) =>
          other.state !== 'OFF' && other.vote === vote ? [sidOf(j)] : [],
        );
        return {
          ...BARE,
          role: role as Role,
          label: clockLabel(role, logicalclock, vote),
          clock: Number(logicalclock),
          vote: voteFor(servers, vote),
          own: voteFor(servers, sidOf(i)),
          quorum: quorumOf(`votes for ${vote}`, same, bounds),
        };
      }),
      messages: [],
    };
  },
  traffic: () => ({}),
};
