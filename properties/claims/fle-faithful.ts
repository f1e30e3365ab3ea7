/** What must hold of `fle-faithful`, and what must be reachable in it. */
import { type FaithfulState, FINALIZE_WAIT, LEAVING, POLL } from '../../models/fle-faithful/state.js';
import type { Bounds } from '../../models/model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OFF } from '../../models/model/server-state.js';
import {
  always,
  type Claim,
  type Expectations,
  everyStep,
  someStep,
  type Witness,
} from '../../src/language/index.js';
import { joinsInVain, recvsetOfThisRound } from './elections.js';
import { apart, nameOf, onlyServersIn, serversIn, tooFew, zxidIn } from './in-words.js';
import { everySidLeads, leaderElected } from './leaders.js';
import { isMajority, ledBy, majorityBacks, outranks, sizeOf } from './majority.js';

/** The servers that have ever voted for `leader` in round `round`. */
function casters({ cast }: FaithfulState, leader: number, round: number): number {
  let servers = 0;
  for (let s = 0; s < cast.length; s++) if ((cast[s][round].votes >>> leader) & 1) servers |= 1 << s;
  return servers;
}

export const proposalDominatesSelf = (bounds: Bounds) =>
  always<FaithfulState>({
    name: 'proposalDominatesSelf',
    says: 'A LOOKING server never proposes a leader that ranks below itself.',
    source: 'FastLeaderElection.lookForLeader, case LOOKING: updateProposal',
    witness: 'proposalRaised',
    holds: ({ server }) => {
      for (let i = 0; i < server.length; i++) {
        const { state, proposal } = server[i];
        if (state === LOOKING && proposal.leader !== i && outranks(server, i, proposal.leader)) return false;
      }
      return true;
    },
    explain: ({ server }) => {
      const i = server.findIndex(
        ({ state, proposal: { leader } }, k) =>
          state === LOOKING && leader !== k && outranks(server, k, leader),
      );
      const [own, other] = apart(bounds, server, i, server[i].proposal.leader);
      return `${own} is LOOKING and proposes ${other}, which ranks below it.`;
    },
  });

export const votesAreCredentials = (bounds: Bounds) =>
  always<FaithfulState>({
    name: 'votesAreCredentials',
    says: 'A server that proposes a leader proposes the zxid and the epoch of that leader.',
    source: 'FastLeaderElection.updateProposal: leader, zxid and epoch come from one notification',
    witness: 'proposalRaised',
    holds: ({ server }) => {
      for (let i = 0; i < server.length; i++) if (misquotes(server, i)) return false;
      return true;
    },
    explain: ({ server }) => {
      const print = zxidIn(bounds);
      const i = server.findIndex((_, k) => misquotes(server, k));
      const { leader, zxid, peerEpoch } = server[i].proposal;
      const has = `zxid ${print(server[leader].zxid)} and currentEpoch ${server[leader].currentEpoch}`;
      const told = `zxid ${print(zxid)} and peerEpoch ${peerEpoch}`;
      return `${nameOf(i)} proposes ${nameOf(leader)} with ${told}; ${nameOf(leader)} has ${has}.`;
    },
  });

/** Whether a LOOKING server proposes a credential that is not that of its leader. */
function misquotes(server: FaithfulState['server'], i: number): boolean {
  const { state, proposal } = server[i];
  const { zxid, currentEpoch } = server[proposal.leader];
  return state === LOOKING && (proposal.zxid !== zxid || proposal.peerEpoch !== currentEpoch);
}

export const finalizesWithQuorum = always<FaithfulState>({
  name: 'finalizesWithQuorum',
  says: 'A server in finalizeWait holds votes of a majority for its proposal in its round.',
  source: 'FastLeaderElection.getVoteTracker; finalizeWait drops what it reads',
  witness: 'decisionOvertaken',
  holds: ({ server }) => {
    for (let i = 0; i < server.length; i++) if (waitsForFew(server, i)) return false;
    return true;
  },
  explain: ({ server }) => {
    const i = server.findIndex((_, k) => waitsForFew(server, k));
    const { proposal, logicalclock } = server[i];
    const waits = `${nameOf(i)} is in finalizeWait with a vote for ${nameOf(proposal.leader)} in round ${logicalclock}`;
    const voters = votersIn(server[i], server.length);
    const few = tooFew(sizeOf(voters), server.length);
    return `${waits}, and its recvset holds that vote of ${serversIn(voters)}: ${few}.`;
  },
});

