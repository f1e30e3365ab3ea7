/**
 * What must hold of the peer model, and what must be reachable in it: enough that its speed is measured with
 * claims on states and on steps, as a real model has them.
 */

import {
  always,
  type Expectations,
  everyStep,
  type Reading,
  someStep,
  sometimes,
  type Witness,
} from '../../src/language/index.js';
import { type PeerSchema, peerModel } from './model.js';

type State = Reading<PeerSchema>;

const N = 3;
const { LOOK, LEAD, DOWN } = peerModel(1, 0).schema.fields.server.element.fields.self.fields.st.values;

/**
 * A place in the order of votes, 0 > 2 > 1. Said here a second time, and not taken from model.ts: an
 * order that is wrong there would excuse itself.
 */
const place = (id: number): number => (id === 0 ? 2 : id - 1);

/** A server that leads has itself for its leader. */
export const leadVotesForItself = always<State>({
  name: 'leadVotesForItself',
  says: 'The vote of a server in LEAD is the server itself.',
  source: 'fle.m, invariant ok; FastLeaderElection.learningState',
  witness: 'someServerLeads',
  holds: ({ server }) => {
    for (let i = 0; i < N; i++) {
      const { st, vote } = server[i].self;
      if (st === LEAD && vote !== i) return false;
    }
    return true;
  },
  explain: ({ server }) => {
    const i = server.findIndex(({ self: { st, vote } }, k) => st === LEAD && vote !== k);
    return `${i} is in LEAD with a vote for ${server[i].self.vote}.`;
  },
});

/** A server that looks for a leader never votes for one worse than itself. */
export const proposalDominatesSelf = always<State>({
  name: 'proposalDominatesSelf',
  says: 'The vote of a server in LOOK is at least as good as the server itself.',
  source: 'fle.pml, inline deliver; FastLeaderElection.lookForLeader, totalOrderPredicate against getInitId',
  witness: 'votesForAnother',
  holds: ({ server }) => {
    for (let i = 0; i < N; i++) {
      const { st, vote } = server[i].self;
      if (st === LOOK && place(vote) < place(i)) return false;
    }
    return true;
  },
  explain: ({ server }) => {
    const i = server.findIndex(({ self: { st, vote } }, k) => st === LOOK && place(vote) < place(k));
    return `${i} is in LOOK with a vote for ${server[i].self.vote}, which is worse than ${i}.`;
  },
});

/** Whether a record is there, and of another round than its server's. */
const isOutdated = (round: number, recorded: number): boolean => recorded !== 0 && recorded !== round;

/** Votes of two rounds are never counted together. */
export const recvsetOfThisRound = always<State>({
  name: 'recvsetOfThisRound',
  says: "Every record in rv is of its server's round.",
  source: 'fle.pml, inline deliver; FastLeaderElection.lookForLeader, recvset.clear()',
  witness: 'recordsOutdated',
  holds: ({ server }) => {
    for (let i = 0; i < N; i++) {
      const { self, rv } = server[i];
      for (let k = 0; k < N; k++) {
        if (isOutdated(self.clk, rv[k].clk) && k !== i) return false;
      }
    }
    return true;
  },
  explain: ({ server }) => {
    const pairs = server.flatMap((_, i) => server.flatMap((_other, k) => (k === i ? [] : [{ i, k }])));
    const { i, k } = pairs.find((each) =>
      isOutdated(server[each.i].self.clk, server[each.i].rv[each.k].clk),
    )!;
    const { self, rv } = server[i];
    return `${i} is in round ${self.clk}, and its rv has a record of ${k} of round ${rv[k].clk}.`;
  },
});

/**
 * Within a round a server that goes on looking changes its vote for a better one only. The first argument of
 * each action is the server that acts, and no other server changes.
 */
export const proposalMonotone = everyStep<State>({
  name: 'proposalMonotone',
  says: 'The vote of a server that stays in LOOK and in its round never gets worse.',
  source: 'fle.pml, inline deliver; FastLeaderElection.totalOrderPredicate',
  witness: 'betterVoteAdopted',
  holds: (pre, post, i) => {
    const before = pre.server[i].self;
    const after = post.server[i].self;
    if (before.st !== LOOK || after.st !== LOOK || before.clk !== after.clk) return true;
    return before.vote === after.vote || place(after.vote) > place(before.vote);
  },
  explain: (pre, post, i) =>
    `${i} replaces its vote for ${pre.server[i].self.vote} by one for ${post.server[i].self.vote}, which is worse.`,
});

/** A round is lowered only to join those that have decided: clockFalls. */
export const clockNeverLoweredByLooking = everyStep<State>({
  name: 'clockNeverLoweredByLooking',
  says: 'A message from a server in LOOK never lowers the round of its receiver.',
  source: 'fle.pml, inline deliver; FastLeaderElection.lookForLeader, case LOOKING',
  witness: 'clockFalls',
  on: ['Deliver'],
  holds: (pre, post, i, j) => pre.ch[j][i].st !== LOOK || post.server[i].self.clk >= pre.server[i].self.clk,
  explain: (pre, post, i, j) =>
    `${i} hears ${j}, which was in LOOK, and goes back from round ${pre.server[i].self.clk} to ${post.server[i].self.clk}.`,
});

