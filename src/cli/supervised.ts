/**
 * A command that runs code of a user in its own process, as claims are, is started in a process of its own,
 * which tells its result. Whatever that code does to the process, the command ends well only with a verdict
 * in hand.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EXIT, type ExitCode } from '../process/exit.js';
import { Patience, usageOf } from '../rules-file/patience.js';

const SUPERVISED = 'FLE_CHECK_SUPERVISED';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds of the command without a step after which the user's code must be looping. */
const LONGEST_STANDSTILL = 10_000;
/** Milliseconds between two looks at the clock. */
const LOOK = 500;

/** What the process that runs the command tells the one that was called. */
type Told = { readonly kind: 'moves' } | { readonly kind: 'ended'; readonly code: ExitCode };

/** Runs the command in a process of its own; its exit code. */
export async function supervise(args: readonly string[]): Promise<ExitCode> {
  const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), [...args], {
    env: { ...process.env, [SUPERVISED]: '1' },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const pass = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, pass);
  const patience = new Patience(() => usageOf(child.pid));
  let code: ExitCode | null = null;
  let isStuck = false;
  child.on('message', (told: Told) => {
    patience.restart();
    if (told.kind === 'ended') code ??= told.code;
  });
  const watch = setInterval(() => {
    if (patience.look(LOOK) < LONGEST_STANDSTILL) return;
    isStuck = code === null;
    child.kill('SIGKILL');
  }, LOOK);
  const ended = await new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (status, signal) => resolve(signal ?? `exit code ${status}`));
  });
  clearInterval(watch);
  for (const signal of SIGNALS) process.off(signal, pass);
  if (code !== null) return code;
  const why = isStuck
    ? 'a claim of --claims-file does not return'
    : `the file of --claims-file ended the process (${ended}) before there was a verdict`;
  process.stderr.write(`fle-check: ${why}\n`);
  return EXIT.badUsage;
}

const isSupervised = (): boolean => process.env[SUPERVISED] === '1' && process.send !== undefined;

let lastTold = -1;

/** Tells that the command gets on: a search has made so many transitions, or an exploration so many steps. */
export function tellMoves(progress: number): void {
  if (!isSupervised() || progress === lastTold) return;
  lastTold = progress;
  process.send?.({ kind: 'moves' } satisfies Told, undefined, undefined, () => {});
}

/** Tells the result, once all is written, and ends, whatever the user's code has left running. */
export function tellEnd(): void {
  const { exitCode } = process;
  const code = Object.values(EXIT).find((known) => known === exitCode) ?? EXIT.holds;
  if (isSupervised()) process.send?.({ kind: 'ended', code } satisfies Told, () => process.exit(code));
}

/** Ends the command at once for a fault of the user's code, which is told in a line. */
export function endBecause(message: string): void {
  process.stderr.write(`fle-check: ${message}\n`);
  process.exitCode = EXIT.badUsage;
  tellEnd();
}
