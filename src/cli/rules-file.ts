/**
 * A rule set from a file: a module whose default export overrides rules by name. It is loaded without a build
 * step, and each of its functions is held to what a rule is: one value of the right kind, for one list of
 * arguments the same.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread, Worker } from 'node:worker_threads';
import { correct, type RuleSet, type Rules } from '../../models/rules.js';
import { SpecError } from '../spec/index.js';
import type { Probe } from './rules-probe.js';
import { isUnending, noteUnending, setUnderWay } from './unending.js';
import { BadUsage, UnknownWord } from './usage.js';

/** What a rule may be: words, or the name of a kind of value. */
type Kind = 'a boolean' | 'a whole number' | 'a list of writes' | readonly string[];

/** Every rule by name. */
export const RULES = Object.keys(correct) as readonly (keyof Rules)[];

const WRITES: readonly string[] = ['history', 'currentEpoch', 'ack'];

/** What each rule is, or returns. */
const KINDS: { readonly [R in keyof Rules]: Kind } = {
  totalOrderPredicate: 'a boolean',
  hasQuorum: 'a boolean',
  proposesItselfFirst: 'a boolean',
  proposalOnJump: ['heard', 'own', 'proposal'],
  clearsRecvsetOnJump: 'a boolean',
  dropsEarlierRounds: 'a boolean',
  entersRecvset: 'a boolean',
  entersOutofelection: 'a boolean',
  joinsLeaderOfThisRound: 'a boolean',
  broadcastsAdopted: 'a boolean',
  repliesToEarlierRound: 'a boolean',
  waitsToFinalize: 'a boolean',
  endsFinalizeWait: 'a boolean',
  putsBack: 'a boolean',
  comparesRoundsOutOfElection: 'a boolean',
  comparesEpochsInRecvset: 'a boolean',
  raisesClock: 'a boolean',
  resendsLastMessage: 'a boolean',
  clockAfterCrash: 'a whole number',
  checkLeader: 'a boolean',
  epochToPropose: 'a whole number',
  countsInEpochQuorum: 'a boolean',
  leaderAcceptsEpoch: ['whenProposed', 'withCurrentEpoch', 'never'],
  currentEpochWritten: ['whenEstablished', 'whenProposed', 'whenAccepted'],
  updatesElectionVote: 'a boolean',
  countsEpochAck: 'a boolean',
  isMoreRecentThan: 'a boolean',
  oldConnectionsCount: 'a boolean',
  acceptedEpochAfterCrash: 'a whole number',
  truncates: 'a boolean',
  truncationRevokesAcks: 'a boolean',
  newLeaderWrites: 'a list of writes',
  acksDiffWhenLogged: 'a boolean',
  databaseAfterLeaving: ['kept', 'fastForwarded', 'reloaded'],
};

/** What each rule that is a function is called with. */
const ARGUMENTS: { readonly [R in keyof Rules]?: readonly ('flag' | 'whole')[] } = {
  totalOrderPredicate: ['whole', 'whole', 'whole', 'whole', 'whole', 'whole'],
  hasQuorum: ['whole', 'whole', 'whole'],
  proposalOnJump: ['flag', 'flag'],
  entersRecvset: ['flag', 'flag'],
  entersOutofelection: ['flag'],
  endsFinalizeWait: ['flag', 'flag'],
  clockAfterCrash: ['whole'],
  checkLeader: ['flag', 'flag', 'whole', 'whole'],
  epochToPropose: ['whole', 'whole'],
  countsInEpochQuorum: ['flag'],
  countsEpochAck: ['whole'],
  isMoreRecentThan: ['whole', 'whole'],
  acceptedEpochAfterCrash: ['whole', 'whole', 'flag'],
  newLeaderWrites: ['flag'],
  databaseAfterLeaving: ['flag', 'flag'],
};
const SAMPLES = { flag: [false, true], whole: [-1, 0, 1, 2, 3] };

/** Lists of arguments to try a rule with: all of some small values. */
export const samplesOf = (name: keyof Rules): readonly (readonly (boolean | number)[])[] =>
  (ARGUMENTS[name] ?? []).reduce<readonly (readonly (boolean | number)[])[]>(
    (lists, kind) => lists.flatMap((list) => SAMPLES[kind].map((value) => [...list, value])),
    [[]],
  );

const isOf = (kind: Kind, value: unknown): boolean => {
  if (kind === 'a boolean') return typeof value === 'boolean';
  if (kind === 'a whole number') return Number.isSafeInteger(value);
  if (kind === 'a list of writes')
    return Array.isArray(value) && value.every((each) => WRITES.includes(each));
  return kind.includes(value as string);
};

const inWords = (kind: Kind): string =>
  kind === 'a list of writes'
    ? `a list of ${WRITES.join(', ')}`
    : typeof kind === 'string'
      ? kind
      : kind.join(' or ');

const shown = (value: unknown): string =>
  typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));

/** A rule of a file did what no rule may: a fault of the file, not of the model that called it. */
export class RuleFailed extends SpecError {}

/** The fault of a rule behind an error; null if it has another cause. */
export function ruleFaultOf(error: unknown): RuleFailed | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RuleFailed) return cause;
  }
  return null;
}

