/** `fle-check diff`: the shortest schedule after which two rule sets elect differently. */
import { realpathSync } from 'node:fs';
import { Command } from 'commander';
import { type Case, caseOf } from '../../../properties/index.js';
import {
  type BoundOptions,
  boundsFor,
  chooseFamilies,
  givenBounds,
  ruleSetFor,
} from '../../cases/choices.js';
import { concernedBy } from '../../cases/concerned.js';
import { ownOptionsOf } from '../../claims-file/opened.js';
import {
  type Comparison,
  compare,
  comparisonTable,
  type Pair,
  shortNames,
} from '../../difference/difference.js';
import { comparedCases, followedIn, productOf } from '../../difference/product.js';
import { productSourceOf } from '../../difference/product-source.js';
import type { Outcome } from '../../engine/outcome.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import { checkWritable, partOfName, prepareDirectory, writeInto, writeJson } from '../../process/files.js';
import { interrupt } from '../../process/interrupt.js';
import { printLines } from '../../process/print.js';
import { BadUsage } from '../../process/usage.js';
import { DIFFERENCE } from '../../report/formats.js';
import { columnsOf, paragraph, tableColumnsOf, unbrokenEach } from '../../report/paragraph.js';
import { comparedRulesLines } from '../../report/rules-used.js';
import type { Difference } from '../../report/schemas.js';
import { colorsFor, counted, figure, traceCommands } from '../../report/terminal.js';
import { type Accounts, accountsOf } from '../../rules-file/accounting.js';
import { confirm, isRulesFile } from '../../rules-file/index.js';
import { type LimitOptions, refuseTooManyInitials, search } from '../../search/search.js';
import { toReadableJson } from '../../trace/trace.js';
import { addBoundOptions, addLimitOptions, addWorkersOption } from '../options.js';

const EXAMPLES = `
Tries every schedule within the bounds. Both rule sets are given the same
schedules, and each takes the steps that it can. A rule set is one that ships,
or a file of rules.

Examples:
  fle-check diff correct minority-quorum
  fle-check diff correct ./my-rules.ts zab-discovery --abandons 2
  fle-check diff correct ZOOKEEPER-159 --trace-dir differ

Exit codes: 0 they elect alike, 1 they differ, 2 bad usage or input,
3 inconclusive, 4 internal error.`;

type DiffOptions = BoundOptions &
  LimitOptions & {
    readonly workers: number;
    readonly json?: string;
    readonly traceDir?: string;
  };

const HOW_TO_KEEP =
  'Traces:  add --trace-dir <dir> to write the schedule under each rule set, to replay and to view.';

/** Why a model is not compared, though servers are elected in it. */
const UNFOLLOWED: { readonly [model: string]: string } = {
  'fle-faithful':
    'a server of fle-faithful has two votes: the one that it decided on, and the one that it sends',
};

export function diffCommand(): Command {
  const command = new Command('diff')
    .summary('compare two rule sets')
    .description(
      'Finds the shortest schedule after which two rule sets elect differently, or says that there is none.',
    )
    .argument('<rules>', 'a rule set, or a file of rules')
    .argument('<other>', 'the rule set to compare it with')
    .argument('[model]', 'the model', 'fast-leader-election')
    .option('--json <file>', 'write the result as JSON; - writes it, and nothing else, to standard output')
    .option('--trace-dir <dir>', 'write the schedule as two traces, one for each rule set')
    .addHelpText('after', EXAMPLES);
  addBoundOptions(command, 'tiny');
  addLimitOptions(command);
  addWorkersOption(command);
  return command.action(async (a: string, b: string, model: string, options: DiffOptions) => {
    process.exitCode = await diff([a, b], model, options);
  });
}

async function diff(
  names: readonly [string, string],
  model: string,
  options: DiffOptions,
): Promise<ExitCode> {
  const pair = await casesOf(names, model, options);
  const { json, traceDir } = options;
  if (json !== undefined) checkWritable(json);
  if (traceDir !== undefined) prepareDirectory(traceDir);
  interrupt.begin();
  const product = productOf(...pair, followedIn(model)!);
  const found = await searchFor(pair, product, options);
  await confirm(...pair.map(({ ruleSet }) => ruleSet));
  const accounts = accountsOfEach(pair);
  const outcome = unlessUncalled(accounts, found.outcome);
  const { violation } = outcome;
  const comparison = violation === null ? null : compare(pair, violation.schedule);
  const compared: Compared = { pair, outcome, seconds: found.seconds, accounts, comparison };
  const lines = [
    ...inWords(compared),
    ...(comparison === null ? [] : tracesInWords(pair, comparison, traceDir)),
  ];
  printLines(lines, json);
  if (json !== undefined) writeJson(json, [resultOf(compared)]);
  if (violation !== null) return EXIT.violated;
  return outcome.verdict === 'holds' ? EXIT.holds : EXIT.inconclusive;
}

/** Two rule sets that have been compared. */
interface Compared {
  readonly pair: Pair;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** The calls of the rules of each. */
  readonly accounts: readonly [Accounts, Accounts];
  /** The schedule after which they elect differently; null without one. */
  readonly comparison: Comparison | null;
}

function accountsOfEach([a, b]: Pair): Compared['accounts'] {
  const accounts = ({ family, bounds, ruleSet, calls }: Case) => accountsOf(family, bounds, ruleSet, calls);
  return [accounts(a), accounts(b)];
}

/** Rule sets that elect alike are not compared where one has a rule that was never called. */
function unlessUncalled(accounts: Compared['accounts'], outcome: Outcome): Outcome {
  if (outcome.verdict !== 'holds') return outcome;
  const reason = accounts.map(({ uncalled }) => uncalled).find((uncalled) => uncalled !== null);
  return reason === undefined ? outcome : { ...outcome, verdict: 'inconclusive', reason };
}

