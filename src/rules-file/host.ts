/**
 * The process in which a file of rules runs. It loads the file, reports its exports, and answers questions.
 * If the file ends the process, nothing else ends: the process that asks decides what that means.
 */
import { Worker } from 'node:worker_threads';
import { type Answer, answerOf, type Question, quotedWordsOf, wordsOf } from './answer.js';
import { restoreBuiltins } from './builtins.js';
import { type Description, FileRefused, type Loaded, load } from './loading.js';

/** The requests to the host. */
export interface Asked {
  readonly id: number;
  readonly questions: readonly Question[];
}

/** What it tells. */
export type Told =
  | { readonly kind: 'loaded'; readonly description: Description }
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'answers'; readonly id: number; readonly answers: readonly Answer[] }
  /** Something of the file failed while no rule was asked: in words. */
  | { readonly kind: 'stray'; readonly why: string };

// The file may replace built-ins, so the host takes those that it needs before.
const [send, kill, pid] = [process.send?.bind(process), process.kill.bind(process), process.pid];
const tell = (told: Told): void => void send?.(told, undefined, undefined, () => {});
const { apply } = Reflect;
const later = setImmediate;
// An abort would print twenty lines of Node's own.
Object.assign(process, { send: undefined, abort: () => kill(pid, 'SIGABRT') });

/** Ends the host though a rule may loop, once the process that asks is gone. */
const WATCHDOG = `
const { ppid } = process;
setInterval(() => { if (process.ppid !== ppid) process.kill(process.pid, 'SIGKILL'); }, 500);
`;
new Worker(WATCHDOG, { eval: true, stdout: true, stderr: true }).on('error', () => {}).unref();

process.on('disconnect', () => kill(pid, 'SIGKILL'));
// A signal for all processes of a job is for the process that asks.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('uncaughtException', (error) => tellStray(() => `it threw ${quotedWordsOf(error)}`));
process.on('unhandledRejection', (reason) =>
  tellStray(() => `a promise was rejected with ${quotedWordsOf(reason)}, which nothing handles,`),
);

/** If a built-in was changed, reports that in place of its consequences. */
function tellStray(why: () => string): void {
  const changed = restoreBuiltins();
  tell({ kind: 'stray', why: changed === null ? why() : `changes ${changed}` });
}

/** Asks a rule. No error or value escapes but as an answer. */
function answer({ rules, placeOf }: Loaded, { rule, args }: Question): Answer {
  try {
    const value: unknown = rules[rule](...args);
    if (value instanceof Promise) apply(Promise.prototype.then, value, [() => {}, () => {}]);
    return answerOf(value);
  } catch (error) {
    return { kind: 'threw', words: wordsOf(error), at: placeOf(error) };
  }
}

try {
  const loaded = await load(process.argv[2]);
  process.on('message', ({ id, questions }: Asked) => {
    const answers: Answer[] = [];
    for (let i = 0; i < questions.length; i++) answers[i] = answer(loaded, questions[i]);
    const changed = restoreBuiltins();
    tell(changed === null ? { kind: 'answers', id, answers } : { kind: 'stray', why: `changes ${changed}` });
  });
  // A rejected promise of the file is reported in this turn.
  later(() => later(() => tell({ kind: 'loaded', description: loaded.description })));
} catch (error) {
  tell({ kind: 'refused', why: error instanceof FileRefused ? error.message : wordsOf(error) });
}
