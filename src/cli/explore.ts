/**
 * `fle-check explore [model]`: runs models at random, far beyond the bounds that can be explored
 * exhaustively.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command, Option } from 'commander';
import type { BoundName, RuleSet, Rung } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { Exploration, type RandomOutcome, type RandomViolation } from '../random/index.js';
import { type ExplorationResult, explorationResultOf, explorationSummary } from '../report/exploration.js';
import { type Colors, colorsFor, counted, figure } from '../report/terminal.js';
import { EXIT, type ExitCode, exitCodeOf, gravest } from '../report/verdict.js';
import { refuseUnknownClaims } from './claims.js';
import { checkWritable, writeJson } from './files.js';
import {
  addModelOptions,
  addOutputOptions,
  addRandomOptions,
  boundsFor,
  boundsInOrder,
  chooseRungs,
  flagOf,
  givenBounds,
  type ModelOptions,
  type OutputOptions,
  type RandomOptions,
  ruleSetFor,
} from './options.js';
import { parseTime } from './parsers.js';
import { drawnInWords, hasSteps, type RandomSubject, subjectOf } from './random-subject.js';
import { isRulesFile } from './rules-file.js';
import { INTERRUPTED, Interrupt, LONGEST_TURN } from './search.js';
import { StatusLine } from './status-line.js';
import { again, within } from './unending.js';
import { BadUsage } from './usage.js';
import { VERSION } from './version.js';
import { reportFound, type ViolationReport } from './violation.js';

export type ExploreOptions = ModelOptions & OutputOptions & RandomOptions & { readonly time?: number };

const DEFAULT_SEED = 1;
/** A few seconds a model. */
const DEFAULT_RUNS = 200;

const HELP = `
The seed (${DEFAULT_SEED} without --seed) draws four settings of the bounds, and each run takes one
of them; another seed, other four. A bound that is given stays as it is; the others that
the model takes are drawn from
  ${drawnInWords.join('\n  ')}
and what is not drawn comes from --bounds.

Without --runs and --time, each model is run ${DEFAULT_RUNS} times. With --time alone the time is a budget:
what was run in it counts. With both, an exploration that the time ends before the last
run is inconclusive.

Examples:
  fle-check explore fast-leader-election --seed 7 --runs 1000
  fle-check explore fast-leader-election --servers 5 --time 1m
  fle-check explore --rules minority-quorum

Exit codes: 0 passed, 1 violated, 2 bad usage or input, 3 inconclusive, 4 internal error.`;

export function exploreCommand(): Command {
  const command = new Command('explore')
    .summary('run models at random, with more servers and faults')
    .description(
      'Runs a model, or all that have steps, at random; shrinks a violation and seeks its shortest.',
    )
    .argument('[model]', 'the model; all that have steps without it')
    .addHelpText('after', HELP);
  for (const add of [addModelOptions, addRandomOptions, addOutputOptions]) add(command);
  command.addOption(new Option('--time <time>', 'stop each model after 500ms, 30s, 5m').argParser(parseTime));
  return command.action(async (model: string | undefined, options: ExploreOptions) => {
    process.exitCode = await explore(model, options);
  });
}

/** What was found about one model, and how grave it is: a trace that could not be written counts. */
interface Finished {
  readonly result: ExplorationResult;
  readonly code: ExitCode;
}

async function explore(model: string | undefined, options: ExploreOptions): Promise<ExitCode> {
  const { json } = options;
  const subjects = subjectsOf(model, options, await ruleSetFor(options.rules));
  if (json !== undefined) checkWritable(json);
  const interrupt = new Interrupt();
  const finished: Finished[] = [];
  interrupt.listen();
  print([`fle-check ${VERSION} · Node ${process.versions.node}`, ''], options);
  try {
    for (const [rung, subject] of subjects) {
      finished.push(await exploreOne(rung, subject, options, interrupt));
    }
  } finally {
    interrupt.stopListening();
  }
  const results = finished.map(({ result }) => result);
  if (json !== undefined) writeJson(json, model === undefined ? results : results[0]);
  return gravest(finished.map(({ code }) => code));
}

/** The models to explore, each with the claims asked for; models with none of them are left out. */
function subjectsOf(
  model: string | undefined,
  options: ExploreOptions,
  ruleSet: RuleSet,
): readonly (readonly [Rung, RandomSubject])[] {
  const { claims, bounds } = options;
  const given = givenBounds(options);
  const rungs = chooseRungs(model, given).filter((rung) => hasSteps(rung, ruleSet));
  if (rungs.length === 0) {
    throw new BadUsage(`${model} has no steps to explore at random; try fle-check check ${model}`);
  }
  const samples = rungs.map((rung) => caseOf(rung, boundsFor(rung, bounds, given), ruleSet));
  if (claims !== undefined) refuseUnknownClaims(samples, claims);
  const concerned = samples.filter((sample) => isConcerned(sample, claims));
  if (concerned.length === 0) {
    throw new BadUsage('scenarios are not run at random; fle-check check runs those of --claims');
  }
  return concerned.map(({ rung }) => [rung, subjectOf(rung, ruleSet, given, claims, bounds)]);
}

