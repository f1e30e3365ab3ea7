/** `fle-check diff`, as a user runs it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { chooseRuleSet } from '../../cases/choices.js';
import { caseOfTrace } from '../../cases/trace-case.js';
import { differenceSchema } from '../../report/schemas.js';
import { directories } from '../../testing/command.js';
import { isNightly } from '../../testing/nightly.js';
import { run, runLine } from '../../testing/served.js';
import { readTrace } from '../../trace/read.js';
import { replay } from '../../trace/replay.js';
import { sentencesOf } from '../../trace/sentences.js';

const directory = directories();
/** A second thread costs more than it brings where so little is searched. */
const diff = (...args: readonly string[]) => run(directory(), ['diff', '--workers', '1', ...args]);

test('prints the shortest schedule, with what each server is under either where they differ', async () => {
  const { code, out, err } = await diff('correct', 'ZOOKEEPER-159');
  expect({ code, err }).toEqual({ code: 1, err: '' });
  // As long as the shortest trace that violates adoptedWasLeading under these rules.
  expect(out).toMatch(/^ {2}8 +s3 hears s1, FOLLOWING {2,}· +· +LOOKING c1 → s3, has$/m);
  expect(out).toMatch(/^ +under ZOOKEEPER-159 +FOLLOWING c1 → s2$/m);
  // The signs of the table are explained, and nothing is wider than it.
  expect(out).toContain('! = in outofelection, of a decided server');
  for (const line of out.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
  expect(out).toContain('They elect differently after 8 steps, and not before (breadth-first).');
});

test('finds what breaks no claim: one that proposes itself in a later round elects later', async () => {
  const { code, out } = await diff(
    ...['correct', 'ZOOKEEPER-275', 'fast-leader-election', '--rounds', '2', '--abandons', '1'],
  );
  expect(code).toBe(1);
  // Votes and rounds are told too: under these rules s1 waits on, in the same round.
  expect(out).toMatch(/^ {2}8 +s1 ends finalizeWait.* FOLLOWING c2 → s2 /m);
  expect(out).toMatch(/^ +under ZOOKEEPER-275 +LOOKING c2 → s1/m);
  expect(out).toMatch(/^ +under ZOOKEEPER-275: no +LOOKING c2 → s1, has\n +step +s2:s2$/m);
  expect(out).toContain('after 8 steps');
});

test('says what is compared, and how to keep the schedule, in lines of 80 columns', async () => {
  const cwd = directory();
  filesOfOneName(cwd);
  const rules = `./${'long-'.repeat(8)}name.mjs`;
  writeFileSync(join(cwd, rules), readFileSync(join(cwd, 'b', 'q.mjs')));
  const { out } = await run(cwd, ['diff', 'correct', rules]);
  const [head, table, closing] = out.split('\n\n');
  expect(`${head}\n${closing}`.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(head.replaceAll('\n', ' ')).toBe(
    `The rule sets correct and ${rules} are compared in fast-leader-election within these bounds: ` +
      '3 servers, 1 round, 1 slot, any start order, every assignment.',
  );
  expect(table).toContain('#  step');
  const hint =
    'Traces:  add --trace-dir <dir> to write the schedule under each rule set, to replay and to view.';
  expect(closing.replaceAll('\n', ' ')).toContain(`and not before (breadth-first). ${hint}`);
  const { out: kept } = await run(cwd, ['diff', 'correct', rules, '--trace-dir', 'kept']);
  expect(kept).not.toContain('Traces:');
  expect(kept).toMatch(/^correct takes 3 of 4 steps:\nReplay: /m);
  const { out: help } = await run(cwd, ['diff', '--help']);
  expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test('says so where both are one rule set, or one file', async () => {
  const cwd = directory();
  filesOfOneName(cwd);
  const outOf = async (a: string, b: string) => {
    const { code, out } = await run(cwd, ['diff', a, b, 'tutorial']);
    expect(code).toBe(0);
    return out;
  };
  expect(await outOf('correct', 'correct')).toMatch(
    /\nThey elect alike, .*\nBoth are one rule set, correct, which was compared with itself\.\n$/,
  );
  const one = await outOf('./b/q.mjs', 'b/../b/q.mjs');
  expect(one).toContain('\nBoth are one file of rules, ./b/q.mjs, which was compared with itself.\n');
  expect(one.match(/^Rules: /gm)).toHaveLength(1);
  // Another file with the same rules is not the same file.
  writeFileSync(join(cwd, 'copy.mjs'), readFileSync(join(cwd, 'b', 'q.mjs')));
  expect(await outOf('./b/q.mjs', './copy.mjs')).not.toContain('Both are');
});

test('tells which of them takes a step, and in which words', async () => {
  const { out } = await diff('order-ignores-zxid', 'minority-quorum');
  expect(out).toMatch(
    /^ {2}4 +\(no step\) .*\n +under minority-quorum: s2 ends +LEADING c1\n +finalizeWait, /m,
  );
  const { out: epochs } = await diff('correct', '3911', 'zab-synchronization', '--abandons', '2');
  expect(epochs).toMatch(/^ {2}3 +s2 logs nothing for NEWLEADER /m);
  expect(epochs).toMatch(/^ +under ZOOKEEPER-3911: s2 .*\n +writes currentEpoch 1 for /m);
});

const PAIRS = [
  ['correct', 'ZOOKEEPER-159'],
  ['correct', 'ZOOKEEPER-275', 'fast-leader-election', '--rounds', '2', '--abandons', '1'],
  ['word-of-leader', 'correct'],
  ['correct', 'order-ignores-zxid'],
  ['order-ignores-zxid', 'minority-quorum'],
  ['correct', 'minority-quorum', 'tutorial'],
  ['correct', 'minority-quorum', 'zab-discovery'],
  ['correct', 'ZOOKEEPER-3911', 'zab-synchronization', '--abandons', '2'],
];

// By day the first, the one in which a side takes no step, and one of another model.
test.each(PAIRS.filter((_, i) => isNightly || [0, 4, 7].includes(i)))(
  'each row is true of the trace under either: %s and %s',
  async (...args) => {
    const cwd = directory();
    const asked = ['--workers', '1', '--json', '-', '--trace-dir', 'kept'];
    const { code, out } = await run(cwd, ['diff', ...args, ...asked]);
    expect(code).toBe(1);
    const [{ model, rules, steps, traces }] = z.tuple([differenceSchema]).parse(JSON.parse(out));
    const written = readdirSync(join(cwd, 'kept')).map((name) => readTrace(join(cwd, 'kept', name)));
    expect(written).toHaveLength(2);
    for (const [side, k] of [
      ['a', 0],
      ['b', 1],
    ] as const) {
      const trace = written.find((one) => one.rules === rules[k])!;
      expect(trace).toEqual(traces?.[k]);
      const { model: built, expectations, family } = caseOfTrace(trace, '', chooseRuleSet(rules[k]));
      expect(replay(built, expectations, trace)).toBeNull();
      const told = steps!.map(({ step }) => step[side]).filter((words) => words !== null);
      expect(told).toEqual(sentencesOf(built, trace));
      // A server is after each row as it is after the last step taken.
      const states = [trace.initial.state, ...trace.steps.map(({ state }) => state)];
      let taken = 0;
      for (const { step, servers } of steps!) {
        if (step[side] !== null) taken++;
        expect(servers.map((one) => one[side])).toEqual(
          servers.map((_, i) => family.describeServer!(states[taken], i)),
        );
      }
    }
    // Each step is of one of them at least, and after the last they are not alike.
    expect(steps?.filter(({ step }) => step.a === null && step.b === null)).toEqual([]);
    expect(steps?.at(-1)?.servers.some(({ a, b }) => a !== b)).toBe(true);
    expect(model).toBe(args[2] ?? 'fast-leader-election');
  },
);

test('a pair of the same rules has as many states as one of them, and elects alike', async () => {
  const { code, out } = await diff('correct', 'correct');
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining(
      'They elect alike, completely, within these bounds (22,521 pairs of states).',
    ),
  });
});

/** A directory with `same.mjs`, which orders votes as ZooKeeper does. */
function withSameOrder(): string {
  const cwd = directory();
  writeFileSync(
    join(cwd, 'same.mjs'),
    `export default {
      totalOrderPredicate: (a, b, c, d, e, f) => c > f || (c === f && (b > e || (b === e && a > d))),
    };`,
  );
  return cwd;
}

test('compares an order of votes with that of ZooKeeper in one model, which asks both for sids', async () => {
  const cwd = withSameOrder();
  const asked = ['zab-synchronization', '--abandons', '0', '--workers', '1'];
  const alike = await run(cwd, ['diff', 'correct', './same.mjs', ...asked]);
  expect(alike).toMatchObject({ code: 0, out: expect.stringContaining('They elect alike, completely') });
  if (isNightly) expect((await run(cwd, ['diff', 'order-not-strict', 'correct', ...asked])).code).toBe(0);
  const differs = await run(cwd, ['diff', 'correct', 'order-ignores-zxid', ...asked]);
  expect(differs).toMatchObject({ code: 1, out: expect.stringContaining('They elect differently after') });
});

test('two that ask one file in one thread do not hear the answers of each other', async () => {
  const cwd = withSameOrder();
  const { code, out } = await run(cwd, [
    'diff',
    './same.mjs',
    './same.mjs',
    'zab-synchronization',
    '--workers',
    '2',
  ]);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('(222,053 pairs of states)') });
});

