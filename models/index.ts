/** The registry of models, the bottom rung first. */

import type { StructType } from '../src/spec/index.js';
import {
  fastLeaderElection,
  fleFaithful,
  tutorial,
  voteOrder,
  zabDiscovery,
  zabSynchronization,
} from './ladder.js';
import type { Rung } from './model/entry.js';

export { wholeRun } from './fast-leader-election/reductions/whole-run.js';
export type { BoundName, Bounds, Departure, Limits, Preset, Rung } from './model/entry.js';
export { boundsTaken, PRESETS } from './model/entry.js';
export {
  type ReductionChoice,
  type ReductionTold,
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
export {
  correct,
  type Kill,
  type RuleName,
  type RuleSet,
  type Rules,
  rulesOf,
  type Survival,
} from './rules.js';

export const rungs: readonly Rung[] = [
  erased(voteOrder),
  erased(tutorial),
  erased(fastLeaderElection),
  erased(fleFaithful),
  erased(zabDiscovery),
  erased(zabSynchronization),
];

/**
 * A registry cannot keep each model's own state type; a case binds model and claims of one rung together
 * again.
 */
function erased<S extends StructType>(rung: Rung<S>): Rung {
  return rung as unknown as Rung;
}

export const findRung = (name: string): Rung | undefined => rungs.find((rung) => rung.name === name);
