/** Files that commands write: whole or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { toReadableJson } from '../trace/trace.js';
import { CannotWrite } from './usage.js';

/**
 * Writes a file beside its place, then renames it, so that no reader ever sees a part. The file beside is
 * this call's alone: two containers may have a process of one number. Throws `CannotWrite`.
 */
export function writeWhole(path: string, text: string): void {
  const beside = join(dirname(path), `.${randomBytes(8).toString('hex')}.part`);
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    renameSync(beside, path);
  } catch (error) {
    remove(beside);
    throw new CannotWrite(path, error);
  }
}

/** Removes a file that may not be there, nor its directory. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What kept it from being written is told already.
  }
}

/** Writes a value as readable JSON to a file, whole or not at all, or to standard output for `-`. */
export function writeJson(path: string, value: unknown): void {
  const text = toReadableJson(value);
  if (path === '-') process.stdout.write(text);
  else writeWhole(path, text);
}

/** Writes a trace into a directory, made if it does not exist; returns its path. Throws `CannotWrite`. */
export const writeTrace = (
  directory: string,
  trace: { readonly model: string; readonly rules: string; readonly claim: string },
): string =>
  writeInto(
    directory,
    [trace.model, ...(trace.rules === '' ? [] : [partOfName(trace.rules)]), trace.claim, 'json'].join('.'),
    toReadableJson(trace),
  );

/** A longer part of a name is told by its digest: a name has at most 255 bytes. */
const MOST_BYTES = 80;

/**
 * A rule set as a part of the name of a file. Rules of a file are named by its path from here, with + between
 * its parts, so that files of one name are told apart.
 */
export function partOfName(rules: string): string {
  const part = relative('', rules)
    .replaceAll(/[%+:]/g, (sign) => encodeURIComponent(sign))
    .replaceAll(/[\\/]/g, '+');
  if (Buffer.byteLength(part) <= MOST_BYTES) return part;
  return createHash('sha256').update(part).digest('hex').slice(0, 16);
}

/** Writes a file into a directory, made if it does not exist; returns its path. Throws `CannotWrite`. */
export function writeInto(directory: string, name: string, text: string): string {
  try {
    makeDirectory(resolve(directory));
  } catch (error) {
    throw new CannotWrite(directory, error);
  }
  const path = join(directory, name);
  writeWhole(path, text);
  return path;
}

/** Where pages go that are not told where. */
export const PAGES = 'fle-check-pages';

/** Writes a page where it is asked for, or by its name among all; returns its path. Throws `CannotWrite`. */
export function writePage(out: string | undefined, name: string, html: string): string {
  if (out === undefined) return writeInto(PAGES, name, html);
  writeWhole(out, html);
  return out;
}

/** Makes a directory and those above it, one by one: in /proc Node's `recursive` never returns. */
export function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Two runs at once may make the same directory.
    if (!existsSync(path)) throw error;
  }
}

/**
 * Makes a directory if there is none, and tries to write there, before a long search. Throws `CannotWrite`.
 */
export function prepareDirectory(path: string): void {
  try {
    makeDirectory(resolve(path));
    // A user who may do anything is told of what cannot be written only by writing.
    const trial = join(path, `.${randomBytes(8).toString('hex')}.part`);
    writeFileSync(trial, '', { flag: 'wx' });
    rmSync(trial);
  } catch (error) {
    throw new CannotWrite(path, error);
  }
}

/**
 * Refuses a path that cannot be written, before a long search; `-` is standard output. Throws `CannotWrite`.
 */
export function checkWritable(path: string): void {
  if (path === '-') return;
  try {
    accessSync(dirname(path), constants.W_OK);
    if (!statSync(dirname(path)).isDirectory()) throw new Error('its directory is a file');
  } catch (error) {
    throw new CannotWrite(path, error);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CannotWrite(path, new Error('it is a directory'));
  }
}
