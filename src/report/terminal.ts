/** The lines that `check` prints around its table: a report of each violation, and the closing sentences. */
import { WriteStream } from 'node:tty';
import pc from 'picocolors';
import { match } from 'ts-pattern';
import type { OwnOptions } from '../claims-file/opened.js';
import { wrapped } from '../trace/columns.js';
import type { Trace } from '../trace/trace.js';
import { paragraph } from './paragraph.js';
import type { Result } from './schemas.js';

/** A result with facts that only the caller knows. */
export interface Checked {
  readonly result: Result;
  /** The bounds in words. */
  readonly boundsInWords: string;
  /** False if the check ended before this model's turn. */
  readonly run: boolean;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** The variables of the environment that say whether to write colours; others say how many there are. */
export interface ColorVariables {
  readonly NO_COLOR?: string | undefined;
  readonly FORCE_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
}

/**
 * Colours for a stream. A terminal has those that Node finds by TERM; FORCE_COLOR asks for them elsewhere
 * too, and NO_COLOR forbids them.
 */
export function colorsFor(stream: { readonly isTTY?: boolean }, env: ColorVariables = {}): Colors {
  const asked = stream.isTTY === true || env.FORCE_COLOR !== undefined;
  const forbidden = (env.NO_COLOR ?? '') !== '';
  return pc.createColors(asked && !forbidden && WriteStream.prototype.hasColors(env));
}

/** The witness of two leaders in one round, which needs an explanation wherever it is found. */
const TWO_LEADERS = 'twoLeadersAtOneClock';
/** The claim that holds instead; said only where it was checked. */
/** The model whose correct rules are not those of a release. */
const REPAIRED = 'zab-synchronization';
const ONE_LEADER = 'singleLeaderPerEpoch';

/** A text in the colour of a verdict. */
export const paintVerdict = (cell: string, verdict: Result['verdict'] | 'passed', colors: Colors): string =>
  match(verdict)
    .with('holds', 'passed', () => colors.green(cell))
    .with('violated', () => colors.red(cell))
    .with('inconclusive', () => colors.yellow(cell))
    .exhaustive();

/** `1,702,113`, of a whole number; without `toLocaleString`, whose first call takes 15 ms. */
export const figure = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1 step`, `1,200 steps`, `10 witnesses`. */
export const counted = (count: number, what: string): string =>
  `${figure(count)} ${what}${count === 1 ? '' : what.endsWith('s') ? 'es' : 's'}`;

/** The parts of a violation report besides the trace. */
export interface ViolationDetails {
  readonly trace: Trace;
  /** The lines of the trace's table. */
  readonly table: readonly string[];
  /** The meanings of the signs in the table. */
  readonly legend: readonly string[];
  /** Why the claim fails at its end; null if nothing can be said. */
  readonly explanation: string | null;
  /** How the trace was found, as in `breadth-first`. */
  readonly foundBy: string;
  /** False if a shorter one may exist; true if left out. */
  readonly shortest?: boolean;
  /** The columns to keep within. */
  readonly columns: number;
  /** Where the trace file is; null if it could not be written. */
  readonly file: string | null;
  /** The options that name files of the user, without which it does not replay. */
  readonly options: OwnOptions;
  /** Names of other claims that fail as early. */
  readonly also: readonly string[];
}

/**
 * The report of a violated claim: the claim in words, its source, the trace, and how to replay and to see it.
 */
export function violationReport(details: ViolationDetails, colors: Colors): readonly string[] {
  const { model, rules, claim, says, source, steps } = details.trace;
  const { table, legend, explanation, columns, foundBy, file, options, also } = details;
  const { shortest: isShortest = true } = details;
  const words = inWords(says, source, columns, colors);
  const shortest = `${isShortest ? 'Shortest' : 'Found'}: ${counted(steps.length, 'step')} (${foundBy}).`;
  return [
    `${colors.bold(model)}${withRules(rules)} violates ${colors.red(colors.bold(claim))}:`,
    ...words,
    '',
    ...table,
    ...explanationLines(explanation, columns, colors),
    ...legend.map(colors.dim),
    '',
    ...paragraph(
      also.length === 0 ? shortest : `${shortest} Violated at the same depth: ${also.join(', ')}.`,
      columns,
      '',
    ),
    ...(file === null ? [] : traceCommands(file, options)),
  ];
}

/** ` with rules \`correct\``; nothing of a model that has none of ZooKeeper's rules. */
export const withRules = (rules: string): string => (rules === '' ? '' : ` with rules \`${rules}\``);

/** The claim and where it comes from: on one line, if both fit. */
function inWords(says: string, source: string, columns: number, colors: Colors): readonly string[] {
  const claim = paragraph(`  ${says}`, columns, '  ');
  if (source === '') return claim;
  if (says.length + source.length + 4 <= columns) {
    return [`  ${says}${colors.dim(source.padStart(columns - 2 - says.length))}`];
  }
  return [...claim, ...paragraph(`  ${source}`, columns, '  ').map(colors.dim)];
}

/** The lines that say how to repeat a trace, and how to see it. */
export const traceCommands = (file: string, options: OwnOptions): readonly string[] => [
  `Replay:  ${replayCommand(file, options)}`,
  `See it:  npx fle-check view   ${traceArguments(file, options)}`,
];

/** `  ✗  s1 and s2 have been established in epoch 2.`: the line that closes the table of a violation. */
export const explanationLines = (
  explanation: string | null,
  columns: number,
  colors: Colors,
): readonly string[] =>
  explanation === null
    ? []
    : wrapped(explanation, columns - 5).map(
        (line, i) => `  ${i === 0 ? colors.red('✗') : ' '}  ${colors.bold(line)}`,
      );

/** The command that repeats the trace in a file. */
export const replayCommand = (file: string, options: OwnOptions): string =>
  `npx fle-check replay ${traceArguments(file, options)}`;

/**
 * The user names the file of rules or claims to run, never a trace, so the printed command has these options.
 */
const traceArguments = (file: string, options: OwnOptions): string =>
  [quoted(file), ...options.map(([option, own]) => `${option} ${quoted(own)}`)].join(' ');

/** A path, quoted for a shell, that a command does not take for an option. */
export function quoted(path: string): string {
  const argument = path.startsWith('-') ? `./${path}` : path;
  return /^[\w./@+:,-][\w./@+:,#-]*$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

/** The sentences below the table: what is proved, what is not and why, and a note on two leaders. */
export function closing(checked: readonly Checked[]): readonly string[] {
  const results = checked.map(({ result }) => result);
  return [...proved(results), ...notProved(checked), ...notes(results)];
}

function proved(results: readonly Result[]): readonly string[] {
  const holding = results.filter(({ verdict }) => verdict === 'holds');
  if (holding.length === 0) return [];
  const chance = holding.reduce((sum, { collisions }) => sum + collisions, 0);
  const who = holding.length === 1 ? `${holding[0].model} holds` : `${holding.length} models hold`;
  const hidden =
    chance === 0
      ? 'Whole states were compared, so no collision hid one.'
      : `Chance that a fingerprint collision hid a state: ${chance.toExponential(0)}.`;
  return [`${who}, completely, within these bounds.  ${hidden}`, ...holding.flatMap(renamed)];
}

/** The number of states in which renaming was checked, if not all. */
function renamed({ model, renamings }: Result): readonly string[] {
  if (renamings === null || renamings.checked === renamings.of) return [];
  const { checked, of } = renamings;
  return [
    `That renaming changes nothing was checked in ${figure(checked)} of the ${figure(of)} states of ${model}.`,
  ];
}

/** A sentence for each model that is violated or inconclusive. */
export const notProved = (checked: readonly Checked[]): readonly string[] =>
  checked.flatMap(({ result, run }) => {
    const { model, verdict, reason, violation } = result;
    const because = reason === null ? '' : `: ${reason}`;
    return match(verdict)
      .returnType<readonly string[]>()
      .with('holds', () => [])
      .with('violated', () => [`${model} violates ${violation?.claim}.`])
      .with('inconclusive', () => [`${model} ${run ? 'is inconclusive' : 'was not run'}${because}.`])
      .exhaustive();
  });

const notes = (results: readonly Result[]): readonly string[] => [
  ...noteOnLeaders(results),
  ...noteOnReleases(results),
];

function noteOnLeaders(results: readonly Result[]): readonly string[] {
  const steps = results
    .map(({ witnesses }) => witnesses[TWO_LEADERS] ?? null)
    .find((found) => found !== null);
  if (steps === undefined) return [];
  const witness = `witness ${TWO_LEADERS}, ${steps} steps`;
  const note = `Note: two servers can lead at one logical clock (${witness}): see docs/two-leaders.md.`;
  const shown = results.some(({ verdict, claims }) => verdict === 'holds' && claims.includes(ONE_LEADER));
  return [shown ? `${note} One leader per epoch holds.` : note];
}

/** That what holds of the repaired rules does not hold of those that ZooKeeper has released. */
function noteOnReleases(results: readonly Result[]): readonly string[] {
  const holds = results.some(
    ({ model, rules, verdict }) => model === REPAIRED && rules === 'correct' && verdict === 'holds',
  );
  if (!holds) return [];
  return [
    `Note: ${REPAIRED} has repairs that no release has; without them (--rules zookeeper-master) it violates leaderCompleteness: see docs/zab.md.`,
  ];
}
