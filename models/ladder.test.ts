/** Departures from Java are named where they occur, and nowhere else: the list and the code agree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { families } from './index.js';

/** The texts of all files of a model's folder, tests aside. */
function sourcesOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const isSource = (file: string) => file.endsWith('.ts') && !file.endsWith('.test.ts');
  return files
    .filter(isSource)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

for (const { name, departures } of families) {
  test(`${name} marks each departure it lists with Abstracts, and lists each it marks`, () => {
    const folder = name === 'rules' ? 'vote-order' : name;
    const source = sourcesOf(join(import.meta.dirname, folder));
    const marked = [...source.matchAll(/Abstracts: ([A-Za-z, -]+)/g)].flatMap(([, names]) =>
      names.split(', ').filter((part) => /^[A-Za-z]+(-[A-Za-z]+)+$/.test(part.trim())),
    );
    const named = marked.map((part) => part.trim());
    expect([...new Set(named)].sort()).toEqual(departures.map((departure) => departure.name).sort());
  });
}
