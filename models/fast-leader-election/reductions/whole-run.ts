/**
 * Turns a run of `fast-leader-election` under reductions into a run without them, with the hidden steps that
 * it needs. That run can be replayed, drawn, and held against ZooKeeper.
 */
import { decodeStep, encodeStep, Machine, type Model } from '../../../src/language/index.js';
import type { Run } from '../../model/family.js';
import { LEADING, LOOKING, OFF } from '../../model/server-state.js';
import type { FleSchema, FleState } from '../model.js';
import { hasDecidedFor } from './lazy-steps.js';

type Fle = Model<FleSchema>;

/**
 * The run of the whole model in which role, clock and proposal of every server change as in the run of the
 * reduced model; null if none is found.
 */
export function wholeRun(reduced: Fle, whole: Fle, run: Run): Run | null {
  // The messages that reductions send and read at once are seldom needed, and make a run longer.
  const few = new Retelling(reduced, whole, run, false).told();
  if (few !== null) return { initial: run.initial, steps: few };
  const all = new Retelling(reduced, whole, run, true).told();
  return all === null ? null : { initial: run.initial, steps: withoutNeedless(whole, run.initial, all) };
}

/** Leaves out, from the last on, each step without which the servers do the same. */
function withoutNeedless(whole: Fle, initial: number, all: readonly number[]): readonly number[] {
  const machine = new Machine(whole);
  const done = (steps: readonly number[]): string | null => {
    machine.start(initial);
    const seen = [seenOf(machine.pre)];
    for (const code of steps) {
      if (!machine.admits(code)) return null;
      machine.apply(code);
      machine.advance();
      const now = seenOf(machine.pre);
      if (now !== seen.at(-1)) seen.push(now);
    }
    return seen.join('\n');
  };
  const wanted = done(all);
  let steps = all;
  for (let k = all.length - 1; k >= 0; k--) {
    const fewer = steps.filter((_, at) => at !== k);
    if (done(fewer) === wanted) steps = fewer;
  }
  return steps;
}

/** Role, clock and proposal of every server. */
const seenOf = ({ server }: FleState): string => {
  let seen = '';
  for (let i = 0; i < server.length; i++)
    seen += `${server[i].state} ${server[i].logicalclock} ${server[i].proposal}, `;
  return seen;
};

class Retelling {
  readonly #reduced: Machine<FleSchema>;
  readonly #whole: Machine<FleSchema>;
  readonly #run: Run;
  readonly #sendsAll: boolean;
  readonly #servers: number;
  readonly #told: number[] = [];

  constructor(reduced: Fle, whole: Fle, run: Run, sendsAll: boolean) {
    this.#reduced = new Machine(reduced);
    this.#whole = new Machine(whole);
    this.#run = run;
    this.#sendsAll = sendsAll;
    this.#reduced.start(run.initial);
    this.#whole.start(run.initial);
    this.#servers = this.#whole.pre.server.length;
  }

