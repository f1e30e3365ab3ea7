/** Tries rule sets: which claims of a model fail under each, and is that what it declares? */
import { findFamily, type Kill, type ModelFamily, type RuleSet, type Survival } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { Outcome, Violation } from '../engine/outcome.js';
import {
  type Claim,
  type Reading,
  type StructType,
  someStep,
  sometimes,
  type Witness,
} from '../language/index.js';
import { Interrupt } from '../process/interrupt.js';
import { MATRIX } from '../report/formats.js';
import type { Failure, Row } from '../report/schemas.js';
import { accountsOf } from '../rules-file/accounting.js';
import { checkInSlices } from '../search/in-slices.js';

/** A search of a trial ends here as inconclusive; the largest declared has two million. */
export const MOST_STATES = 20_000_000;

export interface Trial {
  readonly ruleSet: RuleSet;
  readonly family: ModelFamily;
  readonly declared: Kill | Survival;
}

/** Each model that a rule set breaks, or that it is declared to survive in. */
export const trialsOf = (ruleSet: RuleSet): readonly Trial[] =>
  [...Object.entries(ruleSet.breaks), ...Object.entries(ruleSet.survives ?? {})].map(([model, declared]) => ({
    ruleSet,
    family: findFamily(model) as ModelFamily,
    declared,
  }));

const LIMITS = { states: MOST_STATES };

/** The outcome of a rule set in a model: the claims that fail, and how the search ended. */
interface Found {
  readonly failures: readonly Failure[];
  readonly last: Outcome;
}

/** A search that ends at the first failure, if there is one: for those that should survive. */
async function survivalOf(subject: Case, interrupt: Interrupt): Promise<Found> {
  const last = await checkInSlices(subject, LIMITS, interrupt);
  return { failures: last.violations.map(failureOf), last };
}

/**
 * Finds every claim that fails in one search, by turning each claim into a witness of its violation. A
 * deadlock ends that search, and another then goes on beyond it.
 */
async function failuresOf({ model, expectations }: Case, interrupt: Interrupt): Promise<Found> {
  const wanted = { claims: [], witnesses: expectations.claims.flatMap(breachOf) };
  const explore = (one: Case['model']) =>
    checkInSlices({ model: one, expectations: wanted }, LIMITS, interrupt);
  const first = await explore(model);
  const last = first.violation === null ? first : await explore({ ...model, terminal: () => true });
  const broken = Object.entries(last.witnesses).flatMap(([claim, schedule]) =>
    schedule === null ? [] : [{ claim, steps: schedule.steps.length }],
  );
  const failures = [...broken, ...first.violations.map(failureOf)];
  return { failures: failures.sort((a, b) => a.steps - b.steps), last };
}

const failureOf = ({ claim, schedule }: Violation): Failure => ({ claim, steps: schedule.steps.length });

/** A witness of a state or a step that violates a claim; nothing for a scenario, which is a single run. */
function breachOf(claim: Claim<Reading<StructType>>): readonly Witness<Reading<StructType>>[] {
  const { name, says, source } = claim;
  switch (claim.kind) {
    case 'state':
      return [sometimes({ name, says, source, shows: (state) => !claim.holds(state) })];
    case 'step': {
      const shows = (...args: Parameters<typeof claim.holds>) => !claim.holds(...args);
      return [{ ...someStep({ name, says, source, shows }), on: claim.on }];
    }
    case 'scenario':
      return [];
  }
}

/** Tries a rule set in a model, at the bounds that it declares. After an interrupt the row means nothing. */
export async function tryOut(
  { ruleSet, family, declared }: Trial,
  interrupt: Interrupt = new Interrupt(),
): Promise<Row> {
  const subject = caseOf(family, { ...family.presets.tiny, ...declared.bounds }, ruleSet);
  const from = performance.now();
  const search = 'claim' in declared ? failuresOf : survivalOf;
  const { failures, last } = await search(subject, interrupt);
  const complaint = 'claim' in declared ? missedBy(declared, failures) : lostBy(declared, failures, last);
  const expected = 'claim' in declared ? declared.claim : null;
  const inconclusive = last.verdict === 'inconclusive' && !last.complete ? last.reason : null;
  const { rulesUsed, uncalled } = accountsOf(family, subject.bounds, ruleSet, subject.calls);
  const because =
    complaint ??
    inconclusive ??
    ('claim' in declared ? null : (uncalled ?? unlikeDeclared(declared, rulesUsed)));
  return {
    ...MATRIX,
    ruleSet: ruleSet.name,
    says: ruleSet.says,
    source: ruleSet.source,
    model: family.name,
    bounds: subject.stated as Row['bounds'],
    expected,
    verdict: because !== null ? 'unexplained' : 'claim' in declared ? 'killed' : 'survives',
    because: because ?? ('claim' in declared ? '' : declared.because),
    failures,
    rulesUsed,
    states: last.distinct,
    seconds: (performance.now() - from) / 1000,
    random: null,
  };
}

/** How the answers of a survivor differ from its declaration; null if they do not. */
function unlikeDeclared({ answersAlike }: Survival, rulesUsed: Row['rulesUsed']): string | null {
  const areAlike = rulesUsed.every(({ differing }) => differing === 0);
  if (areAlike === (answersAlike === true)) return null;
  return areAlike ? 'its rules answer as ZooKeeper does' : 'its rules should answer as ZooKeeper does';
}

/** How the outcome of a rule set that must be caught differs from its declaration; null if it does not. */
function missedBy({ claim, also = [] }: Kill, failures: readonly Failure[]): string | null {
  const failed = failures.map((failure) => failure.claim);
  if (!failed.includes(claim)) return `${claim} holds`;
  const others = failed.filter((name) => name !== claim && !also.includes(name));
  if (others.length > 0) return `${others.join(', ')} should hold`;
  const held = also.filter((name) => !failed.includes(name));
  return held.length > 0 ? `${held.join(', ')} should fail too` : null;
}

/** The same for one that survives. Its witnesses must be reached, also those that no claim names. */
function lostBy({ unreached }: Survival, failures: readonly Failure[], last: Outcome): string | null {
  if (failures.length > 0) return 'every claim should hold';
  if (!last.complete) return null;
  const lost = Object.entries(last.witnesses).flatMap(([name, found]) => (found === null ? [name] : []));
  if (unreached !== undefined) {
    return lost.includes(unreached) ? null : `witness ${unreached} should not be reached`;
  }
  return lost.length > 0 ? `witness ${lost[0]} cannot be reached` : last.reason;
}
