/** From what a search has found to what it says. */
import { type Expectations, exclusion } from '../language/claims.js';
import type { Machine } from '../language/machine.js';
import { decodeStep } from '../language/model.js';
import { canonicalizer } from '../language/permutations.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';
import { expectedCollisions } from './collisions.js';
import { unmetDemands } from './demands.js';
import { DEADLOCK, inSteps, type Outcome, type Schedule, type Violation } from './outcome.js';
import { checkAgain } from './stability.js';
import { findingAt, NOTHING, type Store } from './store.js';
import { NO_STEP } from './successors.js';
import { checkedOf, concretize } from './symmetry.js';

/** What is judged: a store, what is demanded of it, and why the search ended early, if it did. */
export interface Findings<S extends StructType> {
  /** Overwritten. */
  readonly machine: Machine<S>;
  readonly expectations: Expectations<Reading<S>>;
  readonly store: Store;
  readonly brokenScenarios: readonly Violation[];
  readonly stopped: string | null;
}

export function judge<S extends StructType>(findings: Findings<S>): Outcome {
  const { machine, store, stopped } = findings;
  const { claims, witnesses } = findings.expectations;
  const violations = violationsOf(findings);
  const ends = endsOf(findings, violations);
  const schedules = witnesses.map(({ name }, i) => {
    const schedule = scheduleOf(findings, claims.length + 1 + i);
    if (schedule !== null) checkAgain(machine, findings.expectations, name, schedule);
    return schedule ?? ends[i] ?? null;
  });
  const isFound = (_witness: unknown, i: number) => schedules[i] !== null;
  const excluded = witnesses.filter((witness, i) => exclusion(witness) !== null && !isFound(witness, i));
  const found = witnesses.flatMap((witness, i) =>
    excluded.includes(witness) ? [] : [[witness.name, schedules[i]] as const],
  );
  const isComplete = store.finished && violations.length === 0;
  const unmet = isComplete ? unmetDemands(machine.model, findings.expectations, store) : [];
  const lacking = store.finished
    ? (unmet[0]?.says ?? null)
    : (stopped ?? 'the search has not been run to its end');
  return {
    verdict: violations.length > 0 ? 'violated' : lacking === null ? 'holds' : 'inconclusive',
    reason: violations.length > 0 ? describe(violations[0]) : lacking,
    unmet: unmet.map(({ kind, name }) => ({ kind, name })),
    complete: isComplete,
    distinct: store.distinct,
    generated: store.generated,
    depth: store.level,
    actions: Object.fromEntries(machine.model.actions.map(({ name }, k) => [name, store.counts[k]])),
    claims: claims.map(({ name }) => name),
    witnesses: Object.fromEntries(found),
    excluded: Object.fromEntries(excluded.map((witness) => [witness.name, exclusion(witness) ?? ''])),
    violation: violations[0] ?? null,
    violations,
    renamings:
      machine.model.permutations === null
        ? null
        : checkedOf(store.predecessors.levels(store.expanded), store.expanded),
    expectedCollisions: store.shape.exact ? 0 : expectedCollisions(store.distinct),
    bytes: store.bytes,
  };
}

/**
 * For each witness on states the schedule of a violation whose last state shows it; nothing for the others.
 * The state after a step that violates a claim is not expanded, so nothing else looks at it; it is as near
 * as any that shows a witness which no state before has shown.
 */
function endsOf<S extends StructType>(
  { machine, expectations: { witnesses }, store }: Findings<S>,
  violations: readonly Violation[],
): readonly (Schedule | undefined)[] {
  const shown = (schedule: Schedule): readonly boolean[] => {
    machine.start(schedule.initial);
    for (const code of schedule.steps) {
      machine.apply(code);
      machine.advance();
    }
    return witnesses.map((witness) => witness.kind === 'state' && witness.shows(machine.pre));
  };
  // Of a level that was left in the middle, a state that was not looked at may show it sooner.
  if (!store.finished) return [];
  const ends = violations
    .filter(({ schedule }) => schedule.steps.length > store.level)
    .map(({ schedule }) => ({ schedule, shows: shown(schedule) }));
  return witnesses.map((_, i) => ends.find(({ shows }) => shows[i])?.schedule);
}

/** Violations at the least depth, in the order in which the claims are declared. */
function violationsOf<S extends StructType>(findings: Findings<S>): readonly Violation[] {
  const { expectations, brokenScenarios } = findings;
  const order = [...expectations.claims.map(({ name }) => name), DEADLOCK];
  const found = order.flatMap((claim, i) => {
    const schedule = scheduleOf(findings, i);
    if (schedule === null) return [];
    checkAgain(findings.machine, expectations, claim, schedule);
    return [{ claim, schedule }];
  });
  const all = [...brokenScenarios, ...found];
  const least = Math.min(...all.map(({ schedule }) => schedule.steps.length));
  return all
    .filter(({ schedule }) => schedule.steps.length === least)
    .sort((a, b) => order.indexOf(a.claim) - order.indexOf(b.claim));
}

/** The schedule to a finding, by its index in the store; null if there is none. */
function scheduleOf<S extends StructType>(findings: Findings<S>, finding: number): Schedule | null {
  const { store, machine } = findings;
  const key = store.found[finding];
  if (key === NOTHING) return null;
  const { state, code } = findingAt(key);
  const { initial, steps } = store.predecessors.scheduleTo(state);
  const schedule = { initial, steps: code === NO_STEP ? steps : [...steps, code] };
  const canonicalize = canonicalizer(machine.model);
  if (canonicalize === null) return schedule;
  const shows = code === NO_STEP ? () => true : stepFinding(findings, finding);
  return concretize(machine, canonicalize, schedule, shows);
}

/** Whether the step that the machine has just taken, by its code, shows a finding on steps. */
function stepFinding<S extends StructType>(
  { machine, expectations: { claims, witnesses } }: Findings<S>,
  finding: number,
): (code: number) => boolean {
  const [claim, witness] = [claims[finding], witnesses[finding - claims.length - 1]];
  const post = machine.post as unknown as Reading<S>;
  return (code) => {
    const { args } = decodeStep(machine.model.actions, code);
    if (claim?.kind === 'step') return !claim.holds(machine.pre, post, ...args);
    return witness?.kind !== 'step' || witness.shows(machine.pre, post, ...args);
  };
}

const describe = ({ claim, schedule }: Violation): string =>
  `${claim === DEADLOCK ? 'a state that is not terminal has no step' : `claim ${claim} is violated`}, after ${inSteps(schedule.steps.length)}`;
