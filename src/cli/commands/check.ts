/** `fle-check check [model]`: explores models exhaustively and says whether their claims hold. */
import { Command, Option } from 'commander';
import type { ModelFamily, RuleSet } from '../../../models/index.js';
import type { Case } from '../../../properties/index.js';
import { boundsFor, chooseFamilies, givenBounds, ruleSetFor } from '../../cases/choices.js';
import { refuseUnknownClaims, withClaims } from '../../cases/claims.js';
import { concernedBy, unconcernedLine } from '../../cases/concerned.js';
import { confirmClaim } from '../../cases/confirm-claim.js';
import {
  type ClaimsFileOption,
  caseAsked,
  openClaims,
  refuseClaimsOfOthers,
} from '../../claims-file/opened.js';
import { userFaultOf } from '../../claims-file/user-fault.js';
import { SpecError, TooLarge } from '../../language/index.js';
import { ownCase } from '../../own-model/case.js';
import { loadModel } from '../../own-model/load.js';
import { EXIT, type ExitCode, gravest } from '../../process/exit.js';
import { checkWritable, writeJson } from '../../process/files.js';
import { INTERRUPTED, type Interrupt, interrupt } from '../../process/interrupt.js';
import { isModelFile } from '../../process/model-file.js';
import { printLines } from '../../process/print.js';
import { BadUsage, tellDefect } from '../../process/usage.js';
import { VERSION } from '../../process/version.js';
import { runHeading, type TableLayout, tableHeading, tableRow } from '../../report/check-table.js';
import { detailLines } from '../../report/details.js';
import { columnsOf, paragraph } from '../../report/paragraph.js';
import type { CheckedPart } from '../../report/parts.js';
import { reductionsInWords } from '../../report/reductions-in-words.js';
import { notRun, resultOf } from '../../report/result.js';
import { rulesUsedLines } from '../../report/rules-used.js';
import type { Result } from '../../report/schemas.js';
import { type Checked, closing, colorsFor, counted, figure, notProved } from '../../report/terminal.js';
import { exitCodeOf } from '../../report/verdict.js';
import { reportViolation, type WrittenViolation } from '../../report/violation.js';
import { refuseUnknownWitnesses, writeWitnesses } from '../../report/witness-traces.js';
import { accountsOf } from '../../rules-file/accounting.js';
import { confirm } from '../../rules-file/index.js';
import { prepareDirectories } from '../../search/checkpoints.js';
import { refuseTooManyInitials, type SearchOptions, search } from '../../search/search.js';
import {
  addClaimsFileOption,
  addLimitOptions,
  addModelOptions,
  addOutputOptions,
  addReportOption,
  addSearchOptions,
  type ModelOptions,
  type OutputOptions,
  type ReportOption,
  reportFor,
} from '../options.js';
import {
  type ArgumentsOption,
  addArgumentsOption,
  refuseArguments,
  refuseOptionsOfShipped,
} from '../own-model-options.js';
import { parseNames } from '../parsers.js';

export type CheckOptions = ModelOptions &
  ArgumentsOption &
  ClaimsFileOption &
  SearchOptions &
  OutputOptions &
  ReportOption & {
    /** The witnesses whose traces to write. */
    readonly witness?: readonly string[];
  };

const EXAMPLES = `
Examples:
  fle-check check
  fle-check check fast-leader-election --servers 3 --crashes 0 --time 30s
  fle-check check fast-leader-election --rules minority-quorum
  fle-check check fast-leader-election --rules ./my-rules.ts
  fle-check check fast-leader-election --bounds nightly --checkpoint saved, then --resume saved
  fle-check check fast-leader-election --witness twoLeadersAtOneClock
  fle-check check --bounds tiny --report out
  fle-check check ./mine.js#make --args 5

Exit codes: 0 holds, 1 violated, 2 bad usage or input, 3 inconclusive, 4 internal error.`;

export function checkCommand(): Command {
  const command = new Command('check')
    .summary('explore models exhaustively')
    .description('Explores every reachable state of a model, or of all models, and checks their claims.')
    .argument('[model]', 'the model, or your own, as ./mine.js#make; by default all models that ship')
    .addHelpText('after', EXAMPLES);
  for (const add of [
    addModelOptions,
    addClaimsFileOption,
    addLimitOptions,
    addSearchOptions,
    addOutputOptions,
    addReportOption,
  ])
    add(command);
  command.addOption(
    new Option('--witness <names>', 'write traces of these witnesses, or all, into --trace-dir').argParser(
      parseNames,
    ),
  );
  addArgumentsOption(command);
  return command.action(async (model: string | undefined, options: CheckOptions) => {
    const given = Object.keys(options).filter((name) => command.getOptionValueSource(name) === 'cli');
    process.exitCode = await check(await askedFor(model, options, given), options);
  });
}

