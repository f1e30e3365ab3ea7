/**
 * The options that commands share, and what they make of a model's preset. `check` and `explore` add the
 * groups they take; `chooseRungs`, `boundsFor` and `chooseRuleSet` turn what was given into models, bounds
 * and rules.
 */
import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import {
  type BoundName,
  type Bounds,
  boundsTaken,
  findRuleSet,
  findRung,
  issueNamed,
  PRESETS,
  type Preset,
  type RuleSet,
  type Rung,
  ruleSets,
  rungs,
} from '../../models/index.js';
import { printZxid } from '../../models/votes/zxid.js';
import { BadUsage, UnknownWord } from '../process/usage.js';
import type { PartName } from '../report/parts.js';
import { isRulesFile } from '../rules-file/index.js';
import { loadRules } from '../rules-file/named.js';
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
import type { Report } from './report.js';

/** The bounds given on the command line; those absent keep the values of the preset. */
export type GivenBounds = { readonly [K in BoundName]?: Bounds[K] };

/** What `addBoundOptions` adds, as commander hands it over. */
export interface BoundOptions extends GivenBounds {
  /** The preset's name. */
  readonly bounds: Preset;
}
/** What `addModelOptions` adds. */
export interface ModelOptions extends BoundOptions {
  /** The rule set's name. */
  readonly rules: string;
  readonly claims?: readonly string[];
}
/** What `addLimitOptions` adds. */
export interface LimitOptions {
  /** Milliseconds. */
  readonly time?: number;
  readonly statesMax?: number;
  /** Bytes. */
  readonly memoryMax: number;
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

/** The options of one bound each, in the order of --help. */
const BOUND_OPTIONS: { readonly [K in BoundName]: Option } = {
  servers: new Option('--servers <n>', 'voting servers').argParser(parseWhole),
  election: new Option('--election <how>', 'an adversary, or fast-leader-election').choices(['free', 'fle']),
  rounds: new Option('--rounds <n>', 'the largest logical clock').argParser(parseWhole),
  epochs: new Option('--epochs <n>', 'the largest epoch').argParser(parseWhole),
  txns: new Option('--txns <n>', 'how many transactions may be proposed').argParser(parseWhole),
  observers: new Option('--observers <n>', 'servers that follow and do not vote').argParser(parseWhole),
  crashes: new Option('--crashes <n>', 'how many crashes may happen').argParser(parseWhole),
  returns: new Option('--returns <which>', 'which crashed servers may start again').choices(['any', 'none']),
  abandons: new Option('--abandons <n>', 'how often a settled server may give up').argParser(parseWhole),
  disconnects: new Option('--disconnects <n>', 'how often a connection may break').argParser(parseWhole),
  slots: new Option('--slots <n>', 'messages in flight on each link').argParser(parseWhole),
  queue: new Option('--queue <n>', 'notifications in a recvqueue').argParser(parseWhole),
  resends: new Option('--resends <n>', 'how often a server sends its vote again').argParser(parseWhole),
  start: new Option(
    '--start <how>',
    'all off at first, to start at any time or by sid, or all LOOKING',
  ).choices(['staggered', 'in-order', 'together']),
  zxids: new Option(
    '--zxids <list>',
    'a zxid for each server (0,0x100000001,1.1), or every, or ranks',
  ).argParser(parseZxids),
  dataVersions: new Option('--data-versions <n>', 'different zxids of --zxids every').argParser(parseWhole),
  reduce: new Option('--reduce <names>', 'explore fewer states by these reductions, or all, or none'),
};
const BOUND_NAMES = Object.keys(BOUND_OPTIONS) as BoundName[];

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
  report === undefined ? null : (await import('./report.js')).openReport(report, name);

/** Adds what a random exploration is a function of. */
export function addRandomOptions(command: Command): Command {
  return command
    .addOption(new Option('--seed <n>', 'repeat the exploration with this seed').argParser(parseSeed))
    .addOption(new Option('--runs <n>', 'how many runs').argParser(parseCount));
}

/** The model of this name, or all of them, bottom rung first. Each bound given must apply to one of them. */
export function chooseRungs(name: string | undefined, given: GivenBounds): readonly Rung[] {
  const chosen = name === undefined ? rungs : [rungCalled(name)];
  for (const bound of givenNames(given)) {
    if (chosen.some((rung) => takes(rung, bound, electionOf(rung, given)))) continue;
    if (chosen.length === 1) throw new OptionNotTaken(bound, chosen[0], given);
    throw new BadUsage(`no model takes ${flagOf(bound)}`);
  }
  return chosen;
}

/** The model of this name. Throws `UnknownWord` with the nearest. */
export function rungCalled(name: string): Rung {
  const known = rungs.map((rung) => rung.name);
  const rung = findRung(name);
  if (rung === undefined) throw new UnknownWord('model', name, known, 'fle-check models lists all.');
  return rung;
}

/** The rule set that `--rules` names: one that ships, or that of a file. */
export const ruleSetFor = async (name: string): Promise<RuleSet> =>
  isRulesFile(name) ? loadRules(name) : chooseRuleSet(name);

/** The rule set of this name. Throws `UnknownWord` with the nearest, and `NotModelled` for an issue. */
export function chooseRuleSet(name: string): RuleSet {
  const ruleSet = findRuleSet(name);
  if (ruleSet !== undefined) return ruleSet;
  const issue = issueNamed(name);
  if (issue !== null) throw new NotModelled(issue);
  const known = ruleSets.map((one) => one.name);
  throw new UnknownWord('rule set', name, known, 'fle-check models <model> lists those that apply to it');
}

/** An issue of ZooKeeper that no rule set is about: the nearest number would be another bug. */
class NotModelled extends BadUsage {
  constructor(issue: string) {
    super(`${issue} is not modelled; docs/history.md lists the issues that are`);
  }
}

/**
 * The preset of a model with the given bounds laid over it; those the model does not take are passed over.
 * Throws `BadUsage` for a number outside the model's limits and for zxids that are not one for each server.
 */
export function boundsFor(rung: Rung, preset: Preset, given: GivenBounds): Bounds {
  const bounds: { -readonly [K in BoundName]: Bounds[K] } = { ...rung.presets[preset] };
  const taken = givenNames(given).filter((name) => takes(rung, name, electionOf(rung, given)));
  Object.assign(bounds, Object.fromEntries(taken.map((name) => [name, given[name]])));
  if (taken.includes('zxids') && Array.isArray(given.zxids) && !taken.includes('servers')) {
    bounds.servers = given.zxids.length;
  }
  for (const name of taken) checkLimits(rung, name, bounds[name]);
  checkLimits(rung, 'servers', bounds.servers);
  if (taken.includes('reduce')) bounds.reduce = reductionsOf(rung, bounds);
  if (Array.isArray(bounds.zxids) && bounds.zxids.length !== bounds.servers) {
    const listed = bounds.zxids.map(printZxid).join(',');
    throw new BadUsage(
      `--zxids takes one zxid for each of ${bounds.servers} servers for ${rung.name}, not ${listed}`,
    );
  }
  return bounds;
}

/** The names of reductions in their order, or `all`. Throws `UnknownWord`. */
function reductionsOf({ name: model, reductions = [] }: Rung, { reduce }: Bounds): string {
  if (reduce === 'none' || reduce === 'all') return reduce;
  const known = reductions.map(({ name }) => name);
  const asked = reduce.split(',');
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UnknownWord('reduction', unknown, known, `fle-check models ${model} lists all.`);
  }
  return known.filter((name) => asked.includes(name)).join(',') || 'none';
}

