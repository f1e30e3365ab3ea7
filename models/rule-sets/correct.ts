import type { RuleSet } from './rule-set.js';

/** Nothing is overridden. */
export const correctRules: RuleSet = {
  name: 'correct',
  says: "ZooKeeper's rules, except for ACKs of truncated transactions (docs/zab.md)",
  source: 'FastLeaderElection, QuorumMaj, Leader, Learner, LearnerHandler',
  overrides: {},
  breaks: {},
};
