/** `fle-check leaders`: what it answers for few servers, and what it refuses. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leadersSchema } from '../../report/schemas.js';
import { directories } from '../../testing/command.js';
import { run } from '../../testing/served.js';

const directory = directories();
const leaders = (...args: readonly string[]) => run(directory(), ['leaders', ...args]);

const THREE = `
Started in any order (N states, N s):
  s1 leads                                  never: only 1 of 3 servers ranks at or below s1
  s2 leads                                  5 steps
  s3 leads                                  5 steps
  2 lead at one clock at once               9 steps
  3 lead at one clock at once               never
  two lead, with a majority following each  never
`;

test('three servers, in both orders', async () => {
  const { code, out } = await leaders('--servers', '3');
  expect(code).toBe(0);
  const plain = out.replace(/\([\d,]+ states, [\d.]+ s\)/g, '(N states, N s)');
  expect(plain).toContain(THREE);
  expect(plain).toContain('Started in the order of their sids (N states, N s):');
  expect(plain.replaceAll('\n', ' ')).toContain(
    'In each of the 6 orders of starts the same servers can lead, and as many at once',
  );
});

test('answers as JSON: every schedule runs on the model without reductions', async () => {
  const cwd = directory();
  const { code } = await run(cwd, ['leaders', '--servers', '4', '--json', 'answers.json']);
  expect(code).toBe(0);
  const results = leadersSchema.array().parse(JSON.parse(readFileSync(join(cwd, 'answers.json'), 'utf8')));
  expect(results.map(({ bounds }) => bounds.start)).toEqual(['in-order', 'together', 'staggered']);
  for (const { bounds, answers, verdict, reason } of results) {
    expect({ servers: bounds.servers, verdict, reason }).toEqual({
      servers: 4,
      verdict: 'answered',
      reason: null,
    });
    for (const { isShortest } of answers) expect(isShortest).toBe(true);
  }
});

test('a trace of an answer shows it, and says what it shows', async () => {
  const cwd = directory();
  await run(cwd, ['leaders', '--servers', '3', '--trace-dir', 'runs']);
  const { code, out } = await run(cwd, ['replay', 'runs/staggered.s3-leads.json']);
  expect(code).toBe(0);
  expect(out).toContain('\n  s3 leads.\n');
  expect(out).toContain('Replays: 5 steps, every state as in the file; it shows that s3 leads.');
  const path = join(cwd, 'runs/staggered.s3-leads.json');
  const trace = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...trace, claim: 's2 leads' }));
  const other = await run(cwd, ['replay', 'runs/staggered.s3-leads.json']);
  expect(other.code).toBe(1);
  expect(other.err).toContain('all states agree, but s2 leads is not shown there');
});

test('a page with each shortest run', async () => {
  const cwd = directory();
  const { code, out } = await run(cwd, ['leaders', '--servers', '3', '--page', 'who.html']);
  expect(code).toBe(0);
  expect(out).toContain('Page:  who.html');
  expect(readFileSync(join(cwd, 'who.html'), 'utf8')).toContain('Which of 3 servers can lead');
});

test('a limit ends it as inconclusive, with what is known by then', async () => {
  const limit = ['--servers', '4', '--states-max', '100'];
  const { code, out } = await leaders(...limit);
  expect(code).toBe(3);
  expect(out).toContain('not known: the limit of 100 distinct states was reached');
  const json = JSON.parse((await leaders(...limit, '--json', '-')).out);
  expect(leadersSchema.array().parse(json)).toMatchObject([
    { verdict: 'inconclusive', reason: 'the limit of 100 distinct states was reached' },
  ]);
});

describe('refuses in one line', () => {
  test.each([
    [['--servers', '6'], 'a number from 2 to 5'],
    [['--servers', 'many'], 'a number from 2 to 5'],
    [['--server', '4'], 'Did you mean --servers?'],
  ])('%j', async (args, words) => {
    const { code, out, err } = await leaders(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
    expect(err).toContain(words);
  });
});
