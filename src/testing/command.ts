/** The command as a user runs it, for end-to-end tests: the compiled program in a process of its own. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** Where the build puts the package. */
export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

const MAIN = join(DIST, 'src/cli/main.js');

/** The environment of the test, without the variables that ask for colours or columns. */
export function environment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _none, FORCE_COLOR: _forced, COLUMNS: _columns, ...others } = process.env;
  return others;
}

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}
export type Kill = (signal: NodeJS.Signals) => void;

/** A maker of new empty directories, all removed after the tests of the file that asks for it. */
export function directories(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'fle-check-'));
  let made = 0;
  afterAll(() => rmSync(root, { recursive: true }));
  return () => {
    const path = join(root, String(made++));
    mkdirSync(path);
    return path;
  };
}

/** Runs the command in a directory; `onOutput` hears all it has printed so far, and may send one signal. */
export function run(
  cwd: string,
  args: readonly string[],
  onOutput?: (kill: Kill, out: string) => void,
): Promise<Finished> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, isKilled] = ['', false];
  const kill: Kill = (signal) => {
    // A second Ctrl-C would end the process at once.
    if (!isKilled) child.kill(signal);
    isKilled = true;
  };
  child.stdout.on('data', (data) => {
    out += data;
    onOutput?.(kill, out);
  });
  return ended(child);
}

/** Runs a line of shell in which `"$0" "$1"` stands for the command. */
export const runInShell = (line: string): Promise<Finished> =>
  ended(
    spawn('sh', ['-c', line, process.execPath, MAIN], {
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );

/** Runs a line of shell in a directory, in which `npx fle-check` is the command as it was built. */
export function runLine(cwd: string, line: string): Promise<Finished> {
  const npx = `npx() { shift; "${process.execPath}" "${MAIN}" "$@"; }`;
  return ended(
    spawn('sh', ['-c', `${npx}\n${line}`], { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] }),
  );
}

function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Finished> {
  return new Promise((resolve, reject) => {
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      err += data;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
}
