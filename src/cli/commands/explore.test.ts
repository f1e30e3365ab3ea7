/** `fle-check explore` as a user runs it: the compiled program in a process of its own. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { explorationSchema } from '../../report/schemas.js';
import { DIST, directories, type Finished, run } from '../../testing/command.js';
import { isNightly } from '../../testing/nightly.js';
import { run as serve } from '../../testing/served.js';

const freshDirectory = directories();
const explore = (...args: string[]) => serve(freshDirectory(), ['explore', ...args]);
const withoutSeconds = (text: string) => text.replace(/ in \d+\.\d s;/, '').replace(/"seconds": [\d.]+/, '');
/** Without where the failure is kept: the command that repeats the runs keeps none. */
const withoutKept = (text: string) => text.replace(/\nKept: {4}\S+: the next run replays it first\./, '');
/** The arguments of the command that a run prints as its repetition. */
const repeatOf = ({ out }: Finished) => /\nRepeat: npx fle-check (.*)\n/.exec(out)![1].split(' ');
const resultIn = (text: string) => z.tuple([explorationSchema]).parse(JSON.parse(text))[0];

const VIOLATED = ['fast-leader-election', '--rules', 'minority-quorum'];
/** Far more runs than can be made while a test waits. */
const ENDLESS = ['explore', 'fast-leader-election', '--runs', '100m'];

test('exits 0 if no run violates a claim, with figures, bounds and the command that repeats it', async () => {
  const { code, out, err } = await explore('tutorial', '--runs', '8', '--seed', '-7');
  expect([code, err]).toEqual([0, '']);
  expect(out).toMatch(/\ntutorial {2}passed\n {2}8 runs, [\d,]+ walks, [\d,]+ steps in /);
  expect(out).toMatch(/\n {2}each run at one of these bounds, drawn by the seed:\n {4}\d servers/);
  expect(out).toContain('\nRepeat: npx fle-check explore tutorial --seed -7 --runs 8\n');
});

test('all models that have steps are explored without an argument, each repeated by options it takes', async () => {
  const all = await explore('--runs', '2', '--slots', '2', '--bounds', 'tiny');
  expect(all.out).toContain('Repeat: npx fle-check explore tutorial --bounds tiny --seed 1 --runs 2\n');
  const own = 'fast-leader-election --bounds tiny --slots 2 --seed 1 --runs 2\n';
  expect(all.out).toContain(`Repeat: npx fle-check explore ${own}`);
  expect(all.code).toBe(0);
});

test('the same seed gives the same output, seconds aside; another seed other walks', async () => {
  const asked = ['fast-leader-election', '--runs', '2', '--seed'];
  const [first, second, other] = await Promise.all(['5', '5', '6'].map((seed) => explore(...asked, seed)));
  expect(withoutSeconds(second.out)).toBe(withoutSeconds(first.out));
  expect(withoutSeconds(other.out)).not.toBe(withoutSeconds(first.out).replaceAll('--seed 5', '--seed 6'));
});

test('exits 1 if a claim is violated; leaves a trace that replays; the command printed repeats it', async () => {
  const cwd = freshDirectory();
  const found = await serve(cwd, ['explore', ...VIOLATED]);
  expect([found.code, found.err]).toEqual([1, '']);
  expect(found.out).toMatch(/violates (\w+):\n/);
  expect(found.out).toMatch(/\nShortest: \d+ steps? \(breadth-first at its bounds\)\.\n/);
  const shrunk = / Found at random after \d+ steps?, shrunk to \d+, shortest \d+, with (.*?)\. /.exec(
    found.out.replaceAll('\n', ' '),
  );
  expect(shrunk?.[1]).toMatch(/^\d+ switch(es)? between servers, the fewest$/);
  const [trace] = readdirSync(join(cwd, 'fle-check-traces'));
  expect(found.out).toContain(`npx fle-check replay fle-check-traces/${trace}`);
  const replayed = await serve(cwd, ['replay', join('fle-check-traces', trace)]);
  expect(replayed).toMatchObject({ code: 0, err: '' });
  expect(replayed.out).toMatch(/Replays: \d+ steps?, every state as in the file; it shows \w+ violated\./);
  const repeated = await serve(cwd, repeatOf(found));
  expect(withoutSeconds(repeated.out)).toBe(withoutKept(withoutSeconds(found.out)));
  expect(withoutKept(found.out)).not.toBe(found.out);
});

// It takes a search to its limit of states; src/random/shortest.test.ts has what is proved, and what is not.
test.runIf(isNightly)('a violation whose length is not proved shortest is not called shortest', async () => {
  const claim = ['--claims', 'adoptedWasLeading', '--seed', '3'];
  const mutant = ['--rules', 'ZOOKEEPER-159', '--servers', '7', '--json', 'r.json'];
  const cwd = freshDirectory();
  const { code, out } = await serve(cwd, ['explore', 'fast-leader-election', ...mutant, ...claim]);
  expect(code).toBe(1);
  expect(out).toMatch(/\nFound: \d+ steps \(shrunk from a random run; a shorter trace may exist\)\.\n/);
  expect(out).not.toContain('Shortest');
  const { violation } = resultIn(readFileSync(join(cwd, 'r.json'), 'utf8'));
  expect(violation).toMatchObject({ claim: 'adoptedWasLeading', lengths: { shortest: null } });
});

