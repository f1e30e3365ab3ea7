/**
 * `fle-check explore [model]`: runs models at random, far beyond the bounds that can be explored
 * exhaustively.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command, Option } from 'commander';
import type { BoundName, Bounds, ModelFamily, RuleSet } from '../../../models/index.js';
import type { Case } from '../../../properties/index.js';
import {
  boundsFor,
  boundsInOrder,
  chooseFamilies,
  flagOf,
  givenBounds,
  ruleSetFor,
} from '../../cases/choices.js';
import { refuseUnknownClaims } from '../../cases/claims.js';
import { concernedBy, unconcernedLine } from '../../cases/concerned.js';
import { confirmClaim } from '../../cases/confirm-claim.js';
import { drawnInWords, hasSteps, type RandomSubject, subjectOf } from '../../cases/random-subject.js';
import {
  type ClaimsFileOption,
  caseAsked,
  openClaims,
  refuseClaimsOfOthers,
} from '../../claims-file/opened.js';
import { FAILURES, openStore, type Store, tryToKeep } from '../../failures/failures.js';
import { replayFailures, replaysInWords, type StillFailing, tellStore } from '../../failures/replays.js';
import { neverAsked } from '../../language/index.js';
import { EXIT, type ExitCode, gravest } from '../../process/exit.js';
import { checkWritable, writeJson } from '../../process/files.js';
import { INTERRUPTED, type Interrupt, interrupt } from '../../process/interrupt.js';
import { printLines } from '../../process/print.js';
import { StatusLine } from '../../process/status-line.js';
import { tellMoves } from '../../process/supervisor.js';
import { BadUsage } from '../../process/usage.js';
import { VERSION } from '../../process/version.js';
import { Exploration, type RandomOutcome, type RandomViolation } from '../../random/index.js';
import { explorationResultOf, explorationSummary, reductionInWords } from '../../report/exploration.js';
import { columnsOf, paragraph, unbrokenEach } from '../../report/paragraph.js';
import type { ExploredPart } from '../../report/parts.js';
import { rulesUsedLines } from '../../report/rules-used.js';
import type { ExplorationResult } from '../../report/schemas.js';
import { type Colors, colorsFor, figure, quoted } from '../../report/terminal.js';
import { exitCodeOf } from '../../report/verdict.js';
import { reportFound, type ViolationReport, type WrittenViolation } from '../../report/violation.js';
import { accountsOf } from '../../rules-file/accounting.js';
import { confirm } from '../../rules-file/index.js';
import {
  addClaimsFileOption,
  addModelOptions,
  addOutputOptions,
  addRandomOptions,
  addReportOption,
  type ModelOptions,
  type OutputOptions,
  type RandomOptions,
  type ReportOption,
  reportFor,
} from '../options.js';
import { parseTime } from '../parsers.js';

export type ExploreOptions = ModelOptions &
  ClaimsFileOption &
  OutputOptions &
  RandomOptions &
  ReportOption & {
    readonly time?: number;
    /** The directory; false for --no-failures. */
    readonly failures: string | false;
  };

const DEFAULT_SEED = 1;
/** A few seconds a model. */
const DEFAULT_RUNS = 200;

const HELP = `
The seed (${DEFAULT_SEED} without --seed) draws four settings of the bounds, and each run takes one of
them. Another seed draws four others. A bound that you give stays fixed; the other bounds
of the model are drawn from
  ${drawnInWords.join('\n  ')}
and those that are not listed come from --bounds.

Without --runs and --time, each model is run ${DEFAULT_RUNS} times. With --time alone, as many runs are
made as fit into that time. With both, the verdict is inconclusive if the time ends before
the last run.

Each failure is kept once in the directory of --failures, whichever seed finds it. The next
run under the same rules replays it first. If it still fails, the command says so at once,
and runs nothing at random. If it no longer fails, the command says so and goes on. If it
cannot be read, or cannot be replayed on the model as it is, it is stale, and a run that
would have passed is inconclusive (3): find out why, and remove it. A directory that cannot
be read or written is bad input (2), whatever the verdict. --no-failures keeps and replays
none.

Examples:
  fle-check explore fast-leader-election --seed 7 --runs 1000
  fle-check explore fast-leader-election --servers 5 --time 1m
  fle-check explore --rules minority-quorum
  fle-check explore --runs 20 --report out
  fle-check promote .fle-check/failures/<file>

Exit codes: 0 passed, 1 violated, 2 bad usage or input, 3 inconclusive, 4 internal error.`;