const waitsForFew = (server: FaithfulState['server'], i: number): boolean =>
  server[i].place === FINALIZE_WAIT && !isMajority(sizeOf(votersIn(server[i], server.length)), server.length);

/** The servers whose vote in a recvset is for the proposed leader, in the round of the server. */
function votersIn({ recvset, proposal, logicalclock }: FaithfulState['server'][number], servers: number) {
  let voters = 0;
  for (let j = 0; j < servers; j++) {
    const { state, leader, electionEpoch } = recvset[j];
    if (state !== OFF && leader === proposal.leader && electionEpoch === logicalclock) voters |= 1 << j;
  }
  return voters;
}

export const leadsByVotes = (bounds: Bounds) =>
  everyStep<FaithfulState>({
    name: 'leadsByVotes',
    says: 'A server that leads has the highest credential of a majority that voted for it in that round.',
    source: 'FastLeaderElection.totalOrderPredicate, getVoteTracker; receivedFollowingNotification',
    witness: 'leaderElected',
    on: ['EndFinalizeWait', 'HandleNotification'],
    holds: (pre, post, me) => {
      if (post.server[me].state !== LEADING) return true;
      return majorityBacks(pre.server, me, casters(post, me, post.server[me].logicalclock));
    },
    explain: (pre, post, me) => {
      const { logicalclock } = post.server[me];
      return ledBy(bounds, pre.server, me, logicalclock, casters(post, me, logicalclock));
    },
  });

export const publishedHasVoteQuorum = everyStep<FaithfulState>({
  name: 'publishedHasVoteQuorum',
  says: 'When a server makes a vote of a round known, a majority voted for that leader in that round.',
  source: 'QuorumPeer.setCurrentVote; FastLeaderElection.getVoteTracker, quorum intersection',
  witness: 'leaderElected',
  on: ['PublishVote'],
  holds: (_pre, post, me) => {
    const { leader, electionEpoch } = post.server[me].currentVote;
    return electionEpoch < 0 || isMajority(sizeOf(casters(post, leader, electionEpoch)), post.server.length);
  },
  explain: (_pre, post, me) => {
    const { leader, electionEpoch } = post.server[me].currentVote;
    const voters = casters(post, leader, electionEpoch);
    const made = `${nameOf(me)} makes its vote for ${nameOf(leader)} of round ${electionEpoch} known`;
    const few = tooFew(sizeOf(voters), post.server.length);
    return `${made}; ${onlyServersIn(voters)} voted for it in that round: ${few}.`;
  },
});

export const adoptedWasLeading = everyStep<FaithfulState>({
  name: 'adoptedWasLeading',
  says: 'A server that joins a leader on the word of decided servers joins one that has led.',
  source: 'FastLeaderElection.checkLeader; ZOOKEEPER-159, ZOOKEEPER-480',
  witness: 'leaderAdopted',
  on: ['HandleNotification'],
  holds: (pre, post, me) => {
    const { state, endVote } = post.server[me];
    return state !== FOLLOWING || ((pre.everLed >>> endVote.leader) & 1) === 1;
  },
  explain: (pre, post, me) => {
    const { leader } = post.server[me].endVote;
    return joinsInVain(me, leader, pre.server[leader].state);
  },
});

const claims = (bounds: Bounds): readonly Claim<FaithfulState>[] => [
  proposalDominatesSelf(bounds),
  votesAreCredentials(bounds),
  recvsetOfThisRound('ownVoteCounts'),
  finalizesWithQuorum,
  leadsByVotes(bounds),
  publishedHasVoteQuorum,
  adoptedWasLeading,
];

export const fleFaithful = (bounds: Bounds): Expectations<FaithfulState> => ({
  claims: claims(bounds),
  witnesses: [...commonWitnesses(bounds), ...windowWitnesses(bounds), ...everySidLeads(bounds)],
});

const ofTwo = 'it takes a third server, which the first two do not wait for';

const nothingLate = ({ servers, rounds, resends, crashes, abandons, disconnects }: Bounds): string | null =>
  servers < 3 && resends + crashes + disconnects === 0 && (abandons === 0 || rounds === 1)
    ? 'two servers that send once have heard all there is when they have a quorum'
    : null;

