/** `--report`, as a user runs it: a part for each command, a page for each violation, one index of all. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PageData, ReportPage } from '../report/page-data.js';
import { partSchemas } from '../report/parts.js';
import { directories, run, runInShell } from '../testing/command.js';
import { run as serve } from '../testing/served.js';
import { traceSchema } from '../trace/schema.js';

const directory = directories();

const VIOLATED = ['check', 'fast-leader-election', '--bounds', 'tiny', '--rules', 'minority-quorum'];
const MUTANTS = ['mutants', 'minority-quorum', '--no-random'];
const PAGE = 'fast-leader-election.minority-quorum.noMinorityLeader.html';
const RANDOM_PAGE = 'fast-leader-election.minority-quorum.noMinorityLeader.random.html';
/** Far more states than can be explored while a test waits. */
const ENDLESS = ['check', 'fast-leader-election', '--servers', '5', '--crashes', '2'];

const SOME_SECONDS = [...ENDLESS, '--time', '3s'];

const textOf = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const jsonOf = (...path: string[]): unknown => JSON.parse(textOf(...path));
const dataOf = (...path: string[]): PageData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(textOf(...path))?.[1] ?? '');
const indexOf = (cwd: string, report = 'out'): ReportPage => {
  const data = dataOf(cwd, report, 'index.html');
  if (data.kind !== 'report') throw new Error(`the index is a page of kind ${data.kind}`);
  return data;
};

/** What a command leaves in a directory of its own, or in this one. */
async function reported(args: readonly string[], cwd = directory()) {
  const finished = await serve(cwd, [...args, '--report', 'out']);
  expect(finished.err).toBe('');
  return { cwd, ...finished };
}

test('check leaves an index, its part, and a page of the violation that can be replayed', async () => {
  const { cwd, code, out } = await reported(VIOLATED);
  expect(code).toBe(1);
  expect(out).toMatch(/\nReport: {2}out\/index\.html\n$/);
  expect(readdirSync(join(cwd, 'out')).sort()).toEqual(['check.json', PAGE, 'index.html']);

  const part = partSchemas.check.parse(jsonOf(cwd, 'out', 'check.json'));
  expect(indexOf(cwd)).toEqual({ kind: 'report', check: part, explore: null, mutants: null });
  expect(part.command).toEqual([...VIOLATED, '--report', 'out']);
  expect(Math.abs(Date.parse(part.made) - Date.now())).toBeLessThan(60_000);
  const [{ result, violation, levels, growth, excludedActions }] = part.checked;
  expect(result).toMatchObject({ verdict: 'violated', rules: 'minority-quorum' });
  expect(violation).toMatchObject({ claim: 'noMinorityLeader', steps: 4, page: PAGE });
  expect(levels.reduce((sum, states) => sum + states, 0)).toBe(result.distinct);
  expect(growth.at(-1)?.[1]).toBe(result.distinct);
  expect(Object.keys(excludedActions)).toContain('CrashServer');

  const page = dataOf(cwd, 'out', PAGE);
  if (page.kind !== 'trace') throw new Error('a violation has the page of a trace');
  expect(traceSchema.parse(page.trace).steps).toHaveLength(4);
  expect(page).toMatchObject({ boundsInWords: part.checked[0].boundsInWords, unexplorable: null });
  expect(page.sentences).toHaveLength(4);
  const [npx, command, ...words] = page.replay.split(' ');
  expect([npx, command]).toEqual(['npx', 'fle-check']);
  expect((await serve(cwd, words)).code).toBe(0);
});

test('explore and mutants add their parts to the same index, and each replaces its own', async () => {
  const { cwd } = await reported(VIOLATED);
  const explore = ['explore', 'fast-leader-election', '--rules', 'minority-quorum', '--no-failures'];
  expect((await reported(explore, cwd)).code).toBe(1);
  expect((await reported(MUTANTS, cwd)).code).toBe(0);
  const both = indexOf(cwd);
  expect(both.check?.checked[0].violation?.page).toBe(PAGE);
  expect(both.explore?.explored[0].violation?.page).toBe(RANDOM_PAGE);
  expect(dataOf(cwd, 'out', RANDOM_PAGE).kind).toBe('trace');
  expect(both.explore?.explored[0]).toMatchObject({ repeat: expect.stringContaining('--seed 1') });
  expect(both.mutants?.rows.map(({ verdict }) => verdict)).toEqual(
    Array(both.mutants?.trials).fill('killed'),
  );

  await reported(['check', 'tutorial', '--bounds', 'tiny'], cwd);
  const { check, ...others } = indexOf(cwd);
  expect(check?.checked.map(({ result }) => result.model)).toEqual(['tutorial']);
  expect(others).toEqual({ kind: 'report', explore: both.explore, mutants: both.mutants });
});

test('rules of a file have a page that says that it cannot run them', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'my rules.ts'), 'export default { hasQuorum: () => true };');
  const rules = ['--rules', './my rules.ts'];
  await reported(['check', 'tutorial', '--bounds', 'tiny', ...rules], cwd);
  const { violation } = indexOf(cwd).check?.checked[0] ?? {};
  expect(violation?.page).toMatch(/^tutorial\.my rules\.ts\.\w+\.html$/);
  const page = dataOf(cwd, 'out', violation?.page ?? '');
  expect(page).toMatchObject({
    unexplorable: expect.stringContaining('The rules of this trace are in a file'),
  });
});

