/** The options that commands share: each command adds the groups that it takes. */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { type BoundName, PRESETS, type Preset } from '../../models/index.js';
import { BOUND_NAMES, type BoundOptions, flagOf } from '../cases/choices.js';
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

const optionOf = (bound: BoundName, takes: string, says: string): Option =>
  new Option(`${flagOf(bound)} ${takes}`, says);

/** The options of one bound each, in the order of --help. */
const BOUND_OPTIONS: { readonly [K in BoundName]: Option } = {
  servers: optionOf('servers', '<n>', 'voting servers').argParser(parseWhole),
  election: optionOf('election', '<how>', 'an adversary, or fast-leader-election').choices(['free', 'fle']),
  rounds: optionOf('rounds', '<n>', 'the largest logical clock').argParser(parseWhole),
  epochs: optionOf('epochs', '<n>', 'the largest epoch').argParser(parseWhole),
  txns: optionOf('txns', '<n>', 'how many transactions may be proposed').argParser(parseWhole),
  observers: optionOf('observers', '<n>', 'servers that follow and do not vote').argParser(parseWhole),
  crashes: optionOf('crashes', '<n>', 'how many crashes may happen').argParser(parseWhole),
  returns: optionOf('returns', '<which>', 'which crashed servers may start again').choices(['any', 'none']),
  abandons: optionOf('abandons', '<n>', 'how often a settled server may give up').argParser(parseWhole),
  disconnects: optionOf('disconnects', '<n>', 'how often a connection may break').argParser(parseWhole),
  slots: optionOf('slots', '<n>', 'messages in flight on each link').argParser(parseWhole),
  queue: optionOf('queue', '<n>', 'notifications in a recvqueue').argParser(parseWhole),
  resends: optionOf('resends', '<n>', 'how often a server sends its vote again').argParser(parseWhole),
  start: optionOf(
    'start',
    '<how>',
    'all off at first, to start at any time or by sid, or all LOOKING',
  ).choices(['staggered', 'in-order', 'together']),
  zxids: optionOf(
    'zxids',
    '<list>',
    'a zxid for each server (0,0x100000001,1.1), or every, or ranks',
  ).argParser(parseZxids),
  dataVersions: optionOf('dataVersions', '<n>', 'different zxids of --zxids every').argParser(parseWhole),
  reduce: optionOf('reduce', '<names>', 'explore fewer states by these reductions, or all, or none'),
};

/** Adds a preset, and each bound. */
export function addBoundOptions(command: Command, preset: Preset): Command {
  command.addOption(new Option('--bounds <preset>', 'bounds to start from').choices(PRESETS).default(preset));
  for (const name of BOUND_NAMES) command.addOption(BOUND_OPTIONS[name]);
  return command;
}

/** Adds what says which model is meant: a preset, each bound, a rule set, claims. */
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
  command.option('--claims-file <file>', 'claims of your own, which are checked too (docs/claims.md)');

/** Adds the limits at which a search ends as inconclusive. */
export function addLimitOptions(command: Command): Command {
  return command
    .addOption(new Option('--time <time>', 'stop each model after 500ms, 30s, 5m').argParser(parseTime))
    .addOption(
      new Option('--states-max <n>', 'stop at so many distinct states: 500k, 10m').argParser(parseCount),
    )
    .addOption(
      new Option('--memory-max <size>', "stop when the search's data take 512m, 2g")
        .argParser(parseBytes)
        .default(DEFAULT_MEMORY, '4g'),
    );
}

/** Adds how many threads search, how states are compared, and where a run is saved and resumed. */
export function addSearchOptions(command: Command): Command {
  return addWorkersOption(command)
    .option('--exact', 'compare whole states, not 64-bit fingerprints of them')
    .option('--checkpoint <dir>', 'save the search there from time to time, and when it stops')
    .addOption(
      new Option('--checkpoint-every <time>', 'the time between two checkpoints')
        .argParser(parseTime)
        .default(DEFAULT_BETWEEN_CHECKPOINTS, '5m'),
    )
    .option('--resume <dir>', 'go on from the checkpoint there, and save there again');
}

/** Adds how many threads search. */
export const addWorkersOption = (command: Command): Command =>
  command.addOption(
    new Option('--workers <n>', 'threads that search; no result depends on it')
      .argParser(parseWorkers)
      .default(Math.min(availableParallelism(), MOST_WORKERS), 'one a core, at most 16'),
  );

/** Adds where results go. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json <file>', 'write the result as JSON; - writes it, and nothing else, to standard output')
    .option('--trace-dir <dir>', 'where a violated claim leaves its trace', 'fle-check-traces')
    .option('-q, --quiet', 'print only what does not hold');
}

/** Adds where the pages of a report go. */
export const addReportOption = (command: Command): Command =>
  command.option('--report <dir>', 'write a report of the run there, as pages: index.html');

/** The report that is asked for, opened before the run; null if none is. Only then its program is loaded. */
export const reportFor = async <K extends PartName>(
  { report }: ReportOption,
  name: K,
): Promise<Report<K> | null> =>
  report === undefined ? null : (await import('../report/report.js')).openReport(report, name, madeNow);

const madeNow = (): Made => ({ made: new Date().toISOString(), command: process.argv.slice(2) });

/** Adds what a random exploration is a function of. */
export function addRandomOptions(command: Command): Command {
  return command
    .addOption(new Option('--seed <n>', 'repeat the exploration with this seed').argParser(parseSeed))
    .addOption(new Option('--runs <n>', 'how many runs').argParser(parseCount));
}
