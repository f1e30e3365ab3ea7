/** What must hold of `tutorial`, and what must be reachable in it. */

import type { Bounds } from '../../models/model/bounds.js';
import { VoterState } from '../../models/model/server-state.js';
import type { TutorialReading } from '../../models/tutorial/model.js';
import { printCredentials } from '../../models/votes/credentials.js';
import {
  always,
  type Claim,
  type Expectations,
  everyStep,
  scenario,
  someStep,
  sometimes,
  type Witness,
} from '../../src/language/index.js';
import { listed, nameOf, ranksAbove, tooFew } from './in-words.js';
import { cannotLead, isMajority, zxidsInvertSids } from './majority.js';

const { OFF, LOOKING, FOLLOWING, LEADING } = VoterState.values;

/**
 * When votes have settled, at most one server leads. It is false once messages are slow:
 * twoLeadersAtOneClock.
 */
export const oneLeaderAtATime = always<TutorialReading>({
  name: 'oneLeaderAtATime',
  says: 'When votes have settled, at most one server leads.',
  source: 'the tutorial: the others follow',
  witness: 'leaderElected',
  holds: ({ server }) => {
    let leaders = 0;
    for (let i = 0; i < server.length; i++) if (server[i].state === LEADING) leaders++;
    return leaders <= 1;
  },
  explain: ({ server }) => {
    const leaders = server.flatMap(({ state }, i) => (state === LEADING ? [nameOf(i)] : []));
    return `${listed(leaders)} are LEADING at one time.`;
  },
});

/** The elected server has the highest (zxid, sid) of all servers up at the election. */
export const highestOfQuorumWins = (bounds: Bounds) =>
  everyStep<TutorialReading>({
    name: 'highestOfQuorumWins',
    says: 'A server that is elected has the highest zxid, then the highest sid, of all servers up then.',
    source: 'the tutorial, rules 2 and 3; FastLeaderElection.totalOrderPredicate',
    witness: 'leaderElected',
    holds: (pre, { server }) => {
      for (let leader = 0; leader < server.length; leader++) {
        if (!comesToLead(pre, server, leader)) continue;
        for (let i = 0; i < server.length; i++) {
          if (server[i].state !== OFF && outranksByZxid(server, i, leader)) return false;
        }
      }
      return true;
    },
    explain: (pre, { server }) => {
      const isBetter = (leader: number) => (i: number) =>
        server[i].state !== OFF && outranksByZxid(server, i, leader);
      const all = server.map((_, i) => i);
      const leader = all.find((i) => comesToLead(pre, server, i) && all.some(isBetter(i))) ?? 0;
      const better = all.find(isBetter(leader)) ?? 0;
      const order = ranksAbove(bounds, server, better, leader);
      return `${nameOf(leader)} is elected, though ${order} and is up.`;
    },
  });

/** Whether a server leads after a step, and did not lead in that round before it. */
function comesToLead(pre: TutorialReading, server: TutorialReading['server'], leader: number): boolean {
  if (server[leader].state !== LEADING) return false;
  const before = pre.server[leader];
  return before.state !== LEADING || before.logicalclock !== server[leader].logicalclock;
}

/** The tutorial knows no epochs. */
const outranksByZxid = (server: TutorialReading['server'], a: number, b: number): boolean =>
  server[a].zxid > server[b].zxid || (server[a].zxid === server[b].zxid && a > b);

/** A leader is followed, itself included, by a majority of the configured servers. */
export const noMinorityLeader = always<TutorialReading>({
  name: 'noMinorityLeader',
  says: 'A leader is followed, itself included, by a majority of the configured servers.',
  source: 'the tutorial, step 2: fewer than a majority stay LOOKING',
  witness: 'looksWithoutQuorum',
  holds: ({ server }) => {
    for (let leader = 0; leader < server.length; leader++) {
      if (server[leader].state !== LEADING) continue;
      if (!isMajority(behind(server, leader), server.length)) return false;
    }
    return true;
  },
  explain: ({ server }) => {
    const leader = server.findIndex(
      ({ state }, i) => state === LEADING && !isMajority(behind(server, i), server.length),
    );
    const followers = server.flatMap(({ state, vote }, i) =>
      state === FOLLOWING && vote === leader ? [nameOf(i)] : [],
    );
    const few = tooFew(behind(server, leader), server.length);
    return `${nameOf(leader)} leads, and is followed by ${listed(followers)}: with itself ${few}.`;
  },
});

/** How many servers follow a leader, itself included. */
function behind(server: TutorialReading['server'], leader: number): number {
  let count = 0;
  for (let i = 0; i < server.length; i++) {
    if (server[i].state >= FOLLOWING && server[i].vote === leader) count++;
  }
  return count;
}

