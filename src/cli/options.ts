/** The options that commands share: each command adds the groups that it takes. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { BOUND_NAMES, BOUNDS, type BoundName, PRESETS, type Preset } from '../../models/index.js';
import { type BoundOptions, flagOf } from '../cases/choices.js';
import type { PartName } from '../report/parts.js';
import type { Made, Report } from '../report/report.js';
import {
  MOST_WORKERS,
  parseBytes,
  parseCount,
  parseNames,
  parseSeed,
  parseTime,
  parseWhole,
  parseWorkers,
  parseZxids,
} from './parsers.js';

/** What `addModelOptions` adds. */
export interface ModelOptions extends BoundOptions {
  /** The rule set's name. */
  readonly rules: string;
  readonly claims?: readonly string[];
}
/** What `addOutputOptions` adds. */
export interface OutputOptions {
  /** A path, or `-` for standard output. */
  readonly json?: string;
  readonly traceDir: string;
  readonly quiet?: boolean;
}
/** What `addReportOption` adds. */
export interface ReportOption {
  /** The directory of the report. */
  readonly report?: string;
}
/** What `addRandomOptions` adds. */
export interface RandomOptions {
  readonly seed?: number;
  readonly runs?: number;
}

const DEFAULT_MEMORY = 4 * 1024 ** 3;
const DEFAULT_BETWEEN_CHECKPOINTS = 5 * 60_000;

/** The option of a bound. */
function optionOf(name: BoundName): Option {
  const bound: (typeof BOUNDS)[BoundName] = BOUNDS[name];
  const takes = (what: string) => new Option(`${flagOf(name)} ${what}`, bound.says);
  switch (bound.kind) {
    case 'count':
      return takes('<n>').argParser(parseWhole);
    case 'choice':
      return takes(bound.takes).choices(bound.values);
    case 'zxids':
      return takes('<list>').argParser(parseZxids);
    case 'names':
      return takes('<names>');
  }
}

/** Adds a preset, and each bound. */
export function addBoundOptions(command: Command, preset: Preset): Command {
  command.addOption(new Option('--bounds <preset>', 'bounds to start from').choices(PRESETS).default(preset));
  for (const name of BOUND_NAMES) command.addOption(optionOf(name));
  return command;
}

/** Adds the options that choose a model: a preset, each bound, a rule set, claims. */
export function addModelOptions(command: Command): Command {
  return addBoundOptions(command, 'ci')
    .option(
      '--rules <name>',
      'a rule set (fle-check models <model> lists them), or a file of rules',
      'correct',
    )
    .addOption(new Option('--claims <names>', 'check only these claims').argParser(parseNames));
}

/** Adds a file of claims. */
export const addClaimsFileOption = (command: Command): Command =>
  command.option('--claims-file <file>', 'check claims of your own too (docs/claims.md)');

/** Adds the limits at which a search ends as inconclusive. */
export function addLimitOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--time <time>', 'stop each model after this time: 500ms, 30s, 5m').argParser(parseTime),
    )
    .addOption(
      new Option('--states-max <n>', 'stop at this many distinct states: 500k, 10m').argParser(parseCount),
    )
    .addOption(
      new Option('--memory-max <size>', "stop when the search's data take this much memory: 512m, 2g")
        .argParser(parseBytes)
        .default(DEFAULT_MEMORY, '4g'),
    );
}

/** Adds the number of threads, how states are compared, and where a run is saved and resumed. */
export function addSearchOptions(command: Command): Command {
  return addWorkersOption(command)
    .option('--exact', 'compare whole states, not their 64-bit fingerprints')
    .option('--checkpoint <dir>', 'save the search in this directory from time to time, and when it stops')
    .addOption(
      new Option('--checkpoint-every <time>', 'the time between two checkpoints')
        .argParser(parseTime)
        .default(DEFAULT_BETWEEN_CHECKPOINTS, '5m'),
    )
    .option('--resume <dir>', 'go on from the checkpoint in this directory, and save there again');
}

/** Adds the number of threads. */
export const addWorkersOption = (command: Command): Command =>
  command.addOption(
    new Option('--workers <n>', 'threads that search; results do not depend on it')
      .argParser(parseWorkers)
      .default(Math.min(availableParallelism(), MOST_WORKERS), 'one a core, at most 16'),
  );

/** Adds where results go. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json <file>', 'write the result as JSON; - writes it, and nothing else, to standard output')
    .option('--trace-dir <dir>', 'write traces of violated claims into this directory', 'fle-check-traces')
    .option('-q, --quiet', 'print only what does not hold');
}

/** Adds where the pages of a report go. */
export const addReportOption = (command: Command): Command =>
  command.option('--report <dir>', 'write a report of the run into this directory, as pages: index.html');

/** The report asked for, opened before the run; null if none is. Its code is loaded only then. */
export const reportFor = async <K extends PartName>(
  { report }: ReportOption,
  name: K,
): Promise<Report<K> | null> =>
  report === undefined ? null : (await import('../report/report.js')).openReport(report, name, madeNow);

const madeNow = (): Made => ({ made: new Date().toISOString(), command: process.argv.slice(2) });

/** Adds the seed and the number of runs, which determine a random exploration. */
export function addRandomOptions(command: Command): Command {
  return command
    .addOption(new Option('--seed <n>', 'repeat the exploration with this seed').argParser(parseSeed))
    .addOption(new Option('--runs <n>', 'how many runs').argParser(parseCount));
}
