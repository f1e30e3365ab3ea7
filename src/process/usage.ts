/**
 * What a user can get wrong, and the words for it. Every message is one line; `main` puts `fle-check: `
 * before it.
 */
import { closest, distance } from 'fastest-levenshtein';

/** The command line, or a file it names, cannot be used: exit code 2, one line, no stack trace. */
export class BadUsage extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** A name that is not among those known; offers the nearest. */
export class UnknownWord extends BadUsage {
  /** `listedBy`: what to run, or what there is, to see the valid names. */
  constructor(kind: string, word: string, known: readonly string[], listedBy: string) {
    const near = nearest(word, known);
    const offer = near === null ? '' : ` Did you mean ${near}?`;
    super(`no ${kind} is called \`${word}\`.${offer} (${listedBy})`);
  }
}

/** A file or directory cannot be written. */
export class CannotWrite extends BadUsage {
  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** A file or directory cannot be read. */
export class CannotRead extends BadUsage {
  constructor(path: string, cause: unknown) {
    super(`cannot read ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** The known word most like a misspelt one; null if none is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const candidate = closest(word, [...known]);
  const far = Math.max(2, Math.ceil(candidate.length / 3));
  return distance(word, candidate) <= far ? candidate : null;
}

/** An error that is not the user's, in one line; its stack goes to standard error if FLE_CHECK_DEBUG is 1. */
export function tellDefect(error: unknown): string {
  if (process.env.FLE_CHECK_DEBUG === '1') console.error(error);
  const line = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ');
  return `${line} (this is a defect of the model or of fle-check; FLE_CHECK_DEBUG=1 shows where)`;
}

const WORDS_OF_CODES: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the system allows',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'the name is too long',
  EEXIST: 'a file of that name is in the way',
};

/** Why a call of the operating system failed, without its code and arguments where they are known. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return WORDS_OF_CODES[code] ?? cause.message;
}
