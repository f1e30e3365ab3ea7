import type { RuleSet } from './rule-set.js';

/** Nothing is overridden. */
export const correctRules: RuleSet = {
  name: 'correct',
  says: 'the rules as ZooKeeper has them, but for ACKs of what is truncated (docs/zab.md)',
  source: 'FastLeaderElection, QuorumMaj, Leader, Learner, LearnerHandler',
  overrides: {},
  breaks: {},
};
