/**
 * What a report of Stryker is worth: the score by file, and every reason for which the run fails. A mutant
 * that no test notices must be explained, and one of which no test was completed says nothing at all.
 */

/** What is read of Stryker's report: the schema of mutation testing, version 2. */
export interface Report {
  readonly files: {
    readonly [path: string]: { readonly source: string; readonly mutants: readonly Mutant[] };
  };
}
export interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  /** How many tests were run to their end; missing where none could be. */
  readonly testsCompleted?: number;
  readonly location: { readonly start: Place; readonly end: Place };
}
/** Line and column, from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** Why a mutant may survive, wherever it stands: by its text, not by its line. */
export interface Explained {
  readonly file: string;
  /** The declaration or the claim in which it stands. */
  readonly where: string;
  readonly code: string;
  readonly becomes: string;
  /** How many such mutants there are in that place; 1 if it is not said. */
  readonly times?: number;
  readonly because: string;
}

export interface Score {
  readonly file: string;
  readonly mutants: number;
  readonly killed: number;
  readonly timeouts: number;
  readonly survived: number;
  /** Prose, which is not mutated. */
  readonly ignored: number;
}

/** A mutant that no test notices. */
export type Survivor = Omit<Explained, 'because' | 'times'> & { readonly line: number };

export interface Judgement {
  readonly scores: readonly Score[];
  readonly survivors: readonly Survivor[];
  /** Those that nothing explains. */
  readonly unexplained: readonly Survivor[];
  /** Why the run fails, each in one line; none if it passes. */
  readonly failures: readonly string[];
}

const count = (mutants: readonly Mutant[], ...statuses: readonly string[]): number =>
  mutants.filter(({ status }) => statuses.includes(status)).length;

const SURVIVES = ['Survived', 'NoCoverage'];
const KNOWN = ['Killed', 'Timeout', 'Ignored', ...SURVIVES];

const DECLARATION = /^(?:export )?(?:const|function) (\w+)|\bname: '(\w+)'/gm;

/** The text at a place: of several lines in one, with single spaces. */
function textAt(source: string, { start, end }: Mutant['location']): string {
  const lines = source.split('\n').slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return onOneLine(lines.join('\n'));
}

const onOneLine = (text: string): string => text.trim().replaceAll(/\s+/g, ' ');

/** The last declaration or claim that begins at a line or before it. */
function declarationAt(source: string, line: number): string {
  const before = source.split('\n').slice(0, line).join('\n');
  const [, declared, named] = [...before.matchAll(DECLARATION)].at(-1) ?? [];
  return declared ?? named ?? '';
}

function survivorOf(file: string, source: string, { location, replacement = '' }: Mutant): Survivor {
  const { line } = location.start;
  const where = declarationAt(source, line);
  return { file, where, code: textAt(source, location), becomes: onOneLine(replacement), line };
}

/** What is the same of a mutant after the lines around it have moved. */
const keyOf = ({ file, where, code, becomes }: Omit<Survivor, 'line'>): string =>
  JSON.stringify([file, where, code, becomes]);

const told = ({ file, where, code, becomes }: Omit<Survivor, 'line'>): string =>
  `${file}, ${where}: ${code} → ${becomes === '' ? '(nothing)' : becomes}`;

/** Mutants whose status says nothing, for no test was completed, or none was begun. */
function unproven(file: string, mutants: readonly Mutant[]): string[] {
  const judged = mutants.filter(({ status }) => status === 'Killed' || status === 'Survived');
  const empty = judged.filter(({ testsCompleted }) => (testsCompleted ?? 0) === 0);
  const strange = mutants.filter(({ status }) => !KNOWN.includes(status));
  const about = (list: readonly Mutant[]) => list.map(({ location }) => location.start.line).join(', ');
  return [
    ...(mutants.length === 0 ? [`${file} has no mutants: it was not mutated`] : []),
    ...(empty.length > 0
      ? [
          `${file}: no test was completed of ${empty.length} mutants (testsCompleted: 0), at line ${about(empty)}`,
        ]
      : []),
    ...(mutants.length > 0 && judged.length === 0
      ? [`${file}: no mutant was killed and none survived, so no test has judged one`]
      : []),
    ...strange.map(({ status, location }) => `${file}:${location.start.line} is of status ${status}`),
  ];
}