test('--json - prints one object for one model, and nothing else; all it says is declared', async () => {
  const { code, out } = await explore(...VIOLATED, '--servers', '3', '--json', '-');
  const result = resultIn(out);
  expect(code).toBe(1);
  expect([result]).toEqual(JSON.parse(out));
  expect(result).toMatchObject({ model: 'fast-leader-election', asked: { servers: 3 }, verdict: 'violated' });
  expect(result.bounds.map(({ servers }) => servers)).toEqual(result.bounds.map(() => 3));
  const { claim, lengths, trace, bounds } = result.violation!;
  expect(trace).toMatchObject({ claim, bounds });
  expect(trace.steps).toHaveLength(lengths.shortest!);
});

test('--json FILE writes an array for several models; --claims leaves out those without the claim', async () => {
  const cwd = freshDirectory();
  const claims = ['--claims', 'oneLeaderAtATime', '--runs', '2', '--slots', '2', '--json', 'all.json'];
  const { code } = await serve(cwd, ['explore', ...claims]);
  const results = z.array(explorationSchema).parse(JSON.parse(readFileSync(join(cwd, 'all.json'), 'utf8')));
  expect(results.map((one) => [one.model, one.claims])).toEqual([['tutorial', ['oneLeaderAtATime']]]);
  expect(results[0].asked).toEqual({});
  expect(code).toBe(0);
  expect(readdirSync(cwd)).toEqual(['all.json']);
});

test('the package carries the JSON Schema, which accepts a real result and no field besides', async () => {
  const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(DIST, 'exploration.schema.json'), 'utf8')));
  const [result] = JSON.parse((await explore('tutorial', '--runs', '1', '--json', '-')).out);
  expect(schema.safeParse([result]).error).toBeUndefined();
  expect(schema.safeParse([{ ...result, more: 1 }]).success).toBe(false);
});

test.each([
  [['tutoral'], 'Did you mean tutorial?'],
  [['tutorial', '--claims', 'noMinorityLeadr'], 'Did you mean noMinorityLeader?'],
  [['tutorial', '--claims', 'tutorialScenario'], '--claims names only scenarios'],
  [['--rules', 'minority-qorum'], 'Did you mean minority-quorum?'],
  [['rules'], 'rules has no steps to explore at random; try fle-check check rules'],
  [['tutorial', '--slots', '2'], 'tutorial does not take --slots'],
  [['tutorial', '--servers', '99'], '--servers takes 1 to 7 for tutorial, not 99'],
  [['tutorial', '--seed', 'x'], 'It takes a whole number'],
  [['tutorial', '--runs', '0'], 'It takes a count'],
  [['tutorial', '--json', 'no/such/file.json'], 'cannot write no/such/file.json: no such file'],
])('exits 2 with one line for %j', async (args, words) => {
  const { code, out, err } = await explore(...args);
  expect(err).toMatch(/^fle-check: [^\n]*\n$/);
  expect(err).toContain(words);
  expect([code, out]).toEqual([2, '']);
});

test('a trace directory that cannot be made costs the trace, not the verdict', async () => {
  const cwd = freshDirectory();
  writeFileSync(join(cwd, 'file'), '');
  const { code, out, err } = await serve(cwd, ['explore', ...VIOLATED, '--trace-dir', 'file/traces']);
  expect(out).toMatch(/violates \w+:/);
  expect(err).toMatch(/^fle-check: cannot write file\/traces: [^\n]*\n$/);
  expect(code).toBe(2);
});

test('exits 3 if the time ends before the runs asked for; alone, time is a budget', async () => {
  const limited = await serve(freshDirectory(), [...ENDLESS, '--time', '1ms']);
  expect(limited.out).toContain('inconclusive: the time limit of 0.001 s was reached');
  expect(limited.code).toBe(3);
  const budget = await explore('fast-leader-election', '--time', '1ms');
  expect(budget.out).toMatch(/passed\n {2}\d+ runs?, /);
  expect(budget.code).toBe(0);
});

test('Ctrl-C ends an exploration as inconclusive, with all figures so far', async () => {
  const cwd = freshDirectory();
  const { code, out, err } = await run(cwd, [...ENDLESS, '--json', 'r.json'], (kill) => kill('SIGINT'));
  expect([code, err]).toEqual([3, '']);
  expect(out).toMatch(/inconclusive: interrupted\n {2}\d+ runs?, /);
  const result = resultIn(readFileSync(join(cwd, 'r.json'), 'utf8'));
  expect(result).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted' });
  expect(result.steps).toBeGreaterThan(1000);
});

test('Ctrl-C leaves the remaining models as not run', async () => {
  const { code, out } = await run(freshDirectory(), ['explore', '--runs', '100m'], (kill) => kill('SIGINT'));
  expect(code).toBe(3);
  expect(out).toMatch(/\ntutorial {2}inconclusive: interrupted\n/);
  expect(out).toMatch(/\nfast-leader-election {2}inconclusive: interrupted before its turn\n/);
  expect(out).toMatch(/\nzab-discovery {2}inconclusive: interrupted before its turn\n/);
  expect(out).toMatch(/\nzab-synchronization {2}inconclusive: interrupted before its turn\n\n$/);
});

test('--help says what is drawn, shows an example and lists the exit codes', async () => {
  const { code, out } = await explore('--help');
  expect(code).toBe(0);
  expect(out).toMatch(/\n {2}--servers +3, 4, 5, 6, 7\n/);
  expect(out).toMatch(/Examples:\n {2}fle-check explore /);
  expect(out).toContain('Exit codes: 0 passed, 1 violated, 2 bad usage or input, 3 inconclusive');
});
