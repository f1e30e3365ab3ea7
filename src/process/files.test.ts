import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { checkWritable, partOfName, writeTrace, writeWhole } from './files.js';
import { CannotWrite } from './usage.js';

const root = mkdtempSync(join(tmpdir(), 'fle-check-files-'));
let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(root, 'case-'));
});
afterAll(() => rmSync(root, { recursive: true }));

test('a file is replaced as a whole', () => {
  const path = join(directory, 'result.json');
  writeFileSync(path, 'a longer text that was there before');
  writeWhole(path, 'new');
  expect(readFileSync(path, 'utf8')).toBe('new');
  expect(readdirSync(directory)).toEqual(['result.json']);
});

test('writers of one process number lose nothing and never see each other', async () => {
  const path = join(directory, 'shared.txt');
  const url = new URL('../../dist/src/process/files.js', import.meta.url).href;
  const write = `import('${url}').then(({ writeWhole }) => {
    for (let i = 0; i < 100; i++) {
      writeWhole(${JSON.stringify(path)}, String(i % 10).repeat(10_000));
    }
  })`;
  const writers = Array.from({ length: 3 }, () => new Worker(write, { eval: true }));
  const codes = await Promise.all(
    writers.map((writer) => new Promise((resolve) => writer.on('error', resolve).on('exit', resolve))),
  );
  expect(codes).toEqual([0, 0, 0]);
  expect(readFileSync(path, 'utf8')).toMatch(/^(.)\1{9999}$/);
  expect(readdirSync(directory)).toEqual(['shared.txt']);
});

test('what cannot be written leaves nothing behind', () => {
  const taken = join(directory, 'taken');
  mkdirSync(join(taken, 'inside'), { recursive: true });
  expect(() => writeWhole(taken, 'text')).toThrow(CannotWrite);
  expect(() => writeWhole(join(directory, 'none', 'file'), 'text')).toThrow('no such file or directory');
  writeFileSync(join(directory, 'a-file'), '');
  expect(() => writeWhole(join(directory, 'a-file', 'below'), 'text')).toThrow('is not a directory');
  expect(() => writeWhole(join(directory, 'n'.repeat(300)), 'text')).toThrow('the name is too long');
  expect(readdirSync(directory)).toEqual(['a-file', 'taken']);
});

test('a name as long as the system allows is written', () => {
  const name = `${'n'.repeat(250)}.json`;
  writeWhole(join(directory, name), 'text');
  expect(readdirSync(directory)).toEqual([name]);
});

test('a trace is named by its model, rules and claim', () => {
  const trace = { model: 'tutorial', rules: 'correct', claim: 'oneLeader' };
  const path = writeTrace(join(directory, 'new', 'traces'), trace);
  expect(path).toBe(join(directory, 'new', 'traces', 'tutorial.correct.oneLeader.json'));
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(trace);
  const named = (rules: string) => writeTrace(directory, { ...trace, rules });
  expect(named('./a/q.ts')).not.toBe(named('./b/q.ts'));
});

test('a rule set in the name of a file is told by its path from here', () => {
  const paths = ['correct', './my-rules.ts', join(process.cwd(), 'my-rules.ts'), './a/q.ts', 'b/../a/q.ts'];
  expect(paths.map(partOfName)).toEqual(['correct', 'my-rules.ts', 'my-rules.ts', 'a+q.ts', 'a+q.ts']);
  const others = ['q.ts', '../q.ts', 'a+q.ts', 'a%2Bq.ts', 'a/b+q.ts', 'a+b/q.ts'].map(partOfName);
  expect(new Set([...others, 'a+q.ts']).size).toBe(7);
  const [one, other] = ['x', 'y'].map((end) => partOfName(`${'deep/'.repeat(40)}${end}.ts`));
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(one).not.toBe(other);
});

test('a path is refused before the work, not after it', () => {
  expect(() => checkWritable(join(directory, 'none', 'file'))).toThrow(CannotWrite);
  expect(() => checkWritable(directory)).toThrow('it is a directory');
  writeFileSync(join(directory, 'file'), '');
  expect(() => checkWritable(join(directory, 'file', 'below'))).toThrow(CannotWrite);
  expect(() => checkWritable(join(directory, 'file'))).not.toThrow();
  expect(() => checkWritable('-')).not.toThrow();
});
