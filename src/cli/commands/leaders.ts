/** `fle-check leaders`: which servers can be elected, in which steps, and how many at once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command } from 'commander';
import type { FleSchema } from '../../../models/fast-leader-election/model.js';
import { type Bounds, findFamily, findRuleSet, wholeRun } from '../../../models/index.js';
import {
  atOnceCalled,
  leadershipQuestions,
  leadsCalled,
  TWO_MAJORITIES,
} from '../../../properties/claims/leadership.js';
import { cannotLead } from '../../../properties/claims/majority.js';
import { type Case, caseOf } from '../../../properties/index.js';
import type { BuiltModel, ModelSource } from '../../engine/model-source.js';
import { inSteps, type Schedule } from '../../engine/outcome.js';
import { decodeStep, type Model } from '../../language/index.js';
import { EXIT, type ExitCode } from '../../process/exit.js';
import {
  checkWritable,
  PAGES,
  prepareDirectory,
  writeInto,
  writeJson,
  writePage,
} from '../../process/files.js';
import { INTERRUPTED, type Interrupt, interrupt } from '../../process/interrupt.js';
import { printLines } from '../../process/print.js';
import { VERSION } from '../../process/version.js';
import { LEADERS } from '../../report/formats.js';
import { pageOf } from '../../report/page.js';
import { columnsOf, paragraph, tableColumnsOf } from '../../report/paragraph.js';
import type { LeadersResult } from '../../report/schemas.js';
import { figure } from '../../report/terminal.js';
import { type LimitOptions, search } from '../../search/search.js';
import type { Lesson, LessonRun } from '../../story/lesson.js';
import { layOutTable } from '../../trace/columns.js';
import { recordTrace, type Trace, toReadableJson } from '../../trace/trace.js';
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

interface LeadersOptions extends LimitOptions {
  readonly servers: number;
  readonly workers: number;
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

/** A question that was answered: in a schedule of the model without reductions, or by none. */
interface Answer {
  readonly name: string;
  /** Printed steps; null if no state shows it. */
  readonly steps: readonly string[] | null;
  /** No schedule is shorter. */
  readonly isShortest: boolean;
  /** The run as a trace; null if there is none. */
  readonly trace: Trace | null;
}