function commonWitnesses(bounds: Bounds): Witness<FaithfulState>[] {
  const { servers, queue } = bounds;
  return [
    leaderElected(),
    someStep({
      name: 'proposalRaised',
      says: 'A LOOKING server replaces its proposal by a better one.',
      source: 'FastLeaderElection.lookForLeader, case LOOKING: updateProposal',
      on: ['HandleNotification'],
      shows: (pre, post, me) =>
        post.server[me].state === LOOKING &&
        post.server[me].proposal.leader !== pre.server[me].proposal.leader,
    }),
    someStep({
      name: 'ownVoteCounts',
      says: 'The own vote comes back by loopback, through the queue, into recvset.',
      source: 'QuorumCnxManager.toSend: addToRecvQueue, if the sid is its own',
      on: ['HandleNotification'],
      shows: (_pre, post, me) => post.server[me].recvset[me].state === LOOKING,
    }),
    someStep({
      name: 'decisionOvertaken',
      says: 'A better vote arrives inside finalizeWait, ends it, and goes to the tail of recvqueue.',
      source: 'FastLeaderElection.lookForLeader: recvqueue.put(n) inside finalizeWait',
      excludedBecause: servers < 3 ? 'a quorum of two servers has heard every vote' : null,
      on: ['HandleNotification'],
      shows: (pre, post, me) => pre.server[me].place === FINALIZE_WAIT && post.server[me].place === POLL,
    }),
    someStep({
      name: 'droppedByFinalizeWait',
      says: 'finalizeWait reads a notification that it will not come back to.',
      source: 'FastLeaderElection.lookForLeader: recvqueue.poll(finalizeWait)',
      excludedBecause: nothingLate(bounds),
      on: ['HandleNotification'],
      shows: (pre, post, me) =>
        pre.server[me].place === FINALIZE_WAIT && post.server[me].place === FINALIZE_WAIT,
    }),
    someStep({
      name: 'overtakenByOthers',
      says: 'What ended finalizeWait waits at the tail, behind another notification.',
      source: 'FastLeaderElection.lookForLeader: recvqueue.put(n) is no return to the head',
      excludedBecause: servers < 3 ? ofTwo : queue < 2 ? 'a queue of one has no tail' : null,
      on: ['HandleNotification'],
      shows: (pre, post, me) =>
        pre.server[me].place === FINALIZE_WAIT &&
        post.server[me].place === POLL &&
        post.server[me].recvqueue.length > 1,
    }),
    someStep({
      name: 'leaderAdopted',
      says: 'A server follows a leader on the word of other decided servers, without a vote of its own.',
      source: 'FastLeaderElection.receivedFollowingNotification',
      excludedBecause: servers < 3 ? 'the other server alone is no quorum, and the own vote differs' : null,
      on: ['HandleNotification'],
      shows: joins,
    }),
  ];
}

/**
 * Whether a server joins a leader without counting an answer to itself. With two slots such an answer of the
 * round before outlives its next proposal in the loopback, and counts.
 */
function joins(pre: FaithfulState, post: FaithfulState, me: number): boolean {
  const { state, recvqueue, recvset, outofelection } = pre.server[me];
  if (state !== LOOKING || post.server[me].state !== FOLLOWING) return false;
  return recvqueue.head.from !== me && recvset[me].state <= LOOKING && outofelection[me].state === OFF;
}

/** Witnesses of the moment between `setPeerState` and `setCurrentVote`. */
function windowWitnesses(bounds: Bounds): Witness<FaithfulState>[] {
  const { servers } = bounds;
  return [
    someStep({
      name: 'oldVoteWithNewState',
      says: 'A server that has decided answers with the vote that it had before.',
      source: 'QuorumPeer.run: setCurrentVote(lookForLeader()), after setPeerState inside it',
      excludedBecause: nothingLate(bounds),
      on: ['ReceiveNotification'],
      shows: (pre, post, me, from) =>
        pre.server[me].place === LEAVING &&
        from !== me &&
        pre.channel[from][me].head.state === LOOKING &&
        post.channel[me][from].last.electionEpoch === -1,
    }),
    someStep({
      name: 'clockBelowZero',
      says: 'The logical clock of a server is -1: it joined a leader that told its state before its vote.',
      source: 'FastLeaderElection.receivedFollowingNotification: logicalclock.set(n.electionEpoch)',
      excludedBecause: servers < 3 ? 'one other server is no quorum out of the election' : null,
      on: ['HandleNotification'],
      shows: (pre, post, me) => post.server[me].logicalclock < 0 && joins(pre, post, me),
    }),
  ];
}
