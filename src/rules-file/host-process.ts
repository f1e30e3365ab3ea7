/** A host process, as its owner sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, Question } from './answer.js';
import type { Asked, Told } from './host.js';
import type { Description } from './loading.js';
import { Patience, usageOf } from './patience.js';

/** Milliseconds between two looks at the clock. */
const LOOK = 50;
/** Milliseconds in which a file must be loaded, and in which a rule must return. */
const LOADED = 5_000;
const RETURNED = 1_000;
/** Milliseconds in which a process tells how it ended, once its channel is closed. */
const LAST_WORDS = 200;

const SCRIPT = fileURLToPath(new URL('./host.js', import.meta.url));

interface Waiting {
  readonly id: number;
  readonly told: (answers: readonly Answer[] | null) => void;
}

/** How loading ended: what the file exports, or why it cannot be used. */
export type Opened = { readonly description: Description } | { readonly why: string };

export class HostProcess {
  readonly #path: string;
  readonly #child: ChildProcess;
  readonly #opened: Promise<Opened>;
  #open: (opened: Opened) => void = () => {};
  #isOpen = false;
  #waiting: Waiting | null = null;
  #asked = 0;
  readonly #patience: Patience;
  #clock: NodeJS.Timeout | null = null;
  #gone: string | null = null;

  /** `isHeard`: what the file prints goes to standard error. */
  constructor(path: string, isHeard: boolean) {
    this.#path = path;
    const out = isHeard ? 2 : 'ignore';
    // In a group of its own, so that Ctrl-C at a terminal does not reach it.
    this.#child = fork(SCRIPT, [path], {
      stdio: ['ignore', out, out, 'ipc'],
      execArgv: [],
      detached: true,
      serialization: 'advanced',
    });
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
    this.#patience = new Patience(() => usageOf(this.#child.pid));
    this.#child.on('message', (told) => this.#hear(told as Told));
    this.#child.on('error', (error) => this.#lose(`its process failed: ${error.message}`));
    this.#child.on('exit', (code, signal) =>
      this.#lose(`ended its process (${signal === null ? `exit code ${code}` : signal})`),
    );
    this.#child.on('disconnect', () => setTimeout(() => this.#lose('cut its process off'), LAST_WORDS));
    this.#startClock();
  }

  /** The result of loading the file. */
  get opened(): Promise<Opened> {
    return this.#opened;
  }

  /** Why it cannot be asked any more; null if it can. */
  get gone(): string | null {
    return this.#gone;
  }

  /** The answers; null if the host is gone before it has given them: `gone` says why. */
  ask(questions: readonly Question[]): Promise<readonly Answer[] | null> {
    if (this.#gone !== null) return Promise.resolve(null);
    const asked: Asked = { id: ++this.#asked, questions };
    return new Promise((told) => {
      this.#waiting = { id: asked.id, told };
      this.#startClock();
      this.#child.send(asked, () => {});
    });
  }

  kill(): void {
    this.#stopClock();
    this.#gone ??= 'was ended';
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
  }

  #hear(told: Told): void {
    switch (told?.kind) {
      case 'loaded':
        return this.#settle(() => this.#opens({ description: told.description }));
      case 'refused':
        return this.#settle(() => this.#opens({ why: told.why }));
      case 'stray':
        return this.#lose(told.why);
      case 'answers': {
        const waiting = this.#waiting;
        if (waiting === null || told.id !== waiting.id) break;
        this.#waiting = null;
        return this.#settle(() => waiting.told(told.answers));
      }
    }
    this.#lose('sent a message of its own');
  }

  #settle(then: () => void): void {
    this.#stopClock();
    then();
  }

  #opens(opened: Opened): void {
    this.#isOpen = true;
    this.#open(opened);
  }

  #lose(why: string): void {
    if (this.#gone !== null) return;
    this.#gone = why;
    this.kill();
    if (!this.#isOpen) this.#opens({ why: `cannot use ${this.#path}: ${why} when it is loaded` });
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.told(null);
  }

  #startClock(): void {
    this.#patience.restart();
    this.#clock ??= setInterval(() => {
      const spent = this.#patience.look(LOOK);
      if (!this.#isOpen && spent > LOADED) {
        this.#lose('it does not finish');
      } else if (this.#isOpen && spent > RETURNED) {
        this.#lose('does not return');
      }
    }, LOOK);
  }

  #stopClock(): void {
    if (this.#clock !== null) clearInterval(this.#clock);
    this.#clock = null;
  }
}