/** Searches the product to its end or a limit, a large one with several threads. */
function searchFor(
  pair: Pair,
  product: ReturnType<typeof productOf>,
  options: DiffOptions,
): ReturnType<typeof search> {
  const subject = { ...pair[0], ...(product as unknown as Pick<Pair[0], 'model' | 'expectations'>) };
  return search(subject, { ...options, checkpointEvery: Infinity }, interrupt, productSourceOf(pair));
}

/**
 * One model at one bounds under two rule sets: if either makes the bounds others, both get those. Throws
 * `BadUsage` for a model in which nobody is elected, or that uses none of the rules.
 */
async function casesOf(names: readonly [string, string], model: string, options: DiffOptions): Promise<Pair> {
  const given = givenBounds(options);
  const [family] = chooseFamilies(model, given);
  if (followedIn(model) === null) {
    const because = UNFOLLOWED[model] ?? `nobody is elected in ${model}`;
    throw new BadUsage(`${because}; compare two rule sets in another model`);
  }
  const asked = boundsFor(family, options.bounds, given);
  const [a, b] = [await ruleSetFor(names[0]), await ruleSetFor(names[1])];
  for (const ruleSet of [a, b]) concernedBy(ruleSet, [family], options);
  const bounds = caseOf(family, caseOf(family, asked, a).bounds, b).bounds;
  const pair = comparedCases(family, bounds, [{ ruleSet: a }, { ruleSet: b }]);
  pair.forEach(refuseTooManyInitials);
  return pair;
}

const rulesOf = ([a, b]: Pair): readonly [string, string] => [a.ruleSet.name, b.ruleSet.name];

function inWords(compared: Compared): readonly string[] {
  const { pair, accounts, outcome, comparison } = compared;
  const [{ family, bounds }] = pair;
  const names = shortNames(pair);
  const columns = columnsOf(process.stdout);
  const within = unbrokenEach(family.describe(bounds));
  const table =
    comparison === null
      ? []
      : comparisonTable(comparison, names, family.signs ?? [], {
          columns: tableColumnsOf(process.stdout),
          colors: colorsFor(process.stdout, process.env),
        });
  const isAlike = comparison === null && outcome.verdict === 'holds';
  const used = accounts.map(({ rulesUsed }, k) => ({ rules: names[k], rulesUsed }));
  const same = sameInWords(pair);
  const closing = [
    ...comparedRulesLines(same === null ? used : [used[0]], isAlike),
    verdictInWords(compared),
    ...(same === null ? [] : [same]),
  ];
  const subject = `The rule sets ${rulesOf(pair).join(' and ')} are compared in ${family.name} within these bounds:`;
  return [
    ...paragraph(`${subject} ${within}.`, columns, ''),
    '',
    ...(table.length === 0 ? [] : [...table, '']),
    ...closing.flatMap((line) => paragraph(line, columns, '')),
  ];
}

/** Says that both names are of one rule set; null if they are not. */
function sameInWords([{ ruleSet: a }, { ruleSet: b }]: Pair): string | null {
  const areFiles = isRulesFile(a.name) && isRulesFile(b.name);
  if (areFiles && realpathSync(a.name) === realpathSync(b.name))
    return `Both are one file of rules, ${a.name}, which was compared with itself.`;
  return a === b ? `Both are one rule set, ${a.name}, which was compared with itself.` : null;
}

function verdictInWords({ outcome: { verdict, reason, distinct }, comparison }: Compared): string {
  const pairs = `${figure(distinct)} pairs of states`;
  if (comparison !== null) {
    const steps = counted(comparison.steps.length, 'step');
    return `They elect differently after ${steps}, and not before (breadth-first).`;
  }
  if (verdict === 'holds') return `They elect alike, completely, within these bounds (${pairs}).`;
  return `Inconclusive: ${reason} (${pairs}).`;
}

/** Writes the traces, or says how to have them written. */
const tracesInWords = (pair: Pair, comparison: Comparison, directory: string | undefined) =>
  directory === undefined
    ? paragraph(HOW_TO_KEEP, columnsOf(process.stdout), '')
    : writeTraces(pair, comparison, directory);

/** Writes a trace for each rule set, named by both; returns how to repeat them. */
function writeTraces(pair: Pair, { steps, traces }: Comparison, directory: string): readonly string[] {
  const between = rulesOf(pair).map(partOfName).join('-vs-');
  return pair.flatMap((one, k) => {
    const { model, rules } = traces[k];
    const name = `${model}.${between}.${'ab'[k]}.json`;
    const file = writeInto(directory, name, toReadableJson(traces[k]));
    const taken = `${rules} takes ${traces[k].steps.length} of ${counted(steps.length, 'step')}:`;
    return ['', taken, ...traceCommands(file, ownOptionsOf(one))];
  });
}

function resultOf({ pair, outcome, seconds, accounts: [a, b], comparison }: Compared): Difference {
  const [{ family, stated }] = pair;
  const { verdict, reason, distinct } = outcome;
  return {
    ...DIFFERENCE,
    model: family.name,
    bounds: { ...stated },
    rules: rulesOf(pair),
    verdict: comparison !== null ? 'different' : verdict === 'holds' ? 'alike' : 'inconclusive',
    reason: comparison === null ? reason : null,
    distinct,
    rulesUsed: [a.rulesUsed, b.rulesUsed],
    seconds: Math.round(seconds * 1000) / 1000,
    steps: comparison?.steps ?? null,
    traces: comparison?.traces ?? null,
  };
}
