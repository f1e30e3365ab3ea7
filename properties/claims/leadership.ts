/**
 * Which servers can lead, and how many at once: questions to `fast-leader-election`. Each is a state to look
 * for, and a state that is not found is an answer too.
 */

import type { FleState } from '../../models/fast-leader-election/model.js';
import { FOLLOWING, LEADING } from '../../models/model/server-state.js';
import { sometimes, type Witness } from '../../src/language/index.js';
import { leadersAtOneClock } from './leaders.js';
import { isMajority } from './majority.js';

export const TWO_MAJORITIES = 'two leaders with a majority each';

/** The names of the questions about a server, from 0, and about a number of servers. */
export const leadsCalled = (server: number): string => `s${server + 1} leads`;
export const atOnceCalled = (leaders: number): string => `${leaders} lead at one clock at once`;

/** All questions about an ensemble of this size. */
export function leadershipQuestions(servers: number): readonly Witness<FleState>[] {
  const asked = (name: string, says: string, shows: (state: FleState) => boolean): Witness<FleState> =>
    sometimes<FleState>({ name, says, source: 'FastLeaderElection.lookForLeader', shows });
  const numbers = Array.from({ length: servers }, (_, i) => i);
  return [
    ...numbers.map((i) =>
      asked(leadsCalled(i), `s${i + 1} leads.`, ({ server }) => server[i].state === LEADING),
    ),
    ...numbers
      .slice(1)
      .map((_, k) =>
        asked(
          atOnceCalled(k + 2),
          `${k + 2} servers lead at one clock.`,
          (state) => leadersAtOneClock(state) >= k + 2,
        ),
      ),
    asked(
      TWO_MAJORITIES,
      'Two servers lead, each with a majority that has decided for it, itself among them.',
      (state) => leadersWithMajority(state) >= 2,
    ),
  ];
}

/** The leaders for which a majority has decided. */
function leadersWithMajority({ server }: FleState): number {
  let leaders = 0;
  for (let i = 0; i < server.length; i++) {
    if (server[i].state !== LEADING) continue;
    let theirs = 0;
    for (let j = 0; j < server.length; j++) {
      const { state, proposal } = server[j];
      if ((state === FOLLOWING || state === LEADING) && proposal === i) theirs++;
    }
    if (isMajority(theirs, server.length)) leaders++;
  }
  return leaders;
}