test('shows epochs, memory and log of synchronization where they differ, long before the roles do', async () => {
  const asked = ['correct', '3911', 'zab-synchronization', '--abandons', '2'];
  const { code, out } = await diff(...asked);
  expect(code).toBe(1);
  expect(out).toMatch(/^ {2}3 .* FOLLOWING s1 NEWLEADER 1\/3, e0/m);
  expect(out).toMatch(/^ +under ZOOKEEPER-3911: s2 +FOLLOWING s1 NEWLEADER 1\/3, e1/m);
});

test('says with which zxids the servers start, where they are not equal', async () => {
  const { out } = await diff('correct', 'order-ignores-zxid', '--zxids', '1,0,0');
  expect(out).toMatch(/^ {2}0 +\(start\) +off, zxid 0x1 +off, zxid 0x0 +off, zxid 0x0/m);
  expect((await diff('correct', 'ZOOKEEPER-159')).out).toMatch(/^ {2}0 +\(start\) {2,}off/m);
});

test('writes a trace for each rule set, which replay from where they were written', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'half.mjs'), 'export default { hasQuorum: (v, n) => 2 * v >= n - 1 };');
  const { code, out } = await run(cwd, ['diff', 'correct', './half.mjs', '--trace-dir', 'two of them']);
  expect(code).toBe(1);
  const commands = [...out.matchAll(/^(?:Replay|See it): +(npx .*)$/gm)].map(([, command]) => command);
  expect(commands).toHaveLength(4);
  for (const command of commands) expect(await runLine(cwd, command)).toMatchObject({ code: 0 });
  const [a, b] = ['a', 'b'].map((side) =>
    readTrace(join(cwd, 'two of them', `fast-leader-election.correct-vs-half.mjs.${side}.json`)),
  );
  expect([a.rules, b.rules]).toEqual(['correct', './half.mjs']);
  // The rules as they are do not admit the step that elects by half of the servers.
  expect(a.steps.length).toBeLessThan(b.steps.length);
});

