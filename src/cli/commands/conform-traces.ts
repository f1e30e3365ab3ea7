/** `fle-check conform --traces`: real servers take traces of the models of the election. */
import { rulesOf } from '../../../models/index.js';
import type { Case } from '../../../properties/index.js';
import { caseOfTrace, readOrRefuse, ruleSetOfTrace } from '../../cases/trace-case.js';
import { type Answering, difference, differenceInWords } from '../../conformance/beside.js';
import { takeFaithful } from '../../conformance/conform.js';
import { isSame, type Row, type ServerReport, takeTrace } from '../../conformance/ensemble.js';
import { EXIT, type ExitCode, gravest } from '../../process/exit.js';
import { interrupt } from '../../process/interrupt.js';
import { BadUsage } from '../../process/usage.js';
import { colorsFor, counted } from '../../report/terminal.js';
import { confirm } from '../../rules-file/index.js';
import { layOutTable } from '../../trace/columns.js';
import { mismatchInWords } from '../../trace/mismatch-in-words.js';
import { replay } from '../../trace/replay.js';
import type { Trace } from '../../trace/trace.js';

/** The model that real servers are compared with field by field. */
const FAITHFUL = 'fle-faithful';
const TAKEN: readonly string[] = ['fast-leader-election', FAITHFUL];
const COLUMNS = 120;

/** A trace that replays, with the model it is of. */
export interface TakenTrace {
  readonly trace: Trace;
  readonly subject: Case;
}

/**
 * Reads traces for real servers to take. No trace may say which file of rules to run: `rules` is the user's.
 * Throws `BadUsage` for a trace that does not replay, or of a model that real servers have no steps of.
 */
export async function readTraces(
  paths: readonly string[],
  rules: string | undefined,
): Promise<readonly TakenTrace[]> {
  const read: TakenTrace[] = [];
  for (const path of paths) {
    const trace = readOrRefuse(path);
    if (!TAKEN.includes(trace.model)) {
      throw new BadUsage(
        `${path} is a trace of ${trace.model}; real servers take only traces of ${TAKEN.join(' and of ')}`,
      );
    }
    const subject = caseOfTrace(trace, path, await ruleSetOfTrace(trace, path, rules));
    await refuseOthers(subject, trace, path);
    read.push({ trace, subject });
  }
  return read;
}

/**
 * Throws `BadUsage` unless the model takes every step to the state in the file: that is what real servers are
 * compared with. What the trace is there to show does not matter: real servers know no claims.
 */
async function refuseOthers({ model, expectations, ruleSet }: Case, trace: Trace, path: string) {
  const mismatch = replay(model, expectations, trace);
  await confirm(ruleSet);
  if (mismatch === null || mismatch.kind === 'unknown claim' || mismatch.kind === 'claim not shown') return;
  throw new BadUsage(
    `${path} does not replay: the trace and the model part at ${mismatchInWords(mismatch, trace)}`,
  );
}

/** Lets real servers take the traces, and prints what became of them. */
export async function takeTraces(real: Answering, traces: readonly TakenTrace[]): Promise<ExitCode> {
  const codes: ExitCode[] = [];
  for (const taken of traces) {
    if (interrupt.requested) {
      say(['Interrupted.']);
      return gravest([...codes, EXIT.inconclusive]);
    }
    const take = taken.trace.model === FAITHFUL ? takeToTheLastField : takeStepByStep;
    codes.push(await take(real, taken));
  }
  return gravest(codes);
}

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

/**
 * Takes a trace of `fast-leader-election`, and prints each server of the model and each real one after each
 * step.
 */
async function takeStepByStep(real: Answering, { trace }: TakenTrace): Promise<ExitCode> {
  const colors = colorsFor(process.stdout, process.env);
  const rows = await takeTrace(real, trace);
  const differs = rows.findIndex((row) => !isSame(row));
  const { claim, rules } = trace;
  say([`${colors.bold(claim)} with rules \`${rules}\`: ${trace.says}`, '', ...rowsInTable(rows), '']);
  say([
    differs < 0
      ? `Real servers do the same in all ${counted(rows.length, 'step')}.`
      : `Real servers do otherwise from step ${differs + 1} on.`,
    '',
  ]);
  // Under rules that are not ZooKeeper's, otherwise is as it should be.
  return differs >= 0 && rules === 'correct' ? EXIT.violated : EXIT.holds;
}

/** A trace of the model that real servers are compared with: every field must be the same. */
async function takeToTheLastField(real: Answering, { trace, subject }: TakenTrace): Promise<ExitCode> {
  const taken = takeFaithful(rulesOf(subject.ruleSet), subject.bounds, trace);
  const found = await difference(real, taken);
  await confirm(subject.ruleSet);
  const rows = taken.steps.map(({ says }, i) => [String(i + 1), says, found?.step === i + 1 ? '≠' : '']);
  say([`${trace.claim} with rules \`${trace.rules}\`: ${trace.says}`, '', ...layOutTable(rows, COLUMNS), '']);
  say([
    found === null
      ? `Real servers do the same in all ${counted(rows.length, 'step')}, to the last field.`
      : `Real servers do otherwise in step ${found.step}: ${differenceInWords(found)}.`,
    '',
  ]);
  return found === null ? EXIT.holds : EXIT.violated;
}

function rowsInTable(rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row, i) => [
    String(i + 1),
    `${row.action}(${row.args.join(', ')})`,
    toldInWords(row.model),
    `${toldInWords(row.real)}${row.because === null ? '' : ` (${row.because})`}`,
    isSame(row) ? '' : '≠',
  ]);
  return layOutTable([['', 'step', 'model', 'real', ''], ...cells], COLUMNS);
}

function toldInWords(told: ServerReport | null): string {
  if (told === null) return 'off';
  const { state, logicalclock, vote, waits } = told;
  return `${state} c${logicalclock}${state === 'LEADING' ? '' : ` → ${vote}`}${waits ? ', waits' : ''}`;
}
