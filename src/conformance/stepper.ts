/**
 * Steps servers of real ZooKeeper in a Java process, which answers each line of commands with a line of
 * answers.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { ConformanceError, compileHarness, findJava, type ZooKeeper } from './zookeeper.js';

/** The Java process ended by itself, or gave an answer that we do not understand. */
export class StepperDied extends ConformanceError {}

/** An answer of the wrong shape, or with a number that JavaScript cannot hold exactly. */
export class AnswerNotUnderstood extends ConformanceError {}

/** As on the wire. */
export type StateOnWire = 0 | 1 | 2 | 3;

/** A vote as ZooKeeper's Vote has it. `round`: its electionEpoch, -1 if it has none. */
export interface StepperVote {
  readonly leader: number;
  readonly zxid: number;
  readonly round: number;
  readonly peerEpoch: number;
}

/** A notification sent; `to` is a sid. */
export interface Sent extends StepperVote {
  readonly to: number;
  readonly state: StateOnWire;
  readonly version: number;
}

/** A server after a command. */
export interface ServerAnswer {
  readonly kind: 'server';
  /** Milliseconds that lookForLeader waits in poll; 0 if it does not run. finalizeWait is 200. */
  readonly wait: number;
  readonly state: StateOnWire;
  readonly logicalclock: number;
  /** How many notifications are in recvqueue. */
  readonly queue: number;
  /** The vote of getVote, which has no round. */
  readonly vote: Omit<StepperVote, 'round'>;
  /** The vote of getCurrentVote. */
  readonly currentVote: StepperVote;
  /** The vote that lookForLeader returned and `publish` has not set yet. */
  readonly returned: StepperVote | null;
  /** Sent by this command, in order. */
  readonly sent: readonly Sent[];
}

export type Answer =
  | ServerAnswer
  | { readonly kind: 'done' }
  /** The command could not be carried out, or ZooKeeper threw. */
  | { readonly kind: 'refused'; readonly why: string };

const SERVER_FIELDS = 12;
const VOTE_FIELDS = 4;
const SENT_FIELDS = 7;

/**
 * One part of a line of answers.
 *
 * @throws AnswerNotUnderstood
 */
export function parseAnswer(text: string): Answer {
  if (text === 'ok') return { kind: 'done' };
  if (text.startsWith('! ')) return { kind: 'refused', why: text.slice(2) };
  const [server, ...sent] = text.split(' | ');
  const fields = server.split(' ');
  if (fields.length !== SERVER_FIELDS) throw new AnswerNotUnderstood(`Not an answer: ${text}`);
  const ends = fields[SERVER_FIELDS - 1];
  const [wait, state, logicalclock, queue, leader, zxid, peerEpoch, ...current] = numbers(
    fields.slice(0, -1),
    text,
  );
  return {
    kind: 'server',
    wait,
    state: state as StateOnWire,
    logicalclock,
    queue,
    vote: { leader, zxid, peerEpoch },
    currentVote: voteOf(current),
    returned: ends === '-' ? null : voteOf(numbers(ends.split(','), text, VOTE_FIELDS)),
    sent: sent.map((message) => sentOf(numbers(message.split(' '), text, SENT_FIELDS))),
  };
}

const voteOf = ([leader, zxid, round, peerEpoch]: readonly number[]): StepperVote => ({
  leader,
  zxid,
  round,
  peerEpoch,
});

const sentOf = ([to, state, leader, zxid, round, peerEpoch, version]: readonly number[]): Sent => ({
  to,
  state: state as StateOnWire,
  leader,
  zxid,
  round,
  peerEpoch,
  version,
});

function numbers(fields: readonly string[], text: string, count = fields.length): number[] {
  const read = fields.map((field) => (field === '' ? Number.NaN : Number(field)));
  if (read.length !== count || !read.every(Number.isSafeInteger)) {
    throw new AnswerNotUnderstood(`Not ${count} whole numbers of at most 53 bits: ${text}`);
  }
  return read;
}

/**
 * Options of the JVM: a small heap, because several may run at once; and no C2, which costs more than it
 * saves in a run of a few seconds.
 */
