/** The files of properties/public-reports, as a user runs them: they get what the README there says. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { correct } from '../../models/rules.js';
import { differenceSchema, resultSchema } from '../report/schemas.js';
import { directories } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';
import { run, runLine } from '../testing/served.js';

const directory = directories();
const CASES = fileURLToPath(new URL('../../properties/public-reports/', import.meta.url));
const pathOf = (file: string) => join(CASES, file);
/** A second thread costs more than it brings where so little is searched. */
const QUICKLY = ['--workers', '1', '--json', '-'];
const check = (file: string, ...args: readonly string[]) =>
  run(directory(), ['check', ...args, '--workers', '1', '--rules', pathOf(file)]);

/** File, command and what it gets, of each row of the table; a row without a file is about the one above. */
const rows: (readonly [file: string, command: string, gets: string])[] = [];
for (const line of readFileSync(pathOf('README.md'), 'utf8').split('\n')) {
  if (!/^\| (`|\|)/.test(line)) continue;
  const [, file, , command, gets] = line.split('|').map((cell) => cell.trim().replaceAll('`', ''));
  rows.push([file || rows.at(-1)![0], command, gets]);
}

/** The command, its model, and how it ends: `check tutorial violates`. */
function kindOf([, command, gets]: (typeof rows)[number]): string {
  const [outcome] = /^(holds|refused|differs)/.exec(gets) ?? ['violates'];
  return [...command.split(' ').slice(0, 2), outcome].join(' ');
}
/** By day the first row of each kind; the nightly run has all. */
const daily = rows.filter((row) => rows.find((other) => kindOf(other) === kindOf(row)) === row);

test('the table has every file', () => {
  const files = readdirSync(CASES).filter((name) => name !== 'README.md');
  expect([...new Set(rows.map(([file]) => file))].sort()).toEqual(files);
});

test.each([...new Set(rows.map(([file]) => file))])('%s exports rules, by their names', async (file) => {
  const { default: exported } = await import(pathOf(file));
  expect(Object.keys(exported).length).toBeGreaterThan(0);
  expect(Object.keys(correct)).toEqual(expect.arrayContaining(Object.keys(exported)));
});

/** What `check` says of a result, in the words of the table. */
function inWords({ verdict, violation, reason }: ReturnType<typeof resultSchema.parse>): string {
  if (verdict === 'holds') return verdict;
  const [, steps] = /is violated, after (\d+ steps?)$/.exec(reason ?? '') ?? [];
  return violation === null ? `${reason}` : `${violation.claim}, ${steps}`;
}

describe.concurrent('every row of the table', () => {
  test.each(isNightly ? rows : daily)('%s, %s: %s', async (file, command, gets) => {
    const [verb, ...args] = command.split(' ');
    const rules = verb === 'diff' ? [] : ['--rules', pathOf(file)];
    const pair = verb === 'diff' ? ['correct', pathOf(file)] : [];
    const { code, out, err } = await run(directory(), [verb, ...pair, ...args, ...rules, ...QUICKLY]);
    const [kind, why] = gets.split(': ');
    if (kind === 'refused') {
      expect({ code, out, err }).toEqual({ code: 2, out: '', err: `fle-check: ${why}\n` });
    } else if (verb === 'diff') {
      const [{ verdict, steps }] = differenceSchema.array().parse(JSON.parse(out));
      expect({ code, verdict, steps: `differs, ${steps?.length} steps` }).toEqual({
        code: 1,
        verdict: 'different',
        steps: kind,
      });
    } else {
      const [result] = resultSchema.array().parse(JSON.parse(out));
      expect(inWords(result)).toContain(kind);
      expect(code).toBe(kind === 'holds' ? 0 : 1);
    }
  });
});

test('the server that somebody prefers who counts from zero is s2, and not s3', async () => {
  const { out } = await check('preferred-leader-zero-based.ts', 'tutorial', '--bounds', 'tiny');
  expect(out).toMatch(/^ {2}✗ {2}s2 is elected, though s3 ranks above s2 by its sid and is up\.$/m);
});

test('what check prints of a fork fits a terminal, commands aside', async () => {
  const { out } = await check('preferred-leader.ts', 'fast-leader-election');
  const told = out.replace(/\s+/g, ' ');
  expect(told).toContain('so every assignment of epochs and zxids is an initial state');
  const lines = out.replaceAll(CASES, '').split('\n');
  const wide = lines.filter((line) => [...line].length > 100 && !/^(Replay|See it):/.test(line));
  expect(wide).toEqual([]);
});

/** Each command that asks for the better of two votes, its number of servers, and zxids as epoch.counter. */
const ORDERING: readonly (readonly [args: string, servers: number, zxids: readonly string[]])[] = [
  ['rules', 3, ['0', '1.0']],
  ['tutorial', 3, ['0', '1.0', '1.1']],
  ['fast-leader-election', 3, ['0', '1.0']],
  ['fle-faithful', 2, ['0', '1.0']],
  ['zab-discovery --election fle', 3, ['0']],
  ['zab-synchronization --txns 2 --crashes 0 --abandons 2', 3, ['0', '1.1', '1.2', '2.1', '2.2']],
];

/** By day one model of each kind: of the order alone, of the election, of the histories above it. */
const DAILY = ['rules', 'fast-leader-election', ORDERING.at(-1)![0]];

describe.each(ORDERING.filter(([args]) => isNightly || DAILY.includes(args)))(
  'check %s',
  (command, servers, zxids) => {
    const args = [
      ...command.split(' '),
      '--bounds',
      'tiny',
      '--states-max',
      isNightly ? '300k' : '30k',
      ...QUICKLY,
    ];
    const linesOf = async (file: string) => (await check(file, ...args)).err.trim().split('\n').sort();

    test('gives sids from 1 on to the rules', async () => {
      const sids = (await linesOf('print-sids.mjs')).flatMap((line) => line.match(/\d+/g) ?? []);
      expect([...new Set(sids)].sort()).toEqual(Array.from({ length: servers }, (_, i) => String(i + 1)));
    });

    test('gives zxids of ZooKeeper to the rules: a counter begins anew with its epoch', async () => {
      const printed = (await linesOf('print-zxids.mjs')).map((line) => Number(line.replace('zxid ', '')));
      const zxid = (words: string) =>
        words.split('.').reduce((epoch, counter) => epoch * 2 ** 32 + Number(counter), 0);
      expect(printed.sort((a, b) => a - b)).toEqual(zxids.map(zxid));
    });
  },
);

test('a trace shows why a log that is written too late loses a transaction', async () => {
  const asked = ['--bounds', 'tiny', '--claims', 'leaderCompleteness'];
  const { out } = await check('late-log-writer.ts', 'zab-synchronization', ...asked);
  const words = out.replace(/\s+/g, ' ');
  expect(words).toContain('18 s3 commits t1 · · FOLLOWING s1 serves, e1 {}+{t1}/{t1}');
  expect(words).toContain('20 s3 gives up s1, which · · LOOKING, e1 has closed the {}~{t1}/{t1}');
  expect(words).toContain('~{t1} = a log of before has yet to write it');
  expect(words).toContain('✗ t1 of epoch 1 was committed, and was not in the history {} of s3');
});

// By day the trace above: this one takes a search of 33 steps.
test.runIf(isNightly)('a trace shows why a memory that is ahead of the log leaves a hole in it', async () => {
  const { out } = await check('disk-error.ts', 'zab-synchronization', '--claims', 'committedPrefixAgrees');
  const words = out.replace(/\s+/g, ' ');
  expect(words).toContain('19 s3 fails to log t1, ');
  expect(words).toContain('20 s3 gives up s1, for · · LOOKING, e1 {}/{t1} its own log has failed');
  expect(words).toContain('24 s3 logs t2 for ');
  expect(words).toContain('e1 {t2}/{t1 t2}');
  expect(words).toContain('{t1}/{} = log/memory');
  expect(words).toContain('✗ s1 serves with {t1 t2} in memory, and s3 serves with {t2} in memory:');
});

test('a trace tells in which step a server comes to lose its acceptedEpoch', async () => {
  const { out } = await check('wiped-epoch.ts', 'zab-discovery');
  const words = out.replace(/\s+/g, ' ');
  // A cell of the table goes on below its first line.
  expect(words).toMatch(/ 5 s1 crashes: its next .* start finds acceptedEpoch .* 0 /);
  expect(words).toContain('✗ The acceptedEpoch of s1 falls from 1 to 0.');
});

/** By day the last, whose search is the smaller. */
const COMPARED: readonly (readonly [file: string, bounds: readonly string[]])[] = [
  ['tla-vote-equal.ts', ['--rounds', '2', '--abandons', '1']],
  ['word-of-leader.ts', []],
];

describe.each(isNightly ? COMPARED : COMPARED.slice(-1))('diff correct %s', (file, bounds) => {
  test('keeps its schedule under both rule sets, to be replayed and viewed', async () => {
    const cwd = directory();
    const { out } = await run(cwd, ['diff', 'correct', pathOf(file), ...bounds, '--trace-dir', 'kept']);
    const commands = [...out.matchAll(/^(?:Replay|See it): +(npx .*)$/gm)].map(([, command]) => command);
    expect(commands).toHaveLength(4);
    for (const command of commands) expect(await runLine(cwd, command)).toMatchObject({ code: 0 });
  });
});

test('the rule set word-of-leader follows a leader on its own word, and violates nothing', async () => {
  const args = ['fast-leader-election', '--bounds', 'tiny', '--rules', 'word-of-leader'];
  const { code, out } = await run(directory(), ['check', ...args]);
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining('joinsLeaderOfThisRound was read, and differs'),
  });
});

