/** What must hold of `fast-leader-election`, and what must be reachable in it. */

import type { FleState } from '../../models/fast-leader-election/model.js';
import type { Bounds } from '../../models/model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OFF } from '../../models/model/server-state.js';
import {
  always,
  type Claim,
  type Expectations,
  everyStep,
  someStep,
  sometimes,
  type Witness,
} from '../../src/language/index.js';
import { joinsInVain, recvsetOfThisRound } from './elections.js';
import { apart, nameOf, onlyServersIn, tooFew } from './in-words.js';
import { everySidLeads, leaderElected, leadersAtOneClock } from './leaders.js';
import { isMajority, ledBy, majorityBacks, outranks, sizeOf } from './majority.js';

/** The servers that have ever voted for `leader` in round `round`. */
function casters({ cast }: FleState, leader: number, round: number): number {
  let servers = 0;
  for (let s = 0; s < cast.length; s++) if ((cast[s][round - 1].votes >>> leader) & 1) servers |= 1 << s;
  return servers;
}

const isDecided = (state: number): boolean => state === FOLLOWING || state === LEADING;

/** LOOKING ⇒ proposal ≥ own credential. `lookForLeader`: a vote is only ever replaced by a better one. */
export const proposalDominatesSelf = (bounds: Bounds) =>
  always<FleState>({
    name: 'proposalDominatesSelf',
    says: 'A LOOKING server never proposes a leader that ranks below itself.',
    source: 'FastLeaderElection.lookForLeader, case LOOKING: updateProposal',
    witness: 'proposalRaised',
    holds: ({ server }) => {
      for (let i = 0; i < server.length; i++) {
        const { state, proposal } = server[i];
        if (state === LOOKING && proposal !== i && outranks(server, i, proposal)) return false;
      }
      return true;
    },
    explain: ({ server }) => {
      const i = server.findIndex(
        ({ state, proposal }, k) => state === LOOKING && proposal !== k && outranks(server, k, proposal),
      );
      const [own, other] = apart(bounds, server, i, server[i].proposal);
      return `${own} is LOOKING and proposes ${other}, which ranks below it.`;
    },
  });

/** Within one server, incarnation and round the proposal never decreases. */
export const proposalMonotone = (bounds: Bounds) =>
  everyStep<FleState>({
    name: 'proposalMonotone',
    says: 'Within one round a LOOKING server never replaces its proposal by a lower one.',
    source: 'FastLeaderElection.lookForLeader, case LOOKING: totalOrderPredicate against the proposal',
    witness: 'proposalRaised',
    holds: (pre, post) => {
      for (let i = 0; i < pre.server.length; i++) if (lowersProposal(pre, post, i)) return false;
      return true;
    },
    explain: (pre, post) => {
      const i = pre.server.findIndex((_, k) => lowersProposal(pre, post, k));
      const [from, to] = apart(bounds, pre.server, pre.server[i].proposal, post.server[i].proposal);
      return `${nameOf(i)} replaces its proposal ${from} by ${to}, which ranks below it.`;
    },
  });

function lowersProposal(pre: FleState, post: FleState, i: number): boolean {
  const a = pre.server[i];
  const b = post.server[i];
  if (a.proposal === b.proposal || a.state !== LOOKING || b.state !== LOOKING) return false;
  return a.logicalclock === b.logicalclock && outranks(pre.server, a.proposal, b.proposal);
}

/** A step taken on a LOOKING notification never lowers the clock. */
export const clockNeverLoweredByLooking = everyStep<FleState>({
  name: 'clockNeverLoweredByLooking',
  says: 'Handling the notification of a LOOKING server never lowers the logical clock.',
  source: 'FastLeaderElection.lookForLeader, case LOOKING; receivedFollowingNotification alone may lower it',
  witness: 'lookingHandled',
  on: ['HandleNotification'],
  holds: (pre, post, me, from) =>
    pre.channel[from][me].head.state !== LOOKING ||
    post.server[me].logicalclock >= pre.server[me].logicalclock,
  explain: (pre, post, me, from) => {
    const [was, is] = [pre.server[me].logicalclock, post.server[me].logicalclock];
    return `${nameOf(me)} hears ${nameOf(from)}, which was LOOKING, and its clock falls from ${was} to ${is}.`;
  },
});

