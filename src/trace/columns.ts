/**
 * Rows of cells as lines of text, within a width: what does not fit goes on in the next line of the same
 * column.
 */

const GAP = '  ';
/** No column is made narrower than this to save width. */
const NARROWEST = 14;

/**
 * The lines of a table, indented by one gap. Cells are wrapped between words only if a line would be too
 * long.
 */
export function layOutTable(rows: readonly (readonly string[])[], columns: number): readonly string[] {
  const widths = widthsWithin(columns, naturalWidths(rows));
  return rows.flatMap((row) => {
    const cells = row.map((cell, k) => wrapped(cell, widths[k]));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, i) => {
      const line = cells.map((lines, k) => (lines[i] ?? '').padEnd(widths[k]));
      return (GAP + line.join(GAP)).trimEnd();
    });
  });
}

/** The width of each column when nothing is wrapped. */
export const naturalWidths = (rows: readonly (readonly string[])[]): number[] =>
  (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => row[k].length)));

/** Narrows the widest columns, one by one, until a line fits or none may be narrower. */
function widthsWithin(columns: number, natural: readonly number[]): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width + GAP.length, 0) - columns;
  for (; excess > 0; excess--) {
    const widest = Math.max(...widths);
    if (widest <= NARROWEST) break;
    widths[widths.indexOf(widest)]--;
  }
  return widths;
}

/** Breaks a cell between words; a word that is too long by itself is cut. */
export function wrapped(cell: string, width: number): readonly string[] {
  if (cell.length <= width) return [cell];
  const lines: string[] = [];
  let line = '';
  for (const word of cell.split(' ').flatMap((whole) => cut(whole, width))) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

const cut = (word: string, width: number): readonly string[] =>
  Array.from({ length: Math.max(1, Math.ceil(word.length / width)) }, (_, i) =>
    word.slice(i * width, (i + 1) * width),
  );
