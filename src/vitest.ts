/** `fle-check/vitest`: a model, or the election under rules of one's own, as a test of one's own. */
import { test } from 'vitest';
import { checkElection, type ElectionOptions } from './election.js';
import { check } from './engine/check.js';
import type { Limits } from './engine/limits.js';
import type { Expectations, Model, Reading, StructType } from './language/index.js';
import { explore } from './random/explore.js';
import { printTrace } from './trace/print.js';

export interface TestOptions {
  /** Milliseconds, of the test; a minute without it. */
  readonly timeout?: number;
}

export interface ElectionProperty extends ElectionOptions, TestOptions {}

export interface ModelProperty<S extends StructType> extends Limits, TestOptions {
  readonly model: Model<S>;
  readonly expectations: Expectations<Reading<S>>;
  /** So many random runs in place of every state. */
  readonly runs?: number;
  /** The seed of the random runs; 1 without it. */
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
 * What is wrong with the rules, with the shortest trace to it; null if every claim holds, completely. Throws
 * what `checkElection` throws.
 */
export const refutationOf = (property: ElectionProperty): string | null => checkElection(property).text;

/** What is wrong with the model, with the shortest trace to it; null if its claims hold, or no run fails. */
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
