/** A digest of a file of a user and of all that it imports. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, relative } from 'node:path';

const CODE = /^\.[cm]?[jt]sx?$/;
const IMPORT = /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"\n]+)['"]/g;

/** A digest of the root, the files read, and their imports, which Node may read by itself. */
export function digestOfFiles(root: string, read: readonly string[] = []): string {
  const texts = new Map<string, string>();
  const waiting = [root, ...read];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (texts.has(file)) continue;
    const text = textOf(file);
    if (text === null) continue;
    texts.set(file, text);
    if (CODE.test(extname(file))) waiting.push(...importsOf(file, text));
  }
  const hash = createHash('sha256');
  const named = [...texts].map(([file, text]) => [relative(dirname(root), file), text]);
  for (const [name, text] of named.sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name.length} ${name} ${text.length} ${text}`);
  }
  return hash.digest('hex').slice(0, 32);
}

function textOf(file: string): string | null {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}

function importsOf(file: string, text: string): readonly string[] {
  const require = createRequire(file);
  return [...text.matchAll(IMPORT)].flatMap(([, name]) => {
    if (isBuiltin(name)) return [];
    try {
      return [require.resolve(name)];
    } catch {
      return [];
    }
  });
}
