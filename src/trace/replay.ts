/**
 * Repeats a trace on a model as it is now. Takes every step by its name and arguments, compares every state
 * with the one in the file, and asks the claim again at the end. Returns the first mismatch.
 */
import { DEADLOCK } from '../engine/outcome.js';
import {
  type Claim,
  concerns,
  decodeStep,
  type Expectations,
  encodeStep,
  Machine,
  type Model,
  type Plain,
  type Reading,
  SpecError,
  type StructType,
  toPlain,
  type Witness,
} from '../language/index.js';
import { type Difference, differences } from './difference.js';
import { BRANCH, type Trace, type TraceStep } from './trace.js';

/** Where a trace and the model part, and how. `step` counts from 1; 0 is the initial state. */
export type Mismatch = { readonly step: number } & (
  | { readonly kind: 'unknown action'; readonly action: string }
  | { readonly kind: 'unknown arguments'; readonly action: string; readonly args: readonly string[] }
  | { readonly kind: 'not enabled'; readonly action: string; readonly args: readonly string[] }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'state differs'; readonly differences: readonly Difference[] }
  | { readonly kind: 'unknown claim'; readonly claim: string }
  | { readonly kind: 'claim not shown'; readonly claim: string; readonly expected: 'violated' | 'shown' }
);

/**
 * The first mismatch of a model from a trace; null if the trace replays. Throws nothing that the model
 * throws.
 */
export function replay<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  trace: Trace,
): Mismatch | null {
  const machine = new Machine(model);
  let step = 0;
  try {
    const atStart = start(machine, trace);
    if (atStart !== null) return atStart;
    while (step < trace.steps.length) {
      if (step > 0) machine.advance();
      step++;
      const mismatch = repeat(machine, trace, step);
      if (mismatch !== null) return mismatch;
    }
    return recheck(machine, expectations, trace);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return { step, kind: 'failed', message: error.message };
  }
}

function start<S extends StructType>(machine: Machine<S>, { initial }: Trace): Mismatch | null {
  const { args, state } = initial;
  const { name } = machine.model.initial;
  const code = encodeStep([machine.model.initial], name, args);
  if (code === null) return { step: 0, kind: 'unknown arguments', action: name, args };
  if (!machine.start(code)) return { step: 0, kind: 'not enabled', action: name, args };
  return compare(0, state, machine.plain());
}

/** Takes one step and leaves the machine with the states before and after it. */
function repeat<S extends StructType>(machine: Machine<S>, { steps }: Trace, step: number): Mismatch | null {
  const { action, args, state } = steps[step - 1];
  const { actions, schema } = machine.model;
  if (!actions.some(({ name }) => name === action)) return { step, kind: 'unknown action', action };
  const code = encodeStep(actions, action, args);
  if (code === null) return { step, kind: 'unknown arguments', action, args };
  if (!machine.admits(code)) return { step, kind: 'not enabled', action, args };
  machine.apply(code);
  return compare(step, state, toPlain(schema, machine.post));
}

function compare(step: number, expected: Plain, found: Plain): Mismatch | null {
  const list = differences(expected, found);
  return list.length === 0 ? null : { step, kind: 'state differs', differences: list };
}

/** Checks that the last step or state shows what the trace claims to show. */
function recheck<S extends StructType>(
  machine: Machine<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
  trace: Trace,
): Mismatch | null {
  const { claim: name, steps } = trace;
  const claim = claims.find((candidate) => candidate.name === name);
  const witness = witnesses.find((candidate) => candidate.name === name);
  const step = steps.length;
  if (name === BRANCH.name) return null;
  if (claim === undefined && witness === undefined && name !== DEADLOCK) {
    return { step, kind: 'unknown claim', claim: name };
  }
  const asked = { name, claim, witness };
  const byLastStep = stepShows(machine, asked, steps.at(-1));
  if (step > 0) machine.advance();
  if (byLastStep || stateShows(machine, asked, step)) return null;
  return {
    step,
    kind: 'claim not shown',
    claim: name,
    expected: witness === undefined ? 'violated' : 'shown',
  };
}

/** What a trace claims to show: a claim that fails, a witness, or a deadlock. */
export interface Asked<S extends StructType> {
  readonly name: string;
  readonly claim: Claim<Reading<S>> | undefined;
  readonly witness: Witness<Reading<S>> | undefined;
}

/** True if a step that was applied, and not yet advanced over, violates the claim or shows the witness. */
export function stepShows<S extends StructType>(
  machine: Machine<S>,
  { claim, witness }: Asked<S>,
  last: Pick<TraceStep, 'action' | 'args'> | undefined,
): boolean {
  if (last === undefined) return false;
  const { actions } = machine.model;
  const { args } = decodeStep(actions, encodeStep(actions, last.action, last.args) as number);
  const post = machine.post as unknown as Reading<S>;
  if (claim?.kind === 'step') return concerns(claim, last.action) && !claim.holds(machine.pre, post, ...args);
  return (
    witness?.kind === 'step' && concerns(witness, last.action) && witness.shows(machine.pre, post, ...args)
  );
}

/** True if the state reached after so many steps violates the claim, shows the witness, or has no step. */
export function stateShows<S extends StructType>(
  machine: Machine<S>,
  { name, claim, witness }: Asked<S>,
  steps: number,
): boolean {
  if (witness?.kind === 'state') return witness.shows(machine.pre);
  if (claim?.kind === 'state') return !claim.holds(machine.pre);
  if (claim?.kind === 'scenario') {
    const { initial, actions } = machine.model;
    if (encodeStep([initial], initial.name, claim.initial) === null) return true;
    // A scenario fails if a state differs from it, or if its next step is not enabled.
    if (!claim.holds(machine.pre, steps)) return true;
    const next = claim.steps[steps];
    if (next === undefined) return false;
    const code = encodeStep(actions, next[0], next.slice(1));
    return code === null || !machine.admits(code);
  }
  if (name !== DEADLOCK) return false;
  const none = machine.enabled(new Uint16Array(machine.model.instances)) === 0;
  return none && machine.model.terminal?.(machine.pre) !== true;
}
