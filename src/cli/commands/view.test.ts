/** `fle-check view` and `fle-check tutorial`: what they write, and what they refuse. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BadUsage } from '../../process/usage.js';
import type { PageData, TracePage } from '../../report/page-data.js';
import { directories } from '../../testing/command.js';
import { run } from '../../testing/served.js';
import { traceIn } from './view.js';

const CORPUS = join(import.meta.dirname, '../../../properties/corpus');
const TWO_LEADERS = join(CORPUS, 'witnesses/fast-leader-election.twoLeadersAtOneClock.json');

const directory = directories();

/** The data in a page. */
function dataIn(path: string): PageData {
  const html = readFileSync(path, 'utf8');
  const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json);
}

const RESULT = '[{"format":"fle-check-result","version":1,"model":"tutorial"';

const tracePageIn = (path: string): TracePage => {
  const data = dataIn(path);
  if (data.kind !== 'trace') throw new Error(data.kind);
  return data;
};

describe('view', () => {
  test('writes a page of a trace, named as it, and says where', async () => {
    const folder = directory();
    const { code, out, err } = await run(folder, ['view', TWO_LEADERS]);
    const page = 'fle-check-pages/fast-leader-election.twoLeadersAtOneClock.html';
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(new RegExp(`^Wrote ${page} \\(\\d+ kB\\)\\. Open it in a browser\\.\n$`));
    expect(tracePageIn(join(folder, page))).toMatchObject({
      trace: JSON.parse(readFileSync(TWO_LEADERS, 'utf8')),
      boundsInWords: '3 servers, 2 rounds, 1 abandon, 1 slot, any start order, every assignment',
      shows: 'shown',
      unexplorable: null,
    });
  });

  test('says each step in the words of the model', async () => {
    const folder = directory();
    await run(folder, ['view', TWO_LEADERS, '--out', 'page.html']);
    expect(tracePageIn(join(folder, 'page.html')).sentences.slice(-2)).toEqual([
      's2 ends finalizeWait, and leads',
      's3 ends finalizeWait, and leads',
    ]);
  });

  test('takes the violation in a result, that of the model asked for where there are several', async () => {
    const folder = directory();
    const rules = ['--rules', 'minority-quorum', '--bounds', 'tiny', '--json'];
    await run(folder, ['check', 'tutorial', ...rules, 'one.json']);
    expect((await run(folder, ['view', 'one.json', '--out', 'one.html'])).code).toBe(0);
    expect(tracePageIn(join(folder, 'one.html'))).toMatchObject({
      shows: 'violated',
      trace: { model: 'tutorial' },
    });
    await run(folder, ['check', ...rules, 'all.json', '--claims', 'noMinorityLeader']);
    const several = await run(folder, ['view', 'all.json']);
    expect(several.code).toBe(2);
    expect(several.err).toMatch(
      /^fle-check: all\.json has 2 violations; choose one with --model: tutorial, fast-leader-election\n$/,
    );
    const near = await run(folder, ['view', 'all.json', '--model', 'tutorail']);
    expect(near.err).toContain('Did you mean tutorial?');
    expect((await run(folder, ['view', 'all.json', '--model', 'tutorial', '--out', 'a.html'])).code).toBe(0);
    expect(tracePageIn(join(folder, 'a.html')).trace.model).toBe('tutorial');
  });

  test('takes the violation that explore has found', async () => {
    const folder = directory();
    const options = ['--rules', 'minority-quorum', '--runs', '20', '--no-failures', '--json', 'found.json'];
    await run(folder, ['explore', 'tutorial', ...options]);
    expect((await run(folder, ['view', 'found.json', '--out', 'page.html'])).code).toBe(0);
    expect(tracePageIn(join(folder, 'page.html'))).toMatchObject({ shows: 'violated', unexplorable: null });
  });

  test('shows a trace under the rules of a file, which a page cannot run', async () => {
    const folder = directory();
    writeFileSync(join(folder, 'mine.ts'), 'export default { hasQuorum: (votes: number) => votes >= 1 };\n');
    await run(folder, [
      'check',
      'tutorial',
      '--bounds',
      'tiny',
      '--rules',
      './mine.ts',
      '--trace-dir',
      'traces',
    ]);
    const trace = 'traces/tutorial.mine.ts.noMinorityLeader.json';
    expect(existsSync(join(folder, trace))).toBe(true);
    const without = await run(folder, ['view', trace, '--out', 'page.html']);
    expect(without.code).toBe(0);
    expect(without.err).toContain('name them with --rules');
    expect(tracePageIn(join(folder, 'page.html')).shows).toBeNull();
    const { code, err } = await run(folder, ['view', trace, '--rules', './mine.ts', '--out', 'page.html']);
    expect(code).toBe(0);
    expect(err).toContain('The rules of this trace are in a file, which a page cannot run');
    expect(tracePageIn(join(folder, 'page.html'))).toMatchObject({
      shows: 'violated',
      replay: `npx fle-check replay ${trace} --rules ./mine.ts`,
    });
  });

  test('shows a trace that the model takes no longer, as it is written, and says where they part', async () => {
    const folder = directory();
    const trace = JSON.parse(readFileSync(TWO_LEADERS, 'utf8'));
    trace.steps[3].state.server[0].logicalclock = 2;
    writeFileSync(join(folder, 'old.json'), JSON.stringify(trace));
    const { code, err } = await run(folder, ['view', 'old.json', '--out', 'page.html']);
    expect(code).toBe(0);
    expect(err).toMatch(/^fle-check: The trace and today's model part at step 4, HandleNotification s1 s2/);
    expect(tracePageIn(join(folder, 'page.html'))).toMatchObject({
      shows: null,
      unexplorable: expect.any(String),
    });
  });

  test.each([
    ['a file that is not there', null, 'there is no file '],
    ['an empty file', '', ' is empty'],
    ['half of a trace', readFileSync(TWO_LEADERS, 'utf8').slice(0, 5000), ' is truncated'],
    ['other JSON', '{"a":1}', ' is not a trace of fle-check'],
    ['an empty array', '[]', ' is no result of check --json or explore --json'],
    [
      'another matrix',
      '[{"format":"fle-check-matrix"}]',
      'has format "fle-check-matrix" and version undefined',
    ],
    ['a later version', `${RESULT.replace('1', '2')}}]`, 'has format "fle-check-result" and version 2'],
    [
      'a result that holds',
      `${RESULT},"verdict":"holds","violation":null}]`,
      ' has no violation to show: tutorial holds',
    ],
    [
      'a result whose trace is broken',
      `${RESULT},"verdict":"violated","violation":{"trace":{"format":"fle-check-trace","version":1}}}]`,
      ' is not a valid trace: at ',
    ],
  ])('refuses %s in one line', (_what, text, message) => {
    const path = join(directory(), 'file.json');
    if (text !== null) writeFileSync(path, text);
    const refused = () => traceIn(path, undefined);
    expect(refused).toThrow(BadUsage);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^[^\n]*$/);
  });

  test('tells what it refuses on standard error, with exit code 2', async () => {
    const { code, out, err } = await run(directory(), ['view', 'file.json']);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: 'fle-check: there is no file file.json\n' });
  });

  test('cannot write into a directory that is a file, or over a directory', async () => {
    const folder = directory();
    writeFileSync(join(folder, 'fle-check-pages'), '');
    const { code, err } = await run(folder, ['view', TWO_LEADERS]);
    expect(code).toBe(2);
    expect(err).toMatch(/^fle-check: cannot write .*\n$/);
    mkdirSync(join(folder, 'page.html'));
    expect((await run(folder, ['view', TWO_LEADERS, '--out', 'page.html'])).err).toMatch(
      /^fle-check: cannot write/,
    );
  });
});

