/**
 * The command as a user runs it, in a process that serves many runs. It prints what a start of its own prints
 * (src/testing/served.test.ts), without the time of a start. What is about the process itself (signals,
 * limits, locks, code of a user in the same process) needs `run` of command.ts.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { DIST, environment, type Finished } from './command.js';
import type { Ended, Order } from './serve.js';

/** Runs after which a process is ended, since what V8 has learnt of many models makes each of them slower. */
const MOST_RUNS = 40;
/** Processes at the same time; tests that are concurrent wait for one. */
const MOST_SERVERS = 2;

const MARK = '\u0000end of a run\u0000';

class Server {
  readonly #child: ChildProcess = fork(join(DIST, 'src/testing/serve.js'), [], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  #runs = 0;
  #out = '';
  #err = '';
  #ended: Pick<Finished, 'code' | 'signal'> | null = null;
  #isGone = false;
  #settle: () => void = () => {};

  constructor() {
    this.#child.stdout?.on('data', (data) => this.#look(() => (this.#out += data)));
    this.#child.stderr?.on('data', (data) => this.#look(() => (this.#err += data)));
    this.#child.on('message', ({ code }: Ended) => this.#look(() => (this.#ended = { code, signal: null })));
    this.#child.on('close', (code, signal) =>
      this.#look(() => {
        this.#ended ??= { code, signal };
        this.#isGone = true;
      }),
    );
  }

  get isWornOut(): boolean {
    return this.#isGone || this.#runs >= MOST_RUNS;
  }

  /** One run after the other. */
  async run(cwd: string, args: readonly string[]): Promise<Finished> {
    this.#runs++;
    [this.#out, this.#err, this.#ended] = ['', '', null];
    const settled = new Promise<void>((resolve) => {
      this.#settle = resolve;
    });
    this.#child.send({ cwd, args, mark: MARK } satisfies Order);
    await settled;
    const [out, err] = [this.#out, this.#err].map((text) => text.replace(MARK, ''));
    return { ...this.#ended!, out, err };
  }

  /** The process is waited for, so that its time counts as that of the tests. */
  kill(): Promise<void> {
    if (this.#isGone) return Promise.resolve();
    this.#child.kill('SIGKILL');
    return new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  /** A run has ended once it is told, and both outputs have come to their mark, or the process is gone. */
  #look(hear: () => unknown): void {
    hear();
    const isWhole = this.#ended !== null && this.#out.endsWith(MARK) && this.#err.endsWith(MARK);
    if (isWhole || this.#isGone) this.#settle();
  }
}

const idle: Server[] = [];
const all = new Set<Server>();
const waiting: (() => void)[] = [];
let busy = 0;

afterAll(() => Promise.all([...all].map((server) => server.kill())));

/** Runs the command in a directory. */
export async function run(cwd: string, args: readonly string[]): Promise<Finished> {
  if (args.some((arg) => arg.startsWith('--claims-file')))
    throw new Error('claims need a process of their own');
  while (busy >= MOST_SERVERS) await new Promise<void>((resolve) => waiting.push(resolve));
  busy++;
  const server = idle.pop() ?? new Server();
  all.add(server);
  try {
    return await server.run(cwd, args);
  } finally {
    if (server.isWornOut) void server.kill();
    else idle.push(server);
    busy--;
    waiting.shift()?.();
  }
}

/** Runs a line that is `npx fle-check` with its arguments, which a shell takes apart. */
export function runLine(cwd: string, line: string): Promise<Finished> {
  const npx = 'npx() { shift; printf "%s\\0" "$@"; }';
  const words = execFileSync('sh', ['-c', `${npx}\n${line}`], { cwd, encoding: 'utf8' }).split('\0');
  return run(cwd, words.slice(0, -1));
}