/** Whoever comes to lead does so in the round in which it looked. */
export const leadKeepsRound = everyStep<State>({
  name: 'leadKeepsRound',
  says: 'A server that comes to LEAD does so in the round in which it was in LOOK.',
  source: 'fle.pml, inline deliver; FastLeaderElection.checkLeader, leader == self.getId()',
  witness: 'leadsByAnswer',
  holds: (pre, post, i) => {
    const after = post.server[i].self;
    if (after.st !== LEAD) return true;
    const before = pre.server[i].self;
    return before.st === LEAD || (before.st === LOOK && before.clk === after.clk);
  },
  explain: (pre, post, i) =>
    `${i} was in round ${pre.server[i].self.clk} and comes to LEAD in round ${post.server[i].self.clk}.`,
});

/** The claims and witnesses of `peerModel(maxRound, crashes)`. */
export const peerExpectations = (maxRound: number, crashes: number): Expectations<State> => ({
  claims: [
    leadVotesForItself,
    proposalDominatesSelf,
    recvsetOfThisRound,
    proposalMonotone,
    clockNeverLoweredByLooking,
    leadKeepsRound,
  ],
  witnesses: [...electionWitnesses(), ...roundWitnesses(maxRound), ...crashWitnesses(maxRound, crashes)],
});

/** What one round without a crash can show. */
const electionWitnesses = (): Witness<State>[] => [
  sometimes({
    name: 'someServerLeads',
    says: 'A server is in LEAD.',
    source: 'fle.pml, inline become',
    shows: ({ server }) => {
      for (let i = 0; i < N; i++) if (server[i].self.st === LEAD) return true;
      return false;
    },
  }),
  sometimes({
    name: 'votesForAnother',
    says: 'A server in LOOK votes for another one.',
    source: 'fle.pml, inline deliver, BETTER',
    shows: ({ server }) => {
      for (let i = 0; i < N; i++) if (server[i].self.st === LOOK && server[i].self.vote !== i) return true;
      return false;
    },
  }),
  sometimes({
    name: 'twoLeadersAtOneRound',
    says: 'Two servers are in LEAD in the same round.',
    source: 'fle.pml, CHECK with -DINV; FastLeaderElection.lookForLeader, finalizeWait',
    shows: ({ server }) => {
      for (let i = 0; i < N; i++) {
        for (let k = 0; k < i; k++) {
          const bothLead = server[i].self.st === LEAD && server[k].self.st === LEAD;
          if (bothLead && server[i].self.clk === server[k].self.clk) return true;
        }
      }
      return false;
    },
  }),
  someStep({
    name: 'betterVoteAdopted',
    says: 'A server in LOOK changes its vote within its round.',
    source: 'fle.pml, inline deliver, BETTER',
    on: ['Deliver'],
    shows: (pre, post, i) => {
      const before = pre.server[i].self;
      const after = post.server[i].self;
      return after.st === LOOK && before.clk === after.clk && before.vote !== after.vote;
    },
  }),
  someStep({
    name: 'leadsByAnswer',
    says: 'A server comes to LEAD by the answer of one that follows it already.',
    source: 'fle.pml, inline deliver; FastLeaderElection.lookForLeader, case FOLLOWING',
    on: ['Deliver'],
    shows: (pre, post, i) => pre.server[i].self.st === LOOK && post.server[i].self.st === LEAD,
  }),
];

/** What needs a second round. */
function roundWitnesses(maxRound: number): Witness<State>[] {
  const excludedBecause = maxRound === 1 ? 'it needs a second round' : null;
  return [
    someStep({
      name: 'recordsOutdated',
      says: 'A server with records hears of a later round.',
      source: 'fle.pml, inline deliver, clearrv; FastLeaderElection.lookForLeader, recvset.clear()',
      on: ['Deliver'],
      excludedBecause,
      shows: (pre, post, i) => {
        const { self, rv } = pre.server[i];
        if (post.server[i].self.clk <= self.clk) return false;
        for (let k = 0; k < N; k++) if (k !== i && rv[k].clk !== 0) return true;
        return false;
      },
    }),
    someStep({
      name: 'clockFalls',
      says: 'A server goes back to an earlier round to join those that have decided there.',
      source: 'fle.pml, inline deliver, oe; FastLeaderElection.lookForLeader, outofelection',
      on: ['Deliver'],
      excludedBecause,
      shows: (pre, post, i) => post.server[i].self.clk < pre.server[i].self.clk,
    }),
  ];
}

/** What needs a crash, or a crash and the round of a restart. */
function crashWitnesses(maxRound: number, crashes: number): Witness<State>[] {
  const noCrash = crashes === 0 ? 'no crash is budgeted' : null;
  return [
    someStep({
      name: 'leaderCrashes',
      says: 'A server in LEAD crashes.',
      source: 'fle.pml, CRASHX',
      on: ['Crash'],
      excludedBecause: noCrash,
      shows: (pre, _post, i) => pre.server[i].self.st === LEAD,
    }),
    someStep({
      name: 'comesBack',
      says: 'A server that has crashed looks for a leader again.',
      source: 'fle.pml, RESTART',
      excludedBecause: noCrash ?? (maxRound === 1 ? 'a restart needs a second round' : null),
      shows: (pre, post) => {
        for (let i = 0; i < N; i++) {
          if (pre.server[i].self.st === DOWN && post.server[i].self.st === LOOK) return true;
        }
        return false;
      },
    }),
  ];
}
