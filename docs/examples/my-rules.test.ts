/** The example of docs/rules.md overrides what it says, and is the text shown there. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import rules from './my-rules.js';

test('half of the servers are a quorum, and fewer are not', () => {
  expect(rules.hasQuorum(2, 4)).toBe(true);
  expect(rules.hasQuorum(1, 4)).toBe(false);
  expect(rules.hasQuorum(1, 3)).toBe(false);
});

test('docs/rules.md shows it', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const [, ...code] = read('my-rules.ts').split('\n');
  expect(read('../rules.md')).toContain(code.join('\n'));
});
