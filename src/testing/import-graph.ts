/** The imports among the files of the project, and the circles of those that import each other. */
import { join, normalize } from 'node:path';
import { type File, isCode, isTest } from './project.js';

/** Relative imports of a file, as paths of source files from the root. */
export function importsOf({ path, text }: File): string[] {
  const names = [...text.matchAll(/(?:from|import)\s*\(?'(\.[^']*)'/g)].map(([, name]) => name);
  return names.map((name) => normalize(join(path, '..', name)).replace(/\.js$/, '.ts'));
}

/** The folder that counts for who may import whom: `models/tutorial`, `src/language`, `bench`. */
export function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.slice(0, /^(models|properties|src)\//.test(path) ? 2 : 1).join('/');
}

/** Each file with those that it imports, by type or by value; or each folder, if files go by theirs. */
export function importGraph(
  files: readonly File[],
  nameOf: (path: string) => string,
): Map<string, Set<string>> {
  const graph = new Map<string, Set<string>>();
  const code = files.filter(
    (file) => isCode(file) && !isTest(file) && /^(models|properties|src|bench)\//.test(file.path),
  );
  for (const file of code) {
    const from = nameOf(file.path.replace(/x$/, ''));
    const to = importsOf(file).map(nameOf);
    graph.set(from, new Set([...(graph.get(from) ?? []), ...to]));
  }
  return graph;
}

/** All names that one leads to; itself too if it stands in a circle. */
export function reachedFrom(
  graph: ReadonlyMap<string, ReadonlySet<string>>,
  from: string,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const to of graph.get(at) ?? []) {
      if (reached.has(to)) continue;
      reached.add(to);
      open.push(to);
    }
  }
  return reached;
}

/** The circles of a graph: names that lead to each other. No two circles share a name. */
export function circlesIn(graph: ReadonlyMap<string, ReadonlySet<string>>): readonly (readonly string[])[] {
  const names = [...graph.keys()].sort();
  const reached = new Map(names.map((name) => [name, reachedFrom(graph, name)]));
  const leads = (from: string, to: string) => reached.get(from)?.has(to) === true;
  const circles = names
    .filter((name) => leads(name, name))
    .map((name) => names.filter((other) => leads(name, other) && leads(other, name)));
  return circles.filter(([first], i) => circles.findIndex((circle) => circle[0] === first) === i);
}
