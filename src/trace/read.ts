/** Reads a trace file. Every fault of a file is a named error with a message of one line. */
import { readFileSync, statSync } from 'node:fs';
import type { z } from 'zod';
import { FORMAT, VERSION } from './format.js';
import { type Trace, traceSchema } from './schema.js';

/** A larger file is refused without being read. */
export const MOST_BYTES = 64 * 1024 ** 2;
/** A file nested deeper is refused; a state has a handful of levels. */
const DEEPEST = 64;

/** The base of every error about a trace file. */
export class TraceRefused extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** The file cannot be opened, or is no regular file. */
export class TraceUnreadable extends TraceRefused {}

/** The file is larger than any trace. */
export class TraceTooLarge extends TraceRefused {
  constructor(path: string, bytes: number) {
    const limit = `the limit is ${MOST_BYTES / 1024 ** 2} MiB`;
    super(`${path} has ${bytes} bytes; ${limit}, so it is no trace of fle-check`);
  }
}

/** The text is not JSON. */
export class TraceNotJson extends TraceRefused {}

/** The text ends in the middle of the JSON. */
export class TraceTruncated extends TraceRefused {
  constructor(path: string) {
    super(`${path} is truncated: it ends before its JSON does; write it again with fle-check check`);
  }
}

/** The JSON is of another format, or another version of this one. */
export class TraceOfOtherVersion extends TraceRefused {}

/** The JSON says it is a trace but does not have the shape of one. */
export class TraceMalformed extends TraceRefused {}

/** Reads a trace file. Throws a `TraceRefused` of one line. */
export function readTrace(path: string): Trace {
  return parseTrace(readText(path), path);
}

/** The text of a file that may be a trace. Throws a `TraceRefused` of one line. */
export function readText(path: string): string {
  try {
    const stat = statSync(path);
    if (!stat.isFile()) throw new TraceUnreadable(`${path} is not a regular file`);
    if (stat.size > MOST_BYTES) throw new TraceTooLarge(path, stat.size);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof TraceRefused) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new TraceUnreadable(
      code === 'ENOENT' ? `there is no file ${path}` : `cannot read ${path}: ${code ?? String(error)}`,
    );
  }
}

/** The trace in a text. `path` is for messages. Throws a `TraceRefused` of one line. */
export function parseTrace(text: string, path: string): Trace {
  const json = parseJson(text.replace(/^\uFEFF/, ''), path);
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) {
    throw new TraceOfOtherVersion(`${path} is not a trace of fle-check: its format is not ${FORMAT}`);
  }
  if (version !== VERSION) {
    const theirs = typeof version === 'number' ? `version ${version}` : 'no number as version';
    throw new TraceOfOtherVersion(`${path} has ${theirs} of the format; this program reads ${VERSION}`);
  }
  const hostile = hostility(json, 0);
  if (hostile !== null) throw new TraceMalformed(`${path} is not a valid trace: ${hostile}`);
  const parsed = traceSchema.safeParse(json);
  if (!parsed.success) throw new TraceMalformed(`${path} is not a valid trace: ${firstIssue(parsed.error)}`);
  return parsed.data;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (text.trim() === '') throw new TraceNotJson(`${path} is empty`);
    if (looksCutOff(text)) throw new TraceTruncated(path);
    throw new TraceNotJson(`${path} is not JSON`);
  }
}

/** True for text that opens more braces and brackets than it closes, or ends within a string. */
function looksCutOff(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  let [open, isInString] = [0, false];
  // One pass: a regular expression would take quadratic time on a string that does not end.
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (isInString && char === '\\') i++;
    else if (char === '"') isInString = !isInString;
    else if (!isInString && (char === '[' || char === '{')) open++;
    else if (!isInString && (char === ']' || char === '}')) open--;
  }
  return isInString || open > 0;
}

/** Dangerous content of the JSON: control characters that a terminal obeys, nesting deeper than the stack. */
function hostility(json: unknown, depth: number): string | null {
  if (typeof json === 'string') return /\p{Cc}/u.test(json) ? 'a text in it has control characters' : null;
  if (typeof json !== 'object' || json === null) return null;
  if (depth === DEEPEST) return `it is nested more than ${DEEPEST} deep`;
  for (const [key, value] of Object.entries(json)) {
    const hostile = hostility(key, depth) ?? hostility(value, depth + 1);
    if (hostile !== null) return hostile;
  }
  return null;
}

function firstIssue({ issues }: z.ZodError): string {
  const [{ path, message }] = issues;
  const where = path.length === 0 ? 'at the top' : `at ${path.map(String).join('.')}`;
  return `${where}, ${message.replaceAll('\n', ' ')}`;
}