describe('rule sets that ship', () => {
  test.each(['tutorial', 'zab-synchronization'])('%s does not use those of ZOOKEEPER-1291', async (model) => {
    const { code, err } = await run(directory(), ['check', model, '--rules', 'ZOOKEEPER-1291']);
    const why = `${model} does not use leaderAcceptsEpoch; zab-discovery does`;
    expect({ code, err }).toEqual({ code: 2, err: `fle-check: ${why}\n` });
  });

  test('an issue that is not modelled is told so, and not taken for a misspelt one', async () => {
    const { code, err } = await run(directory(), ['check', 'tutorial', '--rules', 'ZOOKEEPER-596']);
    const why = 'ZOOKEEPER-596 is not modelled; docs/history.md lists the issues that are';
    expect({ code, err }).toEqual({ code: 2, err: `fle-check: ${why}\n` });
  });

  test('an issue is found by its number', async () => {
    const args = ['fast-leader-election', '--bounds', 'tiny', '--rules', '159'];
    const { code, out } = await run(directory(), ['check', ...args]);
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringContaining('with rules `ZOOKEEPER-159` violates'),
    });
  });
});

test('zxids are taken in decimal and in hex, and what they exclude has its reason', async () => {
  const args = ['check', 'fast-leader-election', '--bounds', 'tiny', '--zxids', '1000000,0,0x0'];
  const { code, out } = await run(directory(), args);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('zxids 0xf4240,0x0,0x0') });
  expect(out.replace(/\s+/g, ' ')).toContain('s2Leads (only 1 of 3 servers ranks at or below s2)');
  expect(out).not.toContain('(s)');
});