/** Scenarios do not count: they are fixed runs, to which nothing random adds. */
const isConcerned = ({ expectations }: Case, asked: readonly string[] | undefined): boolean =>
  expectations.claims.some(
    ({ name, kind }) => kind !== 'scenario' && (asked === undefined || asked.includes(name)),
  );

async function exploreOne(
  rung: Rung,
  subject: RandomSubject,
  options: ExploreOptions,
  interrupt: Interrupt,
): Promise<Finished> {
  const colors = colorsFor(process.stdout, process.env);
  const { outcome, seconds } = await again(() => drive(rung, subject, options, interrupt));
  const told = outcome.violation === null ? null : tell(subject, outcome.violation, options, colors);
  const cases = outcome.palette.map(subject.caseAt);
  const result = explorationResultOf(outcome, {
    model: rung.name,
    asked: askedOf(rung, options),
    bounds: cases.map(({ stated }) => ({ ...stated })),
    rules: options.rules,
    seconds,
    trace: told?.trace ?? null,
  });
  const inWords = [...new Set(cases.map(({ bounds }) => rung.describe(bounds)))];
  const repeat = outcome.runs === 0 ? [] : [`Repeat: ${commandLine(rung, outcome, options)}`];
  print([...(told?.lines ?? []), ...explorationSummary(result, inWords, colors), ...repeat, ''], options);
  const error = told?.error ?? null;
  if (error !== null) process.stderr.write(`fle-check: ${error.message}\n`);
  return { result, code: gravest([exitCodeOf(result), error === null ? EXIT.holds : EXIT.badUsage]) };
}

/** Runs in slices, so that Ctrl-C and the clock are heard between them. */
async function drive(
  rung: Rung,
  subject: RandomSubject,
  { time, seed, runs, rules }: ExploreOptions,
  interrupt: Interrupt,
): Promise<{ readonly outcome: RandomOutcome; readonly seconds: number }> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const asked = runs ?? (time === undefined ? DEFAULT_RUNS : Number.POSITIVE_INFINITY);
  const exploration = new Exploration(subject, { seed: seed ?? DEFAULT_SEED, runs: asked });
  // A turn may reduce a failure, which takes seconds.
  const advance = isRulesFile(rules)
    ? () => within(6 * LONGEST_TURN, rung.name, () => exploration.advance())
    : () => exploration.advance();
  const status = new StatusLine(process.stderr);
  try {
    if (interrupt.requested) exploration.stop(`${INTERRUPTED} before its turn`);
    while (advance()) {
      await nextTurn();
      if (interrupt.requested) exploration.stop(INTERRUPTED);
      else if (time !== undefined && elapsed() >= time) {
        if (runs === undefined) exploration.conclude();
        else exploration.stop(`the time limit of ${time / 1000} s was reached`);
      }
      const { runs: made, steps } = exploration.progress();
      const rate = steps / 1000 / elapsed();
      status.show(() => `${rung.name}  run ${made} · ${figure(steps)} steps · ${rate.toFixed(2)} M steps/s`);
    }
  } finally {
    status.clear();
  }
  return { outcome: exploration.outcome(), seconds: elapsed() / 1000 };
}

/** The trace of a violation, written into the directory, and its report with the way it was reduced. */
function tell(
  subject: RandomSubject,
  { claim, bounds, schedule, lengths }: RandomViolation,
  { traceDir }: ExploreOptions,
  colors: Colors,
): ViolationReport {
  const one = subject.caseAt(bounds);
  const proved = lengths.shortest !== null;
  const foundBy = proved
    ? 'breadth-first at its bounds'
    : 'shrunk from a random run; a shorter way may exist';
  const found = { claim, schedule, foundBy, shortest: proved, also: [] };
  const { lines, trace, error } = reportFound(one, found, traceDir, colors);
  const stages = `Found at random after ${counted(lengths.found, 'step')}, shrunk to ${lengths.shrunk}.`;
  return { lines: [`Bounds: ${one.rung.describe(one.bounds)}`, ...lines, stages, ''], trace, error };
}

/** The bounds given as options that the model takes; others may be meant for other models. */
const askedOf = (rung: Rung, options: ExploreOptions): ExplorationResult['asked'] =>
  Object.fromEntries(
    boundsInOrder(rung, options).flatMap((name) => {
      const value = options[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

/** The command that makes the same runs again. */
function commandLine(rung: Rung, { seed, runs }: RandomOutcome, options: ExploreOptions): string {
  const { bounds, rules, claims } = options;
  const asked = Object.entries(askedOf(rung, options));
  return [
    'npx fle-check explore',
    rung.name,
    ...(bounds === 'ci' ? [] : [`--bounds ${bounds}`]),
    ...asked.map(([name, value]) => `${flagOf(name as BoundName)} ${String(value)}`),
    ...(rules === 'correct' ? [] : [`--rules ${rules}`]),
    ...(claims === undefined ? [] : [`--claims ${claims.join(',')}`]),
    `--seed ${seed}`,
    `--runs ${runs}`,
  ].join(' ');
}

/** Prints lines on standard output, or nowhere if the JSON goes there. */
function print(lines: readonly string[], { json }: ExploreOptions): void {
  if (json !== '-') process.stdout.write(`${lines.join('\n')}\n`);
}
