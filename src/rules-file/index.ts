/**
 * Rules in a file of a user, which run in a process of their own. That process can only answer questions;
 * anything else that it does is reported or has no effect.
 */
import { Worker } from 'node:worker_threads';
import type { RuleName, RuleSet } from '../../models/index.js';
import { RuleFailed, type Value } from './answer.js';
import { type RulesHandles, ruleSetOf } from './asking.js';
import type { Bridged, Order, Report } from './bridge.js';
import { inWords, isFunction, isOf, kindOf } from './kinds.js';
import type { Description } from './loading.js';

export { RuleFailed, RuleFailedEarlier, ruleFaultOf } from './answer.js';
export { type RulesHandles, ruleSetOf } from './asking.js';
export { RULES } from './kinds.js';

/** A file cannot be used as rules, with the reason in one line. */
export class RulesRefused extends Error {}

/** Where to find the names of rules: there are too many for a message. */
const LISTED = 'fle-check models <model> lists the rules of a model';

/** A file exports a name that is no rule. */
export class UnknownRule extends RulesRefused {
  readonly word: string;

  constructor(path: string, word: string) {
    super(`${path} exports it; ${LISTED}`);
    this.word = word;
  }
}

/** Whether `--rules` names a file and not one of the rule sets that ship. */
export const isRulesFile = (name: string): boolean => /[\\/]|\.[cm]?[jt]s$/.test(name);

/** An open file: its process lives until it is closed, or we end. */
interface OpenFile {
  readonly handles: RulesHandles;
  /** A digest of the file and its imports. */
  readonly digest: string;
  readonly bridge: Bridge;
}

const open = new Map<RuleSet, OpenFile>();
const byPath = new Map<string, Promise<RuleSet>>();

/**
 * The rules of a file, which is read once. `isMeant`: whether an inherited name that is no rule was meant as
 * one.
 */
export function openRules(path: string, isMeant: (name: string) => boolean): Promise<RuleSet> {
  const opening = byPath.get(path) ?? openAnew(path, isMeant);
  byPath.set(path, opening);
  return opening;
}

async function openAnew(path: string, isMeant: (name: string) => boolean): Promise<RuleSet> {
  const channel = `rules ${byPath.size} of ${process.pid}`;
  const bridge = new Bridge({ path, channel });
  const description = await bridge.opened();
  const { functions, constants } = overridesIn(path, description, isMeant);
  const handles = { path, channel, functions, constants };
  const ruleSet = ruleSetOf(handles);
  open.set(ruleSet, { handles, digest: description.digest, bridge });
  return ruleSet;
}

/** The parts of a file that are rules. Throws `RulesRefused` if something is not as a rule must be. */
function overridesIn(path: string, description: Description, isMeant: (name: string) => boolean) {
  const { parts, unknown, inherited } = description;
  const strange = unknown[0] ?? inherited.find(isMeant);
  if (strange !== undefined) throw new UnknownRule(path, strange);
  const names = Object.keys(parts) as RuleName[];
  if (names.length === 0) {
    throw new RulesRefused(`${path} overrides nothing: it exports no rule by its name; ${LISTED}`);
  }
  const constants: { [rule: string]: Value } = {};
  for (const name of names) {
    const part = parts[name];
    const kind = inWords(kindOf(name));
    const words = part.kind === 'odd' ? part.words : part.kind === 'value' ? JSON.stringify(part.value) : '';
    if (isFunction(name)) {
      if (part.kind === 'function') continue;
      throw new RulesRefused(`${path}: ${name} must be a function that returns ${kind}, not ${words}`);
    }
    if (part.kind !== 'value' || !isOf(kindOf(name), part.value)) {
      throw new RulesRefused(`${path}: ${name} must be ${kind}, not ${words || 'a function'}`);
    }
    constants[name] = part.value;
  }
  return { functions: names.filter(isFunction), constants };
}

/** What another thread needs to ask the same rules; null for a rule set that ships. */
export const handlesOf = (ruleSet: RuleSet): RulesHandles | null => open.get(ruleSet)?.handles ?? null;

/** The first open file with rules that return numbers, and those rules; null if there is none. */
export function numbersAskedOf(): { readonly path: string; readonly rules: readonly RuleName[] } | null {
  for (const { handles } of open.values()) {
    const rules = handles.functions.filter((rule) => kindOf(rule) === 'a whole number');
    if (rules.length > 0) return { path: handles.path, rules };
  }
  return null;
}

/** A digest of the file and all that it imports; null for a rule set that ships. */
export const digestOf = (ruleSet: RuleSet): string | null => open.get(ruleSet)?.digest ?? null;

/**
 * Asks all questions again, in another order and in another process. To be called before a verdict is told.
 * Throws `RuleFailed` if an answer differs, or something in the file has failed meanwhile.
 */
export async function confirm(...ruleSets: readonly RuleSet[]): Promise<void> {
  for (const ruleSet of ruleSets) {
    const fault = (await open.get(ruleSet)?.bridge.fault()) ?? null;
    if (fault !== null) throw new RuleFailed(fault);
  }
}

/** Ends the processes of all files. */
export async function closeRules(): Promise<void> {
  await Promise.allSettled([...byPath.values()]);
  await Promise.allSettled([...bridges].map((bridge) => bridge.close()));
  byPath.clear();
  open.clear();
}

const bridges = new Set<Bridge>();
const SCRIPT = new URL('./bridge.js', import.meta.url);

/** The thread that owns the process of a file. */
class Bridge {
  readonly #worker: Worker;
  #tell: (report: Report | Error) => void = () => {};
  readonly #opened: Promise<Report>;

  constructor(workerData: Bridged) {
    this.#worker = new Worker(SCRIPT, { workerData });
    this.#worker.on('message', (report: Report) => this.#tell(report));
    this.#worker.on('error', (error) =>
      this.#tell(error instanceof Error ? error : new Error(String(error))),
    );
    this.#worker.on('exit', () => this.#tell(new Error('the thread that asks the rules has ended')));
    this.#opened = this.#next();
    bridges.add(this);
  }

  async opened(): Promise<Description> {
    const report = await this.#opened;
    // From now on only a pending request keeps the process alive.
    this.#worker.unref();
    if (report.kind === 'loaded') return report.description;
    throw new RulesRefused(report.kind === 'refused' ? report.why : report.kind);
  }

  async fault(): Promise<string | null> {
    const report = await this.#ordered('confirm');
    return report.kind === 'confirmed' ? report.fault : report.kind;
  }

  async close(): Promise<void> {
    bridges.delete(this);
    await this.#ordered('close');
    await this.#worker.terminate();
  }

  #ordered(order: Order): Promise<Report> {
    this.#worker.ref();
    this.#worker.postMessage(order);
    return this.#next().finally(() => this.#worker.unref());
  }

  #next(): Promise<Report> {
    return new Promise((resolve, reject) => {
      this.#tell = (report) => (report instanceof Error ? reject(report) : resolve(report));
    });
  }
}
