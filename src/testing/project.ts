/** The files of the project, for tests of its style. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface File {
  /** From the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

export const isCode = ({ path }: File) => /\.tsx?$/.test(path);
export const isTest = ({ path }: File) => path.endsWith('.test.ts');
export const linesOf = ({ text }: File) => text.replace(/\n$/, '').split('\n');

const IGNORED = new Set([
  'node_modules',
  'dist',
  'coverage',
  '.git',
  'test-results.json',
  'fle-check-traces',
  'fle-check-pages',
  '.fle-check',
  '.stryker-tmp',
  'reports',
]);

/** All files below a folder, but for those that are installed, built or left by a run. */
export function filesBelow(root: string, folder = root): File[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (IGNORED.has(entry.name) || entry.name.endsWith('.tgz')) return [];
    if (entry.isDirectory()) return filesBelow(root, path);
    return [{ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }];
  });
}