  told(): readonly number[] | null {
    for (const code of this.#run.steps) {
      if (!this.#tell(code)) return null;
      this.#reduced.apply(code);
      this.#reduced.advance();
      if (!this.#isAlike()) return null;
      if (this.#sendsAll) this.#readWhatWasRead();
    }
    return this.#told;
  }

  get #state(): FleState {
    return this.#whole.pre;
  }

  /** Takes a step of the whole model; false where it is not enabled. */
  #take(name: string, ...servers: readonly number[]): boolean {
    const code = this.#codeOf(name, servers);
    if (code === null || !this.#whole.admits(code)) return false;
    this.#whole.apply(code);
    this.#whole.advance();
    this.#told.push(code);
    return true;
  }

  #codeOf(name: string, servers: readonly number[]): number | null {
    const { actions } = this.#whole.model;
    const action = actions.find((one) => one.name === name);
    if (action === undefined) return null;
    return encodeStep(
      actions,
      name,
      servers.map((server, k) => action.over[k].print(server)),
    );
  }

  #tell(code: number): boolean {
    const { action, args } = decodeStep(this.#reduced.model.actions, code);
    const [me, from] = args;
    // After this step the server may not be able to send again.
    if (this.#sendsAll && this.#sendsAgain(me)) this.#take('ResendNotifications', me);
    switch (action.name) {
      case 'FetchReply':
        // An answer is asked for when it is read, unless the server that answers may crash before.
        return this.#reduced.pre.crashesLeft === 0 || this.#ask(me, from);
      case 'HearReply':
        return this.#ask(me, from) && this.#take('HandleNotification', me, from);
      case 'JoinLeader':
        return this.#join(me, from);
      case 'HandleNotification': {
        const { leader, state } = this.#reduced.pre.channel[from][me].head;
        if (state !== LOOKING && leader === me)
          return this.#changesNothing(code, me) ? this.#hearOfItself(me, from) : this.#joinItself(me);
        if (!this.#offer(me, from, leader, state)) return this.#changesNothing(code, me);
        return this.#take(action.name, me, from);
      }
      default:
        return this.#take(action.name, ...args);
    }
  }

  /** Whether the step changes nothing, because the vote is known or no longer counts. */
  #changesNothing(code: number, me: number): boolean {
    this.#reduced.apply(code);
    const { pre, post } = this.#reduced;
    return (
      seenOf(pre) === seenOf(post as unknown as FleState) &&
      pre.server[me].finalizing === post.server[me].finalizing
    );
  }

  /** Makes sure that a vote for `leader` is on its way from `from` to `me`. */
  #offer(me: number, from: number, leader: number, state: number): boolean {
    if (this.#isComing(me, from, leader, state)) return true;
    if (state !== LOOKING) this.#ask(me, from);
    else if (this.#sendsAgain(from)) this.#take('ResendNotifications', from);
    return this.#isComing(me, from, leader, state);
  }

  #isComing(me: number, from: number, leader: number, state: number): boolean {
    const slot = this.#state.channel[from][me];
    return (
      slot.length > 0 && slot.head.leader === leader && (slot.head.state === LOOKING) === (state === LOOKING)
    );
  }

  #sendsAgain(i: number): boolean {
    const { state, finalizing } = this.#state.server[i];
    return state === LOOKING && !finalizing;
  }

  /** Lets `from` answer the notification that `me` has sent; sends it again if none is on its way. */
  #ask(me: number, from: number): boolean {
    if (this.#state.channel[me][from].length === 0 && !this.#take('ResendNotifications', me)) return false;
    return this.#take('HandleNotification', from, me);
  }

  /** Reads as few words as it needs to join a leader. */
  #join(me: number, leader: number): boolean {
    if (!this.#bring(me, leader)) return false;
    for (let from = 0; from < this.#servers && !this.#joinsByHearing(me, leader); from++) {
      if (from === me || from === leader || !hasDecidedFor(this.#state, me, from, leader)) continue;
      if (!this.#bring(me, from) || !this.#take('HandleNotification', me, from)) return false;
    }
    return this.#take('HandleNotification', me, leader);
  }

  /**
   * Reads the word of `from` that `me` leads, unless that would make it lead too early, because it has
   * recorded enough votes. Then the next such step does it.
   */
  #hearOfItself(me: number, from: number): boolean {
    if (!this.#bring(me, from)) return false;
    return this.#joinsByHearing(me, from) || this.#take('HandleNotification', me, from);
  }

  /** Reads the words of others that it leads. */
  #joinItself(me: number): boolean {
    for (let from = 0; from < this.#servers && this.#state.server[me].state === LOOKING; from++) {
      if (from === me || !hasDecidedFor(this.#state, me, from, me)) continue;
      if (!this.#bring(me, from) || !this.#take('HandleNotification', me, from)) return false;
    }
    return this.#state.server[me].state === LEADING;
  }

  /** Makes sure that the word of `from`, which has decided, is on its way to `me`. */
  #bring(me: number, from: number): boolean {
    const slot = this.#state.channel[from][me];
    return (slot.length > 0 && slot.head.state !== LOOKING) || this.#ask(me, from);
  }

  #joinsByHearing(me: number, leader: number): boolean {
    const code = this.#codeOf('HandleNotification', [me, leader]);
    if (code === null) return false;
    this.#whole.apply(code);
    return this.#whole.post.server[me].state !== LOOKING;
  }

  #isAlike(): boolean {
    return seenOf(this.#reduced.pre) === seenOf(this.#state);
  }

  /** A server that waits cannot send again, so its questions are answered while they can be. */
  #answerWhatWasAnswered(me: number, from: number): void {
    const answer = this.#reduced.pre.channel[from][me];
    if (answer.length === 0 || answer.head.state === LOOKING) return;
    const slot = this.#state.channel[from][me];
    if (slot.length > 0 && slot.head.state !== LOOKING) return;
    if (this.#sendsAgain(me) || this.#state.channel[me][from].length > 0) this.#ask(me, from);
  }

  /** Lets each server read the votes that it has read under reductions. */
  #readWhatWasRead(): void {
    for (let me = 0; me < this.#servers; me++) {
      for (let from = 0; from < this.#servers; from++) {
        if (from === me) continue;
        this.#answerWhatWasAnswered(me, from);
        if (!this.#sendsAgain(me)) continue;
        const { state, leader } = this.#reduced.pre.server[me].recvset[from];
        const known = this.#state.server[me].recvset[from];
        if (state !== LOOKING || (known.state !== OFF && known.leader === leader)) continue;
        if (this.#offer(me, from, leader, state)) this.#take('HandleNotification', me, from);
      }
    }
  }
}
