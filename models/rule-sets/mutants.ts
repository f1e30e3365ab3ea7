/** Mutants: the correct rules with one thing wrong, and the claim that must notice. */
import type { RuleSet } from '../rules.js';

export const mutants: readonly RuleSet[] = [
  {
    name: 'order-ignores-zxid',
    says: 'votes are ordered by epoch and server id alone, so a server that lacks data may lead',
    source: 'made up; the least change of FastLeaderElection.totalOrderPredicate that loses data',
    overrides: {
      totalOrderPredicate: (newId, _newZxid, newEpoch, curId, _curZxid, curEpoch) =>
        newEpoch > curEpoch || (newEpoch === curEpoch && newId > curId),
    },
    breaks: {
      tutorial: { claim: 'highestOfQuorumWins' },
      'fast-leader-election': {
        claim: 'highestOfQuorumWins',
        also: ['proposalMonotone', 'proposalDominatesSelf'],
      },
    },
  },
  {
    name: 'ZOOKEEPER-1419',
    says: 'equal zxids let the sid decide, whatever the epochs: three votes can beat each other in a circle',
    source: 'ZOOKEEPER-1419: FastLeaderElection.totalOrderPredicate before 3.4.4',
    overrides: {
      totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
        newEpoch > curEpoch ||
        (newEpoch === curEpoch && newZxid > curZxid) ||
        (newZxid === curZxid && newId > curId),
    },
    breaks: { rules: { claim: 'strictTotalOrder' } },
  },
  {
    name: 'order-ignores-epoch',
    says: 'votes are ordered by zxid and server id alone',
    source: 'made up; FastLeaderElection.totalOrderPredicate as it was before votes had a peerEpoch',
    overrides: {
      totalOrderPredicate: (newId, newZxid, _newEpoch, curId, curZxid) =>
        newZxid > curZxid || (newZxid === curZxid && newId > curId),
    },
    breaks: {
      'fast-leader-election': {
        claim: 'highestOfQuorumWins',
        also: ['proposalMonotone', 'proposalDominatesSelf'],
      },
    },
  },
  {
    name: 'order-ignores-sid',
    says: 'votes are ordered by epoch and zxid alone, so equal data decide nothing',
    source: 'made up; the last comparison of FastLeaderElection.totalOrderPredicate left out',
    overrides: {
      totalOrderPredicate: (_newId, newZxid, newEpoch, _curId, curZxid, curEpoch) =>
        newEpoch > curEpoch || (newEpoch === curEpoch && newZxid > curZxid),
    },
    breaks: { rules: { claim: 'strictTotalOrder' } },
  },
  {
    name: 'order-not-strict',
    says: 'a vote beats itself',
    source: 'made up; FastLeaderElection.totalOrderPredicate with >= for the last >',
    overrides: {
      totalOrderPredicate: (newId, newZxid, newEpoch, curId, curZxid, curEpoch) =>
        newEpoch > curEpoch ||
        (newEpoch === curEpoch && (newZxid > curZxid || (newZxid === curZxid && newId >= curId))),
    },
    breaks: { rules: { claim: 'strictTotalOrder' } },
  },
  {
    name: 'jump-takes-what-it-hears',
    says: 'a server that enters a later round proposes what it hears, even if its own credential is better',
    source: 'made up; FastLeaderElection.lookForLeader without the comparison with getInitId',
    overrides: { proposalOnJump: () => 'heard' },
    breaks: {
      'fast-leader-election': {
        claim: 'highestOfQuorumWins',
        also: ['proposalDominatesSelf'],
        bounds: { rounds: 2, abandons: 1 },
      },
    },
  },
  {
    name: 'recvset-kept-on-jump',
    says: 'a server that enters a later round keeps the votes of the one before',
    source: 'made up; FastLeaderElection.lookForLeader without recvset.clear',
    overrides: { clearsRecvsetOnJump: false },
    breaks: {
      'fast-leader-election': { claim: 'recvsetOfThisRound', bounds: { rounds: 2, abandons: 1 } },
    },
  },
  {
    name: 'minority-quorum',
    says: 'half of the servers, rounded down, are enough for a quorum',
    source: 'made up; QuorumMaj.containsQuorum with >= for >',
    overrides: { hasQuorum: (votes, servers) => votes >= Math.floor(servers / 2) },
    breaks: {
      tutorial: { claim: 'noMinorityLeader' },
      'fast-leader-election': {
        claim: 'noMinorityLeader',
        also: ['highestOfQuorumWins', 'decisionHasVoteQuorum'],
      },
    },
  },
  {
    name: 'check-leader-always-true',
    says: 'a leader that others report is followed without asking whether it leads',
    source: 'ZOOKEEPER-159, ZOOKEEPER-480: FastLeaderElection before checkLeader existed',
    overrides: { checkLeader: () => true },
    breaks: { 'fast-leader-election': { claim: 'adoptedWasLeading' } },
  },
];
