/** `fle-check conform`: holds `fle-faithful` against the FastLeaderElection class of real ZooKeeper. */
import { Command, Option } from 'commander';
import { type Bounds, findFamily, PRESETS, type Preset, rulesOf } from '../../../models/index.js';
import { ruleSetFor } from '../../cases/choices.js';
import { concernedBy } from '../../cases/concerned.js';
import { differenceInWords, differencesOf } from '../../conformance/beside.js';
import {
  type Coverage,
  conformAtRandom,
  conformEverywhere,
  type Mismatch,
  type Progress,
  type RandomConformance,
} from '../../conformance/conform.js';
import { mutantsOfElection, type ToldApart, tellApart } from '../../conformance/mutants.js';
import { Stepper } from '../../conformance/stepper.js';
import { ConformanceError, findZooKeeper } from '../../conformance/zookeeper.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import { interrupt } from '../../process/interrupt.js';
import { StatusLine } from '../../process/status-line.js';
import { BadUsage } from '../../process/usage.js';
import { paragraph, tableColumnsOf } from '../../report/paragraph.js';
import { counted, figure } from '../../report/terminal.js';
import { confirm } from '../../rules-file/index.js';
import { layOutTable } from '../../trace/columns.js';
import { parseCount, parseSeed } from '../parsers.js';
import { readTraces, takeTraces } from './conform-traces.js';

const EXAMPLES = `
Steps servers of the real, unmodified class beside the model, without a clock or a socket, and compares every
field of every answer: in random schedules, also with notifications that no server sends; and on every
transition that the model can reach within small bounds. The first run compiles a small Java program.

Examples:
  fle-check conform
  fle-check conform --zookeeper apache-zookeeper-3.9.4-bin/lib --steps 200k --bounds ci
  fle-check conform --zookeeper ../my-fork/target --rules ./my-rules.ts
  fle-check conform --mutants
  fle-check conform --traces properties/corpus/history/fast-leader-election.*.json

Exit codes: 0 no mismatch, 1 a mismatch, or a mutant that behaves as ZooKeeper does, 2 bad usage, or Java or
ZooKeeper is missing, 3 inconclusive, 4 internal error.`;

/** What is covered, transition by transition, within each preset. */
const COVERED: { readonly [P in Preset]: Partial<Bounds> } = {
  tiny: {},
  ci: { rounds: 2, crashes: 1, abandons: 1 },
  nightly: { servers: 3, queue: 1, resends: 0, start: 'together' },
};

/** Random steps for each mutant at most. */
const STEPS_A_MUTANT = 200_000;
const FAITHFUL = 'fle-faithful';

interface Options {
  readonly zookeeper?: string;
  readonly steps: number;
  readonly seed: number;
  readonly bounds: Preset;
  readonly rules?: string;
  readonly mutants?: true;
  readonly traces?: readonly string[];
}

export const conformCommand = (): Command =>
  new Command('conform')
    .summary('compare the model with real ZooKeeper')
    .description(
      'Compares the FastLeaderElection class of real ZooKeeper with the model fle-faithful, step by step.',
    )
    .option(
      '--zookeeper <where>',
      "a directory of ZooKeeper's jars, or a classpath; without it, Debian's package",
    )
    .addOption(new Option('--steps <n>', 'random steps').argParser(parseCount).default(20_000, '20k'))
    .addOption(new Option('--seed <n>', 'the seed of the random schedules').argParser(parseSeed).default(1))
    .addOption(
      new Option('--bounds <preset>', 'take every transition of the model within these bounds')
        .choices(PRESETS)
        .default('tiny'),
    )
    .option('--rules <rules>', 'a rule set or file of rules: those of your ZooKeeper, or of the traces')
    .option('--mutants', 'only check that ZooKeeper differs from each rule set that changes the election')
    .option('--traces <files...>', 'only let real servers take these traces')
    .addHelpText('after', EXAMPLES)
    .action(async (options: Options) => {
      process.exitCode = await conform(options);
    });

async function conform(options: Options): Promise<ExitCode> {
  try {
    // Before Java is started: a file that cannot be used should cost no time.
    const traces = options.traces && (await readTraces(options.traces, options.rules));
    const real = await Stepper.start(findZooKeeper(options.zookeeper ?? null));
    interrupt.begin();
    try {
      process.stdout.write(`ZooKeeper ${real.version}, ${real.jar}\n\n`);
      if (traces !== undefined) return await takeTraces(real, traces);
      if (options.mutants === true) return await tellMutantsApart(real, options);
      return await hold(real, options);
    } finally {
      await real.end();
    }
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    // What asked us to end may have ended Java too.
    if (interrupt.requested) return interrupted();
    throw new BadUsage(error.message, { cause: error });
  }
}

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