function scoreOf(file: string, mutants: readonly Mutant[]): Score {
  const ignored = count(mutants, 'Ignored');
  return {
    file,
    mutants: mutants.length - ignored,
    killed: count(mutants, 'Killed'),
    timeouts: count(mutants, 'Timeout'),
    survived: count(mutants, ...SURVIVES),
    ignored,
  };
}

/** How many mutants of each key are explained, but for those that survive: below 0 if too few are. */
function explanationsLeft(
  survivors: readonly Survivor[],
  explained: readonly Explained[],
): ReadonlyMap<string, number> {
  const left = new Map(explained.map((each) => [keyOf(each), each.times ?? 1]));
  for (const survivor of survivors) left.set(keyOf(survivor), (left.get(keyOf(survivor)) ?? 0) - 1);
  return left;
}

/** What is wrong with the explanations of files that were mutated. */
function misexplained(explained: readonly Explained[], left: ReadonlyMap<string, number>): string[] {
  return explained.flatMap((each, i) => {
    const more = left.get(keyOf(each)) ?? 0;
    if (explained.findIndex((other) => keyOf(other) === keyOf(each)) < i)
      return [`explained twice: ${told(each)}`];
    if (more <= 0) return [];
    return [`explained, and does not survive${more > 1 ? ` (${more})` : ''}: ${told(each)}`];
  });
}

/** The verdict on a report; `explained` of files that are not in it are left aside. */
export function judge(report: Report, explained: readonly Explained[]): Judgement {
  const files = Object.entries(report.files).sort(([a], [b]) => (a < b ? -1 : 1));
  const survivors = files.flatMap(([file, { source, mutants }]) =>
    mutants.filter(({ status }) => SURVIVES.includes(status)).map((each) => survivorOf(file, source, each)),
  );
  const left = explanationsLeft(survivors, explained);
  const unexplained = survivors.filter((survivor) => (left.get(keyOf(survivor)) ?? 0) < 0);
  const here = explained.filter(({ file }) => report.files[file] !== undefined);
  return {
    scores: files.map(([file, { mutants }]) => scoreOf(file, mutants)),
    survivors,
    unexplained,
    failures: [
      ...(files.length === 0 ? ['the report has no files: nothing was mutated'] : []),
      ...files.flatMap(([file, { mutants }]) => unproven(file, mutants)),
      ...unexplained.map((each) => `survives unexplained, line ${each.line}: ${told(each)}`),
      ...misexplained(here, left),
    ],
  };
}

/** In how many of a hundred cases a mutant was noticed. */
export const percent = ({ mutants, killed, timeouts }: Omit<Score, 'file'>): string =>
  mutants === 0 ? '-' : `${((100 * (killed + timeouts)) / mutants).toFixed(1)} %`;

/** The table of scores, with the sum in its last row. */
export function scoreRows(scores: readonly Score[]): string[][] {
  const sum = (of: (score: Score) => number) => scores.reduce((total, score) => total + of(score), 0);
  const all: Score = {
    file: 'all',
    mutants: sum(({ mutants }) => mutants),
    killed: sum(({ killed }) => killed),
    timeouts: sum(({ timeouts }) => timeouts),
    survived: sum(({ survived }) => survived),
    ignored: sum(({ ignored }) => ignored),
  };
  const row = (score: Score) => [
    score.file,
    ...[score.mutants, score.killed, score.timeouts, score.survived].map(String),
    percent(score),
  ];
  return [['file', 'mutants', 'killed', 'timed out', 'survived', 'score'], ...[...scores, all].map(row)];
}

/** The table of explained survivors of docs/mutation.md. */
export const explainedRows = (explained: readonly Explained[]): string[][] => [
  ['file', 'in', 'code', 'becomes', 'survives because'],
  ...explained.map(({ file, where, code, becomes, times = 1, because }) => [
    file,
    where,
    `\`${code}\`${times > 1 ? ` (${times} times)` : ''}`,
    becomes === '' ? '(nothing)' : `\`${becomes}\``,
    because,
  ]),
];
