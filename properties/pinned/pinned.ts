/** The pinned figures of a run: all that a change of model, rules, claims or engine could move. */
import type { Outcome } from '../../src/engine/outcome.js';
import { toReadableJson } from '../../src/trace/trace.js';
import type { Case } from '../index.js';

/** The file that pins an exhaustive run, as text. */
export function pinned({ family, bounds, ruleSet }: Case, outcome: Outcome): string {
  const witnesses = Object.entries(outcome.witnesses).map(([name, schedule]) => [
    name,
    schedule === null ? null : schedule.steps.length,
  ]);
  return toReadableJson({
    model: family.name,
    bounds: family.describe(bounds),
    rules: ruleSet.name,
    verdict: outcome.verdict,
    reason: outcome.reason,
    distinct: outcome.distinct,
    generated: outcome.generated,
    depth: outcome.depth,
    actions: outcome.actions,
    claims: outcome.claims,
    witnesses: Object.fromEntries(witnesses),
    excluded: outcome.excluded,
  });
}

/**
 * The path of the shortest trace of a mutant, below properties/corpus. ZooKeeper's bugs have a folder of
 * their own, and so have its releases.
 */
export function traceOf(model: string, ruleSet: string, claim: string): string {
  const isIssue = ruleSet.startsWith('ZOOKEEPER-');
  const folder = isIssue ? 'history' : ruleSet.startsWith('zookeeper-') ? 'releases' : 'mutants';
  return `${folder}/${model}.${ruleSet}.${claim}.json`;
}
