/** What a search has found as text, for any model: a run step by step, and why a claim fails at its end. */
import { inSteps, type Schedule, type Verdict, type Violation } from '../engine/outcome.js';
import type { Expectations, Model, Reading, StructType } from '../language/index.js';
import { explanationOf } from './explanation.js';
import { drawnIn, sentencesOf } from './sentences.js';
import { traceTable } from './text.js';
import { recordTrace, type Trace, wordsOf } from './trace.js';

/** The part of an outcome that is printed, of `check` as of `explore`. */
export interface Printable {
  readonly verdict: Verdict | 'passed';
  readonly reason: string | null;
  readonly violation: Violation | null;
  /** By `check` the shortest run to each witness; by `explore` how many runs reached it. */
  readonly witnesses: { readonly [name: string]: Schedule | number | null };
}

export interface PrintOptions {
  /** The witness whose run is printed, in place of the violation. */
  readonly witness?: string;
  /** Columns to keep within, where words allow it; 100 without it. */
  readonly columns?: number;
}

/**
 * The violation of an outcome as text: the claim, each step with what it changes, and why the claim fails
 * then. Without a violation, the verdict and its reason in a line. Throws TypeError for a witness of which
 * the outcome has no run.
 */
export function printTrace<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  outcome: Printable,
  { witness, columns }: PrintOptions = {},
): string {
  if (witness !== undefined) {
    const trace = traceFor(model, expectations, witness, runTo(outcome, witness));
    const head = `${model.name}: ${witness} is reached after ${inSteps(trace.steps.length)}: ${trace.says}`;
    return [head, '', ...traceLines(model, trace, columns)].join('\n');
  }
  const { verdict, reason, violation } = outcome;
  if (violation === null) return `${model.name}: ${verdict}${reason === null ? '' : `: ${reason}`}`;
  const { claim, schedule } = violation;
  const trace = traceFor(model, expectations, claim, schedule);
  const because = explanationOf(model, expectations, trace);
  return [
    `${model.name} violates ${claim} after ${inSteps(trace.steps.length)}: ${trace.says}`,
    '',
    ...traceLines(model, trace, columns),
    ...(because === null ? [] : ['', `  ✗  ${because}`]),
  ].join('\n');
}

function runTo({ witnesses }: Printable, witness: string): Schedule {
  const run = witnesses[witness];
  if (typeof run === 'object' && run !== null) return run;
  const known = Object.keys(witnesses).filter((name) => typeof witnesses[name] === 'object');
  throw new TypeError(
    `the outcome has no run to the witness ${witness}; it has witnesses ${known.join(', ') || 'of no name'}`,
  );
}

function traceFor<S extends StructType>(
  model: Model<S>,
  expectations: Expectations<Reading<S>>,
  name: string,
  schedule: Schedule,
): Trace {
  return recordTrace(model, schedule, { claim: name, ...wordsOf(expectations, name) });
}

const traceLines = <S extends StructType>(
  model: Model<S>,
  trace: Trace,
  columns: number | undefined,
): readonly string[] =>
  traceTable(trace, { steps: sentencesOf(model, trace), drawn: drawnIn(model, trace), columns });
