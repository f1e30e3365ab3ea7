/** Text as lines of a terminal. */

/** The narrowest terminal that output is made for, and the widest line that is still read with ease. */
export const NARROW = 80;
const WIDE = 100;

/** The columns to fill: those of the terminal, but for very narrow and very wide ones; 80 of a pipe. */
export const columnsOf = ({ columns = NARROW }: { readonly columns?: number | undefined }): number =>
  Math.min(WIDE, Math.max(NARROW, columns));

/** The columns for a table of states, which is easier to read the wider it is: 100 of a pipe. */
export const tableColumnsOf = ({ columns = WIDE }: { readonly columns?: number | undefined }): number =>
  columnsOf({ columns });

const NO_BREAK = '\u00a0';

/** A text that `paragraph` keeps on one line. */
export const unbroken = (text: string): string => text.replaceAll(' ', NO_BREAK);

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
  return [...lines, line].map((one) => one.replaceAll(NO_BREAK, ' '));
}
