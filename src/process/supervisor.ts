/**
 * A run that has code of a user in its own process is supervised by another (src/cli/supervised.ts). The run
 * tells the other process that it gets on, and how it ended.
 */
import { EXIT, type ExitCode } from './exit.js';

/** Set in the environment of a process that is supervised. */
export const SUPERVISED = 'FLE_CHECK_SUPERVISED';

/** A message of the run to the process that supervises it. */
export type SupervisorMessage =
  | { readonly kind: 'moves' }
  | { readonly kind: 'ended'; readonly code: ExitCode };

const isSupervised = (): boolean => process.env[SUPERVISED] === '1' && process.send !== undefined;

let lastTold = -1;

/** Tells that the command gets on: a search has made so many transitions, or an exploration so many steps. */
export function tellMoves(progress: number): void {
  if (!isSupervised() || progress === lastTold) return;
  lastTold = progress;
  process.send?.({ kind: 'moves' } satisfies SupervisorMessage, undefined, undefined, () => {});
}

/** Tells the result, once all is written, and ends, whatever the user's code has left running. */
export function tellEnd(): void {
  const { exitCode } = process;
  const code = Object.values(EXIT).find((known) => known === exitCode) ?? EXIT.holds;
  if (isSupervised())
    process.send?.({ kind: 'ended', code } satisfies SupervisorMessage, () => process.exit(code));
}

/** Ends the command at once for a fault of the user's code, which is told in a line. */
export function endBecause(message: string): void {
  process.stderr.write(`fle-check: ${message}\n`);
  process.exitCode = EXIT.badUsage;
  tellEnd();
}