const JVM = ['-Xmx128m', '-Xss512k', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** The first wait of lookForLeader, so that it is not that of finalizeWait; and no HTTP server. */
const PROPERTIES = [
  '-Dzookeeper.fastleader.minNotificationInterval=1000',
  '-Dzookeeper.admin.enableServer=false',
  '-Dzookeeper.jmx.log4j.disable=true',
];

const MAIN = 'org.apache.zookeeper.server.quorum.Stepper';
const GREETING = /^fle-check-stepper 1 (\S+) (.*)$/;
const STDERR_KEPT = 8192;

interface Waiting {
  resolve(line: string): void;
  reject(error: Error): void;
}

const running = new Set<Stepper>();
process.on('exit', () => {
  for (const stepper of running) stepper.kill();
});

/** A Java process with servers in it. It ends by `end`, or with this process. */
export class Stepper {
  /** The version of ZooKeeper, as it reports it: `3.8.0`. */
  readonly version: string;
  /** Where its FastLeaderElection was loaded from. */
  readonly jar: string;
  readonly #pipe: Pipe;

  private constructor(pipe: Pipe, version: string, jar: string) {
    this.#pipe = pipe;
    this.version = version;
    this.jar = jar;
    running.add(this);
  }

  /**
   * Compiles the program if need be, and starts it.
   *
   * @throws JavaNotFound, ZooKeeperNotFound, ClassNotSupported, CompilerFailed, StepperDied
   */
  static async start(zooKeeper: ZooKeeper): Promise<Stepper> {
    const classes = await compileHarness(zooKeeper);
    const classpath = [...zooKeeper.classpath, classes].join(delimiter);
    const pipe = new Pipe(findJava(), [...JVM, ...PROPERTIES, '-cp', classpath, MAIN]);
    const greeting = await pipe.next();
    const [, version, jar] = GREETING.exec(greeting) ?? [];
    if (version === undefined) {
      await pipe.end();
      throw new StepperDied(`The Java process began with ${JSON.stringify(greeting)}, and not as agreed.`);
    }
    return new Stepper(pipe, version, jar);
  }

  /**
   * Carries commands out, in order; calls need not wait for each other.
   *
   * @param commands as Stepper.java lists them, such as `hear 1 2 00…`
   * @returns an answer for each, for parseAnswer
   * @throws StepperDied
   */
  async run(commands: readonly string[]): Promise<readonly string[]> {
    if (commands.length === 0) return [];
    const request = commands.join(';');
    if (request.includes('\n')) throw new AnswerNotUnderstood('A command of more than one line.');
    const line = this.#pipe.next();
    this.#pipe.write(`${request}\n`);
    const answers = (await line).split(';');
    if (answers.length !== commands.length) {
      throw new AnswerNotUnderstood(`${answers.length} answers to ${commands.length} commands.`);
    }
    return answers;
  }

  /** Ends the process; what has not been answered yet fails. */
  async end(): Promise<void> {
    running.delete(this);
    await this.#pipe.end();
  }

  /** Ends the process without waiting for its end. */
  kill(): void {
    this.#pipe.kill();
  }
}

/** A process that writes lines. */
class Pipe {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting: Waiting[] = [];
  readonly #closed: Promise<void>;
  #partial: string[] = [];
  #complaints = '';
  #death: StepperDied | null = null;

  constructor(program: string, args: readonly string[]) {
    // In a group of its own, so that Ctrl-C reaches only us; we end it. It also ends with its input.
    this.#child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
      windowsHide: true,
    });
    const { stdin, stdout, stderr } = this.#child;
    stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaints = (this.#complaints + text).slice(-STDERR_KEPT);
    });
    // `close` reports its end, once, with its last output.
    stdin.on('error', () => {});
    this.#closed = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#die(error.message);
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        this.#die(`${signal ?? `exit ${code}`}${lastComplaint(this.#complaints)}`);
        resolve();
      });
    });
  }

  write(text: string): void {
    if (this.#death === null) this.#child.stdin.write(text);
  }

  next(): Promise<string> {
    if (this.#death !== null) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  end(): Promise<void> {
    this.kill();
    return this.#closed;
  }

  /** A long line arrives in many pieces, which are put together once. */
  #read(text: string): void {
    const pieces = text.split('\n');
    while (pieces.length > 1) {
      this.#waiting.shift()?.resolve(this.#partial.join('') + pieces.shift());
      this.#partial = [];
    }
    this.#partial.push(pieces[0]);
  }

  #die(how: string): void {
    this.#death ??= new StepperDied(`The Java process that steps ZooKeeper ended: ${how}.`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#death);
  }
}

/** Drops the frames of a stack: they do not help in a message of one line. */
function lastComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !/^\s+(at |\.\.\. )/.test(line));
  return lines.length === 0 ? '' : `, ${lines.at(-1)!.trim()}`;
}
