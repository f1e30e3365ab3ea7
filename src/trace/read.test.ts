import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { FORMAT, VERSION } from './format.js';
import {
  parseTrace,
  readTrace,
  TraceMalformed,
  TraceNotJson,
  TraceOfOtherVersion,
  TraceRefused,
  TraceTooLarge,
  TraceTruncated,
  TraceUnreadable,
} from './read.js';
import { type Trace, toReadableJson } from './trace.js';

const trace: Trace = {
  format: FORMAT,
  version: VERSION,
  tool: '0.0.0',
  model: 'lamp',
  bounds: { servers: 1 },
  rules: 'correct',
  claim: 'staysOff',
  says: 'The lamp stays off }}} "quoted".',
  source: 'made up',
  initial: { args: [], state: { on: false } },
  steps: [{ action: 'Press', args: ['s1'], state: { on: true } }],
};
const text = toReadableJson(trace);
const directory = mkdtempSync(join(tmpdir(), 'fle-check-read-'));
afterAll(() => rmSync(directory, { recursive: true }));

function refusal(body: () => unknown): TraceRefused {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(TraceRefused);
    expect((error as Error).message).not.toContain('\n');
    return error as TraceRefused;
  }
  throw new Error('nothing was refused');
}

test('a valid file is read', () => {
  expect(parseTrace(text, 'file')).toEqual(trace);
  expect(parseTrace(`\uFEFF${text}`, 'file')).toEqual(trace);
});

test('a file that ends too early is called truncated, wherever it ends', () => {
  for (let end = 1; end < text.trimEnd().length; end++) {
    expect(refusal(() => parseTrace(text.slice(0, end), 'file'))).toBeInstanceOf(TraceTruncated);
  }
});

test('a file that ends within a long text of escapes is called truncated as soon as a short one', () => {
  // In the square of its length this would take minutes.
  const cut = `{"a":"${'\\\\"'.repeat(200_000)}`;
  expect(refusal(() => parseTrace(cut, 'file'))).toBeInstanceOf(TraceTruncated);
});

test('what is not JSON is called so', () => {
  for (const other of ['', 'not json', '{ "a": }', `${text}}`]) {
    expect(refusal(() => parseTrace(other, 'file'))).toBeInstanceOf(TraceNotJson);
  }
});

test('JSON of another format or version is named', () => {
  for (const other of ['null', '[]', '7', '{}', '{ "format": "itf" }']) {
    expect(refusal(() => parseTrace(other, 'file')).message).toContain('is not a trace of fle-check');
  }
  const later = refusal(() => parseTrace(JSON.stringify({ ...trace, version: 2, steps: 7 }), 'file'));
  expect(later).toBeInstanceOf(TraceOfOtherVersion);
  expect(later.message).toBe('file has version 2 of the format; this program reads 1');
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  for (const version of ['"\\u009b2J"', '"x"', 'null', deep]) {
    const { message } = refusal(() =>
      parseTrace(text.replace('"version": 1', `"version": ${version}`), 'file'),
    );
    expect(message).toBe('file has no number as version of the format; this program reads 1');
  }
});

test('a trace of an unknown shape names where it goes wrong', () => {
  const wrong = { ...trace, steps: [{ ...trace.steps[0], action: 7 }] };
  const error = refusal(() => parseTrace(JSON.stringify(wrong), 'file'));
  expect(error).toBeInstanceOf(TraceMalformed);
  expect(error.message).toContain('steps.0.action');
  expect(refusal(() => parseTrace(JSON.stringify({ ...trace, more: 1 }), 'file'))).toBeInstanceOf(
    TraceMalformed,
  );
});

test('a file of 1 GB is refused by its size, without being read', () => {
  const path = join(directory, 'large.json');
  const file = openSync(path, 'w');
  ftruncateSync(file, 1e9);
  closeSync(file);
  expect(refusal(() => readTrace(path))).toBeInstanceOf(TraceTooLarge);
});

test('what is not there, or is no file, is refused', () => {
  expect(refusal(() => readTrace(join(directory, 'none.json')))).toBeInstanceOf(TraceUnreadable);
  expect(refusal(() => readTrace(directory)).message).toContain('is not a regular file');
});

test('a file is read from disk', () => {
  const path = join(directory, 'good.json');
  writeFileSync(path, text);
  expect(readTrace(path)).toEqual(trace);
});

test('a text with control characters is refused: it could forge lines on a terminal', () => {
  const forged = [
    { ...trace, says: 'fine\nfle-check: holds' },
    { ...trace, claim: '\u001b[2J' },
    { ...trace, initial: { args: [], state: { on: '\u0007' } } },
    { ...trace, initial: { args: [], state: { '\u009b1m': true } } },
  ];
  for (const one of forged) {
    const error = refusal(() => parseTrace(JSON.stringify(one), 'forged.json'));
    expect(error).toBeInstanceOf(TraceMalformed);
    expect(error.message).toBe('forged.json is not a valid trace: a text in it has control characters');
  }
});

test('a file nested deeper than a stack is refused, and one of a handful of levels is not', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  const holding = (levels: number) => text.replace('"on": false', `"on": ${nested(levels)}`);
  expect(refusal(() => parseTrace(holding(100_000), 'deep.json')).message).toBe(
    'deep.json is not a valid trace: it is nested more than 64 deep',
  );
  expect(parseTrace(holding(9), 'shallow.json').format).toBe(FORMAT);
});