test('keeps the traces of other pairs: their commands do the same after it has run again', async () => {
  const cwd = directory();
  filesOfOneName(cwd);
  const commandsOf = async (...rules: readonly string[]) => {
    const { out } = await run(cwd, ['diff', ...rules, 'tutorial', '--trace-dir', 'kept']);
    return [...out.matchAll(/^(?:Replay): +(npx .*)$/gm)].map(([, command]) => command);
  };
  const replays = (commands: readonly string[]) => Promise.all(commands.map((line) => runLine(cwd, line)));
  const commands = await commandsOf('correct', './b/q.mjs');
  const before = await replays(commands);
  expect(before).toMatchObject([{ code: 0 }, { code: 0 }]);
  mkdirSync(join(cwd, 'c'));
  writeFileSync(join(cwd, 'c', 'q.mjs'), 'export default { totalOrderPredicate: () => false };');
  for (const pair of [
    ['correct', './c/q.mjs'],
    ['minority-quorum', './c/q.mjs'],
    ['./a/q.mjs', './b/q.mjs'],
  ])
    expect(await commandsOf(...pair)).toHaveLength(2);
  expect(readdirSync(join(cwd, 'kept'))).toHaveLength(8);
  expect(await replays(commands)).toEqual(before);
});

test('writes its result as JSON of its schema, alone on standard output for -', async () => {
  const { code, out } = await diff('correct', 'ZK-159', '--json', '-');
  expect(code).toBe(1);
  const [result] = z.tuple([differenceSchema]).parse(JSON.parse(out));
  expect(result).toMatchObject({ verdict: 'different', rules: ['correct', 'ZOOKEEPER-159'], reason: null });
  expect(result.steps?.at(-1)?.servers[2]).toEqual({
    a: 'LOOKING c1 → s3, has s1:s2 s2:s2 s1:s2!',
    b: 'FOLLOWING c1 → s2',
  });
  const alike = JSON.parse((await diff('correct', 'correct', '--json', '-')).out);
  expect(differenceSchema.array().parse(alike)).toMatchObject([
    { verdict: 'alike', steps: null, traces: null },
  ]);
});

/** Two files of one name: as in ZooKeeper, and half of the servers. */
function filesOfOneName(cwd: string): void {
  for (const [folder, least] of [
    ['a', 'n + 1'],
    ['b', 'n - 1'],
  ]) {
    mkdirSync(join(cwd, folder));
    writeFileSync(join(cwd, folder, 'q.mjs'), `export default { hasQuorum: (v, n) => 2 * v >= ${least} };`);
  }
}

