/**
 * A process that runs the command many times, each as src/testing/served.ts orders it: what a start costs is
 * paid once. What a run prints goes to the standard output and error of the process, and ends with a mark.
 */
import { fileURLToPath } from 'node:url';
import { runProgram } from '../cli/program.js';

export interface Order {
  readonly cwd: string;
  readonly args: readonly string[];
  /** Printed to both after all that the run prints. */
  readonly mark: string;
}

/** What is told when a run has ended. */
export interface Ended {
  readonly code: number;
}

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url));

async function serve({ cwd, args, mark }: Order): Promise<void> {
  process.chdir(cwd);
  process.argv = [process.execPath, MAIN, ...args];
  process.exitCode = undefined;
  await runProgram(args);
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;
  for (const stream of [process.stdout, process.stderr]) {
    // Each run adds the listener of its own.
    stream.removeAllListeners('error');
    await new Promise((written) => stream.write(mark, written));
  }
  process.send?.({ code } satisfies Ended);
}

process.on('message', (order: Order) => void serve(order));
