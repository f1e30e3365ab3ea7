/**
 * Claims of a user run in the process of the command. So the command starts again in a child process, which
 * reports its result. Whatever the claims do to the child, the command succeeds only with a verdict in hand.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EXIT, type ExitCode } from '../process/exit.js';
import { modelFileIn } from '../process/model-file.js';
import { SUPERVISED, type SupervisorMessage } from '../process/supervisor.js';
import { Patience, usageOf } from '../rules-file/patience.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds of the command without a step after which the user's code must be looping. */
const LONGEST_STANDSTILL = 10_000;
/** Milliseconds between two looks at the clock. */
const LOOK = 500;

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
  child.on('message', (told: SupervisorMessage) => {
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
  const what = codeIn(args);
  const why = isStuck
    ? `${what} does not return`
    : `${what} ended the process (${ended}) before there was a verdict`;
  process.stderr.write(`fle-check: ${why}\n`);
  return EXIT.badUsage;
}

/** The code of the user that a command runs, in words. */
function codeIn(args: readonly string[]): string {
  const model = modelFileIn(args);
  return model === undefined ? 'a claim of --claims-file' : `the model ${model}`;
}