/** A decision (leader, round) ⇒ a majority cast that vote at some time. */
export const decisionHasVoteQuorum = always<FleState>({
  name: 'decisionHasVoteQuorum',
  says: 'When a server has decided for a leader in a round, a majority voted for it in that round.',
  source: 'FastLeaderElection.getVoteTracker; quorum intersection',
  witness: 'leaderElected',
  holds: (state) => {
    const { server } = state;
    // Most servers decide alike; such servers are checked only once.
    let leader = -1;
    let round = -1;
    for (let i = 0; i < server.length; i++) {
      const { state: role, proposal, logicalclock } = server[i];
      if (!isDecided(role) || (proposal === leader && logicalclock === round)) continue;
      if (!isMajority(sizeOf(casters(state, proposal, logicalclock)), server.length)) return false;
      leader = proposal;
      round = logicalclock;
    }
    return true;
  },
  explain: (state) => {
    const { server } = state;
    const votesOf = (i: number) => casters(state, server[i].proposal, server[i].logicalclock);
    const i = server.findIndex(
      (one, k) => isDecided(one.state) && !isMajority(sizeOf(votesOf(k)), server.length),
    );
    const { proposal, logicalclock } = server[i];
    const votes = `${onlyServersIn(votesOf(i))} voted for it in that round`;
    const few = tooFew(sizeOf(votesOf(i)), server.length);
    return `${nameOf(i)} has decided for ${nameOf(proposal)} in round ${logicalclock}; ${votes}: ${few}.`;
  },
});

/**
 * LOOKING → LEADING at the end of finalizeWait ⇒ a quorum cast that vote, none of which ranks above the
 * leader.
 */
export const highestOfQuorumWins = (bounds: Bounds) =>
  everyStep<FleState>({
    name: 'highestOfQuorumWins',
    says: 'A server that leads by votes has the highest credential of a majority that voted so in its round.',
    source: 'FastLeaderElection.totalOrderPredicate, getVoteTracker',
    witness: 'leaderElected',
    on: ['EndFinalizeWait'],
    holds: (pre, post, me) => {
      if (post.server[me].state !== LEADING) return true;
      return majorityBacks(pre.server, me, casters(post, me, post.server[me].logicalclock));
    },
    explain: (pre, post, me) => {
      const { logicalclock } = post.server[me];
      return ledBy(bounds, pre.server, me, logicalclock, casters(post, me, logicalclock));
    },
  });

/** LOOKING → LEADING leaves the clock unchanged. */
export const leadKeepsRound = everyStep<FleState>({
  name: 'leadKeepsRound',
  says: 'A server becomes LEADING in the round in which it was LOOKING.',
  source:
    'FastLeaderElection.checkLeader: logicalclock == electionEpoch when the leader is the server itself',
  witness: 'leaderElected',
  holds: (pre, post) => {
    for (let i = 0; i < pre.server.length; i++) {
      const a = pre.server[i];
      const b = post.server[i];
      if (b.state === LEADING && a.state === LOOKING && a.logicalclock !== b.logicalclock) return false;
    }
    return true;
  },
  explain: (pre, post) => {
    const i = pre.server.findIndex(
      (a, k) =>
        post.server[k].state === LEADING &&
        a.state === LOOKING &&
        a.logicalclock !== post.server[k].logicalclock,
    );
    const [was, is] = [pre.server[i].logicalclock, post.server[i].logicalclock];
    return `${nameOf(i)} was LOOKING in round ${was} and becomes LEADING in round ${is}.`;
  },
});

/** Following l because of a FOLLOWING or LEADING notification ⇒ l was LEADING earlier. */
export const adoptedWasLeading = everyStep<FleState>({
  name: 'adoptedWasLeading',
  says: 'A server that joins a leader on the word of decided servers joins one that has led.',
  source: 'FastLeaderElection.checkLeader; ZOOKEEPER-159, ZOOKEEPER-480',
  witness: 'leaderAdopted',
  on: ['HandleNotification'],
  holds: (pre, post, me) => {
    const { state, proposal } = post.server[me];
    if (pre.server[me].state !== LOOKING || state !== FOLLOWING) return true;
    return ((pre.everLed >>> proposal) & 1) === 1;
  },
  explain: (pre, post, me) => {
    const { proposal } = post.server[me];
    return joinsInVain(me, proposal, pre.server[proposal].state);
  },
});

/** A server never begins to lead with fewer votes at hand than a majority. */
export const noMinorityLeader = everyStep<FleState>({
  name: 'noMinorityLeader',
  says: 'LEADING must be justified by votes of a majority, counted by the server that leads.',
  source: 'FastLeaderElection.getVoteTracker, SyncedLearnerTracker.hasAllQuorums',
  witness: 'leaderElected',
  holds: (pre, post) => {
    for (let i = 0; i < pre.server.length; i++) {
      if (leadsByFew(pre, post, i)) return false;
    }
    return true;
  },
  explain: (pre, post) => {
    const i = pre.server.findIndex((_, k) => leadsByFew(pre, post, k));
    const voters = votersAtHand(pre, post, i);
    const few = tooFew(sizeOf(voters), pre.server.length);
    return `${nameOf(i)} leads, and has the votes of ${onlyServersIn(voters)}: ${few}.`;
  },
});

const leadsByFew = (pre: FleState, post: FleState, i: number): boolean =>
  post.server[i].state === LEADING &&
  pre.server[i].state === LOOKING &&
  !isMajority(sizeOf(votersAtHand(pre, post, i)), pre.server.length);

/**
 * The servers whose votes for `i` server `i` holds before the step, or hears in it: those in the election, or
 * those out of it if they are more.
 */
