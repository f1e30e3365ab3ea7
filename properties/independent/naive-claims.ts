/**
 * The claims and witnesses of the election a second time, with `every` and `some`, as a reader would say
 * them. Only tests use them. The claims that run on every state are loops, in which a wrong comparison is
 * easy to miss.
 */

import type { FleState } from '../../models/fast-leader-election/model.js';
import type { Bounds, Rules } from '../../models/index.js';
import { FOLLOWING, LEADING, LOOKING, OFF, VoterState } from '../../models/model/server-state.js';
import type { TutorialReading } from '../../models/tutorial/model.js';
import { beats, type VoteOrderState } from '../../models/vote-order/model.js';

/** What is said of a state, or of a step by server `me` about server `from`; a state is the first of two. */
export type StepPredicate<S> = (pre: S, post: S, me: number, from: number) => boolean;

export interface NaiveClaim<S> {
  readonly witness: string;
  readonly on?: readonly string[];
  readonly holds: StepPredicate<S>;
}
export interface NaiveWitness<S> {
  readonly on?: readonly string[];
  readonly shows: StepPredicate<S>;
  /** Whether these bounds exclude it. */
  readonly excluded?: (bounds: Bounds) => boolean;
}
export interface Naive<S> {
  readonly claims: { readonly [name: string]: NaiveClaim<S> };
  readonly witnesses: { readonly [name: string]: NaiveWitness<S> };
}

export const indices = (list: { readonly length: number }): number[] =>
  Array.from({ length: list.length }, (_, i) => i);
export const majority = (votes: number, servers: number): boolean => votes * 2 > servers;
export const bit = (set: number, i: number): boolean => (set & (1 << i)) !== 0;

/** Whether the first difference is in favour of `a`. */
const higher = (a: readonly number[], b: readonly number[]): boolean => {
  const first = a.findIndex((value, i) => value !== b[i]);
  return first >= 0 && a[first] > b[first];
};

/** Fewer than half of the others may rank above a leader; `rank` is that of a server in the first state. */
const cannotLead = (bounds: Bounds, s: number): boolean => {
  const { servers, zxids, dataVersions } = bounds;
  if (zxids === 'every' && dataVersions > 1) return false;
  const rank = (t: number) => [typeof zxids === 'string' ? 0 : zxids[t], t];
  const notAbove = indices({ length: servers }).filter((t) => !higher(rank(t), rank(s)));
  return !majority(notAbove.length, servers);
};

function everySidLeads<S extends { server: readonly { state: number }[] }>(
  servers: number,
  leading: number,
): { [name: string]: NaiveWitness<S> } {
  return Object.fromEntries(
    indices({ length: servers }).map((s) => [
      `s${s + 1}Leads`,
      {
        shows: ({ server }: S) => server[s].state === leading,
        excluded: (bounds: Bounds) => cannotLead(bounds, s),
      },
    ]),
  );
}

export const naiveVoteOrder = (rules: Rules): Naive<VoteOrderState> => ({
  claims: {
    strictTotalOrder: {
      witness: 'sidDecides',
      holds: ({ vote: [a, b, c] }) =>
        [
          !beats(rules, a, a),
          !(beats(rules, a, b) && beats(rules, b, a)),
          a.leader === b.leader || beats(rules, a, b) || beats(rules, b, a),
          !beats(rules, a, b) || !beats(rules, b, c) || beats(rules, a, c),
        ].every(Boolean),
    },
  },
  witnesses: {
    epochDecides: {
      shows: ({ vote: [a, b] }) =>
        beats(rules, a, b) && b.peerEpoch < a.peerEpoch && b.zxid > a.zxid && b.leader > a.leader,
    },
    zxidDecides: {
      shows: ({ vote: [a, b] }) =>
        beats(rules, a, b) && b.peerEpoch === a.peerEpoch && b.zxid < a.zxid && b.leader > a.leader,
    },
    sidDecides: {
      shows: ({ vote: [a, b] }) =>
        beats(rules, a, b) && b.peerEpoch === a.peerEpoch && b.zxid === a.zxid && b.leader < a.leader,
    },
  },
});

const T = VoterState.values;
const byZxid = ({ server }: TutorialReading, a: number, b: number): boolean =>
  higher([server[a].zxid, a], [server[b].zxid, b]);
const leaders = ({ server }: TutorialReading): number[] =>
  indices(server).filter((i) => server[i].state === T.LEADING);