export function exploreCommand(): Command {
  const command = new Command('explore')
    .summary('run models at random, with more servers and faults')
    .description(
      'Runs a model, or all that have steps, at random. Shrinks a violation, and looks for a shortest trace.',
    )
    .argument('[model]', 'the model; without it, all that have steps')
    .addHelpText('after', HELP);
  for (const add of [
    addModelOptions,
    addClaimsFileOption,
    addRandomOptions,
    addOutputOptions,
    addReportOption,
  ])
    add(command);
  command
    .addOption(
      new Option('--time <time>', 'stop each model after this time: 500ms, 30s, 5m').argParser(parseTime),
    )
    .option('--failures <dir>', 'keep failures in this directory, and replay those there', FAILURES)
    .option('--no-failures', 'keep and replay no failures');
  return command.action(async (model: string | undefined, options: ExploreOptions) => {
    process.exitCode = await explore(model, options);
  });
}

/** What was found about one model, and how grave it is: a trace that could not be written counts. */
interface Finished {
  readonly result: ExplorationResult;
  readonly code: ExitCode;
  readonly told: WrittenViolation | null;
  readonly inWords: Pick<ExploredPart, 'reduction' | 'boundsInWords' | 'repeat'>;
}

/** What all models of a command share. */
interface Session {
  readonly options: ExploreOptions;
  readonly ruleSet: RuleSet;
  readonly store: Store;
  readonly interrupt: Interrupt;
}

async function explore(model: string | undefined, options: ExploreOptions): Promise<ExitCode> {
  const { json } = options;
  const ruleSet = await ruleSetFor(options.rules);
  await openClaims(options);
  const { subjects, others } = subjectsOf(model, options, ruleSet);
  if (json !== undefined) checkWritable(json);
  const report = await reportFor(options, 'explore');
  const session = { options, ruleSet, store: openStore(options.failures), interrupt };
  const finished: Finished[] = [];
  interrupt.begin();
  if (options.quiet !== true)
    printLines([`fle-check ${VERSION} · Node ${process.versions.node}`, ''], options.json);
  if (options.quiet !== true && others.length > 0)
    printLines([...paragraph(unconcernedLine(others), columnsOf(process.stdout), ''), ''], options.json);
  for (const [family, subject] of subjects) finished.push(await exploreOne(family, subject, session));
  const results = finished.map(({ result }) => result);
  if (json !== undefined) writeJson(json, results);
  if (report !== null) {
    const explored = finished.map((one) => partOf(one, report.shown(one.told)));
    printLines([`Report:  ${report.write({ explored })}`], options.json);
  }
  return gravest([...finished.map(({ code }) => code), tellStore(session.store)]);
}

/** The models to explore, each with the claims asked for; models with none of them are left out. */
function subjectsOf(
  model: string | undefined,
  options: ExploreOptions,
  ruleSet: RuleSet,
): {
  readonly subjects: readonly (readonly [ModelFamily, RandomSubject])[];
  readonly others: readonly ModelFamily[];
} {
  const { claims, bounds } = options;
  const given = givenBounds(options);
  const stepping = chooseFamilies(model, given).filter((family) => hasSteps(family, ruleSet));
  if (stepping.length === 0) {
    throw new BadUsage(`${model} has no steps to explore at random; try fle-check check ${model}`);
  }
  const { families, others } = concernedBy(ruleSet, stepping, options);
  refuseClaimsOfOthers(families);
  const samples = families.map((family) => caseAsked(family, boundsFor(family, bounds, given), ruleSet));
  if (claims !== undefined) refuseUnknownClaims(samples, claims);
  const concerned = samples.filter((sample) => hasClaims(sample, claims));
  if (concerned.length === 0) {
    throw new BadUsage('--claims names only scenarios, which explore does not run; fle-check check does');
  }
  const subjects = concerned.map(
    ({ family }) => [family, subjectOf(family, ruleSet, given, claims, bounds)] as const,
  );
  return { subjects, others };
}

