import type { RuleSet } from '../rules.js';

/** The rules as ZooKeeper has them: nothing is overridden. */
export const correctRules: RuleSet = {
  name: 'correct',
  says: 'the rules as ZooKeeper has them',
  source: 'FastLeaderElection, QuorumMaj',
  overrides: {},
  breaks: {},
};
