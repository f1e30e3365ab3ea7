/** A violation that was found, as a trace file and as a report. */
import { reductionsNamed } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { DEADLOCK, type Outcome, type Schedule } from '../engine/outcome.js';
import { type Colors, type ViolationDetails, violationReport } from '../report/terminal.js';
import { sentencesOf } from '../trace/sentences.js';
import { traceTable } from '../trace/text.js';
import { recordTrace, type Trace } from '../trace/trace.js';
import { writeTrace } from './files.js';
import { CannotWrite } from './usage.js';
import { VERSION } from './version.js';

/** A violation that was written down. */
export interface Told {
  readonly subject: Case;
  readonly trace: Trace;
  /** Where its trace file is; null if it could not be written. */
  readonly file: string | null;
}

export interface ViolationReport {
  /** What to print; empty without a violation. */
  readonly lines: readonly string[];
  /** Null without a violation. */
  readonly told: Told | null;
  /** Why the trace file could not be written; null if it was, or there is none. */
  readonly error: CannotWrite | null;
}

/** Records the first violation of a search, writes its trace into a directory, and tells it. */
export function reportViolation(
  subject: Case,
  { violation, violations }: Outcome,
  traceDir: string,
  colors: Colors,
): ViolationReport {
  if (violation === null) return { lines: [], told: null, error: null };
  const also = violations.slice(1).map(({ claim }) => claim);
  // Hidden steps are not counted: no way may be shorter in the reduced model, and some in the whole one.
  const isReduced = reductionsNamed(subject.bounds).length > 0;
  const foundBy = isReduced ? 'breadth-first, hidden steps not counted' : 'breadth-first';
  const found = { ...violation, foundBy, shortest: !isReduced, also };
  const report = reportFound(subject, found, traceDir, colors);
  return { ...report, lines: [...report.lines, ''] };
}

/** A claim violated by a schedule of the case's model, and how that was found. */
export interface Found extends Pick<ViolationDetails, 'foundBy' | 'shortest' | 'also'> {
  /** The claim's name, or `deadlock`. */
  readonly claim: string;
  readonly schedule: Schedule;
}

/** Records a violation however it was found, writes its trace into a directory, and tells it. */
export function reportFound(
  subject: Case,
  { claim, schedule, ...how }: Found,
  traceDir: string,
  colors: Colors,
): ViolationReport {
  const trace = traceOf(subject, claim, schedule);
  const { file, error } = tryToWrite(traceDir, trace);
  const details = { trace, table: tableOf(subject, trace), file, ...how };
  return { lines: violationReport(details, colors), told: { subject, trace, file }, error };
}

/** A schedule that violates a claim, as a trace. */
export function traceOf(subject: Case, claim: string, schedule: Schedule): Trace {
  const { model, stated, ruleSet } = subject;
  const heading = { tool: VERSION, bounds: { ...stated }, rules: ruleSet.name, claim };
  return recordTrace(model, schedule, { ...heading, ...wordsOf(subject, claim) });
}

/** The table of a trace in the words of its model. */
export const tableOf = ({ rung, model }: Case, trace: Trace): readonly string[] =>
  traceTable(trace, {
    describeServer: rung.describeServer,
    steps: sentencesOf(model, trace),
  });

/** A claim, or the demand for a step in every state that is not terminal, in words and with its source. */
function wordsOf({ expectations }: Case, name: string): { says: string; source: string } {
  if (name === DEADLOCK) return { says: 'A state that is not terminal has a step.', source: 'every model' };
  const claim = expectations.claims.find((candidate) => candidate.name === name);
  return { says: claim?.says ?? name, source: claim?.source ?? '' };
}

function tryToWrite(directory: string, trace: Trace): { file: string | null; error: CannotWrite | null } {
  try {
    return { file: writeTrace(directory, trace), error: null };
  } catch (error) {
    if (error instanceof CannotWrite) return { file: null, error };
    throw error;
  }
}
