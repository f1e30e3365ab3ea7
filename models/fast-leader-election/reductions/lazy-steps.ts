/**
 * The steps of `fast-leader-election` under the reduction `lazy-decisions` (docs/internals/reductions.md).
 */
import type { Action, Model, NamedAction, View } from '../../../src/language/index.js';
import type { Bounds } from '../../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OFF } from '../../model/server-state.js';
import type { Rules } from '../../rules.js';
import { voteOrderOf } from '../../votes/credentials.js';
import { myidOf } from '../../votes/zxid.js';
import type { FleSchema, FleState } from '../model.js';
import { deadVotes, eagerReads, type FleReduction, fullSlots } from './reductions.js';

type State = View<FleSchema>;
type Fle = Model<FleSchema>;

/** An action of the model by its name: a hidden step is a step of it. */
export function actionOf(model: Fle, name: string): NamedAction<FleSchema> {
  const action = model.actions.find((one) => one.name === name);
  if (action === undefined) throw new TypeError(`${model.name} has no action ${name}`);
  return action;
}

const isDecided = (state: number): boolean => state === FOLLOWING || state === LEADING;

/** Whether `from` has decided for a leader, and `me` can learn it: `from` runs, or its word is in a slot. */
export function hasDecidedFor(s: FleState, me: number, from: number, leader: number): boolean {
  const { state, proposal } = s.server[from];
  if (isDecided(state)) return proposal === leader;
  const slot = s.channel[from][me];
  return state === OFF && slot.length > 0 && slot.head.state !== LOOKING && slot.head.leader === leader;
}

/**
 * A server reads LOOKING votes. It reads the word of a decided server only if the word ends its wait, or says
 * that the reader itself leads. All other words are read in the step in which the server joins a leader.
 */
export class LazySteps {
  readonly #model: Fle;
  readonly #rules: Rules;
  readonly #isBetter: ReturnType<typeof voteOrderOf>;
  readonly #servers: number;
  /**
   * Whether every server that may send its vote again has done so: then `ResendNotifications` does nothing.
   */
  readonly #slotsAreFull: boolean;
  /** Whether an unread lower vote has no effect, if its sender may send again. */
  readonly #readsAtOnce: boolean;
  readonly #hear: NamedAction<FleSchema>;
  readonly #resend: NamedAction<FleSchema>;

  constructor(model: Fle, bounds: Bounds, rules: Rules, chosen: readonly FleReduction[]) {
    this.#model = model;
    this.#rules = rules;
    this.#isBetter = voteOrderOf(bounds, rules);
    this.#servers = bounds.servers;
    this.#slotsAreFull = chosen.includes(fullSlots);
    this.#readsAtOnce = chosen.includes(eagerReads) && chosen.includes(deadVotes);
    this.#hear = actionOf(model, 'HandleNotification');
    this.#resend = actionOf(model, 'ResendNotifications');
  }

  /** The model with these steps in place of its own. */
  model(): Fle {
    const { actions } = this.#model;
    const own = actions.map((action) => {
      if (action === this.#hear)
        return { ...action, when: (s: FleState, me: number, from: number) => this.#reads(s, me, from) };
      return action === this.#resend && this.#slotsAreFull
        ? { ...action, when: () => false, excludedBecause: 'its slots are full' }
        : action;
    });
    let first = this.#model.instances;
    const added = Object.entries(this.#added()).map(([name, action]): NamedAction<FleSchema> => {
      const { over, instances } = this.#hear;
      const named = { ...action, name, over, instances, first };
      first += instances;
      return named;
    });
    return { ...this.#model, actions: [...own, ...added], instances: first };
  }

  #added(): { readonly [name: string]: Action<FleSchema> } {
    const print = this.#hear.over[0].print;
    const alone = 'the other server alone is no quorum, and the own vote differs';
    return {
      /** The answer of a decided server overwrites the vote that is on its way from it. */
      FetchReply: {
        when: (s, me, from) => this.#fetches(s, me, from),
        then: (s, me, from) => this.#fetch(s, me, from),
        says: (_s, me, from) => `${print(me)} is answered by ${print(from)}`,
      },
      /** Reads the answer of a decided server that ends a wait. */
      HearReply: {
        when: (s, me, from) => this.#isOvertaken(s, me, from),
        then: (s, me, from) => this.#bring(s, me, from),
        says: (_s, me, from) => `${print(me)} is answered by ${print(from)}, and waits no more`,
        excludedBecause: this.#servers < 3 ? alone : null,
      },
      /** Reads the words of all followers of a leader, and then the leader's. */
      JoinLeader: {
        when: (s, me, leader) => this.#joins(s, me, leader),
        then: (s, me, leader) => this.#join(s, me, leader),
        says: (_s, me, leader) => `${print(me)} hears that ${print(leader)} leads, and follows`,
        excludedBecause: this.#servers < 3 ? alone : null,
      },
    };
  }

  #beats(s: FleState, a: number, b: number): boolean {
    return this.#isBetter(s.server, a, b);
  }

