/**
 * The twin of real servers: `fle-faithful`, stepped beside them. For each step it has the commands for the
 * real servers, and the answers that they must give, to the last field, as the harness writes them.
 */

import { modelOf } from '../../models/fle-faithful/model.js';
import {
  FINALIZE_WAIT,
  type Heard,
  LEAVING,
  POLL,
  type State,
  type Strange,
  schema,
  zxidsOfVotes,
} from '../../models/fle-faithful/state.js';
import { type Threads, threadsOf } from '../../models/fle-faithful/threads.js';
import type { Bounds, Rules } from '../../models/index.js';
import { LOOKING, OFF } from '../../models/model/server-state.js';
import { NO_ZXID } from '../../models/votes/zxid.js';
import { decodeStep, type Model, plainView } from '../language/index.js';
import { encode, type Format, MALFORMED } from './notification.js';

/** Commands to the harness, and the answers that it must give. */
export interface Exchange {
  readonly command: string;
  readonly expected: string;
}

export interface ModelStep {
  readonly kind: 'model';
  /** Its index in the model. */
  readonly action: number;
  readonly args: readonly number[];
}

/** A step of the model, or an event from outside of it. Sids count from 0. */
export type Step =
  | ModelStep
  /** A notification that no server has sent. */
  | {
      readonly kind: 'hear';
      readonly me: number;
      readonly from: number;
      readonly heard: Heard;
      readonly format: Format;
    }
  /** A notification of a server outside of the configuration. */
  | { readonly kind: 'stranger'; readonly me: number; readonly heard: Heard }
  | { readonly kind: 'malformed'; readonly me: number; readonly from: number; readonly which: number }
  /** recvqueue stayed empty, and nothing had been delivered. */
  | { readonly kind: 'connectAll'; readonly me: number };

/** Milliseconds: `minNotificationInterval` of the harness, `maxNotificationInterval`, `finalizeWait`. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;
const FINALIZE = 200;

/** State of a server that the model does not keep, because no step depends on it. */
interface Kept {
  wait: number;
  /** `getVote`: the last proposal, also after the election. */
  vote: string;
}

export class Twin {
  readonly model: Model;
  readonly state: State;
  readonly bounds: Bounds;
  /** Every step of the model, possible or not. */
  readonly instances: readonly ModelStep[];
  readonly #threads: Threads;
  readonly #zxids: readonly number[];
  readonly #sent: string[] = [];
  readonly #kept: Kept[];

