/** `fle-check conform` as a user meets it. Without Java or ZooKeeper most of it is left out, aloud. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { directories, run } from '../../testing/command.js';
import { isNightly } from '../../testing/nightly.js';
import { missing } from '../../testing/zookeeper.js';

const directory = directories();
const conform = (...args: string[]) => run(directory(), ['conform', ...args]);
const CORPUS = join(import.meta.dirname, '../../../properties/corpus');

describe.skipIf(missing !== null)('against ZooKeeper', () => {
  test('prints the version, the steps, the transitions covered, and that nothing differs', async () => {
    const asked = isNightly ? [] : ['--steps', '2000'];
    const { code, out, err } = await conform('--seed', '2', ...asked);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^ZooKeeper \d+\.\d+\.\d+\S*, \S+\.jar\n/);
    const [, steps] = /\nat random +([\d,]+) steps in \d+ schedules \(seed 2; /.exec(out)!;
    expect(Number(steps.replaceAll(',', ''))).toBeGreaterThanOrEqual(isNightly ? 20_000 : 2_000);
    expect(out).toContain('\ntransitions  6,745 of 6,745 covered, 100 % (2 servers, ');
    expect(out).toMatch(/\nmismatches +0\n$/);
  });

  test('other rules differ, by a schedule that no step can be left out of', async () => {
    const { code, out } = await conform('--rules', 'minority-quorum');
    expect(code).toBe(1);
    expect(out).toContain('Mismatch, 3 servers, after 3 steps:');
    expect(out).toMatch(/3 +s\d handles LOOKING c1 → s\d of s\d\n\n {2}wait 1000 real, 200 model\n$/);
    expect(out).not.toContain('mismatches');
  });

  test('rules of a file are held against it too', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'rules.mjs'), 'export default { broadcastsAdopted: false };');
    const { code, out } = await run(cwd, ['conform', '--rules', './rules.mjs']);
    expect(code).toBe(1);
    expect(out).toMatch(/sent LOOKING [^;]* real, nothing model\n$/);
  });

  // By day two rule sets are told apart, above.
  test.runIf(isNightly)('each mutant of the election is told apart, or it is said why not', async () => {
    const { code, out } = await conform('--mutants');
    expect(code).toBe(0);
    expect(out).toMatch(/\n\d+ mutants: 26 told apart, 1 alike as explained, 0 missed\n$/);
    expect(out).toMatch(/ZOOKEEPER-481 +- +what a new connection sends again/);
    const docs = readFileSync(new URL('../../../docs/conformance.md', import.meta.url), 'utf8');
    const told = [...docs.matchAll(/^\| `(\S+)` +\| (\S+)/gm)].map(([, name, steps]) => `${name} ${steps}`);
    expect(told).toHaveLength(27);
    const printed = [...out.matchAll(/^ {2}(\S+) +([\d,]+|-) /gm)].map(
      ([, name, steps]) => `${name} ${steps}`,
    );
    expect(printed).toEqual(told);
  });

  test('real servers take the trace of two leaders step for step', async () => {
    const path = join(CORPUS, 'witnesses/fast-leader-election.twoLeadersAtOneClock.json');
    const { code, out } = await conform('--traces', path);
    expect(code).toBe(0);
    expect(out).toMatch(/8 +EndFinalizeWait\(s2\) +LEADING c1 +LEADING c1\n/);
    expect(out).toContain('Real servers do the same in all 9 steps.');
  });

  test('and do otherwise where the trace has other rules', async () => {
    const path = join(CORPUS, 'history/fast-leader-election.ZOOKEEPER-159.adoptedWasLeading.json');
    const { code, out } = await conform('--traces', path);
    expect(code).toBe(0);
    expect(out).toMatch(/8 +HandleNotification\(s3, s1\) +FOLLOWING c1 → s2 +LOOKING c1 → s3 +≠\n/);
    expect(out).toContain('Real servers do otherwise from step 8 on.');
  });

  test('and a trace of the model that they are compared with, to the last field', async () => {
    const path = join(CORPUS, 'witnesses/fle-faithful.clockBelowZero.json');
    const { code, out } = await conform('--traces', path);
    expect(code).toBe(0);
    expect(out).toContain('17  s3 handles LEADING c-1 → s2 of s2');
    expect(out).toContain('Real servers do the same in all 17 steps, to the last field.');
  });

  test('a server joins a leader on its own earlier answer, the real one too', async () => {
    const { code, out } = await conform(
      '--traces',
      join(CORPUS, 'scenarios/fle-faithful.ownAnswerCounts.json'),
    );
    expect(code).toBe(0);
    expect(out).toContain('20  s1 receives from s1 FOLLOWING c1 → s2');
    expect(out).toContain('Real servers do the same in all 23 steps, to the last field.');
  });

  test('Ctrl-C ends it as inconclusive', async () => {
    const { code, out, err } = await run(directory(), ['conform', '--steps', '100m'], (kill) =>
      setTimeout(() => kill('SIGINT'), 500),
    );
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/Interrupted\.\n$/);
  });

  test.each([
    [
      ['--traces', join(CORPUS, 'mutants/tutorial.minority-quorum.noMinorityLeader.json')],
      'a trace of tutorial',
    ],
    [['--rules', 'minority-qorum'], 'Did you mean minority-quorum?'],
  ])('refuses %j in one line', async (args, words) => {
    const { code, err } = await conform(...args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) });
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
  });
});

describe('traces that real servers do not take', () => {
  const MAJORITY = 'mutants/fast-leader-election.minority-quorum.noMinorityLeader.json';
  const OWN_ANSWER = 'scenarios/fle-faithful.ownAnswerCounts.json';

  /** Each is refused before Java is asked for, so none is needed here. */
  test.each([
    [
      'an argument that no action has',
      MAJORITY,
      '"args": ["s1"]',
      '"args": ["s99"]',
      'StartServer does not take (s99)',
    ],
    ['no servers', OWN_ANSWER, '"servers": 2', '"servers": 0', 'bounds that no model takes: servers'],
    [
      'a billion rounds',
      OWN_ANSWER,
      '"rounds": 2',
      '"rounds": 1000000000',
      'bounds that no model takes: rounds',
    ],
    [
      'a state that the model is not in',
      MAJORITY,
      '"logicalclock": 1',
      '"logicalclock": 0',
      'the state differs',
    ],
    [
      'an unknown rule set',
      MAJORITY,
      '"minority-quorum"',
      '"minority-qorum"',
      'Did you mean minority-quorum?',
    ],
  ])('%s', async (_, trace, now, otherwise, words) => {
    const cwd = directory();
    const text = readFileSync(join(CORPUS, trace), 'utf8');
    expect(text).toContain(now);
    writeFileSync(join(cwd, 'trace.json'), text.replace(now, otherwise));
    const { code, out, err } = await run(cwd, ['conform', '--traces', 'trace.json']);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^fle-check: [^\n]*\n$/);
    expect(err).toContain(words);
  });

  test('one of a file of rules, which is not run unless --rules names it', async () => {
    const cwd = directory();
    const text = readFileSync(join(CORPUS, OWN_ANSWER), 'utf8');
    writeFileSync(join(cwd, 'trace.json'), text.replace('"rules": "correct"', '"rules": "./rules.mjs"'));
    const leaves = "import { writeFileSync } from 'node:fs'; writeFileSync('ran', ''); ";
    writeFileSync(join(cwd, 'rules.mjs'), `${leaves}export default { hasQuorum: (n, of) => 2 * n > of };`);
    const asked = ['conform', '--traces', 'trace.json'];
    const { code, err } = await run(cwd, asked);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('name them with --rules') });
    expect(existsSync(join(cwd, 'ran'))).toBe(false);
    await run(cwd, [...asked, '--rules', './rules.mjs']);
    expect(existsSync(join(cwd, 'ran'))).toBe(true);
  });
});

describe('without what it needs', () => {
  test('says in one line what to install where there is no Java', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'java'), '#!/bin/sh\nexit 127\n');
    chmodSync(join(cwd, 'java'), 0o644);
    const { PATH, JAVA_HOME } = process.env;
    process.env.PATH = cwd;
    delete process.env.JAVA_HOME;
    try {
      const { code, err } = await run(cwd, ['conform']);
      expect(code).toBe(2);
      expect(err).toMatch(/^fle-check: [^\n]*apt-get install zookeeper[^\n]*\n$/);
    } finally {
      process.env.PATH = PATH;
      if (JAVA_HOME !== undefined) process.env.JAVA_HOME = JAVA_HOME;
    }
  });

  test('and where the directory has no ZooKeeper', async () => {
    const { code, out, err } = await conform('--zookeeper', directory());
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^fle-check: No jars in [^\n]*\n$/);
  });

  test.each([
    [['--steps', '0'], 'It takes a count'],
    [['--seed', 'x'], 'argument'],
    [['--bounds', 'huge'], 'Allowed choices are tiny, ci, nightly'],
  ])('refuses %j in one line', async (args, words) => {
    const { code, err } = await conform(...args);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) });
  });
});
