/** The package has all that its exports and command use, and nothing that only tests and benchmarks do. */
import { join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { importGraph, reachedFrom } from './testing/import-graph.js';
import { filesBelow, isCode, isTest } from './testing/project.js';

const project = filesBelow(normalize(join(import.meta.dirname, '..')));
const { exports, bin, files } = JSON.parse(project.find(({ path }) => path === 'package.json')!.text) as {
  readonly exports: { readonly [name: string]: string | { readonly default: string } };
  readonly bin: { readonly [name: string]: string };
  readonly files: readonly string[];
};

const sourceOf = (built: string): string => normalize(built).replace(/^dist\/(.*)\.js$/, '$1.ts');
const builtOf = (source: string): string => `dist/${source.replace(/\.ts$/, '.js')}`;

/** What `files` leaves out: `!dist/bench`, `!dist/properties/naive-*`. */
const leftOut = files
  .filter((pattern) => pattern.startsWith('!'))
  .map((pattern) => new RegExp(`^${pattern.slice(1).replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(/|$)`));
const isPacked = (source: string): boolean => !leftOut.some((pattern) => pattern.test(builtOf(source)));

/** Imports, and scripts of threads and processes, which are named by their URL. */
const uses = importGraph(project, (path) => path);
for (const { path, text } of project.filter((file) => isCode(file) && !isTest(file))) {
  const scripts = [...text.matchAll(/new URL\('(\.[^']*\.js)', import\.meta\.url\)/g)];
  for (const [, script] of scripts) {
    uses.get(path)?.add(normalize(join(path, '..', script)).replace(/\.js$/, '.ts'));
  }
}

const entries = [...Object.values(exports), ...Object.values(bin)]
  .map((entry) => (typeof entry === 'string' ? entry : entry.default))
  .filter((entry) => entry.endsWith('.js'))
  .map(sourceOf);
const used = new Set(entries.flatMap((entry) => [entry, ...reachedFrom(uses, entry)]));

/** The page is one file, into which Vite puts all that it uses. */
const shown = new Set([...uses.keys()].filter((path) => path.startsWith('src/page/')));
for (const path of [...shown]) for (const one of reachedFrom(uses, path)) shown.add(one);
/** The cases are files of a user, which no build takes. */
const isBuilt = (path: string): boolean => !path.startsWith('properties/public-reports/');

test('the exports of the package and its command find all that they use in it', () => {
  expect(entries).toEqual(expect.arrayContaining(['src/index.ts', 'src/cli/main.ts']));
  expect([...used].filter((path) => !isPacked(path))).toEqual([]);
  expect([...used]).toEqual(expect.arrayContaining(['src/engine/worker.ts', 'src/rules-file/host.ts']));
});

test('what only tests and benchmarks use is not in the package', () => {
  const packed = [...uses.keys()].filter((path) => isBuilt(path) && isPacked(path));
  expect(packed.filter((path) => !used.has(path) && !shown.has(path))).toEqual([]);
});
