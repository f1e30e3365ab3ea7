import type { RuleSet } from './rule-set.js';

/** Nothing is overridden. `zookeeper-master` is the same without the repairs. */
export const correctRules: RuleSet = {
  name: 'correct',
  says: "the rules of ZooKeeper's master, with four repairs of synchronization (docs/zab.md)",
  source: 'FastLeaderElection, QuorumMaj, Leader, Learner, LearnerHandler',
  overrides: {},
  breaks: {},
};