  constructor(bounds: Bounds, rules: Rules, strange: Strange | null) {
    this.bounds = bounds;
    this.#zxids = zxidsOfVotes(bounds, strange);
    this.#threads = threadsOf(bounds, rules, this.#zxids, (s, me, to) => this.#note(s, me, to));
    const shape = schema(bounds, strange);
    const model = modelOf(bounds, rules, this.#threads, shape);
    this.model = model as unknown as Model;
    this.instances = Array.from({ length: model.instances }, (_, code) => stepBehind(this.model, code));
    this.state = plainView(shape) as State;
    this.#kept = Array.from({ length: bounds.servers }, () => ({ wait: 0, vote: '' }));
  }

  /**
   * Begins in an initial state. Returns its commands and answers, with every server's start if all start at
   * once.
   */
  start(args: readonly number[], credentials: readonly { zxid: number; epoch: number }[] = []): Exchange[] {
    this.state.clear();
    this.#sent.length = 0;
    this.model.initial.then(this.state as never, ...args);
    for (const [i, { zxid, epoch }] of credentials.entries()) {
      this.state.server[i].zxid = zxid;
      this.state.server[i].currentEpoch = epoch;
    }
    const opened = { command: `open ${this.bounds.servers}`, expected: 'ok' };
    if (this.bounds.start === 'staggered') return [opened];
    const all = Array.from({ length: this.bounds.servers }, (_, me) => me);
    const messages = all.map((me) => this.#sent.filter((_, k) => Math.floor(k / all.length) === me));
    this.#sent.length = 0;
    return [opened, ...all.flatMap((me) => this.#started(me, messages[me]))];
  }

  /** Whether the model may take a step of its own now. */
  admits({ action, args }: ModelStep): boolean {
    return this.model.actions[action].when?.(this.state as never, ...args) ?? true;
  }

  /** Takes a step. Returns the commands for the real servers, and the answers that they must give. */
  take(step: Step): readonly Exchange[] {
    this.#sent.length = 0;
    const { server } = this.state;
    switch (step.kind) {
      case 'model':
        return this.#takeModelStep(this.model.actions[step.action].name, step);
      case 'hear': {
        const { me, from, heard, format } = step;
        this.#threads.receive(this.state, me, from, heard);
        return [this.#exchange(`hear ${me + 1} ${from + 1} ${this.#bytesOf(heard, format)}`, me)];
      }
      case 'stranger': {
        const { leader, zxid, peerEpoch } = server[step.me].currentVote;
        const { logicalclock, state } = server[step.me];
        const stranger = this.bounds.servers + 1;
        const answer = [stranger, state - 1, leader + 1, this.#zxid(zxid), logicalclock, peerEpoch, 2];
        this.#sent.push(answer.join(' '));
        return [
          this.#exchange(`hear ${step.me + 1} ${stranger} ${this.#bytesOf(step.heard, 'today')}`, step.me),
        ];
      }
      case 'malformed':
        return [this.#exchange(`hear ${step.me + 1} ${step.from + 1} ${MALFORMED[step.which].hex}`, step.me)];
      case 'connectAll':
        this.#waitLonger(step.me);
        return [this.#exchange(`timeout ${step.me + 1} 0`, step.me)];
    }
  }

  #takeModelStep(name: string, { action, args }: ModelStep): readonly Exchange[] {
    const [me, from] = args;
    const { server, channel } = this.state;
    const taken = this.model.actions[action];
    const apply = () => taken.then(this.state as never, ...args);
    const as = (command: string) => {
      apply();
      return [this.#exchange(command, me)];
    };
    switch (name) {
      case 'StartServer':
        apply();
        return this.#started(me, this.#sent.splice(0));
      case 'ReceiveNotification': {
        const { leader, zxid, electionEpoch, peerEpoch, state } = channel[from][me].head;
        const heard = { leader, zxid, electionEpoch, peerEpoch, state, hasVersion: true };
        return as(`hear ${me + 1} ${from + 1} ${this.#bytesOf(heard, 'today')}`);
      }
      case 'HandleNotification':
        return as(`step ${me + 1}`);
      case 'EndFinalizeWait':
        return as(`timeout ${me + 1} 1`);
      case 'ResendNotifications':
        this.#waitLonger(me);
        return as(`timeout ${me + 1} 1`);
      case 'PublishVote':
        return as(`publish ${me + 1}`);
      case 'AbandonLeader':
        this.#kept[me].wait = FIRST_WAIT;
        return as(`look ${me + 1}`);
      case 'CrashServer':
        apply();
        return [{ command: `stop ${me + 1}`, expected: 'ok' }];
      case 'BreakConnection':
        apply();
        return [];
      default:
        throw new TypeError(`the harness has nothing for ${name} of ${server.length} servers`);
    }
  }

  #waitLonger(me: number): void {
    this.#kept[me].wait = Math.min(2 * this.#kept[me].wait, LONGEST_WAIT);
  }

  /** A process starts, and then looks for a leader: two commands, one step of the model. */
  #started(me: number, messages: readonly string[]): Exchange[] {
    const { zxid: place, currentEpoch } = this.state.server[me];
    const zxid = this.#zxid(place);
    this.#kept[me].wait = FIRST_WAIT;
    const own = `${me + 1} ${zxid} -1 ${currentEpoch}`;
    // As FastLeaderElection.starter leaves it: no proposal yet.
    const fresh = `0 0 0 0 -1 -1 0 ${own} -`;
    this.#sent.push(...messages);
    return [
      { command: `start ${me + 1} ${zxid} ${currentEpoch}`, expected: fresh },
      this.#exchange(`look ${me + 1}`, me),
    ];
  }

  #exchange(command: string, me: number): Exchange {
    const self = this.state.server[me];
    const kept = this.#kept[me];
    const { place, state, logicalclock, recvqueue, proposal, currentVote, endVote } = self;
    if (state === LOOKING)
      kept.vote = `${proposal.leader + 1} ${this.#zxid(proposal.zxid)} ${proposal.peerEpoch}`;
    const wait = place === POLL ? kept.wait : place === FINALIZE_WAIT ? FINALIZE : 0;
    const current = [
      currentVote.leader + 1,
      this.#zxid(currentVote.zxid),
      currentVote.electionEpoch,
      currentVote.peerEpoch,
    ];
    const end = [endVote.leader + 1, this.#zxid(endVote.zxid), endVote.electionEpoch, endVote.peerEpoch];
    const ends = place === LEAVING ? end.join(',') : '-';
    const fields = [wait, state - 1, logicalclock, recvqueue.length, kept.vote, current.join(' '), ends];
    return { command, expected: [fields.join(' '), ...this.#sent.splice(0)].join(' | ') };
  }

  /** The messages that a server has just sent, as the harness writes them. */
  #note(s: State, me: number, to: number): void {
    const { leader, zxid, electionEpoch, peerEpoch, state } = s.channel[me][to].last;
    const vote = [leader + 1, this.#zxid(zxid), electionEpoch, peerEpoch];
    this.#sent.push([to + 1, state - 1, ...vote, 2].join(' '));
  }

  /** The zxid at a place, as servers tell it. */
  #zxid(place: number): number {
    return place < 0 ? NO_ZXID : this.#zxids[place];
  }

  /** The bytes of a notification that a server hears; sids on the wire count from 1. */
  #bytesOf({ leader, zxid, state, ...rest }: Heard, format: Format): string {
    const onWire = { leader: leader + 1, zxid: this.#zxid(zxid), state: state === OFF ? 9 : state - 1 };
    return encode({ ...rest, ...onWire }, format);
  }
}

/** The step behind a code of the model. */
export function stepBehind({ actions }: Model, code: number): ModelStep {
  const { action, args } = decodeStep(actions, code);
  return { kind: 'model', action: actions.indexOf(action), args };
}
