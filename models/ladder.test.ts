/** Departures from Java are named where they occur, and nowhere else: the list and the code agree. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rungs } from './index.js';

const FILES: { readonly [rung: string]: readonly string[] } = {
  rules: ['vote-order.ts'],
  tutorial: ['tutorial.ts'],
  'fast-leader-election': ['election.ts', 'fast-leader-election.ts'],
  'fle-faithful': ['fle-faithful.ts', 'faithful-state.ts', 'faithful-threads.ts'],
  'zab-discovery': ['discovery.ts', 'discovery-state.ts', 'zab-discovery.ts'],
  'zab-synchronization': ['zab-synchronization.ts', 'synchronization-state.ts'],
};

for (const { name, departures } of rungs) {
  test(`${name} marks each departure it lists with Abstracts, and lists each it marks`, () => {
    const source = FILES[name].map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
    const marked = [...source.matchAll(/Abstracts: ([A-Za-z, -]+)/g)].flatMap(([, names]) =>
      names.split(', ').filter((part) => /^[A-Za-z]+(-[A-Za-z]+)+$/.test(part.trim())),
    );
    const named = marked.map((part) => part.trim());
    expect([...new Set(named)].sort()).toEqual(departures.map((departure) => departure.name).sort());
  });
}