/** The findings about one case, and its exit code; a trace that could not be written counts in it. */
interface Finished extends Checked {
  readonly code: ExitCode;
  /** Where traces of its witnesses are; empty if none were asked for. */
  readonly witnesses: readonly string[];
  /** The report of its violation; empty without one. */
  readonly report: readonly string[];
  readonly told: WrittenViolation | null;
  /** Measurements for a report. */
  readonly measured: Pick<CheckedPart, 'resumedAt' | 'excludedActions' | 'levels' | 'growth'>;
  /** Removes the checkpoint of a finished search; to be called once the result is written. */
  readonly release?: () => void;
}

/** The cases of a check. */
interface Asked {
  readonly cases: readonly Case[];
  /** The models that use none of the rules, and so are left out. */
  readonly others: readonly ModelFamily[];
  /** The name of the rule set; empty for a model that has none of ZooKeeper's rules. */
  readonly rules: string;
}

/** `given`: the options that the user has given, by name. */
async function askedFor(
  model: string | undefined,
  options: CheckOptions,
  given: readonly string[],
): Promise<Asked> {
  if (model !== undefined && isModelFile(model)) {
    refuseOptionsOfShipped(model, given);
    const subject = ownCase(await loadModel(model, options.args ?? []));
    return { cases: withClaimsAsked([subject], options), others: [], rules: '' };
  }
  refuseArguments(options);
  const ruleSet = await ruleSetFor(options.rules);
  await openClaims(options);
  const { families, others } = concernedBy(ruleSet, chooseFamilies(model, givenBounds(options)), options);
  refuseClaimsOfOthers(families);
  return { cases: casesOf(families, options, ruleSet), others, rules: ruleSet.name };
}

async function check({ cases, others, rules }: Asked, options: CheckOptions): Promise<ExitCode> {
  const { json, witness } = options;
  if (witness !== undefined) refuseUnknownWitnesses(cases, witness);
  if (json !== undefined) checkWritable(json);
  const report = await reportFor(options, 'check');
  prepareDirectories(cases, options);
  interrupt.begin();
  const printers = printersFor(options);
  const { print } = printers;
  print([...headingOf(options, rules), '']);
  const layout = layoutOf(cases);
  if (others.length > 0) print([...paragraph(unconcernedLine(others), layout.columns, ''), '']);
  for (const subject of cases)
    print(spaced([...noteOf(subject, layout), ...reductionsInWords(subject, layout.columns)]));
  const finished = await runAll(cases, options, interrupt, (one, i) =>
    print([...(i === 0 ? [tableHeading(layout)] : []), ...tableRow(one, layout), ...resumedInWords(one)]),
  );
  const results = finished.map(({ result }) => result);
  print(results.length === 1 ? ['', ...detailLines(results[0], layout), ''] : ['']);
  for (const { witnesses } of finished) print(spaced(witnesses));
  for (const { report } of finished) if (report.length > 0) printers.printAlways([...report, '']);
  const closed = [...rulesUsedLines(results), ...closing(finished)];
  print(closed.flatMap((line) => paragraph(line, layout.columns, '')));
  if (options.quiet === true) printers.printAlways(notProved(finished));
  if (json !== undefined) writeJson(json, results);
  if (report !== null) {
    const checked = finished.map((one) => partOf(one, report.shown(one.told)));
    print(['', `Report:  ${report.write({ checked })}`]);
  }
  for (const { release } of finished) release?.();
  return gravest(finished.map(({ code }) => code));
}

/** The first lines: versions, workers and rules. */
const headingOf = ({ workers }: CheckOptions, rules: string): readonly string[] =>
  runHeading([
    `fle-check ${VERSION}`,
    `Node ${process.versions.node}`,
    counted(workers, 'worker'),
    ...(rules === '' ? [] : [`rules ${rules}`]),
  ]);

const resumedInWords = ({ measured: { resumedAt } }: Finished): readonly string[] =>
  resumedAt === null ? [] : [`  resumed at ${figure(resumedAt)} states`];

/** A line that says why the bounds differ from those asked for; none if they do not. */
const noteOf = ({ family, note }: Case, { columns }: TableLayout): readonly string[] =>
  note === null ? [] : paragraph(`${family.name}: ${note}`, columns, '  ');

/** Some lines with an empty one after them. */
const spaced = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [...lines, '']);

const layoutOf = (cases: readonly Case[]): TableLayout => ({
  models: cases.map(({ family }) => family.name),
  columns: columnsOf(process.stdout),
  colors: colorsFor(process.stdout, process.env),
});

type Print = (lines: readonly string[]) => void;
/** `print` is silent under `--quiet`; `printAlways` is not. */
interface Printers {
  readonly print: Print;
  readonly printAlways: Print;
}

/** Printers to standard output, which print nothing if the JSON goes there. */
function printersFor({ json, quiet }: OutputOptions): Printers {
  const printAlways: Print = (lines) => printLines(lines, json);
  return { print: quiet === true ? () => {} : printAlways, printAlways };
}

/** The cases to explore, each with the claims asked for; a model that has none of these is left out. */
function casesOf(families: readonly ModelFamily[], options: CheckOptions, ruleSet: RuleSet): readonly Case[] {
  const given = givenBounds(options);
  const cases = families.map((family) =>
    caseAsked(family, boundsFor(family, options.bounds, given), ruleSet),
  );
  return withClaimsAsked(cases, options);
}