/** Whether `--rules` names a file and not one of the rule sets that ship. */
export const isRulesFile = (name: string): boolean => /[\\/]|\.[cm]?[jt]s$/.test(name);

/** The rule set in a file, by its path. Throws `BadUsage` of one line if there is none. */
export async function loadRules(path: string): Promise<RuleSet> {
  if (isMainThread) await probe(path);
  const exported = await defaultExportOf(path);
  if (typeof exported !== 'object' || exported === null) {
    throw new BadUsage(`${path} has no default export that is an object of rules`);
  }
  const overrides = Object.fromEntries(
    Object.entries(exported).map(([name, rule]) => [name, checkedRule(path, name, rule)]),
  );
  return { name: path, says: `the rules of ${path}`, source: path, overrides, breaks: {} };
}

/** Milliseconds in which a file must be loaded, and in which a rule must return. */
const LOADED = 5000;
const RETURNED = 2000;
const LOOK = 20;

/**
 * Throws `BadUsage` if the file does not come to its end when it is loaded. If one of its rules does not, at
 * some small arguments, that is remembered: a search that makes the call knows the step and the state too.
 */
async function probe(path: string): Promise<void> {
  const at = new Int32Array(new SharedArrayBuffer(8));
  const workerData: Probe = { path, at };
  const thread = new Worker(new URL('./rules-probe.js', import.meta.url), { workerData });
  // A thread that fails has come to an end too.
  const ended = new Promise<boolean>((resolve) => {
    thread.on('error', () => {}).on('exit', () => resolve(true));
  });
  if (await Promise.race([ended, standsStill(at)])) return;
  await thread.terminate();
  const name = RULES[at[0] - 1];
  if (name !== undefined) return noteUnending({ name, args: samplesOf(name)[at[1]] });
  const within = `within ${LOADED / 1000} s`;
  throw new BadUsage(`cannot use ${path}: it does not come to its end when it is loaded (${within})`);
}

/** False once a thread has been in one place for too long, as one that has ended is too. */
async function standsStill(at: Int32Array): Promise<false> {
  let [place, since] = ['', performance.now()];
  for (;;) {
    await sleep(LOOK, undefined, { ref: false });
    const now = at.join();
    if (now !== place) [place, since] = [now, performance.now()];
    else if (performance.now() - since > (at[0] === 0 ? LOADED : RETURNED)) return false;
  }
}

export async function defaultExportOf(path: string): Promise<unknown> {
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new BadUsage(`there is no file ${path} to take rules from`);
  const rules = fileURLToPath(new URL('../../models/rules.js', import.meta.url));
  // Only who has rules of their own waits for it.
  const { createJiti } = await import('jiti');
  // Nothing is kept on disk between runs, so a rule that was changed is never the old one.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    alias: { 'fle-check/rules': rules },
  });
  try {
    const module = await jiti.import<{ readonly default?: unknown }>(pathToFileURL(absolute).href);
    return module.default;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadUsage(`cannot load ${path}: ${reason.replace(/\s*\n\s*/g, ' ')}`, { cause: error });
  }
}

/** A rule that may be called, with what it returns checked, or a constant. */
function checkedRule(path: string, name: string, rule: unknown): unknown {
  const known: readonly string[] = RULES;
  if (!known.includes(name)) {
    throw new UnknownWord('rule', name, known, `${path} exports it; the rules are ${known.join(', ')}`);
  }
  const kind = KINDS[name as keyof Rules];
  if (typeof correct[name as keyof Rules] !== 'function') {
    if (isOf(kind, rule)) return rule;
    throw new BadUsage(`${path}: ${name} must be ${inWords(kind)}, not ${shown(rule)}`);
  }
  if (typeof rule === 'function') return watched(path, name, kind, rule as (...args: unknown[]) => unknown);
  throw new BadUsage(`${path}: ${name} must be a function that returns ${inWords(kind)}, not ${shown(rule)}`);
}

/** The rule, called twice each time: a value of another kind, or another value, is a `RuleFailed`. */
function watched(path: string, name: string, kind: Kind, rule: (...args: unknown[]) => unknown) {
  const fail = (args: readonly unknown[], what: string, cause?: unknown) =>
    new RuleFailed(`the rule ${name} of ${path}, called with (${args.map(shown).join(', ')}), ${what}`, {
      cause,
    });
  const call = (args: readonly unknown[]): unknown => {
    if (isUnending(name, args)) throw fail(args, 'does not return');
    setUnderWay({ name, args });
    try {
      return rule(...args);
    } catch (error) {
      throw fail(args, `threw ${error instanceof Error ? error.message : String(error)}`, error);
    } finally {
      // Not run when V8 ends the call: then it is still under way.
      setUnderWay(null);
    }
  };
  return (...args: readonly unknown[]): unknown => {
    const value = call(args);
    if (!isOf(kind, value)) throw fail(args, `returned ${shown(value)}, which is not ${inWords(kind)}`);
    const again = call(args);
    const same = value === again || (typeof value === 'object' && shown(value) === shown(again));
    if (!same) throw fail(args, `returned ${shown(value)}, and ${shown(again)} when asked again`);
    return value;
  };
}
