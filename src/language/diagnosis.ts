/**
 * What to tell the author when a model or its claims failed in fast generated code, which keeps no account of
 * where it is: every part is asked again in the same state, slowly, until the one that fails is found.
 */
import { ClaimFailed, concerns, type Expectations } from './claims.js';
import { AbsentEntryWritten, ClaimWrites, GuardWrites, ModelFailed, SpecError } from './errors.js';
import type { Machine } from './machine.js';
import { decodeStep } from './model.js';
import type { StructType } from './types.js';
import type { Reading } from './view-types.js';

/**
 * The error to report for `cause`, which came up while the state before of the machine was expanded or
 * inspected.
 */
export function diagnose<S extends StructType>(
  machine: Machine<S>,
  expectations: Expectations<Reading<S>>,
  cause: unknown,
): SpecError {
  try {
    askOfState(machine, expectations);
    for (let code = 0; code < machine.model.instances; code++) askOfStep(machine, expectations, code);
  } catch (error) {
    if (error instanceof SpecError) return error;
    throw error;
  }
  // Only a part that does not depend on the state alone can fail once and not again.
  return new ModelFailed(machine.model.name, 'a part that keeps data of its own', machine.plain(), cause);
}

function askOfState<S extends StructType>(
  machine: Machine<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
): void {
  const { pre, model } = machine;
  ask(machine, 'the terminal predicate of', model.name, () => model.terminal?.(pre));
  for (const claim of claims) {
    if (claim.kind === 'state') ask(machine, 'claim', claim.name, () => claim.holds(pre));
  }
  for (const witness of witnesses) {
    if (witness.kind === 'state') ask(machine, 'witness', witness.name, () => witness.shows(pre));
  }
}

function askOfStep<S extends StructType>(
  machine: Machine<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
  code: number,
): void {
  if (!admits(machine, code)) return;
  machine.apply(code);
  const { action, args } = decodeStep(machine.model.actions, code);
  const [pre, post] = [machine.pre, machine.post as unknown as Reading<S>];
  for (const claim of claims) {
    if (claim.kind !== 'step' || !concerns(claim, action.name)) continue;
    ask(machine, 'claim', claim.name, () => claim.holds(pre, post, ...args));
  }
  for (const witness of witnesses) {
    if (witness.kind !== 'step' || !concerns(witness, action.name)) continue;
    ask(machine, 'witness', witness.name, () => witness.shows(pre, post, ...args));
  }
}

function admits<S extends StructType>(machine: Machine<S>, code: number): boolean {
  try {
    return machine.admits(code);
  } catch (error) {
    if (error instanceof GuardWrites || error instanceof AbsentEntryWritten) throw error;
    throw new ModelFailed(machine.model.name, `the guard of ${machine.print(code)}`, machine.plain(), error);
  }
}

/** The answer of a claim, a witness or a predicate; ClaimFailed if it throws, GuardWrites if it writes. */
export function ask<S extends StructType, T>(
  machine: Machine<S>,
  kind: string,
  name: string,
  body: () => T,
): T {
  try {
    return machine.reads(`${kind} ${name}`, body);
  } catch (error) {
    if (error instanceof GuardWrites) throw new ClaimWrites(kind, name);
    throw new ClaimFailed(kind, name, machine.plain(), error);
  }
}
