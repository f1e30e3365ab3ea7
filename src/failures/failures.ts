/**
 * Keeps failures of `explore`: each is a trace file in a directory. Its name depends only on the failure, so
 * the same failure is one file, and two processes at once lose nothing.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, normalize, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { writeInto } from '../process/files.js';
import { type BadUsage, CannotRead, CannotWrite, UnknownWord } from '../process/usage.js';
import { isRulesFile } from '../rules-file/index.js';
import { readTrace, TraceRefused } from '../trace/read.js';
import { type Trace, toReadableJson } from '../trace/trace.js';

/** The default directory of failures. */
export const FAILURES = '.fle-check/failures';

/** A file of the directory. */
export interface Failure {
  readonly path: string;
  /** Null if the file cannot be read as a trace. */
  readonly trace: Trace | null;
  /** Why it cannot, in one sentence that begins with its path; null if it can. */
  readonly refused: string | null;
}

const SUFFIX = '.json';
/** Hex digits of the hash. Among a thousand failures two have the same with a chance of 10⁻⁹. */
const DIGITS = 12;
/** Of the name of a file of rules. */
const LONGEST_RULES = 60;

/**
 * `<model>.<rules>.<claim>.<hash>.json`. The hash covers model, bounds, rules, claim, and the steps by name
 * and arguments. It covers neither the states, which follow from the steps, nor the version of the tool.
 */
export function failureName(trace: Trace): string {
  const { model, bounds, rules, claim, initial, steps } = trace;
  const identity = [
    model,
    Object.entries(bounds).sort(([a], [b]) => (a < b ? -1 : 1)),
    isRulesFile(rules) ? normalize(rules) : rules,
    claim,
    initial.args,
    steps.map(({ action, args }) => [action, args]),
  ];
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, DIGITS);
  const under = basename(rules)
    .replace(/[^\p{L}\p{N}._-]/gu, '_')
    .slice(0, LONGEST_RULES);
  return `${model}.${under}.${claim}.${hash}${SUFFIX}`;
}

/** Keeps a failure in the directory, made if need be; returns its path. Throws `CannotWrite`. */
export function keepFailure(directory: string, trace: Trace): string {
  const path = join(directory, failureName(trace));
  if (!isKept(path, trace)) writeInto(directory, failureName(trace), toReadableJson(trace));
  return path;
}

/** The path of a failure that is given by its path or by its name in the directory. Throws `UnknownWord`. */
export function failureCalled(word: string, directory: string): string {
  if (existsSync(word)) return word;
  const names = failureNames(directory);
  const name = names.find((known) => known === word || known === `${word}${SUFFIX}`);
  if (name !== undefined) return join(directory, name);
  const there = names.length === 0 ? `${directory} has none` : `ls ${directory} lists all`;
  throw new UnknownWord('stored failure', printable(word), names.map(printable), there);
}

/** Whether a file holds the failure with its states; then it stays as it is, even if its `#` line differs. */
export function isKept(path: string, { initial, steps }: Trace): boolean {
  const kept = existsSync(path) ? readFailure(path).trace : null;
  return kept !== null && isDeepStrictEqual([kept.initial, kept.steps], [initial, steps]);
}

/** The failures that a run knows of, and where it keeps others. */
export interface Store {
  /** Null if failures should not be kept, or the directory cannot be used. */
  readonly directory: string | null;
  readonly failures: readonly Failure[];
  /** Why the directory cannot be used; null if it can, or should not be used. */
  readonly error: BadUsage | null;
}

/** Reads the directory, once for a run; `false` stands for none. */
export function openStore(directory: string | false): Store {
  if (directory === false) return { directory: null, failures: [], error: null };
  try {
    return { directory, failures: readFailures(directory), error: null };
  } catch (error) {
    if (error instanceof CannotRead) return { directory: null, failures: [], error };
    throw error;
  }
}

/**
 * Keeps a failure, if failures are kept and it was not replayed from a file with the same failure. Returns
 * its path, or why it could not be written.
 */
export function tryToKeep(
  { directory }: Store,
  trace: Trace | null,
  replayed: string | null,
): { readonly path: string | null; readonly error: CannotWrite | null } {
  if (directory === null || trace === null || (replayed !== null && isKept(replayed, trace))) {
    return { path: null, error: null };
  }
  try {
    return { path: keepFailure(directory, trace), error: null };
  } catch (error) {
    if (error instanceof CannotWrite) return { path: null, error };
    throw error;
  }
}

/** The files of the directory, by name; none if it does not exist. Throws `CannotRead`. */
export const readFailures = (directory: string): readonly Failure[] =>
  failureNames(directory)
    .map((name) => join(directory, name))
    // Another process may have removed it meanwhile.
    .filter((path) => existsSync(path))
    .map(readFailure);

/** The names of those files. */
export function failureNames(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith(SUFFIX))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new CannotRead(directory, error);
  }
}

/** A file, read as a failure. */
export function readFailure(path: string): Failure {
  try {
    return { path: printable(path), trace: readTrace(path), refused: null };
  } catch (error) {
    if (!(error instanceof TraceRefused)) throw error;
    return { path: printable(path), trace: null, refused: printable(error.message) };
  }
}

/** The name of a file may have control characters. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

/** Whether two names of rules mean the same: a file may be named in several ways. */
export const isSameRules = (one: string, other: string): boolean =>
  one === other || (isRulesFile(one) && isRulesFile(other) && resolve(one) === resolve(other));