/** At random, then on every transition. */
async function hold(real: Stepper, options: Options): Promise<ExitCode> {
  const status = new StatusLine(process.stderr);
  const progress = (what: string): Progress => ({
    onSteps: (steps) => status.show(() => `${what}: ${figure(steps)} steps`),
    stopped: () => interrupt.requested,
  });
  const { steps, seed } = options;
  const ruleSet = await ruleSetFor(options.rules ?? 'correct');
  const family = findFamily(FAITHFUL)!;
  concernedBy(ruleSet, [family], { bounds: options.bounds });
  const rules = rulesOf(ruleSet);
  const random = await timed(() => conformAtRandom(real, rules, { seed, steps }, progress('at random')));
  status.clear();
  await confirm(ruleSet);
  say(randomLines(random, options));
  if (random.mismatch !== null) return EXIT.violated;
  if (interrupt.requested) return interrupted();
  const bounds = { ...family.presets.tiny, ...COVERED[options.bounds] };
  const covered = await timed(() => conformEverywhere(real, bounds, rules, progress('every transition')));
  status.clear();
  await confirm(ruleSet);
  if (covered.steps > 0) say(coverageLines(covered, family.describe(bounds)));
  if (covered.mismatch !== null) return EXIT.violated;
  if (interrupt.requested) return interrupted();
  say(['', `mismatches   0`]);
  return EXIT.holds;
}

function interrupted(): ExitCode {
  say(['', 'Interrupted.']);
  return EXIT.inconclusive;
}

interface Timed {
  readonly seconds: number;
}

async function timed<T extends object>(body: () => Promise<T>): Promise<T & Timed> {
  const from = performance.now();
  const result = await body();
  return { ...result, seconds: (performance.now() - from) / 1000 };
}

const rateOf = (steps: number, seconds: number): string =>
  `${seconds.toFixed(1)} s, ${figure(Math.round(steps / seconds))} steps/s`;

function randomLines(
  { schedules, steps, seconds, mismatch }: RandomConformance & Timed,
  { seed }: Options,
): string[] {
  const made = `at random    ${figure(steps)} steps in ${counted(schedules, 'schedule')} (seed ${seed}; ${rateOf(steps, seconds)})`;
  const lines = paragraph(made, tableColumnsOf(process.stdout), ' '.repeat(13));
  return mismatch === null ? [...lines] : [...lines, '', ...mismatchLines(mismatch)];
}

function coverageLines(
  { transitions, covered, steps, seconds, mismatch }: Coverage & Timed,
  bounds: string,
): string[] {
  const share = (100 * covered) / transitions;
  const percent = covered === transitions ? '100' : Math.min(share, 99.9).toFixed(1);
  const made = `transitions  ${figure(covered)} of ${figure(transitions)} covered, ${percent} % (${bounds}; ${figure(steps)} steps, ${rateOf(steps, seconds)})`;
  const lines = paragraph(made, tableColumnsOf(process.stdout), ' '.repeat(13));
  return mismatch === null ? [...lines] : [...lines, '', ...mismatchLines(mismatch)];
}

function mismatchLines({ servers, steps, difference }: Mismatch): string[] {
  const rows = steps.map((says, i) => [String(i + 1), says]);
  return [
    `Mismatch, ${counted(servers, 'server')}, after ${counted(steps.length, 'step')}:`,
    '',
    ...layOutTable(rows, tableColumnsOf(process.stdout)),
    '',
    `  ${differenceInWords(difference)}`,
  ];
}

async function tellMutantsApart(real: Stepper, { seed }: Options): Promise<ExitCode> {
  const status = new StatusLine(process.stderr);
  const told: ToldApart[] = [];
  for (const ruleSet of mutantsOfElection()) {
    if (interrupt.requested) break;
    status.show(() => ruleSet.name);
    const stopped = () => interrupt.requested;
    const one = await tellApart(real, ruleSet, { seed, steps: STEPS_A_MUTANT }, { stopped });
    if (one.mismatch !== null || !interrupt.requested) told.push(one);
  }
  status.clear();
  const rows = told.map(({ ruleSet, steps, mismatch, alike }) => [
    ruleSet.name,
    steps === null ? '-' : figure(steps),
    mismatch === null ? (alike ?? 'NOT TOLD APART') : differencesOf(mismatch.difference)[0],
  ]);
  say(layOutTable([['rule set', 'steps', 'real and model'], ...rows], tableColumnsOf(process.stdout)));
  if (interrupt.requested) return interrupted();
  const missed = told.filter(({ mismatch, alike }) => mismatch === null && alike === null);
  const apart = told.filter(({ mismatch }) => mismatch !== null);
  const alike = told.length - apart.length - missed.length;
  say([
    '',
    `${told.length} mutants: ${apart.length} told apart, ${alike} alike as explained, ${missed.length} missed`,
  ]);
  return missed.length === 0 ? EXIT.holds : EXIT.violated;
}