  #reads(s: FleState, me: number, from: number): boolean {
    if (me === from || s.channel[from][me].length === 0) return false;
    const { state, finalizing, proposal, recvset } = s.server[me];
    if (state !== LOOKING) return false;
    const { head } = s.channel[from][me];
    // A waiting server drops all other votes, so it may as well leave them unread.
    if (finalizing) return this.#beats(s, head.leader, proposal);
    if (head.state !== LOOKING) return head.leader === me && this.#isFirstToSay(s, me, from);
    const sender = s.server[from];
    const sendsAgain = this.#slotsAreFull && sender.state === LOOKING && !sender.finalizing;
    const isKnown = recvset[from].state === LOOKING && recvset[from].leader === head.leader;
    const isDead = this.#readsAtOnce && recvset[from].state === OFF && this.#beats(s, proposal, head.leader);
    // A vote without effect may still begin a wait.
    return !((isKnown || isDead) && sendsAgain && !this.#hasQuorum(s, me, proposal, false));
  }

  /**
   * Whether `from` is the first server whose unread word says that `me` leads. Their order does not matter.
   */
  #isFirstToSay(s: FleState, me: number, from: number): boolean {
    for (let j = 0; j < from; j++) {
      if (j === me) continue;
      const slot = s.channel[j][me];
      const known = s.server[me].recvset[j];
      const isThere = slot.length > 0 && slot.head.state !== LOOKING && slot.head.leader === me;
      if (isThere && (known.state === OFF || known.leader !== me)) return false;
    }
    return true;
  }

  /** Whether a vote of `from`, which has decided, is on its way to `me`, and its answer can overwrite it. */
  #isAnswerable(s: FleState, me: number, from: number): boolean {
    if (me === from) return false;
    const { state, finalizing } = s.server[me];
    if (state !== LOOKING || !isDecided(s.server[from].state)) return false;
    const slot = s.channel[from][me];
    if (slot.length === 0 || slot.head.state !== LOOKING) return false;
    return !finalizing || s.channel[me][from].length > 0;
  }

  #fetches(s: FleState, me: number, from: number): boolean {
    return this.#isAnswerable(s, me, from) && (s.crashesLeft > 0 || this.#isElected(s, me, from));
  }

  /**
   * Whether `me` leads once all servers that follow it have answered, and `from` is the first that has not.
   */
  #isElected(s: FleState, me: number, from: number): boolean {
    if (s.server[me].finalizing || s.server[from].proposal !== me) return false;
    for (let j = 0; j < from; j++)
      if (s.server[j].proposal === me && this.#isAnswerable(s, me, j)) return false;
    return this.#hasQuorum(s, me, me, true);
  }

  /** Asks `from`, which may crash, or all servers that say that `me` leads. */
  #fetch(s: State, me: number, from: number): void {
    const asksAll = s.crashesLeft === 0;
    for (let j = from; j < this.#servers; j++) {
      const isAsked = j === from || (asksAll && s.server[j].proposal === me && this.#isAnswerable(s, me, j));
      if (isAsked) this.#ask(s, me, j);
    }
  }

  #ask(s: State, me: number, from: number): void {
    if (!s.server[me].finalizing) this.#resend.then(s, me);
    this.#hear.then(s, from, me);
  }

  /** Reads the word of `from`, which has decided; asks for it first unless it is there. */
  #bring(s: State, me: number, from: number): void {
    const slot = s.channel[from][me];
    if (slot.length === 0 || slot.head.state === LOOKING) this.#ask(s, me, from);
    this.#hear.then(s, me, from);
  }

  #isOvertaken(s: FleState, me: number, from: number): boolean {
    const { finalizing, proposal } = s.server[me];
    return finalizing && this.#isAnswerable(s, me, from) && this.#beats(s, s.server[from].proposal, proposal);
  }

  #joins(s: FleState, me: number, leader: number): boolean {
    const { state, finalizing } = s.server[me];
    if (me === leader || state !== LOOKING || finalizing) return false;
    const slot = s.channel[leader][me];
    const hasSaid = slot.length > 0 && slot.head.state === LEADING;
    const leads = s.server[leader].state === LEADING || (s.server[leader].state === OFF && hasSaid);
    return leads && this.#hasQuorum(s, me, leader, true);
  }

  #join(s: State, me: number, leader: number): void {
    for (let from = 0; from < this.#servers; from++)
      if (from !== me && from !== leader && hasDecidedFor(s, me, from, leader)) this.#bring(s, me, from);
    this.#bring(s, me, leader);
  }

  /**
   * Whether a server has recorded the votes of a quorum for a leader; `asks`: or would have them if it asked.
   */
  #hasQuorum(s: FleState, me: number, leader: number, asks: boolean): boolean {
    const { proposal, recvset } = s.server[me];
    let votes = proposal === leader ? 1 : 0;
    for (let j = 0; j < this.#servers; j++) {
      if (j === me) continue;
      const isRecorded = recvset[j].state !== OFF && recvset[j].leader === leader;
      if (isRecorded || (asks && hasDecidedFor(s, me, j, leader))) votes++;
    }
    return this.#rules.hasQuorum(votes, this.#servers, myidOf(me));
  }
}
