/** Text as lines of a terminal. */

/** The narrowest terminal that output is made for, and the widest line that is still read with ease. */
export const NARROW = 80;
const WIDE = 100;

/** The least value of COLUMNS that counts; fewer columns cannot be read. */
const FEWEST = 40;

/** The output for lines. Only a terminal has columns. */
interface Output {
  readonly columns?: number | undefined;
}

/** The environment variable with the number of columns for an output that has none. */
export interface ColumnVariable {
  readonly COLUMNS?: string | undefined;
}

/**
 * The columns to fill: those of the terminal, within limits; for other outputs the value of COLUMNS, or 80.
 */
export const columnsOf = (output: Output, env: ColumnVariable = process.env): number =>
  within(output) ?? askedFor(env) ?? NARROW;

/** The columns for a table, which is easier to read the wider it is: 100 in a pipe. */
export const tableColumnsOf = (output: Output, env: ColumnVariable = process.env): number =>
  within(output) ?? askedFor(env) ?? WIDE;

const within = ({ columns }: Output): number | null =>
  columns === undefined ? null : Math.min(WIDE, Math.max(NARROW, columns));

/** A whole number of at least FEWEST; anything else is as good as unset. */
function askedFor({ COLUMNS = '' }: ColumnVariable): number | null {
  const asked = /^\d+$/.test(COLUMNS) ? Number(COLUMNS) : 0;
  return asked >= FEWEST ? asked : null;
}

const NO_BREAK = '\u00a0';

/** A text that `paragraph` keeps on one line. */
export const unbroken = (text: string): string => text.replaceAll(' ', NO_BREAK);

/** `3 servers, 2 rounds`, broken only after a comma. */
export const unbrokenEach = (list: string): string => list.split(', ').map(unbroken).join(', ');

/** Turns the marks of `unbroken` back into spaces. */
export const withSpaces = (line: string): string => line.replaceAll(NO_BREAK, ' ');

/** A text broken between words; every line after the first begins with the indent in place of its own. */
export function paragraph(text: string, columns: number, indent: string): readonly string[] {
  const own = /^ */.exec(text)?.[0] ?? '';
  const [first, ...words] = text.slice(own.length).split(' ');
  const lines: string[] = [];
  let line = own + first;
  for (const word of words) {
    if (line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent + word;
    } else {
      line = `${line} ${word}`;
    }
  }
  return [...lines, line].map(withSpaces);
}
