/**
 * `npm run bench`: measures, and prints one table of what is reached against what should be. Missed targets
 * are printed as they are; the exit code is 1 only if something could not be run to its end.
 */
import { Command } from 'commander';
import { type Alone, Growth, walks } from './alone.js';
import { type Installed, installed } from './peers/peers.js';
import { type Format, listText, machine, tableText, titleText } from './print.js';
import { PROGRAM_NAMES, programOf } from './programs.js';
import { inRounds } from './rounds.js';
import { FULL, QUICK, type Scale } from './scale.js';
import { type Comparison, compared, comparisons, type Line } from './table.js';

interface Options {
  readonly markdown?: true;
  readonly quick?: true;
  readonly growth?: true;
  readonly only?: string;
}

const NOTES: readonly string[] = [
  'Another program that keeps a core busy halves the figures of two workers: see the load above.',
  'Values are medians (least..most) over rounds; in a round all programs run one after the other.',
  'A ratio is taken within its round. Each run of ours is a fresh process.',
  '(r,c) is the peer model with r rounds and c crashes. Bare: no claims are checked, no witnesses sought.',
  'Our times are those of the whole search, cold: V8 compiles in it, and tables grow from small ones.',
  'The start of Node is not in them. Times of Spin and rumur are those of their whole processes.',
  'CPU time is that of all threads, in user and in system mode.',
  'Spin is exact (-O3 -DSAFETY -DNOREDUCE, depth first), with a table that is large from its start.',
  'Data bytes: the states seen, predecessors and queue at the end. With batches: all that threads share.',
  'The whole process: the most that was ever resident, Node itself included.',
];

/** What is going on, on a terminal alone. */
function note(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${what}`);
}

/** The rows of comparisons at the bounds of one scale: their programs run once for all of them. */
async function compare(
  rows: readonly Comparison[],
  rounds: number,
  tools: Installed,
): Promise<ReadonlyMap<string, Line>> {
  const lines = new Map<string, Line>();
  for (const at of new Set(rows.map((row) => row.at))) {
    const here = rows.filter((row) => row.at === at);
    const wanted = new Set(here.flatMap(({ programs, beside }) => [...programs, ...beside]));
    const programs = PROGRAM_NAMES.filter((name) => wanted.has(name));
    const samples = await inRounds(
      rounds,
      programs.map((name) => programOf(name, at, tools)),
      note,
    );
    for (const row of here) lines.set(row.what, compared(row, samples));
  }
  return lines;
}

async function measureAll(
  scale: Scale,
  growth: Growth,
  tools: Installed,
  only: string,
): Promise<readonly Line[]> {
  const isWanted = ({ what }: { readonly what: string }) => what.toLowerCase().includes(only.toLowerCase());
  const rows = comparisons(scale.small, scale.large).filter(isWanted);
  const alone: readonly Alone[] = [growth, ...walks(scale, note)].filter(isWanted);
  const lines = await compare(rows, scale.rounds, tools);
  const others: Line[] = [];
  for (const each of alone) others.push(await each.measure());
  note('');
  return [...rows.map(({ what }) => lines.get(what)!), ...others];
}

async function main(options: Options): Promise<void> {
  const scale = options.quick ? QUICK : FULL;
  const format: Format = options.markdown ? 'markdown' : 'plain';
  const tools = installed();
  const heading = [...machine(tools), scale.rounds === 1 ? 'one round' : `${scale.rounds} rounds`];
  const growth = new Growth(scale, options.growth === true);
  const lines = await measureAll(scale, growth, tools, options.only ?? '');
  if (lines.length === 0) command.error(`error: no row has "${options.only}" in its name`);
  if (options.quick) heading.push('quick: small bounds and one round, which say nothing of the targets');
  const table = [
    ['what', 'value', 'target', 'met'],
    ...lines.map(({ what, value, target, met }) => [what, value, target, met]),
  ];
  const parts = [
    titleText('Figures of fle-check', format),
    listText(heading, format),
    tableText(table, format),
  ];
  if (growth.marks.length > 0) parts.push(tableText(growth.table, format));
  parts.push(listText(NOTES, format));
  console.log(parts.join('\n\n'));
  if (lines.some(({ failed }) => failed)) process.exitCode = 1;
}

const command = new Command('bench')
  .description('Measures the engine against its targets, other model checkers and a model written by hand.')
  .option('--markdown', 'print Markdown, for bench/baseline.md')
  .option('--quick', 'small bounds and one round: to see that it works')
  .option('--growth', 'also search 100 million states: some minutes, and up to 4 GiB')
  .option('--only <text>', 'only rows with this text in their name')
  .action(main);
await command.parseAsync();