/** The cases with the claims asked for; all claims if none are named. */
function withClaimsAsked(cases: readonly Case[], { claims }: CheckOptions): readonly Case[] {
  cases.forEach(refuseTooManyInitials);
  if (claims === undefined) return cases;
  refuseUnknownClaims(cases, claims);
  return cases.map((one) => withClaims(one, claims)).filter((one) => one.expectations.claims.length > 0);
}

async function runAll(
  cases: readonly Case[],
  options: CheckOptions,
  interrupt: Interrupt,
  tell: (finished: Finished, i: number) => void,
): Promise<readonly Finished[]> {
  const finished: Finished[] = [];
  for (const [i, subject] of cases.entries()) {
    const turn = cases.length === 1 ? '' : `${i + 1}/${cases.length} `;
    const one = interrupt.requested
      ? skip(subject, `${INTERRUPTED} before its turn`)
      : await runOrFail(cases.length === 1, subject, { ...options, turn }, interrupt);
    finished.push(one);
    tell(one, i);
  }
  return finished;
}

/**
 * As `run`; a model that fails is told and counted, and the others go on; so they do when its checkpoint is
 * refused, unless it is `alone`.
 */
async function runOrFail(alone: boolean, ...args: Parameters<typeof run>): Promise<Finished> {
  try {
    return await run(...args);
  } catch (error) {
    if (error instanceof SpecError && args[0].family.file !== undefined) throw faultOf(args[0], error);
    if (error instanceof BadUsage && !alone) {
      process.stderr.write(`fle-check: ${error.message}\n`);
      return { ...skip(args[0], error.message), code: EXIT.badUsage };
    }
    if (!(error instanceof SpecError) || error instanceof TooLarge || userFaultOf(error) !== null)
      throw error;
    process.stderr.write(`fle-check: ${tellDefect(error)}\n`);
    const reason = `the model failed: ${error.message.split('\n')[0].replace(/\.$/, '')}`;
    return { ...skip(args[0], reason), code: EXIT.internal };
  }
}

/** The fault of a model that a user wrote, in the words of the language. */
const faultOf = ({ family }: Case, error: SpecError): BadUsage =>
  new BadUsage(`${family.file?.name}: ${error.message}`, { cause: error });

async function run(subject: Case, options: CheckOptions, interrupt: Interrupt): Promise<Finished> {
  const found = await search(subject, options, interrupt);
  await confirm(subject.ruleSet);
  await confirmClaim(subject, found.outcome.violation);
  const { outcome, seconds, resumedAt, levels, growth, release } = found;
  const report = reportViolation(subject, outcome, options.traceDir, colorsFor(process.stdout, process.env));
  const { witness = [], traceDir } = options;
  const witnesses = writeWitnesses(subject, outcome, witness, traceDir);
  const errors = [report.error, witnesses.error].filter((error) => error !== null);
  for (const { message } of errors) process.stderr.write(`fle-check: ${message}\n`);
  const { family, bounds, ruleSet, calls } = subject;
  const accounts = accountsOf(family, bounds, ruleSet, calls);
  const { trace, explanation } = report.told ?? { trace: null, explanation: null };
  const result = resultOf(outcome, { ...askedOf(subject), seconds, trace, explanation, ...accounts });
  const codes = [exitCodeOf(result), errors.length === 0 ? EXIT.holds : EXIT.badUsage];
  return {
    result,
    boundsInWords: subject.family.describe(subject.bounds),
    run: true,
    witnesses: witnesses.lines,
    report: report.lines,
    code: gravest(codes),
    told: report.told,
    measured: { resumedAt, excludedActions: excludedActions(subject), levels, growth },
    ...(errors.length === 0 ? { release } : {}),
  };
}

function skip(subject: Case, reason: string): Finished {
  const result: Result = notRun(askedOf(subject), reason);
  const boundsInWords = subject.family.describe(subject.bounds);
  const measured = { resumedAt: null, excludedActions: {}, levels: [], growth: [] };
  return {
    result,
    boundsInWords,
    run: false,
    witnesses: [],
    report: [],
    code: exitCodeOf(result),
    told: null,
    measured,
  };
}

const excludedActions = ({ model }: Case): CheckedPart['excludedActions'] =>
  Object.fromEntries(
    model.actions.flatMap(({ name, excludedBecause }) => (excludedBecause ? [[name, excludedBecause]] : [])),
  );

/** The part of a report about one model. */
function partOf(
  { result, boundsInWords, run, measured }: Finished,
  violation: CheckedPart['violation'],
): CheckedPart {
  const { violation: _trace, ...rest } = result;
  return { result: rest, violation, boundsInWords, run, ...measured };
}

const askedOf = ({ family, stated, ruleSet, reductions }: Case) => ({
  model: family.name,
  bounds: { ...stated },
  rules: ruleSet.name,
  reductions,
});