test('two files of one name go by as much of their paths as tells them apart', async () => {
  const cwd = directory();
  filesOfOneName(cwd);
  const { out } = await run(cwd, ['diff', './a/q.mjs', './b/q.mjs', 'tutorial']);
  expect(out).toContain('Each row has a step under a/q.mjs, and below it the difference under b/q.mjs.');
  expect(out).toMatch(/^ +under b\/q\.mjs/m);
  expect(out).toMatch(/^Rules: {2}a\/q\.mjs: .*\n(?:.*\n)?Rules: {2}b\/q\.mjs: /m);
  const { out: one } = await run(cwd, ['diff', 'correct', './b/q.mjs', 'tutorial']);
  expect(one).toContain('Each row has a step under correct, and below it the difference under q.mjs.');
});

test('accounts for the rules of each set that overrides some, as check does', async () => {
  const cwd = directory();
  const outOf = async (...args: readonly string[]) =>
    (await run(cwd, ['diff', ...args])).out.replace(/\s+/g, ' ');
  writeFileSync(join(cwd, 'same.mjs'), 'export default { hasQuorum: (v, n) => n < 2 * v };');
  const ofSame = "hasQuorum called with 8 argument lists; 0 answers unlike ZooKeeper's";
  expect(await outOf('correct', 'correct', 'tutorial')).not.toContain('Rules:');
  expect(await outOf('correct', './same.mjs', 'tutorial')).toContain(
    ` Rules: ${ofSame} The rules answered all of these as ZooKeeper does. They elect alike,`,
  );
  const both = await outOf('./same.mjs', 'minority-quorum', 'tutorial', '--json', 'both.json');
  const [{ rulesUsed }] = differenceSchema
    .array()
    .parse(JSON.parse(readFileSync(join(cwd, 'both.json'), 'utf8')));
  expect(rulesUsed).toMatchObject([[{ rule: 'hasQuorum', differing: 0 }], [{ rule: 'hasQuorum' }]]);
  const calls = rulesUsed.map(([{ calls }]) => `hasQuorum called with ${calls} argument lists`);
  expect(both).toContain(` Rules: same.mjs: ${calls[0]}; 0 answers unlike ZooKeeper's Rules: `);
  expect(both).toContain(` Rules: minority-quorum: ${calls[1]}; ${rulesUsed[1][0].differing} answers unlike`);
  expect(both).not.toContain('answered all of these');
  expect(rulesUsed[1][0].differing).toBeGreaterThan(0);
});

test('finds the same with several threads, which a large product is worth', async () => {
  const asked = ['correct', 'correct', 'zab-synchronization', '--json', '-', '--workers'];
  const [one, two] = await Promise.all(
    ['1', '2'].map(async (workers) => {
      const [{ seconds: _, ...result }] = JSON.parse((await diff(...asked, workers)).out);
      return result;
    }),
  );
  expect(two).toEqual(one);
  expect(one).toMatchObject({ verdict: 'alike' });
  expect(one.distinct).toBeGreaterThan(100_000);
});

test('compares at the bounds that both rule sets can have', async () => {
  const { code, out } = await diff('correct', 'order-ignores-zxid');
  expect({ code, out }).toEqual({
    code: 1,
    out: expect.stringContaining('epochs 1..2, zxids 0x0..0x100000000'),
  });
});

test('takes rules from a file, and tells a rule that fails', async () => {
  const cwd = directory();
  writeFileSync(join(cwd, 'half.mjs'), 'export default { hasQuorum: (v, n) => 2 * v >= n - 1 };');
  expect(await run(cwd, ['diff', 'correct', './half.mjs'])).toMatchObject({ code: 1 });
  writeFileSync(join(cwd, 'bad.mjs'), 'export default { hasQuorum: () => 1 };');
  const { code, err } = await run(cwd, ['diff', 'correct', './bad.mjs']);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('which is not a boolean') });
  // What, in which step, in which state of each.
  expect(err.trim().split('\n')).toHaveLength(4);
});

test('a limit is inconclusive', async () => {
  const { code, out } = await diff('correct', 'ZOOKEEPER-1732', '--states-max', '2k');
  expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining('Inconclusive: the limit of 2000') });
});

test.each([
  [['correct', 'minority-qorum'], 'Did you mean minority-quorum?'],
  [['correct', 'minority-quorum', 'rules'], 'nobody is elected in rules'],
  [['correct', 'minority-quorum', 'fle-faithful'], 'a server of fle-faithful has two votes'],
  [['correct', 'minority-quorum', 'tutorail'], 'Did you mean tutorial?'],
  [['correct'], "missing required argument 'other'"],
])('refuses %j in one line', async (args, message) => {
  const { code, out, err } = await diff(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err.trim().split('\n')).toHaveLength(1);
});
