/** Rule sets on trial: which claims of a model fail under one, and whether that is what it declares. */
import { findRung, type Kill, type RuleSet, type Rung, type Survival } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { check } from '../engine/breadth-first.js';
import type { Outcome } from '../engine/outcome.js';
import type { Failure, Row } from '../report/matrix.js';

/** A search of a trial ends here as inconclusive; the largest declared has two million. */
export const MOST_STATES = 20_000_000;

export interface Trial {
  readonly ruleSet: RuleSet;
  readonly rung: Rung;
  readonly declared: Kill | Survival;
}

/** Each model that a rule set breaks, or that it is declared to survive in. */
export const trialsOf = (ruleSet: RuleSet): readonly Trial[] =>
  [...Object.entries(ruleSet.breaks), ...Object.entries(ruleSet.survives ?? {})].map(([model, declared]) => ({
    ruleSet,
    rung: findRung(model) as Rung,
    declared,
  }));

/** Every claim that fails, each searched for until it does, and how the last search ended. */
function failuresOf({ model, expectations }: Case): { failures: readonly Failure[]; last: Outcome } {
  const failures: Failure[] = [];
  let { claims } = expectations;
  for (;;) {
    const last = check(model, { ...expectations, claims }, { states: MOST_STATES });
    if (last.violation === null) return { failures, last };
    const { claim, schedule } = last.violation;
    failures.push({ claim, steps: schedule.steps.length });
    const left = claims.filter(({ name }) => name !== claim);
    // What is no claim, a deadlock, ends every search.
    if (left.length === claims.length || left.length === 0) return { failures, last };
    claims = left;
  }
}

/** Tries a rule set in a model, at the bounds that it declares. */
export function tryOut({ ruleSet, rung, declared }: Trial): Row {
  const subject = caseOf(rung, { ...rung.presets.tiny, ...declared.bounds }, ruleSet);
  const from = performance.now();
  const { failures, last } = failuresOf(subject);
  const complaint = 'claim' in declared ? missedBy(declared, failures) : lostBy(declared, failures, last);
  const expected = 'claim' in declared ? declared.claim : null;
  const inconclusive = last.verdict === 'inconclusive' ? (last.reason ?? 'inconclusive') : null;
  const because = complaint ?? inconclusive;
  return {
    ruleSet: ruleSet.name,
    says: ruleSet.says,
    source: ruleSet.source,
    model: rung.name,
    bounds: subject.stated as Row['bounds'],
    expected,
    verdict: because !== null ? 'unexplained' : 'claim' in declared ? 'killed' : 'survives',
    because: because ?? ('claim' in declared ? '' : declared.because),
    failures,
    states: last.distinct,
    seconds: (performance.now() - from) / 1000,
    random: null,
  };
}

/** What a rule set that must die does otherwise than declared; null if nothing. */
function missedBy({ claim, also = [] }: Kill, failures: readonly Failure[]): string | null {
  const failed = failures.map((failure) => failure.claim);
  if (!failed.includes(claim)) return `${claim} holds`;
  const others = failed.filter((name) => name !== claim && !also.includes(name));
  if (others.length > 0) return `${others.join(', ')} should hold`;
  const held = also.filter((name) => !failed.includes(name));
  return held.length > 0 ? `${held.join(', ')} should fail too` : null;
}

/** The same of one that survives. */
function lostBy({ unreached }: Survival, failures: readonly Failure[], last: Outcome): string | null {
  if (failures.length > 0) return 'every claim should hold';
  const lost = Object.entries(last.witnesses).flatMap(([name, found]) => (found === null ? [name] : []));
  if (unreached === undefined) return last.verdict === 'violated' ? last.reason : null;
  return lost.includes(unreached) ? null : `witness ${unreached} should not be reached`;
}