/** The bounds among the options of a command. */
export const givenBounds = (options: GivenBounds): GivenBounds =>
  Object.fromEntries(givenNames(options).map((name) => [name, options[name]]));

/** The option of a bound: `--data-versions`. */
export const flagOf = (bound: BoundName): string => BOUND_OPTIONS[bound].long as string;

/** The bounds a model takes, in the order of --help; of some options: those that go with their election. */
export const boundsInOrder = (rung: Rung, given?: GivenBounds): readonly BoundName[] =>
  BOUND_NAMES.filter((name) =>
    given === undefined ? rung.takes[name] !== undefined : takes(rung, name, electionOf(rung, given)),
  );

/** A model is asked for bounds it does not have. */
class OptionNotTaken extends BadUsage {
  constructor(bound: BoundName, rung: Rung, given: GivenBounds) {
    const election = rung.takes[bound]?.election;
    if (election !== undefined) {
      super(`${rung.name} takes ${flagOf(bound)} only with --election ${election}`);
      return;
    }
    const flags = boundsInOrder(rung, given).map(flagOf).join(', ');
    super(`${rung.name} does not take ${flagOf(bound)}; it takes ${flags || 'no bounds'}`);
  }
}

const givenNames = (given: GivenBounds): BoundName[] =>
  BOUND_NAMES.filter((name) => given[name] !== undefined);

/** All presets of a model have one election. */
const electionOf = (rung: Rung, { election }: GivenBounds): Bounds['election'] =>
  (rung.takes.election === undefined ? undefined : election) ?? rung.presets.ci.election;

const takes = (rung: Rung, bound: BoundName, election: Bounds['election']): boolean =>
  boundsTaken(rung, election).includes(bound);

function checkLimits(rung: Rung, bound: BoundName, value: Bounds[BoundName]): void {
  const { min, max, values: choices } = rung.takes[bound] ?? {};
  if (choices !== undefined && !choices.includes(String(value)))
    throw new BadUsage(`${flagOf(bound)} takes ${choices.join(' or ')} for ${rung.name}, not ${value}`);
  if (min === undefined || max === undefined) return;
  const values = Array.isArray(value) ? value : typeof value === 'number' ? [value] : [];
  const outside = values.find((one) => one < min || one > max);
  if (outside === undefined) return;
  throw new BadUsage(`${flagOf(bound)} takes ${min} to ${max} for ${rung.name}, not ${outside}`);
}