/** Scenarios do not count: they are fixed runs, to which nothing random adds. */
const hasClaims = ({ expectations }: Case, asked: readonly string[] | undefined): boolean =>
  expectations.claims.some(
    ({ name, kind }) => kind !== 'scenario' && (asked === undefined || asked.includes(name)),
  );

async function exploreOne(family: ModelFamily, subject: RandomSubject, session: Session): Promise<Finished> {
  const { options, ruleSet, store, interrupt } = session;
  const colors = colorsFor(process.stdout, process.env);
  const started = performance.now();
  const question = { family, ruleSet, claims: options.claims };
  const replays = await replayFailures(store.failures, question, interrupt);
  const { failing } = replays;
  const runs = failing === null ? options : { ...options, runs: 0 };
  const outcome = await drive(family, subject, runs, interrupt, started);
  await confirm(ruleSet);
  const { violation } = outcome;
  if (failing !== null) await confirmClaim(failing.subject, failing);
  else await confirmClaim(subject.caseAt(violation?.bounds ?? outcome.palette[0]), violation);
  const report = tell(subject, outcome.violation, failing, options.traceDir, colors);
  const told = report?.told ?? null;
  const kept = tryToKeep(store, told?.trace ?? null, failing?.path ?? null);
  const cases = outcome.palette.map(subject.caseAt);
  const accounts = accountsOf(family, largestOf(cases), ruleSet, subject.calls);
  const result = explorationResultOf(outcome, {
    model: family.name,
    asked: askedOf(family, options),
    bounds: cases.map(({ stated }) => ({ ...stated })),
    rules: ruleSet.name,
    seconds: (performance.now() - started) / 1000,
    replayed: replays.replayed,
    rulesUsed: accounts.rulesUsed,
    unasked: accounts.uncalled ?? unaskedIn(outcome, cases),
    trace: told?.trace ?? null,
    explanation: told?.explanation ?? null,
  });
  const boundsInWords = [...new Set(cases.map(({ bounds }) => family.describe(bounds)))];
  const repeat = outcome.runs === 0 ? null : commandLine(family, outcome, options);
  const columns = columnsOf(process.stdout);
  const lines = [
    ...spaced([...(report?.lines ?? []), ...keptInWords(kept.path)]),
    ...spaced(replaysInWords(replays, question)),
    ...explorationSummary(result, boundsInWords, columns, colors),
    // A stored failure that still fails is reported before any run has asked for a rule.
    ...rulesUsedLines(result.runs === 0 ? [] : [result]).flatMap((line) => paragraph(line, columns, '')),
    ...(repeat === null ? [] : [`Repeat: ${repeat}`]),
  ];
  if (options.quiet !== true || result.verdict !== 'passed') printLines([...lines, ''], options.json);
  const errors = [report?.error ?? null, kept.error].filter((error) => error !== null);
  for (const { message } of errors) process.stderr.write(`fle-check: ${message}\n`);
  const reduction = outcome.violation === null ? null : reductionInWords(outcome.violation);
  const code = gravest([exitCodeOf(result), errors.length === 0 ? EXIT.holds : EXIT.badUsage]);
  return { result, code, told, inWords: { reduction, boundsInWords, repeat } };
}

/** That no run asked a claim of the user; null if each was asked in some. */
function unaskedIn({ actions }: RandomOutcome, [{ model, expectations }]: readonly Case[]): string | null {
  const taken = Object.keys(actions).filter((name) => actions[name] > 0);
  const unasked = neverAsked(model, expectations, taken);
  return unasked === null ? null : `${unasked.says} in these runs`;
}

/** The largest of each bound among the settings drawn: what none of them calls, none of them could. */
const largestOf = (cases: readonly Case[]): Bounds =>
  cases
    .map(({ bounds }) => bounds)
    .reduce(
      (most, bounds) =>
        Object.fromEntries(
          Object.entries(most).map(([name, value]) => {
            const other = bounds[name as BoundName];
            return [name, typeof other === 'number' && other > Number(value) ? other : value];
          }),
        ) as unknown as Bounds,
    );

/** What a report says of one model. */
function partOf({ result, inWords }: Finished, violation: ExploredPart['violation']): ExploredPart {
  const { violation: _trace, ...rest } = result;
  return { result: rest, violation, ...inWords };
}

