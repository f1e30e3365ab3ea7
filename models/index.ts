/** The registry of models, the simplest first. */

import type { StructType } from '../src/language/index.js';
import { fastLeaderElection } from './fast-leader-election/index.js';
import { fleFaithful } from './fle-faithful/index.js';
import type { ModelFamily } from './model/family.js';
import { tutorial } from './tutorial/index.js';
import { voteOrder } from './vote-order/index.js';
import { zabDiscovery } from './zab-discovery/index.js';
import { zabSynchronization } from './zab-synchronization/index.js';

export { wholeRun } from './fast-leader-election/reductions/whole-run.js';
export {
  BOUND_NAMES,
  BOUNDS,
  type BoundName,
  type Bounds,
  type Limits,
  leastBounds,
  PRESETS,
  type Preset,
} from './model/bounds.js';
export { boundsTaken, type Departure, type ModelFamily } from './model/family.js';
export {
  type Reduction,
  type ReductionChoice,
  reductionsNamed,
  reductionsSound,
} from './model/reductions.js';
export { rulesUsed } from './model/uses.js';
export {
  type Argument,
  type Call,
  CallLog,
  type CallLogHandles,
  isConstant,
  isSameAnswer,
  type RuleUse,
  usesOf,
} from './recording/call-log.js';
export { recordedRules } from './recording/recorded-rules.js';
export { findRuleSet, issueNamed, ruleSets } from './rule-sets/index.js';
export { type Kill, type RuleSet, rulesOf, type Survival } from './rule-sets/rule-set.js';
export { correct, type RuleName, type Rules } from './rules.js';

export const families: readonly ModelFamily[] = [
  erased(voteOrder),
  erased(tutorial),
  erased(fastLeaderElection),
  erased(fleFaithful),
  erased(zabDiscovery),
  erased(zabSynchronization),
];

/**
 * A registry cannot keep each model's own state type; a case binds model and claims of one family together
 * again.
 */
function erased<S extends StructType>(family: ModelFamily<S>): ModelFamily {
  return family as unknown as ModelFamily;
}

export const findFamily = (name: string): ModelFamily | undefined =>
  families.find((family) => family.name === name);
