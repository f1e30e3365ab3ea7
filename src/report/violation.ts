/** A violation that was found, as a trace file and as a report. */
import { reductionsNamed } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { traceOf } from '../cases/recording.js';
import { ownOptionsOf } from '../claims-file/opened.js';
import type { Outcome, Schedule, Violation } from '../engine/outcome.js';
import { writeTrace } from '../process/files.js';
import { CannotWrite } from '../process/usage.js';
import { textOf } from '../story/table.js';
import { explanationOf } from '../trace/explanation.js';
import { replay } from '../trace/replay.js';
import type { Trace } from '../trace/trace.js';
import { tableColumnsOf } from './paragraph.js';
import { type Colors, type ViolationDetails, violationReport } from './terminal.js';

/** A violation that was written down. */
export interface WrittenViolation {
  readonly subject: Case;
  readonly trace: Trace;
  /** Why its claim fails at its end, in a sentence. */
  readonly explanation: string | null;
  /** Where its trace file is; null if it could not be written. */
  readonly file: string | null;
}

export interface ViolationReport {
  /** The lines to print; empty without a violation. */
  readonly lines: readonly string[];
  /** Null without a violation. */
  readonly told: WrittenViolation | null;
  /** Why the trace file could not be written; null if it was, or there is none. */
  readonly error: CannotWrite | null;
}

/** Records the first violation of a search, writes its trace into a directory, and makes its report. */
export function reportViolation(
  subject: Case,
  { violation, violations }: Outcome,
  traceDir: string,
  colors: Colors,
): ViolationReport {
  if (violation === null) return { lines: [], told: null, error: null };
  const also = violations.slice(1).map(({ claim }) => claim);
  const whole = withoutReductions(subject, violation);
  const foundBy = whole.isShortest ? 'breadth-first' : 'breadth-first, hidden steps not counted';
  const found = { ...violation, schedule: whole.schedule, foundBy, shortest: whole.isShortest, also };
  return reportFound(whole.subject, found, traceDir, colors);
}

export interface Whole {
  readonly subject: Case;
  readonly schedule: Schedule;
  /** No run of the model without reductions is shorter. */
  readonly isShortest: boolean;
}

/**
 * A violation or witness found under reductions, as a run of the model without them, if there is one that
 * shows it.
 */
export function withoutReductions(subject: Case, { claim, schedule }: Violation): Whole {
  const { family, bounds, ruleSet } = subject;
  const asFound = { subject, schedule, isShortest: reductionsNamed(bounds).length === 0 };
  if (asFound.isShortest || family.wholeRun === undefined) return asFound;
  const whole = caseOf(family, { ...bounds, reduce: 'none' }, ruleSet);
  const run = family.wholeRun(subject.model, whole.model, schedule);
  if (run === null || replay(whole.model, whole.expectations, traceOf(whole, claim, run)) !== null)
    return asFound;
  // Hidden steps are not counted: a run without reductions has as many steps, or more.
  return { subject: whole, schedule: run, isShortest: run.steps.length === schedule.steps.length };
}

/** A claim violated by a schedule of the case's model, and how that was found. */
export interface Found extends Pick<ViolationDetails, 'foundBy' | 'shortest' | 'also'> {
  /** The claim's name, or `deadlock`. */
  readonly claim: string;
  readonly schedule: Schedule;
}

/** Records a violation, writes its trace into a directory, and makes its report. */
export function reportFound(
  subject: Case,
  { claim, schedule, ...how }: Found,
  traceDir: string,
  colors: Colors,
): ViolationReport {
  const trace = traceOf(subject, claim, schedule);
  const { file, error } = tryToWrite(traceDir, trace);
  const explanation = explanationOf(subject.model, subject.expectations, trace);
  const columns = tableColumnsOf(process.stdout);
  const written = { trace, file, options: ownOptionsOf(subject) };
  const details = { ...written, ...textOf(subject, trace, columns), explanation, columns, ...how };
  return { lines: violationReport(details, colors), told: { subject, trace, explanation, file }, error };
}

/** Writes a trace into a directory; a search is not lost because its trace cannot be written. */
export function tryToWrite(
  directory: string,
  trace: Trace,
): { file: string | null; error: CannotWrite | null } {
  try {
    return { file: writeTrace(directory, trace), error: null };
  } catch (error) {
    if (error instanceof CannotWrite) return { file: null, error };
    throw error;
  }
}
