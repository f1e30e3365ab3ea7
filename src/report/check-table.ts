/**
 * The table that `check` prints while it runs: a line of figures for each model, and below it the bounds and
 * claims. Columns have fixed widths, so a row can be printed before the next model begins.
 */
import { NARROW, paragraph, unbroken, unbrokenEach } from './paragraph.js';
import type { Result } from './schemas.js';
import { type Checked, type Colors, counted, figure, paintVerdict } from './terminal.js';

/** What all rows share. */
export interface TableLayout {
  /** Every model that will have a row. */
  readonly models: readonly string[];
  /** Of the terminal. */
  readonly columns: number;
  readonly colors: Colors;
}

const GAP = '  ';
/** Room for hundreds of millions of states, and for hours; with the longest name of a model 79 columns. */
const FIGURES = { states: 11, transitions: 13, depth: 5 } as const;
const VERDICT = 12;
const TIME = 8;

/** The line above the rows. */
export function tableHeading({ models, colors }: TableLayout): string {
  const figures = Object.entries(FIGURES).map(([name, width]) => name.padStart(width));
  const cells = ['model'.padEnd(widthOf(models)), ...figures, 'verdict'.padEnd(VERDICT)];
  return colors.bold([...cells, 'time'.padStart(TIME)].join(GAP));
}

/** The lines of one model. */
export function tableRow(checked: Checked, { models, columns, colors }: TableLayout): readonly string[] {
  const { result, boundsInWords, run } = checked;
  const { model, distinct, generated, depth, verdict, seconds } = result;
  const widths = Object.values(FIGURES);
  const figures = (run ? [distinct, generated, depth].map(figure) : ['-', '-', '-']).map((cell, k) =>
    cell.padStart(widths[k]),
  );
  const judged = paintVerdict((run ? verdict : 'not run').padEnd(VERDICT), verdict, colors);
  const time = (run ? duration(seconds) : '-').padStart(TIME);
  const asked = [unbrokenEach(boundsInWords), ...(run ? [claimsAndWitnesses(result)] : [])];
  const below = paragraph(`${GAP}${asked.join('; ')}`, columns, GAP);
  return [
    [model.padEnd(widthOf(models)), ...figures, judged, time].join(GAP),
    ...below.map((line) => colors.dim(line)),
  ];
}

const widthOf = (models: readonly string[]): number =>
  Math.max('model'.length, ...models.map(({ length }) => length));

/** `9 claims, 10 / 10 witnesses`: how many of the witnesses were found. */
function claimsAndWitnesses({ claims, witnesses }: Result): string {
  const steps = Object.values(witnesses);
  const found = steps.filter((length) => length !== null).length;
  return unbroken(`${counted(claims.length, 'claim')}, ${found} / ${counted(steps.length, 'witness')}`);
}

/** `2.9 s`, `4,212 s`. */
const duration = (seconds: number): string =>
  `${seconds < 1000 ? seconds.toFixed(1) : figure(Math.round(seconds))} s`;

/** `fle-check 0.1.0 · Node 20.19.0 · 2 workers · rules correct`: on one line if it fits. */
export const runHeading = (parts: readonly string[]): readonly string[] =>
  paragraph(parts.map(unbroken).join(' · '), NARROW, GAP);