test('a run that Ctrl-C ends writes its report all the same', async () => {
  const cwd = directory();
  const { code } = await run(cwd, [...ENDLESS, '--report', 'out'], (kill) => kill('SIGINT'));
  expect(code).toBe(3);
  const [one] = indexOf(cwd).check?.checked ?? [];
  expect(one.result).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted' });
  expect(one.levels.reduce((sum, states) => sum + states, 0)).toBe(one.result.distinct);
});

test('mutants that Ctrl-C ends report the trials made, of how many', async () => {
  const cwd = directory();
  const begun = 'until [ -d out ]; do sleep 0.1; done; sleep 0.3';
  const mutants = '"$0" "$1" mutants --no-random --report out';
  const { code, err } = await runInShell(`cd '${cwd}'; ${mutants} & ${begun}; kill -TERM $!; wait $!`);
  const { rows = [], trials } = indexOf(cwd).mutants ?? {};
  expect(rows.length).toBeLessThan(trials ?? 0);
  expect(err).toBe(`fle-check: interrupted after ${rows.length} of ${trials} trials\n`);
  expect(code).toBe(3);
});

test('two commands at once in one directory have one index of both', async () => {
  const cwd = directory();
  const tiny = ['check', 'tutorial', '--bounds', 'tiny'];
  const finished = await Promise.all(
    [tiny, MUTANTS].map((args) => serve(cwd, [...args, '--report', 'new/out'])),
  );
  expect(finished.map(({ code, err }) => ({ code, err }))).toEqual(Array(2).fill({ code: 0, err: '' }));
  const { check, mutants } = indexOf(cwd, 'new/out');
  expect([check?.checked.length, (mutants?.rows.length ?? 0) > 0]).toEqual([1, true]);
  expect(readdirSync(join(cwd, 'new/out')).sort()).toEqual(['check.json', 'index.html', 'mutants.json']);
});

test.each([
  ['check.json', '{"format": "fle-che', 'it is not JSON', SOME_SECONDS],
  ['explore.json', '[]', 'its format is not fle-check-report', ['explore', '--runs', '1']],
  ['mutants.json', '{"format": "fle-check-report", "version": 2}', 'its version is not 1', MUTANTS],
  ['check.json', '{"format": "fle-check-report", "version": 1}', 'at tool, ', MUTANTS],
])('a part that is broken is refused before the search: %s of %j', async (name, text, why, args) => {
  const cwd = directory();
  mkdirSync(join(cwd, 'out'));
  writeFileSync(join(cwd, 'out', name), text);
  const { code, out, err } = await serve(cwd, [...args, '--report', 'out']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^fle-check: [^\n]*\n$/);
  expect(err).toContain(`out/${name} is no part of a report: ${why}`);
  expect(err).toContain('; remove it, or write the report elsewhere');
  expect(readdirSync(join(cwd, 'out'))).toEqual([name]);
});

test('a directory that cannot be written is refused before the search', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'file'), '');
  mkdirSync(join(cwd, 'out/index.html'), { recursive: true });
  for (const [report, why] of [
    ['file', 'cannot write file: '],
    ['file/report', 'cannot write file/report: '],
    ['out', 'cannot write out/index.html: it is a directory'],
  ]) {
    const { code, out, err } = await serve(cwd, [...SOME_SECONDS, '--report', report]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
    expect(err).toContain(why);
  }
});

test('no text of a part becomes markup of the index', async () => {
  const { cwd } = await reported(['check', 'tutorial', '--bounds', 'tiny']);
  const hostile = '</script><script>alert(1)</script><!--<img src=x onerror=alert(1)>';
  const path = join(cwd, 'out', 'check.json');
  const part = partSchemas.check.parse(jsonOf(path));
  const checked = part.checked.map((one) => ({ ...one, boundsInWords: hostile }));
  writeFileSync(path, JSON.stringify({ ...part, tool: hostile, checked }));
  await reported(MUTANTS, cwd);
  expect(indexOf(cwd).check).toMatchObject({ tool: hostile, checked: [{ boundsInWords: hostile }] });
  const data = /id="data">(.*?)<\/script>/s.exec(textOf(cwd, 'out', 'index.html'))?.[1];
  expect(data).toContain('alert(1)');
  expect(data).not.toContain('<');
  expect(textOf(cwd, 'out', 'index.html')).not.toContain('alert(1)</script>');
});

test('says nothing on standard output beside the JSON of --json -', async () => {
  const { cwd, out } = await reported(['check', 'tutorial', '--bounds', 'tiny', '--json', '-']);
  expect(JSON.parse(out)[0]).toMatchObject({ model: 'tutorial', verdict: 'holds' });
  expect(JSON.parse(out)[0]).not.toHaveProperty('levels');
  expect(indexOf(cwd).check?.checked).toHaveLength(1);
});
