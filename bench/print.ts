/** Tables as text: in columns for a terminal, or in Markdown. */
import { cpus, loadavg, totalmem } from 'node:os';
import type { Installed } from './peers/peers.js';

export type Format = 'plain' | 'markdown';
type Cells = readonly string[];

/** The first row is the heading. */
export function tableText(rows: readonly Cells[], format: Format): string {
  const [heading, ...others] = rows;
  if (format === 'markdown') {
    const rule = heading.map(() => '---');
    return [heading, rule, ...others].map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
  }
  const widths = heading.map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  const line = (cells: Cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  return [line(heading), widths.map((width) => '-'.repeat(width)).join('  '), ...others.map(line)].join('\n');
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');

/** The title of all that follows. */
export const titleText = (title: string, format: Format): string =>
  format === 'markdown' ? `# ${title}` : title;

/** Sentences, one a line. */
export const listText = (sentences: Cells, format: Format): string =>
  sentences.map((sentence) => (format === 'markdown' ? `- ${sentence}` : `  ${sentence}`)).join('\n');

/** Where and with what the figures were taken, and when. */
export function machine({ spin, rumur, gcc }: Installed): Cells {
  const all = cpus();
  const tools = Object.entries({ Spin: spin, rumur, gcc });
  return [
    `${all[0]?.model ?? 'a CPU of unknown model'}, ${all.length} cores, ${(totalmem() / 1024 ** 3).toFixed(0)} GiB`,
    `Node ${process.versions.node}, V8 ${process.versions.v8}`,
    tools.map(([tool, version]) => `${tool} ${version ?? 'not installed'}`).join(', '),
    `${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0].toFixed(1)} before the first round`,
  ];
}
