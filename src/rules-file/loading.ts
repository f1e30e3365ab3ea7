/** Loads a file of rules into this process. Reports its exports and the files that it consists of. */
import fs from 'node:fs';
import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { answerOf, type Value, wordsOf } from './answer.js';
import { changing, restoreBuiltins } from './builtins.js';
import { digestOfFiles } from './digest.js';
import { isFunction, RULES, withoutZooKeepers } from './kinds.js';
import { shown } from './one-line.js';

/** A file cannot be used, with the reason. */
export class FileRefused extends Error {}

/** A rule that a file overrides: a function, a constant, or the words for anything else. */
export type Part =
  | { readonly kind: 'function' }
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'odd'; readonly words: string };

export interface Description {
  readonly parts: { readonly [rule: string]: Part };
  /** Names that are no rule: the object's own, and those that it inherits. */
  readonly unknown: readonly string[];
  readonly inherited: readonly string[];
  /** A digest of the file and of all files that it imports. */
  readonly digest: string;
}

/** A file that has been loaded. */
export interface Loaded {
  readonly description: Description;
  readonly rules: { readonly [rule: string]: (...args: readonly unknown[]) => unknown };
  /** The place in a file of the user that an error comes from: `my-rules.ts:3`. */
  readonly placeOf: (error: unknown) => string | null;
}

/** Throws `FileRefused`. */
export async function load(path: string): Promise<Loaded> {
  const root = resolve(path);
  if (!fs.existsSync(root)) throw new FileRefused(`there is no file ${path} to take rules from`);
  const read = recordReads();
  const { exported, correct } = await exportOf(path, root, () => placeIn(read()));
  if (typeof exported !== 'object' || exported === null) {
    throw new FileRefused(`${path} has no default export that is an object of rules`);
  }
  const found = attempt(() => membersOf(exported as Members), `cannot read the rules of ${path}`);
  const own = withoutZooKeepers(found.members, correct);
  const parts = Object.fromEntries([...own].map(([name, member]) => [name, partOf(name, member)]));
  const functions = [...own].filter(([name]) => parts[name].kind === 'function');
  return {
    description: {
      parts,
      unknown: found.unknown,
      inherited: found.inherited,
      digest: digestOfFiles(root, read()),
    },
    rules: Object.fromEntries(functions.map(([name, rule]) => [name, methodOf(exported, rule)])),
    placeOf: placeIn(read()),
  };
}

type Members = { readonly [name: string]: unknown };
type PlaceOf = Loaded['placeOf'];

const methodOf =
  (owner: unknown, rule: unknown) =>
  (...args: readonly unknown[]) =>
    Reflect.apply(rule as (...args: readonly unknown[]) => unknown, owner, args);

function attempt<T>(body: () => T, what: string): T {
  try {
    return body();
  } catch (error) {
    throw new FileRefused(`${what}: ${wordsOf(error)}`);
  }
}

async function exportOf(
  path: string,
  root: string,
  placeOf: () => PlaceOf,
): Promise<{ readonly exported: unknown; readonly correct: Members }> {
  const ours = fileURLToPath(new URL('../../models/rules.js', import.meta.url));
  const { createJiti } = await import('jiti');
  // Nothing is kept on disk between runs, so a rule that was changed is never the old one.
  const jiti = createJiti(import.meta.url, {
    fsCache: false,
    interopDefault: false,
    alias: { 'fle-check/rules': ours },
  });
  const { correct } = await jiti.import<{ readonly correct: Members }>(ours);
  let exported: unknown;
  let failed: { readonly error: unknown } | null = null;
  try {
    exported = (await jiti.import<{ readonly default?: unknown }>(pathToFileURL(root).href)).default;
  } catch (error) {
    failed = { error };
  }
  // This comes first: until built-ins are restored, not even an error can be reported.
  const changed = restoreBuiltins();
  if (changed !== null) throw new FileRefused(`the rules of ${path} ${changing(changed)}`);
  if (failed === null) return { exported, correct };
  const at = placeOf()(failed.error);
  throw new FileRefused(`cannot load ${path}: ${wordsOf(failed.error)}${at === null ? '' : ` at ${at}`}`);
}

/** What every object has. */
const EVERYDAY: readonly unknown[] = [
  Object,
  Function,
  Array,
  Map,
  Set,
  WeakMap,
  WeakSet,
  Date,
  RegExp,
  Promise,
].map(({ prototype }) => prototype);

/**
 * The rules of an object, whether they are its own or inherited, as the methods of a class are. Getters are
 * asked once. Throws what they throw.
 */
function membersOf(exported: Members) {
  const members = new Map<string, unknown>();
  const [unknown, inherited] = [[] as string[], [] as string[]];
  const known: readonly string[] = RULES;
  for (let owner: object | null = exported; owner !== null; owner = Object.getPrototypeOf(owner)) {
    if (EVERYDAY.includes(owner)) break;
    const names = owner === exported ? Object.keys(owner) : [];
    unknown.push(...names.filter((name) => !known.includes(name) && !isIndex(owner, name)));
    const others = owner === exported ? [] : Object.getOwnPropertyNames(owner);
    inherited.push(...others.filter((name) => !known.includes(name) && name !== 'constructor'));
    for (const name of known) {
      if (!members.has(name) && Object.hasOwn(owner, name)) members.set(name, memberOf(exported, name));
    }
  }
  return { members, unknown, inherited };
}

const isIndex = (owner: object, name: string): boolean => Array.isArray(owner) && /^\d+$/.test(name);

function memberOf(exported: Members, name: string): unknown {
  try {
    return exported[name];
  } catch (error) {
    throw new FileRefused(`${name} cannot be read: it threw ${wordsOf(error)}`);
  }
}

function partOf(name: string, member: unknown): Part {
  if (typeof member === 'function') return { kind: 'function' };
  const answer = answerOf(member);
  if (!isFunction(name as (typeof RULES)[number]) && answer.kind === 'value') return answer;
  return { kind: 'odd', words: shown(member) };
}

/** Keeps account of the files that this process reads; those of fle-check itself are left out. */
function recordReads(): () => readonly string[] {
  const files = new Set<string>();
  const { readFileSync } = fs;
  const recording = (...args: Parameters<typeof readFileSync>) => {
    if (typeof args[0] === 'string') files.add(resolve(args[0]));
    return readFileSync(...args);
  };
  fs.readFileSync = recording as typeof readFileSync;
  const OURS = fileURLToPath(new URL('../../', import.meta.url));
  return () => [...files].filter((file) => !file.startsWith(OURS));
}

/** Where in these files an error comes from, by its stack. */
const placeIn =
  (files: readonly string[]): PlaceOf =>
  (error) => {
    const stack = attemptText(() => (error as Error).stack);
    const places = [...stack.matchAll(/(?:file:\/\/)?([^\s()]+?):(\d+)(?::\d+)?\)?$/gm)];
    const place = places.find(([, file]) => files.includes(resolve(decoded(file))));
    return place === undefined ? null : `${relative(process.cwd(), decoded(place[1]))}:${place[2]}`;
  };

function attemptText(body: () => unknown): string {
  try {
    const text = body();
    return typeof text === 'string' ? text.slice(0, 20_000) : '';
  } catch {
    return '';
  }
}

const decoded = (file: string): string => {
  try {
    return decodeURI(file);
  } catch {
    return file;
  }
};
