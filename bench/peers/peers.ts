/**
 * Runs the other model checkers on their statements of the peer model: builds Spin's verifier (fle.pml) and
 * rumur's (fle.m) in a temporary directory, runs them, and reads what they counted and what it cost.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What one run of a verifier counted, as it counts, and what it cost. */
export interface Measured {
  readonly states: number;
  readonly transitions: number;
  /** CPU seconds in user and in system mode, all threads together. */
  readonly userSeconds: number;
  readonly systemSeconds: number;
  readonly wallSeconds: number;
  /** The most memory resident at once; null where the system does not tell (it is read from /proc). */
  readonly peakKilobytes: number | null;
}

/** A verifier that has been built: run it as often as wanted, then remove it. */
export interface Verifier {
  run(): Promise<Measured>;
  /** Deletes its temporary directory. */
  remove(): void;
}

/** The versions of what is installed; null for what is missing. */
export interface Installed {
  readonly spin: string | null;
  readonly rumur: string | null;
  readonly gcc: string | null;
}

/**
 * Spin also counts the state before `init` has run, and two transitions:
 * properties/independent/spin.test.ts asserts it on a model small enough to count by eye.
 */
export const SPIN_COUNTS_MORE = { states: 1, transitions: 2 };

/** A tool could not be run, or did not finish the search. */
export class PeerFailed extends Error {
  override readonly name = 'PeerFailed';
}

/** Asks each tool for its version. */
export const installed = (): Installed => ({
  spin: versionOf('spin', '-V', /Version ([\d.]+)/),
  rumur: versionOf('rumur', '--version', /version v?(\S+)/),
  gcc: versionOf('gcc', '--version', /\) (\d[\d.]*)/),
});