function votersAtHand(pre: FleState, post: FleState, i: number): number {
  const self = pre.server[i];
  let inElection = self.proposal === i ? 1 << i : 0;
  let outside = 0;
  for (let j = 0; j < pre.server.length; j++) {
    if (j === i) continue;
    const heard = pre.channel[j][i].length > post.channel[j][i].length ? pre.channel[j][i].head : null;
    const hears = heard !== null && heard.leader === i && isDecided(heard.state);
    const known = self.recvset[j].state !== OFF && self.recvset[j].leader === i;
    if (known || (hears && heard.electionEpoch === self.logicalclock)) inElection |= 1 << j;
    if (hears || (self.outofelection[j].state !== OFF && self.outofelection[j].leader === i))
      outside |= 1 << j;
  }
  return sizeOf(outside) > sizeOf(inElection) ? outside : inElection;
}

const claims = (bounds: Bounds): readonly Claim<FleState>[] => [
  proposalDominatesSelf(bounds),
  proposalMonotone(bounds),
  recvsetOfThisRound('recvsetFilled'),
  clockNeverLoweredByLooking,
  noMinorityLeader,
  decisionHasVoteQuorum,
  highestOfQuorumWins(bounds),
  leadKeepsRound,
  adoptedWasLeading,
];

export const fastLeaderElection = (bounds: Bounds): Expectations<FleState> => ({
  claims: claims(bounds),
  witnesses: [...commonWitnesses(bounds), ...everySidLeads(bounds)],
});

const becomes = (pre: FleState, post: FleState, me: number, role: number): boolean =>
  pre.server[me].state === LOOKING && post.server[me].state === role;

function commonWitnesses(bounds: Bounds): Witness<FleState>[] {
  const secondRound =
    bounds.rounds < 2 || bounds.abandons < 1 ? 'it needs a second round, so an abandon' : null;
  return [
    leaderElected(),
    sometimes({
      name: 'twoLeadersAtOneClock',
      says: 'Two servers lead at one logical clock: rounds are no epochs, and this is no bug.',
      source: 'docs/two-leaders.md; ZOOKEEPER-3109',
      excludedBecause: bounds.servers < 3 ? 'two majorities of two servers are the same' : null,
      shows: (state) => leadersAtOneClock(state) >= 2,
    }),
    someStep({
      name: 'decisionOvertaken',
      says: 'A better vote arrives inside finalizeWait and the decision is not taken.',
      source: 'FastLeaderElection.lookForLeader: recvqueue.put(n) inside finalizeWait',
      excludedBecause: bounds.servers < 3 ? 'a quorum of two servers has heard every vote' : null,
      on: ['HandleNotification'],
      shows: (pre, post, me) =>
        pre.server[me].finalizing && post.server[me].proposal !== pre.server[me].proposal,
    }),
    someStep({
      name: 'clockLoweredByAdoption',
      says: 'A server that joins an existing leader goes back to that leader’s round.',
      source: 'FastLeaderElection.receivedFollowingNotification: logicalclock.set(n.electionEpoch)',
      excludedBecause: bounds.servers < 3 ? 'one other server is no quorum out of the election' : secondRound,
      on: ['HandleNotification'],
      shows: (pre, post, me) => post.server[me].logicalclock < pre.server[me].logicalclock,
    }),
    someStep({
      name: 'leaderAdopted',
      says: 'A server follows a leader on the word of decided servers, without a vote of its own.',
      source: 'FastLeaderElection.receivedFollowingNotification',
      excludedBecause:
        bounds.servers < 3 ? 'the other server alone is no quorum, and the own vote differs' : null,
      on: ['HandleNotification'],
      shows: (pre, post, me) => becomes(pre, post, me, FOLLOWING),
    }),
    someStep({
      name: 'proposalRaised',
      says: 'A LOOKING server replaces its proposal by a better one.',
      source: 'FastLeaderElection.lookForLeader, case LOOKING: updateProposal',
      on: ['HandleNotification'],
      shows: (pre, post, me) =>
        becomes(pre, post, me, LOOKING) && post.server[me].proposal !== pre.server[me].proposal,
    }),
    someStep({
      name: 'recvsetFilled',
      says: 'A vote stands in a recvset.',
      source: 'FastLeaderElection.lookForLeader: recvset.put',
      on: ['HandleNotification'],
      shows: (_pre, post, me, from) => post.server[me].recvset[from].state !== OFF,
    }),
    someStep({
      name: 'lookingHandled',
      says: 'A LOOKING server in a later round hears one of an earlier round.',
      source: 'WorkerReceiver.run: the reply to a sender whose electionEpoch lags behind',
      excludedBecause: secondRound,
      on: ['HandleNotification'],
      shows: (pre, _post, me, from) =>
        pre.server[me].state === LOOKING &&
        pre.channel[from][me].head.state === LOOKING &&
        pre.channel[from][me].head.electionEpoch < pre.server[me].logicalclock,
    }),
  ];
}