interface Answered {
  /** As a trace states them. */
  readonly bounds: LeadersResult['bounds'];
  readonly start: Bounds['start'];
  readonly states: number;
  readonly seconds: number;
  /** Why the search ended before its end; null if it did not. */
  readonly stopped: string | null;
  readonly answers: readonly Answer[];
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
    print(['', ...told(servers, answered)]);
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

const resultOf = ({ bounds, states, seconds, stopped, answers }: Answered): LeadersResult => ({
  ...LEADERS,
  model: 'fast-leader-election',
  bounds,
  verdict: stopped === null ? 'answered' : 'inconclusive',
  reason: stopped,
  distinct: states,
  seconds: Math.round(seconds * 1000) / 1000,
  answers: answers.map(({ name, steps, isShortest }) => ({ name, steps, isShortest })),
});

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

const boundsOf = (servers: number, start: Bounds['start'], reduce: string): Bounds => ({
  ...findFamily('fast-leader-election')!.presets.tiny,
  servers,
  start,
  reduce,
});

function askedCase(servers: number, start: Bounds['start'], reduce = 'all'): Case {
  const family = findFamily('fast-leader-election')!;
  const subject = caseOf(family, boundsOf(servers, start, reduce), findRuleSet('correct')!);
  return {
    ...subject,
    expectations: { claims: [], witnesses: leadershipQuestions(servers) as never },
  };
}

/** The same, for a worker. */
export const caseAsked = async (servers: number, start: Bounds['start']): Promise<BuiltModel> =>
  askedCase(servers, start);

async function answer(
  servers: number,
  start: Bounds['start'],
  options: LeadersOptions,
  interrupt: Interrupt,
): Promise<Answered> {
  const subject = askedCase(servers, start);
  const source: ModelSource = { module: import.meta.url, export: 'caseAsked', args: [servers, start] };
  const { outcome, seconds, stopped } = await search(
    subject,
    { ...options, checkpointEvery: Infinity },
    interrupt,
    source,
  );
  const whole = askedCase(servers, start, 'none');
  const questions = new Map(leadershipQuestions(servers).map((question) => [question.name, question]));
  const answers: Answer[] = [];
  for (const [name, found] of Object.entries(outcome.witnesses)) {
    // To find a run without reductions may take a second.
    await nextTurn();
    if (found === null || interrupt.requested) {
      answers.push({ name, steps: null, isShortest: true, trace: null });
      continue;
    }
    const run = wholeRun(fle(subject), fle(whole), found);
    if (run === null) throw new TypeError(`no run without reductions shows that ${name}`);
    // A run without reductions has as many steps as with them, or more: hidden ones are not counted.
    const isShortest = run.steps.length === found.steps.length;
    const says = questions.get(name)?.says ?? name;
    const trace = traceOf(whole, run, { name, says });
    answers.push({ name, steps: printed(whole.model, run), isShortest, trace });
  }
  const bounds = { ...subject.stated };
  const ended = stopped ?? (interrupt.requested ? INTERRUPTED : null);
  return { bounds, start, states: outcome.distinct, seconds, stopped: ended, answers };
}

const fle = ({ model }: Case): Model<FleSchema> => model as unknown as Model<FleSchema>;

type Question = Pick<ReturnType<typeof leadershipQuestions>[number], 'name' | 'says'>;

/** The run as a trace of the model, which shows the answer to a question. */
const traceOf = ({ model, stated, ruleSet }: Case, run: Schedule, { name, says }: Question): Trace =>
  recordTrace(model, run, {
    tool: VERSION,
    bounds: { ...stated },
    rules: ruleSet.name,
    claim: name,
    says,
    source: 'fle-check leaders',
  });

const printed = ({ actions }: Case['model'], { steps }: Schedule): readonly string[] =>
  steps.map((code) => {
    const { action, args } = decodeStep(actions, code);
    return [action.name, ...args.map((value, i) => action.over[i].print(value))].join(' ');
  });

const STARTS: { readonly [start: string]: string } = {
  'in-order': 'Started in the order of their sids',
  together: 'Started together',
  staggered: 'Started in any order',
};

function told(servers: number, { start, states, seconds, stopped, answers }: Answered): readonly string[] {
  const figures = `${figure(states)} states, ${seconds.toFixed(1)} s`;
  const open = stopped === null ? null : `not known: ${stopped}`;
  const find = (name: string) => answers.find((one) => one.name === name);
  const line = (words: string, name: string, never: string) => {
    const { steps, isShortest } = find(name) ?? { steps: null, isShortest: true };
    const count =
      steps === null ? (open ?? never) : `${inSteps(steps.length)}${isShortest ? '' : ' or fewer'}`;
    return [words, count];
  };
  const sids = Array.from({ length: servers }, (_, i) => i);
  const rows = [
    ...sids.map((i) =>
      line(`s${i + 1} leads`, leadsCalled(i), `never: ${cannotLead(boundsOf(servers, start, 'none'), i)}`),
    ),
    ...sids.slice(1).map((_, k) => line(`${k + 2} lead at one clock at once`, atOnceCalled(k + 2), 'never')),
    line('two lead, with a majority following each', TWO_MAJORITIES, 'never'),
  ];
  return [`${STARTS[start]} (${figures}):`, ...layOutTable(rows, tableColumnsOf(process.stdout))];
}

/** The answer that all searches give together. */
function closing(servers: number, all: readonly Answered[]): string {
  const possible = all.map(({ answers }) =>
    answers.filter(({ steps }) => steps !== null).map(({ name }) => name),
  );
  const orders = Array.from({ length: servers }, (_, i) => i + 1).reduce((product, i) => product * i, 1);
  return possible.every((names) => names.join() === possible[0].join())
    ? `In each of the ${orders} orders of starts the same servers can lead, and as many at once. A fixed order ` +
        'allows all that a start together does, and no more than starts in any order. Only the numbers of steps differ.'
    : 'Which servers can lead, or how many at once, depends on the order of starts.';
}

/** The answers as a lesson of the page: the runs in which all servers are off at first, as in its model. */
function lessonOf(servers: number, all: readonly Answered[]): Lesson {
  const runs = all
    .filter(({ start }) => start !== 'together')
    .flatMap(({ start, answers }) => answers.flatMap((answer) => runOf(answer, STARTS[start])));
  const text = [
    'One round without a crash, explored completely: every order of starts, every delay.',
    ...all.map(inSentences),
    closing(servers, all),
  ];
  return {
    name: 'leaders',
    title: `Which of ${servers} servers can lead`,
    text,
    model: 'fast-leader-election',
    bounds: boundsOf(servers, 'staggered', 'none'),
    runs,
    tasks: [],
  };
}

function runOf({ name, steps, isShortest }: Answer, start: string): readonly LessonRun[] {
  if (steps === null) return [];
  const count = inSteps(steps.length);
  const says = isShortest ? `${count}, and in no fewer.` : `${count}.`;
  return [{ title: `${start}, ${name}: ${count}`, steps, captions: { 0: `${start}: ${name} in ${says}` } }];
}

/** `Started together: s3 leads in 5 steps, s4 leads in 5 steps. Never: s1 leads, s2 leads.` */
function inSentences({ start, states, answers }: Answered): string {
  const possible = answers.flatMap(({ name, steps }) =>
    steps === null ? [] : [`${name} in ${inSteps(steps.length)}`],
  );
  const never = answers.flatMap(({ name, steps }) => (steps === null ? [name] : []));
  return `${STARTS[start]}: ${possible.join(', ')}. Never: ${never.join(', ')}. ${figure(states)} states.`;
}
