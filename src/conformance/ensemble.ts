/**
 * Lets real servers take a trace of `fast-leader-election`. Their own messages travel on links like those of
 * the model, and each step of the trace becomes the steps of a server's threads. The rules are ZooKeeper's,
 * even if the trace was made under others.
 */
import type { Plain } from '../language/index.js';
import type { Trace } from '../trace/trace.js';
import type { Answering } from './beside.js';
import { encode, type Notification } from './notification.js';
import { parseAnswer, type ServerAnswer } from './stepper.js';

/** A step of the trace: its server, and that server after it, in the model and in reality. */
export interface Row {
  readonly action: string;
  readonly args: readonly string[];
  /** The server that the first argument names; null if it is down. */
  readonly model: ServerReport | null;
  readonly real: ServerReport | null;
  /** Why the real server could not take the step; null if it did. */
  readonly because: string | null;
}

/** A server's report about itself. */
export interface ServerReport {
  readonly state: string;
  readonly logicalclock: number;
  /** `s2`. */
  readonly vote: string;
  readonly waits: boolean;
}

const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

/** Takes a trace; one row a step. */
export async function takeTrace(real: Answering, trace: Trace): Promise<readonly Row[]> {
  const first = serversOf(trace.initial.state);
  const ensemble = new Ensemble(real, first, Number(trace.bounds.slots ?? 1));
  await ensemble.open();
  for (const [me, { state }] of first.entries()) if (state !== 'OFF') await ensemble.start(me);
  const rows: Row[] = [];
  for (const { action, args, state } of trace.steps) {
    const [me, other] = args.map((name) => Number(name.slice(1)) - 1);
    const because = await ensemble.step(action, me, other);
    rows.push({ action, args, model: ofModel(serversOf(state)[me]), real: ensemble.told(me), because });
  }
  return rows;
}

/** Whether the real server is the same as the model's after a step. */
export const isSame = ({ model, real, because }: Row): boolean =>
  because === null && JSON.stringify(model) === JSON.stringify(real);

interface ModelServer {
  readonly state: string;
  readonly logicalclock: number;
  readonly proposal: string;
  readonly finalizing: boolean;
  /** As it is printed. */
  readonly zxid: string;
  readonly currentEpoch: number;
}

const serversOf = (state: Plain): readonly ModelServer[] =>
  (state as unknown as { server: readonly ModelServer[] }).server;

const ofModel = ({ state, logicalclock, proposal, finalizing }: ModelServer): ServerReport | null =>
  state === 'OFF' ? null : { state, logicalclock, vote: proposal, waits: finalizing };

/** Milliseconds that finalizeWait waits; lookForLeader waits for longer. */
const FINALIZE = 200;

class Ensemble {
  readonly #real: Answering;
  readonly #servers: readonly ModelServer[];
  readonly #slots: number;
  /** links[i][j]: sent by i, not yet handled by j. */
  readonly #links: Notification[][][];
  readonly #last: (Notification | null)[][];
  readonly #answers: (ServerAnswer | null)[];

  constructor(real: Answering, servers: readonly ModelServer[], slots: number) {
    this.#real = real;
    this.#servers = servers;
    this.#slots = slots;
    this.#links = servers.map(() => servers.map(() => []));
    this.#last = servers.map(() => servers.map(() => null));
    this.#answers = servers.map(() => null);
  }

  async open(): Promise<void> {
    await this.#real.run([`open ${this.#servers.length}`]);
  }

  told(me: number): ServerReport | null {
    const answer = this.#answers[me];
    if (answer === null) return null;
    const { state, logicalclock, currentVote, wait } = answer;
    const { leader } = state === 0 ? answer.vote : currentVote;
    return { state: STATES[state], logicalclock, vote: `s${leader}`, waits: wait === FINALIZE };
  }

  async start(me: number): Promise<void> {
    const { zxid, currentEpoch } = this.#servers[me];
    await this.#ask(me, `start ${me + 1} ${Number(zxid)} ${currentEpoch}`);
    await this.#ask(me, `look ${me + 1}`);
  }

  /** Takes a step; why it cannot, or null. */
  async step(action: string, me: number, other: number): Promise<string | null> {
    const answer = this.#answers[me];
    if (action === 'StartServer') {
      if (answer !== null) return 'it runs already';
      await this.start(me);
      return null;
    }
    if (answer === null) return 'it is down';
    switch (action) {
      case 'HandleNotification': {
        const heard = this.#links[other][me].shift();
        if (heard === undefined) return 'nothing was sent to it';
        await this.#hear(me, other, heard);
        return null;
      }
      case 'EndFinalizeWait':
        if (answer.wait !== FINALIZE) return 'it has no quorum to wait with';
        await this.#ask(me, `timeout ${me + 1} 1`);
        return null;
      case 'ResendNotifications':
        if (answer.wait <= FINALIZE) return 'it does not wait for notifications';
        await this.#ask(me, `timeout ${me + 1} 1`);
        return null;
      case 'AbandonLeader':
        if (answer.state === 0) return 'it has no leader to give up';
        await this.#ask(me, `look ${me + 1}`);
        return null;
      case 'CrashServer':
        await this.#real.run([`stop ${me + 1}`]);
        this.#answers[me] = null;
        for (const from of this.#links) from[me].length = 0;
        this.#last[me].fill(null);
        return null;
      case 'BreakConnection':
        this.#reconnect(me, other);
        this.#reconnect(other, me);
        return null;
      default:
        return `no real server has a step ${action}`;
    }
  }

  async #hear(me: number, from: number, heard: Notification): Promise<void> {
    await this.#ask(me, `hear ${me + 1} ${from + 1} ${encode(heard, 'today')}`);
    await this.#emptyQueue(me);
  }

  /** Lets the server handle all that is in its queue, as the model does in one step. */
  async #emptyQueue(me: number): Promise<void> {
    for (;;) {
      const answer = this.#answers[me];
      if (answer === null || answer.wait === 0 || answer.queue === 0) return;
      await this.#ask(me, `step ${me + 1}`);
    }
  }

  #reconnect(from: number, to: number): void {
    const last = this.#last[from][to];
    this.#links[from][to].length = 0;
    if (last !== null) this.#links[from][to].push(last);
  }

  /** Asks a server, sends what it sends, and lets it make its vote known at once. */
  async #ask(me: number, command: string): Promise<void> {
    const [text] = await this.#real.run([command]);
    const answer = parseAnswer(text);
    if (answer.kind !== 'server') throw new Error(`${command}: ${text}`);
    this.#answers[me] = answer;
    let toItself: Notification | null = null;
    for (const { to, round, ...vote } of answer.sent) {
      const sent = { ...vote, electionEpoch: round };
      if (to === me + 1) toItself = sent;
      else this.#send(me, to - 1, sent);
    }
    if (answer.returned !== null) await this.#ask(me, `publish ${me + 1}`);
    // The own vote counts at once.
    if (toItself !== null) await this.#hear(me, me, toItself);
  }

  #send(from: number, to: number, sent: Notification): void {
    const link = this.#links[from][to];
    if (link.length === this.#slots) link.pop();
    link.push(sent);
    this.#last[from][to] = sent;
  }
}
