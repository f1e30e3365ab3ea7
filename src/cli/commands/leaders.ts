/** `fle-check leaders`: which servers can be elected, in which steps, and how many at once. */
import { Command } from 'commander';
import { type Answered, type AnswerOptions, answer, resultOf } from '../../leaders/answers.js';
import { answersInWords, closing, lessonOf } from '../../leaders/words.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import {
  checkWritable,
  PAGES,
  prepareDirectory,
  writeInto,
  writeJson,
  writePage,
} from '../../process/files.js';
import { interrupt } from '../../process/interrupt.js';
import { printLines } from '../../process/print.js';
import { VERSION } from '../../process/version.js';
import { pageOf } from '../../report/page.js';
import { columnsOf, paragraph, tableColumnsOf } from '../../report/paragraph.js';
import { toReadableJson } from '../../trace/trace.js';
import { addLimitOptions, addWorkersOption } from '../options.js';
import { parseServers } from '../parsers.js';

const EXAMPLES = `
Explores fast-leader-election completely, with all its reductions, for one round
without a crash. The servers start in the order of their sids, together, or in any
order. Five servers take minutes, four take seconds.

Examples:
  fle-check leaders
  fle-check leaders --servers 4 --page leaders.html

Exit codes: 0 answered, 2 bad usage, 3 a limit or Ctrl-C ended the search first.`;

interface LeadersOptions extends AnswerOptions {
  readonly servers: number;
  readonly json?: string;
  readonly traceDir?: string;
  readonly page?: string | true;
}

export function leadersCommand(): Command {
  const command = new Command('leaders')
    .summary('find which servers can be elected, and how many at once')
    .description('Finds which servers can be elected, and how, under every order of starts and every delay.')
    .option('--servers <n>', 'voting servers, 2 to 5', parseServers, 5)
    .option('--json <file>', 'write the answers as JSON; - writes them, and nothing else, to standard output')
    .option('--trace-dir <dir>', 'write each run as a trace, for replay, view and conform --traces')
    .option('--page [file]', `write a page with the shortest runs; without a name, ${PAGES}/leaders.html`)
    .addHelpText('after', EXAMPLES);
  addLimitOptions(command);
  addWorkersOption(command);
  return command.action(async (options: LeadersOptions) => {
    process.exitCode = await leaders(options);
  });
}

async function leaders(options: LeadersOptions): Promise<ExitCode> {
  const { servers, json, traceDir, page } = options;
  if (json !== undefined) checkWritable(json);
  if (traceDir !== undefined) prepareDirectory(traceDir);
  if (typeof page === 'string') checkWritable(page);
  const print = (lines: readonly string[]) => printLines(lines, json);
  print([
    ...wrappedLine(`${servers} servers, all new: their data are equal, so a vote for a larger sid wins.`),
    'One round, no crash; every vote may come late, or never.',
  ]);
  interrupt.begin();
  const all: Answered[] = [];
  for (const start of ['in-order', 'together', 'staggered'] as const) {
    const answered = await answer(servers, start, options, interrupt);
    all.push(answered);
    print(['', ...answersInWords(servers, answered, tableColumnsOf(process.stdout))]);
    if (answered.stopped !== null) break;
  }
  if (json !== undefined) writeJson(json, all.map(resultOf));
  if (all.some(({ stopped }) => stopped !== null)) return EXIT.inconclusive;
  print(['', ...wrappedLine(closing(servers, all))]);
  if (traceDir !== undefined) print([`Traces:  ${writeTraces(traceDir, all)} in ${traceDir}`]);
  if (page !== undefined) {
    const html = pageOf('Which servers can lead', {
      kind: 'tutorial',
      tool: VERSION,
      heading: 'fle-check leaders',
      lessons: [lessonOf(servers, all)],
    });
    print([`Page:  ${writePage(page === true ? undefined : page, 'leaders.html', html)}`]);
  }
  return EXIT.holds;
}

const wrappedLine = (text: string): readonly string[] => paragraph(text, columnsOf(process.stdout), '');

/** Writes a file for each run; returns how many. */
function writeTraces(directory: string, all: readonly Answered[]): number {
  let count = 0;
  for (const { start, answers } of all) {
    for (const { name, trace } of answers) {
      if (trace === null) continue;
      writeInto(directory, `${start}.${name.replaceAll(' ', '-')}.json`, toReadableJson(trace));
      count++;
    }
  }
  return count;
}