export const naiveTutorial = (servers: number): Naive<TutorialReading> => ({
  claims: {
    oneLeaderAtATime: { witness: 'leaderElected', holds: (s) => leaders(s).length < 2 },
    noMinorityLeader: {
      witness: 'looksWithoutQuorum',
      holds: (s) =>
        leaders(s).every((leader) => {
          const behind = s.server.filter(
            ({ state, vote }) => (state === T.FOLLOWING || state === T.LEADING) && vote === leader,
          );
          return majority(behind.length, s.server.length);
        }),
    },
    highestOfQuorumWins: {
      witness: 'leaderElected',
      holds: (pre, post) =>
        leaders(post)
          .filter((i) => {
            const led = pre.server[i].state === T.LEADING;
            return !led || pre.server[i].logicalclock !== post.server[i].logicalclock;
          })
          .every((leader) => {
            const up = indices(post.server).filter((i) => post.server[i].state !== T.OFF);
            return !up.some((i) => byZxid(post, i, leader));
          }),
    },
  },
  witnesses: {
    leaderElected: { shows: (s) => leaders(s).length > 0 },
    looksWithoutQuorum: {
      shows: ({ server }) => server.some(({ state }) => state === T.LOOKING),
      excluded: (bounds) => bounds.servers === 1,
    },
    betterServerFollows: {
      on: ['StartServer'],
      shows: (_pre, post, me) =>
        post.server[me].state === T.FOLLOWING && byZxid(post, me, post.server[me].vote),
      excluded: (bounds) => bounds.servers <= 2,
    },
    leaderReplaced: {
      on: ['CrashServer'],
      shows: (pre, post, me) => pre.server[me].state === T.LEADING && leaders(post).length > 0,
      excluded: (bounds) => bounds.crashes < 1 || bounds.rounds < 2 || bounds.servers <= 2,
    },
    zxidBeatsSid: {
      shows: ({ server }) =>
        server.some(
          ({ state, vote, zxid }, i) => state === T.FOLLOWING && vote < i && server[vote].zxid > zxid,
        ),
      excluded: ({ zxids, dataVersions, servers: count }) => {
        if (zxids === 'ranks') return true;
        if (zxids === 'every') return count < 2 || dataVersions < 2;
        return zxids.every((zxid, i) => i === 0 || zxid >= Math.max(...zxids.slice(0, i)));
      },
    },
    ...everySidLeads<TutorialReading>(servers, T.LEADING),
  },
});

const decided = (state: number): boolean => state === FOLLOWING || state === LEADING;
const above = ({ server }: FleState, a: number, b: number): boolean =>
  higher([server[a].currentEpoch, server[a].zxid, a], [server[b].currentEpoch, server[b].zxid, b]);
const voted = ({ cast }: FleState, s: number, leader: number, round: number): boolean =>
  bit(cast[s][round - 1].votes, leader);

/** Who tells server `i` to lead, in its round or outside of it: before the step, or heard in it. */
function supporters(pre: FleState, post: FleState, i: number) {
  const { proposal, logicalclock, recvset, outofelection } = pre.server[i];
  const others = indices(pre.server).filter((j) => j !== i);
  const told = others
    .filter((j) => post.channel[j][i].length < pre.channel[j][i].length)
    .filter((j) => decided(pre.channel[j][i].head.state) && pre.channel[j][i].head.leader === i);
  const toldInRound = told.filter((j) => pre.channel[j][i].head.electionEpoch === logicalclock);
  const known = others.filter((j) => recvset[j].state !== OFF && recvset[j].leader === i);
  const outside = others.filter((j) => outofelection[j].state !== OFF && outofelection[j].leader === i);
  const self = proposal === i ? [i] : [];
  return { inRound: new Set([...self, ...known, ...toldInRound]), outside: new Set([...outside, ...told]) };
}

const leads = (pre: FleState, post: FleState, i: number): boolean =>
  pre.server[i].state === LOOKING && post.server[i].state === LEADING;
const oneRound = ({ rounds, abandons }: Bounds): boolean => rounds === 1 || abandons === 0;
const two = ({ servers }: Bounds): boolean => servers <= 2;
const HANDLE = ['HandleNotification'];

