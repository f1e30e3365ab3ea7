/**
 * The result of checking one model, as `--json` writes it.
 */
import type { Outcome } from '../engine/outcome.js';
import type { Trace } from '../trace/trace.js';
import { RESULT } from './formats.js';
import type { Result } from './schemas.js';

/** The fields of a result that do not come from the search. */
export interface ResultHeading {
  readonly model: string;
  readonly bounds: Result['bounds'];
  readonly rules: string;
  readonly reductions: Result['reductions'];
  readonly seconds: number;
  /** The trace of the outcome's violation; null if it has none. */
  readonly trace: Trace | null;
  readonly rulesUsed?: Result['rulesUsed'];
  /** Why the result does not concern all rules; null if it does. */
  readonly uncalled?: string | null;
  /** Why its claim fails at its end; null without one. */
  readonly explanation: string | null;
}

/** The result of a search. */
export function resultOf(outcome: Outcome, heading: ResultHeading): Result {
  const { model, bounds, rules, reductions, seconds, trace, explanation } = heading;
  const { rulesUsed = [], uncalled = null } = heading;
  const isEmpty = outcome.verdict === 'holds' && uncalled !== null;
  const { verdict, reason } = isEmpty ? { verdict: 'inconclusive' as const, reason: uncalled } : outcome;
  const { distinct, generated, depth, actions, claims, excluded, bytes } = outcome;
  const steps = Object.entries(outcome.witnesses).map(
    ([name, schedule]) => [name, schedule?.steps.length ?? null] as const,
  );
  return {
    ...RESULT,
    model,
    bounds,
    rules,
    reductions,
    verdict,
    reason,
    unmet: [...outcome.unmet],
    complete: outcome.complete,
    distinct,
    generated,
    depth,
    seconds: Math.round(seconds * 1000) / 1000,
    actions: { ...actions },
    claims: [...claims],
    witnesses: Object.fromEntries(steps),
    violation: trace === null ? null : { claim: trace.claim, explanation, trace },
    excluded: { ...excluded },
    collisions: outcome.expectedCollisions,
    renamings: outcome.renamings,
    rulesUsed,
    bytes,
  };
}

/** The result of a model that was not checked, because the check ended before its turn. */
export const notRun = (
  heading: Pick<ResultHeading, 'model' | 'bounds' | 'rules' | 'reductions'>,
  reason: string,
): Result => ({
  ...RESULT,
  ...heading,
  verdict: 'inconclusive',
  reason,
  unmet: [],
  complete: false,
  distinct: 0,
  generated: 0,
  depth: 0,
  seconds: 0,
  actions: {},
  claims: [],
  witnesses: {},
  violation: null,
  excluded: {},
  collisions: 0,
  renamings: null,
  rulesUsed: [],
  bytes: 0,
});
