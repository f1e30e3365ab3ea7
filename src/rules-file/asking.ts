/**
 * The rules of a file, for any thread. A call of a rule asks the process of the file, and the thread blocks
 * until the answer is there. Handles are plain data, so workers ask the process that the main thread has
 * started. So the file is read only once.
 */
import { BroadcastChannel, type MessagePort, receiveMessageOnPort, threadId } from 'node:worker_threads';
import type { Argument, RuleName, RuleSet, Rules } from '../../models/index.js';
import { type Answer, RuleFailed, type Value, valueIn } from './answer.js';
import type { Asking } from './bridge.js';

export interface RulesHandles {
  readonly path: string;
  readonly channel: string;
  /** The rules that are functions. */
  readonly functions: readonly RuleName[];
  readonly constants: { readonly [rule: string]: Value };
}

/** The rule set of an open file. */
export function ruleSetOf({ path, channel, functions, constants }: RulesHandles): RuleSet {
  const ask = new Asker(path, channel);
  const asking = functions.map((rule) => [rule, (...args: readonly Argument[]) => ask.value(rule, args)]);
  const overrides = { ...constants, ...Object.fromEntries(asking) } as Partial<Rules>;
  return { name: path, says: `the rules of ${path}`, source: path, overrides, breaks: {} };
}

/**
 * Milliseconds after which something other than a rule must be wrong: a rule that loops is reported earlier.
 */
const PATIENCE = 60_000;

class Asker {
  readonly #path: string;
  readonly #channel: string;
  /** The answers so far. */
  readonly #count = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #answers = new Map<string, Answer>();
  #replies: { readonly name: string; readonly port: BroadcastChannel } | null = null;

  constructor(path: string, channel: string) {
    this.#path = path;
    this.#channel = channel;
  }

  /** Throws `RuleFailed`. */
  value(rule: RuleName, args: readonly Argument[]): Value {
    const key = `${rule}(${args.join()})`;
    const answer = this.#answers.get(key) ?? this.#ask(rule, args);
    this.#answers.set(key, answer);
    return valueIn(this.#path, { rule, args }, answer);
  }

  #ask(rule: RuleName, args: readonly Argument[]): Answer {
    this.#replies ??= repliesTo(this.#channel);
    const { name: replyTo, port } = this.#replies;
    const before = Atomics.load(this.#count, 0);
    post(this.#channel, { question: { rule, args }, replyTo, count: this.#count });
    // The signal of an earlier answer may wake this thread, so the count is read again.
    while (Atomics.load(this.#count, 0) === before) {
      if (Atomics.wait(this.#count, 0, before, PATIENCE) === 'timed-out') {
        throw new RuleFailed(`the rules of ${this.#path} do not answer`);
      }
    }
    // Node takes both kinds of port there; its types know one of them.
    return receiveMessageOnPort(port as unknown as MessagePort)?.message as Answer;
  }
}

/** Counts the askers of this thread, so that none hears the answers of another. */
let askers = 0;

/** A channel for the answers to one that asks, which does not keep its thread from ending. */
function repliesTo(channel: string) {
  const name = `${channel} for ${askers++} of thread ${threadId}`;
  const port = new BroadcastChannel(name);
  port.unref();
  return { name, port };
}

/** Posts to a channel and leaves it: nobody but the bridge may take a question out of its queue. */
function post(channel: string, asking: Asking): void {
  const port = new BroadcastChannel(channel);
  port.postMessage(asking);
  port.close();
}
