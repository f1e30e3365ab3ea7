/** `check --witness`: writes the runs to witnesses as trace files for `replay` and `view`. */
import type { Case } from '../../properties/index.js';
import { listOf } from '../cases/claims.js';
import { traceOf } from '../cases/recording.js';
import { ownOptionsOf } from '../claims-file/opened.js';
import type { Outcome, Schedule } from '../engine/outcome.js';
import { type CannotWrite, UnknownWord } from '../process/usage.js';
import { textOf } from '../story/table.js';
import { layOutTable } from '../trace/columns.js';
import { tableColumnsOf } from './paragraph.js';
import { counted, traceCommands } from './terminal.js';
import { tryToWrite, withoutReductions } from './violation.js';

/** The name that stands for every witness. */
const ALL = 'all';

/** Throws `UnknownWord` for a name that is no witness of any of these cases. */
export function refuseUnknownWitnesses(cases: readonly Case[], asked: readonly string[]): void {
  const known = cases.flatMap(({ expectations }) => expectations.witnesses.map(({ name }) => name));
  const unknown = asked.find((name) => name !== ALL && !known.includes(name));
  if (unknown === undefined) return;
  throw new UnknownWord('witness', unknown, known, listOf(cases, known));
}

export interface WitnessTraces {
  readonly lines: readonly string[];
  /** Why a trace could not be written; null if all were. */
  readonly error: CannotWrite | null;
}

/**
 * Writes the trace of each witness asked for that was found, and says where. If there is one, shows its run
 * too.
 */
export function writeWitnesses(
  subject: Case,
  { witnesses, excluded }: Outcome,
  asked: readonly string[],
  traceDir: string,
): WitnessTraces {
  const isAsked = (name: string) => asked.includes(ALL) || asked.includes(name);
  const found = Object.entries(witnesses).filter(([name]) => isAsked(name));
  const written = found.map(([name, schedule]) => writeOne(subject, name, schedule, traceDir));
  const left = Object.entries(excluded).filter(([name]) => isAsked(name));
  const rows = [
    ...written.map(({ row }) => row),
    ...left.map(([name, because]) => [name, 'excluded', because]),
  ];
  if (rows.length === 0) return { lines: [], error: null };
  const alone = rows.length === 1 ? (written[0]?.run ?? []) : [];
  return {
    lines: [`Witnesses of ${subject.family.name}:`, ...layOutTable(rows, Number.POSITIVE_INFINITY), ...alone],
    error: written.find(({ error }) => error !== null)?.error ?? null,
  };
}

interface Written {
  readonly row: readonly string[];
  /** The run as a table, and how to repeat it. */
  readonly run: readonly string[];
  readonly error: CannotWrite | null;
}

function writeOne(subject: Case, name: string, schedule: Schedule | null, traceDir: string): Written {
  if (schedule === null) return { row: [name, 'not found', ''], run: [], error: null };
  const whole = withoutReductions(subject, { claim: name, schedule });
  const trace = traceOf(whole.subject, name, whole.schedule);
  const { file, error } = tryToWrite(traceDir, trace);
  const steps = counted(trace.steps.length, 'step');
  if (file === null) return { row: [name, steps, 'not written'], run: [], error };
  const { table, legend } = textOf(whole.subject, trace, tableColumnsOf(process.stdout));
  const commands = traceCommands(file, ownOptionsOf(subject));
  return {
    row: [name, steps, file],
    run: ['', ...table, ...legend, '', ...commands],
    error: null,
  };
}