const keptInWords = (path: string | null): readonly string[] =>
  path === null ? [] : [`Kept:    ${path}: the next run replays it first.`];

/** Some lines with an empty one after them. */
const spaced = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [...lines, '']);

/** Runs in slices, so that Ctrl-C and the clock are heard between them. */
async function drive(
  family: ModelFamily,
  subject: RandomSubject,
  { time, seed, runs }: ExploreOptions,
  interrupt: Interrupt,
  started: number,
): Promise<RandomOutcome> {
  const elapsed = () => performance.now() - started;
  const asked = runs ?? (time === undefined ? DEFAULT_RUNS : Number.POSITIVE_INFINITY);
  const exploration = new Exploration(subject, { seed: seed ?? DEFAULT_SEED, runs: asked });
  const status = new StatusLine(process.stderr);
  try {
    if (interrupt.requested) exploration.stop(`${INTERRUPTED} before its turn`);
    while (exploration.advance()) {
      await nextTurn();
      if (interrupt.requested) exploration.stop(INTERRUPTED);
      else if (time !== undefined && elapsed() >= time) {
        if (runs === undefined) exploration.conclude();
        else exploration.stop(`the time limit of ${time / 1000} s was reached`);
      }
      const { runs: made, steps } = exploration.progress();
      tellMoves(steps);
      const rate = steps / 1000 / elapsed();
      status.show(
        () => `${family.name}  run ${made} · ${figure(steps)} steps · ${rate.toFixed(2)} M steps/s`,
      );
    }
  } finally {
    status.clear();
  }
  return exploration.outcome();
}

/** The trace of what fails, written into the directory, and its report; null if nothing fails. */
function tell(
  subject: RandomSubject,
  violation: RandomViolation | null,
  failing: StillFailing | null,
  traceDir: string,
  colors: Colors,
): ViolationReport | null {
  if (failing !== null) {
    const { path, subject: one, claim, schedule } = failing;
    const found = { claim, schedule, foundBy: `replayed from ${path}`, shortest: false, also: [] };
    return atBounds(one, reportFound(one, found, traceDir, colors));
  }
  if (violation === null) return null;
  const { claim, bounds, schedule, lengths } = violation;
  const one = subject.caseAt(bounds);
  const columns = columnsOf(process.stdout);
  const proved = lengths.shortest !== null;
  const foundBy = proved
    ? 'breadth-first at its bounds'
    : 'shrunk from a random run; a shorter trace may exist';
  const report = reportFound(one, { claim, schedule, foundBy, shortest: proved, also: [] }, traceDir, colors);
  return atBounds(one, {
    ...report,
    lines: [...report.lines, ...paragraph(reductionInWords(violation), columns, '')],
  });
}

const atBounds = ({ family, bounds }: Case, report: ViolationReport): ViolationReport => ({
  ...report,
  lines: [
    ...paragraph(`Bounds: ${unbrokenEach(family.describe(bounds))}`, columnsOf(process.stdout), '  '),
    ...report.lines,
  ],
});

/** The bounds given as options that the model takes; others may be meant for other models. */
const askedOf = (family: ModelFamily, options: ExploreOptions): ExplorationResult['asked'] =>
  Object.fromEntries(
    boundsInOrder(family, options).flatMap((name) => {
      const value = options[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** The command that makes the same runs again. */
function commandLine(
  family: ModelFamily,
  { seed, runs, violation }: RandomOutcome,
  options: ExploreOptions,
): string {
  const { bounds, rules, claims, claimsFile } = options;
  const asked = Object.entries(askedOf(family, options));
  return [
    'npx fle-check explore',
    family.name,
    ...(bounds === 'ci' ? [] : [`--bounds ${bounds}`]),
    ...asked.map(([name, value]) => `${flagOf(name as BoundName)} ${quoted(String(value))}`),
    ...(rules === 'correct' ? [] : [`--rules ${quoted(rules)}`]),
    ...(claims === undefined ? [] : [`--claims ${quoted(claims.join(','))}`]),
    ...(claimsFile === undefined ? [] : [`--claims-file ${quoted(claimsFile)}`]),
    `--seed ${seed}`,
    `--runs ${runs}`,
    // Otherwise the failure that it has found would be replayed in place of the runs.
    ...(violation === null ? [] : ['--no-failures']),
  ].join(' ');
}
