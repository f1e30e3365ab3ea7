/** `fle-check/vitest`: tests in a suite of your own, of a model or of the election under your rules. */
import { test } from 'vitest';
import { checkElection, type ElectionOptions } from './election.js';
import { check } from './engine/check.js';
import type { Limits } from './engine/limits.js';
import type { Expectations, Model, Reading, StructType } from './language/index.js';
import { explore } from './random/explore.js';
import { printTrace } from './trace/print.js';

export interface TestOptions {
  /** The time limit of the test in milliseconds; by default a minute. */
  readonly timeout?: number;
}

export interface ElectionProperty extends ElectionOptions, TestOptions {}

export interface ModelProperty<S extends StructType> extends Limits, TestOptions {
  readonly model: Model<S>;
  readonly expectations: Expectations<Reading<S>>;
  /** Makes this many random runs, and does not look at every state. */
  readonly runs?: number;
  /** The seed of the random runs; by default 1. */
  readonly seed?: number;
}

const TIMEOUT = 60_000;

/**
 * A test that explores every state of a model of ZooKeeper within its bounds and holds it to all its claims.
 * It fails with the claim that was violated and the shortest trace to it.
 */
export function electionProperty(name: string, property: ElectionProperty): void {
  expectNone(name, property, () => refutationOf(property));
}

/**
 * A test that explores every state of a model and holds it to its claims; with `runs`, so many random runs of
 * it. It fails with the claim that was violated and the shortest trace to it, and if a limit ends the search.
 */
export function modelProperty<S extends StructType>(name: string, property: ModelProperty<S>): void {
  expectNone(name, property, () => modelRefutationOf(property));
}

function expectNone(name: string, { timeout = TIMEOUT }: TestOptions, refute: () => string | null): void {
  test(name, { timeout }, () => {
    const told = refute();
    if (told !== null) throw new Error(told);
  });
}

/**
 * The violation under the rules with its shortest trace; null if every claim holds, completely. Throws what
 * `checkElection` throws.
 */
export const refutationOf = (property: ElectionProperty): string | null => checkElection(property).text;

/** The violation of the model with its shortest trace; null if its claims hold, or no run fails. */
export function modelRefutationOf<S extends StructType>(property: ModelProperty<S>): string | null {
  const { model, expectations, runs, seed = 1, states, memory } = property;
  const limits = { ...(states === undefined ? {} : { states }), ...(memory === undefined ? {} : { memory }) };
  const outcome =
    runs === undefined
      ? check(model, expectations, limits)
      : explore(model, expectations, { runs, seed, ...(states === undefined ? {} : { statesMax: states }) });
  const { verdict } = outcome;
  return verdict === 'holds' || verdict === 'passed' ? null : printTrace(model, expectations, outcome);
}