function versionOf(command: string, flag: string, pattern: RegExp): string | null {
  const { error, stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' });
  if (error !== undefined) return null;
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? 'of unknown version';
}

/** How hard gcc tries: -O3 to measure speed; -O1 compiles in half the time, to count. */
export type Optimise = '-O1' | '-O3';

/** Builds Spin's verifier of the peer model. Throws PeerFailed if spin or gcc is missing or refuses it. */
export const buildSpin = (rounds: number, crashes: number, optimise: Optimise = '-O3'): Verifier =>
  buildSpinOf(sourceOf('fle.pml'), [`-DMAXR=${rounds}`, `-DCRASH=${crashes}`], optimise);

/** Builds Spin's verifier of any model in Promela, with macros defined as `-DNAME=value`. */
export function buildSpinOf(promela: string, macros: readonly string[], optimise: Optimise): Verifier {
  const flags = [optimise, '-march=native', '-DSAFETY', '-DNOREDUCE', '-DMEMLIM=14000'];
  return build({
    files: { 'model.pml': promela },
    commands: [
      ['spin', '-a', ...macros, 'model.pml'],
      ['gcc', ...flags, '-o', 'pan', 'pan.c'],
    ],
    program: ['./pan', '-m1000000', '-w24', '-E'],
    complete: /errors: 0\n/,
    // Spin says so, and exits with 0, when it has searched only down to some depth or up to some memory.
    incomplete: /Search not completed|max search depth too small|reached -DMEMLIM/,
    states: /(\d+) states, stored/,
    transitions: /(\d+) transitions \(/,
  });
}

/** Builds rumur's verifier of the peer model. Throws PeerFailed if rumur or gcc is missing or refuses it. */
export function buildRumur(rounds: number, crashes: number, threads: number): Verifier {
  const bounds = 'const MAXR: 2; CB: 1;';
  const model = sourceOf('fle.m');
  if (!model.includes(bounds)) throw new PeerFailed(`fle.m does not say: ${bounds}`);
  const wide = process.arch === 'x64' ? ['-mcx16'] : [];
  const translate = ['--deadlock-detection', 'off', '--threads', String(threads), '--output', 'model.c'];
  return build({
    files: { 'model.m': model.replace(bounds, `const MAXR: ${rounds}; CB: ${crashes};`) },
    commands: [
      ['rumur', ...translate, 'model.m'],
      ['gcc', '-std=c11', '-O3', '-march=native', ...wide, '-o', 'model', 'model.c', '-lpthread'],
    ],
    program: ['./model'],
    complete: /No error found\./,
    incomplete: null,
    states: /(\d+) states, \d+ rules fired in/,
    transitions: /\d+ states, (\d+) rules fired in/,
  });
}

/** How to make a verifier, and how to read what it prints. */
interface Recipe {
  readonly files: { readonly [name: string]: string };
  readonly commands: readonly (readonly [command: string, ...args: string[]])[];
  readonly program: readonly string[];
  /** What it prints when it has searched everything. */
  readonly complete: RegExp;
  /** What it prints when it has not. */
  readonly incomplete: RegExp | null;
  readonly states: RegExp;
  readonly transitions: RegExp;
}

function build({ files, commands, program, ...patterns }: Recipe): Verifier {
  const directory = mkdtempSync(join(tmpdir(), 'fle-check-peer-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    for (const [command, ...args] of commands) runToEnd(command, args, directory);
  } catch (error) {
    remove();
    throw error;
  }
  const run = async () => read(patterns, await measure(program, directory));
  return { run, remove };
}

function runToEnd(command: string, args: readonly string[], cwd: string): void {
  const { error, status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw new PeerFailed(`${command} cannot be run: ${error.message}`);
  if (status !== 0) throw new PeerFailed(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

interface Ran extends Pick<Measured, 'userSeconds' | 'systemSeconds' | 'wallSeconds' | 'peakKilobytes'> {
  readonly output: string;
}

type Patterns = Pick<Recipe, 'complete' | 'incomplete' | 'states' | 'transitions'>;

function read({ complete, incomplete, states, transitions }: Patterns, { output, ...costs }: Ran): Measured {
  if (!complete.test(output) || incomplete?.test(output)) {
    throw new PeerFailed(`the search was not complete:\n${output}`);
  }
  return { states: numberIn(output, states), transitions: numberIn(output, transitions), ...costs };
}

function numberIn(output: string, pattern: RegExp): number {
  const text = pattern.exec(output)?.[1];
  if (text === undefined) throw new PeerFailed(`nothing like ${pattern} is in:\n${output}`);
  return Number(text);
}

/** The shell's own `time` is the last line of stderr: it is there on every machine that has bash. */
const TIMED = 'TIMEFORMAT="%U %S %R"; time "$0" "$@"';
/** Memory is looked at so often, in milliseconds. */
const LOOK_EVERY = 10;

function measure(program: readonly string[], cwd: string): Promise<Ran> {
  const env = { ...process.env, LC_ALL: 'C' };
  const shell = spawn('bash', ['-c', TIMED, ...program], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  let peakKilobytes: number | null = null;
  const looking = setInterval(() => {
    peakKilobytes = peakOfChild(shell.pid) ?? peakKilobytes;
  }, LOOK_EVERY);
  shell.stdout.on('data', (data) => {
    output += data;
  });
  shell.stderr.on('data', (data) => {
    errors += data;
  });
  return new Promise((resolve, reject) => {
    shell.on('error', (error) => {
      clearInterval(looking);
      reject(new PeerFailed(`bash cannot be run: ${error.message}`));
    });
    shell.on('close', () => {
      clearInterval(looking);
      const times = (errors.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
      const [userSeconds, systemSeconds, wallSeconds] = times;
      if (wallSeconds === undefined) reject(new PeerFailed(`bash gave no times:\n${errors}`));
      else resolve({ output: output + errors, userSeconds, systemSeconds, wallSeconds, peakKilobytes });
    });
  });
}

/** The peak memory of the shell's one child, in kilobytes; null when there is none, or no /proc. */
function peakOfChild(shell: number | undefined): number | null {
  try {
    const children = readFileSync(`/proc/${shell}/task/${shell}/children`, 'utf8').trim();
    const status = readFileSync(`/proc/${children.split(' ')[0]}/status`, 'utf8');
    const peak = /VmHWM:\s+(\d+) kB/.exec(status)?.[1];
    return peak === undefined ? null : Number(peak);
  } catch {
    return null;
  }
}

/** The text of a model in bench/peers, also when this code has been compiled into dist. */
function sourceOf(name: string): string {
  let root = import.meta.dirname;
  while (!existsSync(join(root, 'package.json'))) root = dirname(root);
  return readFileSync(join(root, 'bench', 'peers', name), 'utf8');
}
