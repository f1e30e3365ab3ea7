/** `fle-check replay <trace>`: repeats a trace on the model as it is now. */
import { Command } from 'commander';
import type { Case } from '../../../properties/index.js';
import { readOrRefuse } from '../../cases/trace-case.js';
import { type ClaimsFileOption, openClaims } from '../../claims-file/opened.js';
import { inSteps } from '../../engine/outcome.js';
import { caseAskedFor, isOfModelFile } from '../../own-model/trace-case.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import { paragraph, tableColumnsOf, unbrokenEach } from '../../report/paragraph.js';
import { colorsFor, explanationLines, withRules } from '../../report/terminal.js';
import { confirm } from '../../rules-file/index.js';
import { textOf } from '../../story/table.js';
import type { Difference } from '../../trace/difference.js';
import { explanationOf } from '../../trace/explanation.js';
import { mismatchInWords } from '../../trace/mismatch-in-words.js';
import { type Mismatch, replay } from '../../trace/replay.js';
import { BRANCH, type Trace } from '../../trace/trace.js';
import { addClaimsFileOption } from '../options.js';
import { addModelFileOption } from '../own-model-options.js';

const EXAMPLES = `
Example:
  fle-check replay fle-check-traces/fast-leader-election.minority-quorum.noMinorityLeader.json

Exit codes: 0 the trace replays, 1 the model does something else, 2 the file cannot be used.`;

interface ReplayOptions extends ClaimsFileOption {
  readonly rules?: string;
  readonly model?: string;
}

export const replayCommand = (): Command =>
  addModelFileOption(addClaimsFileOption(new Command('replay')))
    .summary('repeat a trace step by step')
    .description(
      'Repeats a trace on the model as it is now, compares every state, and prints the trace as a table.',
    )
    .argument('<trace>', 'a trace file')
    .option('--rules <file>', 'the file of rules of the trace, which is run only if you name it')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, options: ReplayOptions) => {
      process.exitCode = await replayFile(path, options);
    });

async function replayFile(path: string, options: ReplayOptions): Promise<ExitCode> {
  const { rules, model } = options;
  const trace = readOrRefuse(path);
  await openClaims(options);
  return replayTrace(await caseAskedFor(trace, path, { rules, model }), trace);
}

async function replayTrace(subject: Case, trace: Trace): Promise<ExitCode> {
  const colors = colorsFor(process.stdout, process.env);
  const bounds = subject.family.describe(subject.bounds);
  const columns = tableColumnsOf(process.stdout);
  const { table, legend } = textOf(subject, trace, columns);
  const head = paragraph(
    `${trace.model}${withRules(trace.rules)}, ${unbrokenEach(bounds)}: ${trace.claim}`,
    columns,
    '  ',
  );
  const lines = [
    ...head.map((line) => line.replace(trace.model, colors.bold(trace.model))),
    ...paragraph(`  ${trace.says}`, columns, '  '),
    ...(trace['#'] === undefined ? [] : paragraph(`  # ${trace['#']}`, columns, '    ')),
    '',
    ...table,
  ];
  const mismatch = replay(subject.model, subject.expectations, trace);
  await confirm(subject.ruleSet);
  const explanation = explanationOf(subject.model, subject.expectations, trace);
  lines.push(...explanationLines(mismatch === null ? explanation : null, columns, colors));
  lines.push(...legend.map(colors.dim), '');
  if (mismatch === null) {
    const replays = `Replays: ${inSteps(trace.steps.length)}, every state as in the file`;
    lines.push(...paragraph(`${replays}; ${shownBy(subject, trace)}.`, columns, ''));
  }
  process.stdout.write(`${lines.join('\n')}\n`);
  if (mismatch === null) return EXIT.holds;
  process.stderr.write(`${explain(mismatch, trace).join('\n')}\n`);
  return EXIT.violated;
}

function shownBy({ expectations }: Case, { claim }: Trace): string {
  if (claim === BRANCH.name) return 'it is a branch, and shows no claim';
  // Answers of `leaders` are sentences themselves.
  if (claim.includes(' ')) return `it shows that ${claim}`;
  const isWitness = expectations.witnesses.some(({ name }) => name === claim);
  return `it shows ${claim} ${isWitness ? 'reached' : 'violated'}`;
}

/** The differing fields shown; a state that differs everywhere is not listed whole. */
const MOST_DIFFERENCES = 10;

function explain(mismatch: Mismatch, trace: Trace): readonly string[] {
  const head = `fle-check: the trace and the model part at ${mismatchInWords(mismatch, trace)}`;
  if (mismatch.kind === 'unknown claim' && !isOfModelFile(trace))
    return [`${head}; if it is your own, name its file with --claims-file`];
  if (mismatch.kind !== 'state differs') return [head];
  const shown = mismatch.differences.slice(0, MOST_DIFFERENCES).map(explainDifference);
  const rest = mismatch.differences.length - shown.length;
  return [head, ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function explainDifference({ path, expected, found }: Difference): string {
  const words = (value: Difference['found']) => JSON.stringify(value) ?? 'nothing';
  return `  ${path}: ${words(expected)} in the file, ${words(found)} now`;
}
