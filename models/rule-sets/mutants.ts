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
      'fast-leader-election': { claim: 'highestOfQuorumWins' },
    },
  },
  {
    name: 'minority-quorum',
    says: 'half of the servers, rounded down, are enough for a quorum',
    source: 'made up; QuorumMaj.containsQuorum with >= for >',
    overrides: { hasQuorum: (votes, servers) => votes >= Math.floor(servers / 2) },
    breaks: {
      tutorial: { claim: 'noMinorityLeader' },
      'fast-leader-election': { claim: 'noMinorityLeader' },
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