/** Starts 1..5 of a fresh ensemble ⇒ 3 leads, 4 and 5 follow: five steps, each with what it must show. */
export const tutorialScenario = (bounds: Bounds) =>
  scenario<TutorialReading>({
    name: 'tutorialScenario',
    says: 'Five fresh servers started in order 1 to 5: 3 leads, 4 and 5 follow.',
    source: 'the tutorial, a fresh ensemble, steps 1 to 5',
    witness: 'leaderElected',
    initial: [printCredentials(bounds, 0, false)],
    steps: [1, 2, 3, 4, 5].map((i) => ['StartServer', `s${i}`] as const),
    holds: ({ server }, taken) => {
      for (let i = 0; i < server.length; i++) {
        if (!isAsExpected(server[i], i, taken)) return false;
      }
      return true;
    },
    explain: ({ server }, taken) => {
      const i = server.findIndex((one, k) => !isAsExpected(one, k, taken));
      const [is, should] = [roleInWords(server[i]), roleInWords(expectedAfter(i, taken))];
      return `After ${taken === 1 ? '1 start' : `${taken} starts`} ${nameOf(i)} is ${is}; it should be ${should}.`;
    },
  });

/** The state of a server that the tutorial shows after this number of starts. */
const expectedAfter = (i: number, taken: number) => ({
  state: i >= taken ? OFF : taken < 3 ? LOOKING : i === 2 ? LEADING : FOLLOWING,
  vote: i >= taken ? 0 : taken < 3 ? taken - 1 : 2,
});

type Expected = ReturnType<typeof expectedAfter>;

function isAsExpected({ state, vote }: Expected, i: number, taken: number): boolean {
  const expected = expectedAfter(i, taken);
  return state === expected.state && (state === OFF || vote === expected.vote);
}

/** `LOOKING for s2`, `LEADING`. */
const roleInWords = ({ state, vote }: Expected): string =>
  state === OFF || state === LEADING
    ? VoterState.names[state]
    : `${VoterState.names[state]} with a vote for ${nameOf(vote)}`;

/** Whether the first assignment of these bounds is a fresh ensemble of five. */
const isFreshFive = ({ servers, zxids }: Bounds): boolean =>
  servers === 5 && (typeof zxids === 'string' || zxids.every((zxid) => zxid === zxids[0]));

export const tutorial = (bounds: Bounds): Expectations<TutorialReading> => {
  const claims: Claim<TutorialReading>[] = [oneLeaderAtATime, noMinorityLeader, highestOfQuorumWins(bounds)];
  if (isFreshFive(bounds)) claims.push(tutorialScenario(bounds));
  return { claims, witnesses: [...commonWitnesses(bounds), ...everySidLeads(bounds)] };
};

function commonWitnesses(bounds: Bounds): Witness<TutorialReading>[] {
  const { servers, crashes, rounds } = bounds;
  return [
    sometimes({
      name: 'leaderElected',
      says: 'A server leads.',
      source: 'the tutorial, step 3',
      shows: ({ server }) => {
        for (let i = 0; i < server.length; i++) if (server[i].state === LEADING) return true;
        return false;
      },
    }),
    sometimes({
      name: 'looksWithoutQuorum',
      says: 'Servers are up and LOOKING, too few for a quorum.',
      source: 'the tutorial, steps 1 and 2',
      excludedBecause: servers === 1 ? 'one server is a majority of one' : null,
      shows: ({ server }) => {
        for (let i = 0; i < server.length; i++) if (server[i].state === LOOKING) return true;
        return false;
      },
    }),
    someStep({
      name: 'betterServerFollows',
      says: 'A server that outranks the leader comes late and follows all the same.',
      source: 'the tutorial, steps 4 and 5',
      excludedBecause: servers < 3 ? 'a quorum of two servers leaves none to come late' : null,
      on: ['StartServer'],
      shows: (_pre, { server }, me) =>
        server[me].state === FOLLOWING && outranksByZxid(server, me, server[me].vote),
    }),
    someStep({
      name: 'leaderReplaced',
      says: 'After a crash another server leads, in a later round.',
      source: 'the tutorial, an ensemble with history',
      excludedBecause:
        crashes === 0 || rounds === 1 || servers < 3
          ? 'it needs a crash, a second round, three servers'
          : null,
      on: ['CrashServer'],
      shows: (pre, { server }, me) => {
        if (pre.server[me].state !== LEADING) return false;
        for (let i = 0; i < server.length; i++) if (server[i].state === LEADING) return true;
        return false;
      },
    }),
    sometimes({
      name: 'zxidBeatsSid',
      says: 'A server leads over one with a larger sid but older data.',
      source: 'the tutorial, rule 2 before rule 3',
      excludedBecause: zxidsInvertSids(bounds) ? null : 'no server has newer data than one with a larger sid',
      shows: ({ server }) => {
        for (let i = 0; i < server.length; i++) {
          const { state, vote } = server[i];
          if (state === FOLLOWING && i > vote && server[i].zxid < server[vote].zxid) return true;
        }
        return false;
      },
    }),
  ];
}

/** One witness for each server that can lead. */
function everySidLeads(bounds: Bounds): Witness<TutorialReading>[] {
  return Array.from({ length: bounds.servers }, (_, s) =>
    sometimes<TutorialReading>({
      name: `s${s + 1}Leads`,
      says: `s${s + 1} leads in some behaviour.`,
      source: 'FastLeaderElection.totalOrderPredicate: any voter may be the best of a majority',
      excludedBecause: cannotLead(bounds, s),
      shows: ({ server }) => server[s].state === LEADING,
    }),
  );
}