const electionClaims: Naive<FleState>['claims'] = {
  proposalDominatesSelf: {
    witness: 'proposalRaised',
    holds: (s) => !s.server.some(({ state, proposal }, i) => state === LOOKING && above(s, i, proposal)),
  },
  proposalMonotone: {
    witness: 'proposalRaised',
    holds: (pre, post) =>
      pre.server
        .map((a, i) => [a, post.server[i]])
        .filter(([a, b]) => a.state === LOOKING && b.state === LOOKING && a.logicalclock === b.logicalclock)
        .every(([a, b]) => !above(pre, a.proposal, b.proposal)),
  },
  recvsetOfThisRound: {
    witness: 'recvsetFilled',
    holds: ({ server }) =>
      server.every(({ recvset, logicalclock }, i) =>
        recvset.every((vote, j) => j === i || vote.state === OFF || vote.electionEpoch === logicalclock),
      ),
  },
  clockNeverLoweredByLooking: {
    witness: 'lookingHandled',
    on: HANDLE,
    holds: (pre, post, me, from) => {
      const lowered = post.server[me].logicalclock < pre.server[me].logicalclock;
      return !(lowered && pre.channel[from][me].head.state === LOOKING);
    },
  },
  noMinorityLeader: {
    witness: 'leaderElected',
    holds: (pre, post) =>
      indices(pre.server)
        .filter((i) => leads(pre, post, i))
        .every((i) => {
          const { inRound, outside } = supporters(pre, post, i);
          const count = pre.server.length;
          return majority(inRound.size, count) || majority(outside.size, count);
        }),
  },
  decisionHasVoteQuorum: {
    witness: 'leaderElected',
    holds: (s) =>
      s.server
        .filter(({ state }) => decided(state))
        .every(({ proposal, logicalclock }) => {
          const casters = indices(s.server).filter((v) => voted(s, v, proposal, logicalclock));
          return majority(casters.length, s.server.length);
        }),
  },
  highestOfQuorumWins: {
    witness: 'leaderElected',
    on: ['EndFinalizeWait'],
    holds: (pre, post, me) => {
      const { state, logicalclock } = post.server[me];
      const below = indices(post.server).filter(
        (v) => voted(post, v, me, logicalclock) && !above(pre, v, me),
      );
      return state !== LEADING || majority(below.length, post.server.length);
    },
  },
  leadKeepsRound: {
    witness: 'leaderElected',
    holds: (pre, post) =>
      indices(pre.server)
        .filter((i) => leads(pre, post, i))
        .every((i) => pre.server[i].logicalclock === post.server[i].logicalclock),
  },
  adoptedWasLeading: {
    witness: 'leaderAdopted',
    on: HANDLE,
    holds: (pre, post, me) => {
      const follows = pre.server[me].state === LOOKING && post.server[me].state === FOLLOWING;
      return !follows || bit(pre.everLed, post.server[me].proposal);
    },
  },
};

export const naiveElection = (servers: number): Naive<FleState> => ({
  claims: electionClaims,
  witnesses: {
    leaderElected: { shows: ({ server }) => server.some(({ state }) => state === LEADING) },
    twoLeadersAtOneClock: {
      shows: ({ server }) => {
        const clocks = server.filter(({ state }) => state === LEADING).map((one) => one.logicalclock);
        return new Set(clocks).size < clocks.length;
      },
      excluded: two,
    },
    decisionOvertaken: {
      on: HANDLE,
      shows: (pre, post, me) =>
        pre.server[me].finalizing && pre.server[me].proposal !== post.server[me].proposal,
      excluded: two,
    },
    clockLoweredByAdoption: {
      on: HANDLE,
      shows: (pre, post, me) => pre.server[me].logicalclock > post.server[me].logicalclock,
      excluded: (bounds) => two(bounds) || oneRound(bounds),
    },
    leaderAdopted: {
      on: HANDLE,
      shows: (pre, post, me) => pre.server[me].state === LOOKING && post.server[me].state === FOLLOWING,
      excluded: two,
    },
    proposalRaised: {
      on: HANDLE,
      shows: (pre, post, me) => {
        const [a, b] = [pre.server[me], post.server[me]];
        return a.state === LOOKING && b.state === LOOKING && a.proposal !== b.proposal;
      },
    },
    recvsetFilled: {
      on: HANDLE,
      shows: (_pre, post, me, from) => post.server[me].recvset[from].state !== OFF,
    },
    lookingHandled: {
      on: HANDLE,
      shows: (pre, _post, me, from) => {
        const { state, electionEpoch } = pre.channel[from][me].head;
        const mine = pre.server[me];
        return mine.state === LOOKING && state === LOOKING && mine.logicalclock > electionEpoch;
      },
      excluded: oneRound,
    },
    ...everySidLeads<FleState>(servers, LEADING),
  },
});