test('the tutorial is a page too', async () => {
  const folder = directory();
  const { code, out } = await run(folder, ['tutorial']);
  expect({ code, out }).toEqual({
    code: 0,
    out: 'Wrote fle-check-pages/tutorial.html. Open it in a browser.\n',
  });
  expect(dataIn(join(folder, 'fle-check-pages/tutorial.html'))).toMatchObject({ kind: 'tutorial' });
});

describe('--quiet', () => {
  test('says nothing of what holds', async () => {
    const { code, out, err } = await run(directory(), ['check', 'tutorial', '--bounds', 'tiny', '--quiet']);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
    const explored = await run(directory(), ['explore', 'tutorial', '--runs', '5', '-q']);
    expect(explored).toMatchObject({ code: 0, out: '', err: '' });
  });

  test('tells a violation with its trace and its commands, and what is inconclusive', async () => {
    const options = ['--bounds', 'tiny', '--rules', 'minority-quorum', '--quiet'];
    const { code, out } = await run(directory(), ['check', 'tutorial', ...options]);
    expect(code).toBe(1);
    expect(out).toMatch(/^tutorial with rules `minority-quorum` violates noMinorityLeader:\n/);
    expect(out).toContain('See it:  npx fle-check view   fle-check-traces/tutorial.minority-quorum.');
    expect(out).not.toContain('transitions');
    const limited = await run(directory(), ['check', 'tutorial', '--states-max', '10', '--quiet']);
    expect(limited.code).toBe(3);
    expect(limited.out).toMatch(
      /^tutorial is inconclusive: the limit of 10 distinct states was reached\.\n$/,
    );
  });
});
