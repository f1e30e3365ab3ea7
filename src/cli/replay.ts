/** `fle-check replay <trace>`: repeats a trace on the model as it is now. */
import { Command } from 'commander';
import { z } from 'zod';
import type { BoundName, Bounds, RuleSet, Rung } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { leadershipQuestions } from '../../properties/leadership.js';
import { inSteps } from '../engine/outcome.js';
import { colorsFor, explanationLines } from '../report/terminal.js';
import { EXIT, type ExitCode } from '../report/verdict.js';
import { SpecError } from '../spec/index.js';
import { textOf } from '../story/table.js';
import type { Difference } from '../trace/difference.js';
import { explanationOf } from '../trace/explanation.js';
import { readTrace, TraceRefused } from '../trace/read.js';
import { type Mismatch, replay } from '../trace/replay.js';
import { BRANCH, type Trace } from '../trace/trace.js';
import { isRulesFile } from './rules-file.js';
import { LONGEST_TURN } from './search.js';
import { caseOfTrace, readOrRefuse, ruleSetOfTrace } from './trace-case.js';
import { again, within } from './unending.js';
import { BadUsage } from './usage.js';

const EXAMPLES = `
Example:
  fle-check replay fle-check-traces/fast-leader-election.minority-quorum.noMinorityLeader.json

Exit codes: 0 it replays, 1 the model does something else, 2 the file cannot be used.`;

export const replayCommand = (): Command =>
  new Command('replay')
    .summary('repeat a trace step by step')
    .description('Repeats a trace on the model as it is now, compares every state, and prints it as a table.')
    .argument('<trace>', 'a trace file')
    .option('--rules <file>', 'the file of rules that the trace is of: no trace may say which file to run')
    .addHelpText('after', EXAMPLES)
    .action(async (path: string, { rules }: { readonly rules?: string }) => {
      process.exitCode = await replayFile(path, rules);
    });

async function replayFile(path: string, rules: string | undefined): Promise<ExitCode> {
  const trace = readOrRefuse(path);
  const subject = caseOfTrace(trace, path, await ruleSetOfTrace(trace, path, rules));
  const show = () => replayTrace(subject, trace);
  if (!isRulesFile(subject.ruleSet.name)) return show();
  return again(async () => within(LONGEST_TURN, path, show));
}

function replayTrace(subject: Case, trace: Trace): ExitCode {
  const colors = colorsFor(process.stdout, process.env);
  const bounds = subject.rung.describe(subject.bounds);
  const { table, legend } = textOf(subject, trace);
  const lines = [
    `${colors.bold(trace.model)} with rules \`${trace.rules}\`, ${bounds}: ${colors.bold(trace.claim)}`,
    `  ${trace.says}`,
    ...(trace['#'] === undefined ? [] : [`  # ${trace['#']}`]),
    '',
    ...table,
  ];
  const mismatch = replay(subject.model, subject.expectations, trace);
  const explanation = explanationOf(subject.model, subject.expectations, trace);
  lines.push(...explanationLines(mismatch === null ? explanation : null, colors));
  lines.push(...legend.map(colors.dim), '');
  if (mismatch === null) {
    lines.push(
      `Replays: ${inSteps(trace.steps.length)}, every state as in the file; ${shownBy(subject, trace)}.`,
    );
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

export function readOrRefuse(path: string): Trace {
  try {
    return readTrace(path);
  } catch (error) {
    throw error instanceof TraceRefused ? new BadUsage(error.message, { cause: error }) : error;
  }
}

const Whole = z.number().int().min(0).max(1000);

/** The bounds of a trace: wider than `check` takes, since a random exploration goes further. */
const boundTypes: { readonly [K in BoundName]: z.ZodType<Bounds[K]> } = {
  servers: z.number().int().min(1).max(30),
  rounds: Whole,
  epochs: Whole,
  txns: Whole,
  observers: z.number().int().min(0).max(30),
  crashes: Whole,
  // A trace from when all might return.
  returns: z.enum(['any', 'none']).default('any'),
  abandons: Whole,
  // A trace from before connections could break.
  disconnects: Whole.default(0),
  slots: Whole,
  queue: Whole,
  resends: Whole,
  election: z.enum(['free', 'fle']),
  start: z.enum(['staggered', 'in-order', 'together']),
  zxids: z.union([z.enum(['every', 'ranks']), z.array(z.number().int().min(0).max(1e6)).readonly()]),
  dataVersions: Whole,
  // A trace of states that are all explored.
  reduce: z.string().max(200).default('none'),
};

/** Each bound that the model takes must be there; others may be, and mean nothing to it. */
const boundsSchemaOf = (rung: Rung, election: Bounds['election']) =>
  z.strictObject({ ...z.object(boundTypes).partial().shape, ...pick(boundsInOrder(rung, { election })) });

const pick = (names: readonly BoundName[]) =>
  Object.fromEntries(names.map((name) => [name, boundTypes[name] as z.ZodType]));

/** The rules that the trace names, or those of the file that the user names in their place. */
export async function ruleSetOfTrace(
  trace: Trace,
  path: string,
  rules: string | undefined,
): Promise<RuleSet> {
  if (rules !== undefined) return ruleSetFor(rules);
  if (!isRulesFile(trace.rules)) return chooseRuleSet(trace.rules);
  throw new BadUsage(`${path} is of the rules in ${trace.rules}; name them with --rules to have them run`);
}

/** The model a trace is of, as it is now. Throws `BadUsage` if there is no such model, rule set or bounds. */
export function caseOfTrace(trace: Trace, path: string, ruleSet: RuleSet): Case {
  const rung = rungCalled(trace.model);
  const parsed = boundsSchemaOf(rung, trace.bounds.election === 'fle' ? 'fle' : 'free').safeParse(
    trace.bounds,
  );
  if (!parsed.success) {
    const [{ path: at, message }] = parsed.error.issues;
    const where = at.length === 0 ? '' : `${at.join('.')}: `;
    throw new BadUsage(`${path} has bounds that no model takes: ${where}${message}`);
  }
  try {
    const bounds = { ...rung.presets.tiny, ...(parsed.data as Partial<Bounds>) };
    return withAnswers(caseOf(rung, bounds, ruleSet), trace.claim);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new BadUsage(`${path} has bounds that ${rung.name} cannot have: ${error.message}`, {
      cause: error,
    });
  }
}

/** The case of an answer of `leaders` knows its questions too, so that its trace is held to what it shows. */
function withAnswers(subject: Case, claim: string): Case {
  if (subject.rung.name !== 'fast-leader-election') return subject;
  const { claims, witnesses } = subject.expectations;
  const asked = leadershipQuestions(subject.bounds.servers).filter(({ name }) => name === claim);
  const questions = asked as unknown as typeof witnesses;
  return { ...subject, expectations: { claims, witnesses: [...witnesses, ...questions] } };
}

/** The differing fields shown; a state that differs everywhere is not listed whole. */
const MOST_DIFFERENCES = 10;

function explain(mismatch: Mismatch, trace: Trace): readonly string[] {
  const head = `fle-check: the trace and the model part at ${mismatchInWords(mismatch, trace)}`;
  if (mismatch.kind !== 'state differs') return [head];
  const shown = mismatch.differences.slice(0, MOST_DIFFERENCES).map(explainDifference);
  const rest = mismatch.differences.length - shown.length;
  return [head, ...shown, ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

function explainDifference({ path, expected, found }: Difference): string {
  const words = (value: Difference['found']) => JSON.stringify(value) ?? 'nothing';
  return `  ${path}: ${words(expected)} in the file, ${words(found)} now`;
}
