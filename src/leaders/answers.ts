/** Which servers can lead when all are new: a complete search answers the questions of `leaders`. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FleSchema } from '../../models/fast-leader-election/model.js';
import { type Bounds, findFamily, findRuleSet, wholeRun } from '../../models/index.js';
import { leadershipQuestions } from '../../properties/claims/leadership.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { BuiltModel, ModelSource } from '../engine/model-source.js';
import type { Schedule } from '../engine/outcome.js';
import { decodeStep, type Model } from '../language/index.js';
import { INTERRUPTED, type Interrupt } from '../process/interrupt.js';
import { VERSION } from '../process/version.js';
import { LEADERS } from '../report/formats.js';
import type { LeadersResult } from '../report/schemas.js';
import { type LimitOptions, search } from '../search/search.js';
import { recordTrace, type Trace } from '../trace/trace.js';

/** The answer to a question: a schedule of the model without reductions, or that there is none. */
export interface Answer {
  readonly name: string;
  /** Printed steps; null if no state shows it. */
  readonly steps: readonly string[] | null;
  /** No schedule is shorter. */
  readonly isShortest: boolean;
  /** The run as a trace; null if there is none. */
  readonly trace: Trace | null;
}

/** The answers of one search, about servers that start in one way. */
export interface Answered {
  /** As a trace states them. */
  readonly bounds: LeadersResult['bounds'];
  readonly start: Bounds['start'];
  readonly states: number;
  readonly seconds: number;
  /** Why the search ended before its end; null if it did not. */
  readonly stopped: string | null;
  readonly answers: readonly Answer[];
}

/** The limits of the search, and its threads. */
export interface AnswerOptions extends LimitOptions {
  readonly workers: number;
}

/** Answers all questions about servers that start in one way; a limit may leave some of them open. */
export async function answer(
  servers: number,
  start: Bounds['start'],
  options: AnswerOptions,
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

/** The bounds of a question: one round, no crash, all data equal. */
export const boundsOf = (servers: number, start: Bounds['start'], reduce: string): Bounds => ({
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

/** The answers as `--json` writes them. */
export const resultOf = ({ bounds, states, seconds, stopped, answers }: Answered): LeadersResult => ({
  ...LEADERS,
  model: 'fast-leader-election',
  bounds,
  verdict: stopped === null ? 'answered' : 'inconclusive',
  reason: stopped,
  distinct: states,
  seconds: Math.round(seconds * 1000) / 1000,
  answers: answers.map(({ name, steps, isShortest }) => ({ name, steps, isShortest })),
});
