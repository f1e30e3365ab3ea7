/**
 * The thread between the searching threads and the process of a file of rules. Those threads block while they
 * wait for an answer, so none of them can own the process. This thread owns it, and never blocks. It keeps
 * every answer, and asks a second process all questions again before a verdict.
 */
import { BroadcastChannel, parentPort, workerData } from 'node:worker_threads';
import { type Answer, inconsistency, type Question } from './answer.js';
import { HostProcess } from './host-process.js';
import type { Description } from './loading.js';

/** What this thread is started with. */
export interface Bridged {
  readonly path: string;
  /** The name of the channel that questions come by. */
  readonly channel: string;
}

/** A question. Its thread waits until one more answer is counted, and then finds it in its channel. */
export interface Asking {
  readonly question: Question;
  readonly replyTo: string;
  readonly count: Int32Array;
}

/** The requests of the thread that started this one. */
export type Order = 'confirm' | 'close';

/** What it tells. */
export type Report =
  | { readonly kind: 'loaded'; readonly description: Description }
  | { readonly kind: 'refused'; readonly why: string }
  /** The fault of the rules; null if every answer was the same again. */
  | { readonly kind: 'confirmed'; readonly fault: string | null }
  | { readonly kind: 'closed' };

const { path, channel } = workerData as Bridged;
const report = (told: Report): void => parentPort?.postMessage(told);

/** The host that is asked, and the host that is asked again. Only the first prints the output of the file. */
const first = new HostProcess(path, true);
const second = new HostProcess(path, false);

interface Known {
  readonly question: Question;
  readonly answer: Answer;
}
const known = new Map<string, Known>();
const keyOf = ({ rule, args }: Question): string => `${rule}(${args.join()})`;

/** Answers one question after the other. */
let turn: Promise<unknown> = Promise.resolve();

async function answerTo(question: Question): Promise<Answer> {
  const found = known.get(keyOf(question));
  if (found !== undefined) return found.answer;
  const answer = await freshAnswer(question);
  known.set(keyOf(question), { question, answer });
  return answer;
}

/** If a rule has ended the first process, the second answers the questions of the diagnosis. */
async function freshAnswer(question: Question): Promise<Answer> {
  const host = first.gone === null ? first : second;
  if (host.gone !== null) return unasked(host.gone);
  const answers = await host.ask([question]);
  if (answers !== null) return answers[0];
  const words = `${host.gone}`;
  lost ??= { question, words };
  return { kind: 'lost', words };
}

/** The first call that ended a process. */
let lost: { readonly question: Question; readonly words: string } | null = null;

/** `otherwise`: why both processes are gone, if they ended while no rule was asked. */
const unasked = (otherwise: string): Answer =>
  lost === null
    ? { kind: 'lost', words: `cannot be asked any more: ${otherwise}` }
    : { kind: 'unasked', lost: lost.question, words: lost.words };

const replies = new Map<string, BroadcastChannel>();

async function reply({ question, replyTo, count }: Asking): Promise<void> {
  const answer = await answerTo(question);
  let port = replies.get(replyTo);
  if (port === undefined) {
    port = new BroadcastChannel(replyTo);
    replies.set(replyTo, port);
  }
  port.postMessage(answer);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
}

/**
 * The least number of times that all questions are asked again. It must expose a rule that counts its calls.
 */
const LEAST_PASSES = 2;
const LEAST_QUESTIONS = 1_000;
const MOST_PASSES = 64;
/** Questions asked at once: few enough to be answered quickly. */
const PORTION = 64;

async function faultOf(): Promise<string | null> {
  const all = [...known.values()];
  const passes = Math.min(
    MOST_PASSES,
    Math.max(LEAST_PASSES, Math.ceil(LEAST_QUESTIONS / (all.length || 1))),
  );
  for (let pass = 1; pass <= passes; pass++) {
    const shuffled = shuffle(all, pass);
    for (let from = 0; from < shuffled.length; from += PORTION) {
      const fault = await faultIn(shuffled.slice(from, from + PORTION));
      if (fault !== null) return fault;
    }
  }
  // The first process was idle meanwhile: a promise or a timer may have failed in it, or ended it.
  const gone = first.gone ?? second.gone;
  return gone === null ? null : `${path}: ${gone} while none of its rules was asked`;
}

async function faultIn(portion: readonly Known[]): Promise<string | null> {
  const answers = await second.ask(portion.map(({ question }) => question));
  if (answers === null) return `${path}: ${second.gone} when its rules are asked again`;
  const faults = portion.map(({ question, answer }, i) => inconsistency(path, question, answer, answers[i]));
  return faults.find((fault) => fault !== null) ?? null;
}

/** The same in another order, which depends on the pass alone. */
function shuffle<T>(all: readonly T[], pass: number): readonly T[] {
  const shuffled = [...all];
  let random = pass;
  for (let i = shuffled.length - 1; i > 0; i--) {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    const j = random % (i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j], shuffled[i]];
  }
  return shuffled;
}

async function open(): Promise<Report> {
  const [one, other] = [await first.opened, await second.opened];
  if ('why' in one) return { kind: 'refused', why: one.why };
  if ('why' in other) return { kind: 'refused', why: other.why };
  if (JSON.stringify(one) === JSON.stringify(other)) return { kind: 'loaded', ...one };
  const why = `cannot use ${path}: it is loaded twice, and differs (was it edited just now? Run again)`;
  return { kind: 'refused', why };
}

function close(): void {
  first.kill();
  second.kill();
  report({ kind: 'closed' });
}

parentPort?.on('message', (order: Order) => {
  if (order === 'close') return close();
  turn = turn.then(async () => report({ kind: 'confirmed', fault: await faultOf() }));
});
new BroadcastChannel(channel).onmessage = (event) => {
  const { data } = event as { readonly data: Asking };
  turn = turn.then(() => reply(data));
};
report(await open());
