/** Any value or text of a user's program, as one line that is safe for a terminal. */

const LONGEST = 300;

/** Characters that move the cursor, change colours, end a line, or turn the direction of writing. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text in one line. Invisible characters are written as codes, and a long text is cut. */
export function oneLine(text: string): string {
  const start = text.slice(0, 4 * LONGEST).trim();
  const line = start
    .replace(/\s*[\r\n]\s*/g, ' ')
    .replace(UNSEEN, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
  return line.length <= LONGEST && start.length === text.trim().length ? line : `${line.slice(0, LONGEST)}…`;
}

/** A value in a few words. Never throws, even if looking at the value does. */
export function shown(value: unknown): string {
  try {
    return oneLine(inWords(value));
  } catch {
    return 'an object that cannot be looked at';
  }
}

function inWords(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.slice(0, 2 * LONGEST));
    case 'bigint':
      return `${value}n, a bigint`;
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : ofObject(value);
    default:
      return String(value);
  }
}

function ofObject(value: object): string {
  if (value instanceof Promise) return 'a promise';
  if (value instanceof Error) return `an error (${value.message})`;
  if (Array.isArray(value) && value.length > 20) return `a list of ${value.length} values`;
  return inKind(value) ?? JSON.stringify(value) ?? 'an object';
}

/** `a Set`, `an async generator`, `a Boolean object`: what JSON would not tell from `{}` or `true`. */
function inKind(value: object): string | null {
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (tag === 'Object' || tag === 'Array') return null;
  const words = tag.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  if (/generator$/.test(words)) return `${/^a/.test(words) ? 'an' : 'a'} ${words}`;
  const isWrapper = ['Boolean', 'Number', 'String', 'BigInt', 'Symbol'].includes(tag);
  return `${/^[AEIOU]/.test(tag) ? 'an' : 'a'} ${tag}${isWrapper ? ' object' : ''}`;
}
