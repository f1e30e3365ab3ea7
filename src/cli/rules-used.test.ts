/** A verdict is about the rules that were given, or it says that it is not. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resultSchema } from '../report/schemas.js';
import { directories } from '../testing/command.js';
import { run } from '../testing/served.js';
import { refutationOf } from '../vitest.js';

const directory = directories();
const TINY = ['--bounds', 'tiny'];

/** The command with a file of these rules; what it prints without its line breaks. */
async function withRules(rules: string, ...args: readonly string[]) {
  const cwd = directory();
  writeFileSync(join(cwd, 'mine.mjs'), `export default { ${rules} };`);
  const { code, out, err } = await run(cwd, [
    ...args,
    ...(args[0] === 'diff' ? [] : ['--rules', './mine.mjs']),
  ]);
  return { code, err, out: out.replace(/\s+/g, ' ') };
}

describe('rules that a model does not use are refused, with the models that do', () => {
  const THAT_DOES = 'tutorial does not use leaderAcceptsEpoch; zab-discovery does';
  test.each<[string, readonly string[]]>([
    ['check', ['check', 'tutorial', '--rules', 'ZOOKEEPER-1291']],
    ['explore', ['explore', 'tutorial', '--rules', 'ZOOKEEPER-1291']],
    ['diff', ['diff', 'correct', 'ZOOKEEPER-1291', 'tutorial']],
  ])('by %s', async (_command, args) => {
    const { code, out, err } = await run(directory(), args);
    expect({ code, out, err }).toEqual({ code: 2, out: '', err: `fle-check: ${THAT_DOES}\n` });
  });

  test.each([
    [
      'truncates: false, acksDiffWhenLogged: true',
      'zab-discovery',
      'zab-discovery uses none of truncates and acksDiffWhenLogged; zab-synchronization does',
    ],
    [
      'updatesElectionVote: false',
      'zab-discovery',
      'zab-discovery uses updatesElectionVote only with --election fle',
    ],
    [
      'updatesElectionVote: false',
      'tutorial',
      'tutorial does not use updatesElectionVote; zab-discovery with --election fle does',
    ],
    ['putsBack: false', 'tutorial', 'does not use putsBack; fast-leader-election, fle-faithful and zab-disc'],
  ])('{ %s } in %s', async (rules, model, words) => {
    const { code, err } = await withRules(rules, 'check', model);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(words) });
  });

  test('by electionProperty', () => {
    expect(() => refutationOf({ rules: { truncates: false } })).toThrow(
      'fast-leader-election does not use truncates; zab-synchronization does',
    );
  });

  test('check of all models runs those that do, and names the others', async () => {
    const { code, out } = await withRules('truncates: true', 'check', ...TINY, '--json', 'out.json');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining(' zab-synchronization ') });
    expect(out).toContain('Not run, because they use none of these rules: rules, tutorial, fast-leader-el');
  });
});

describe('a rule that is never called makes a verdict inconclusive', () => {
  const RESENDS = 'resendsLastMessage: false';
  const NEVER = 'resendsLastMessage was never read within these bounds: try --disconnects 1';

  test('of check, and tells the bound that would call it', async () => {
    const { code, out } = await withRules(RESENDS, 'check', 'fast-leader-election', ...TINY);
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining(`is inconclusive: ${NEVER}.`) });
  });

  test('so does a constant whose values do the same there', async () => {
    const rules = 'comparesRoundsOutOfElection: true';
    const { code, out } = await withRules(rules, 'check', 'fast-leader-election', ...TINY);
    const why = 'comparesRoundsOutOfElection can make no difference within these bounds: try --rounds 2.';
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining(why) });
  });

  test('of diff', async () => {
    const { code, out } = await withRules(RESENDS, 'diff', 'correct', './mine.mjs');
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining(`Inconclusive: ${NEVER}`) });
  });

  test('of explore', async () => {
    const args = ['explore', 'fast-leader-election', '--disconnects', '0', '--runs', '2', '--no-failures'];
    const { code, out } = await withRules(RESENDS, ...args);
    expect({ code, out }).toEqual({ code: 3, out: expect.stringContaining(NEVER) });
  });

  test('of electionProperty', () => {
    expect(refutationOf({ rules: { resendsLastMessage: false } })).toBe(NEVER);
  });

  test('but a violated one stays', async () => {
    const rules = 'hasQuorum: () => true, resendsLastMessage: false';
    const { code, out } = await withRules(rules, 'check', 'fast-leader-election', ...TINY);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('resendsLastMessage was never') });
  });
});

test('what holds under rules that made no difference says so', async () => {
  const same = 'hasQuorum: (votes, servers) => servers < votes * 2';
  const { code, out } = await withRules(same, 'check', 'tutorial', ...TINY);
  expect(code).toBe(0);
  expect(out).toContain(
    "Rules: hasQuorum called with 8 argument lists; 0 answers unlike ZooKeeper's " +
      "The rules answered all of these as ZooKeeper does, so the verdict is about ZooKeeper's rules. " +
      'tutorial holds, completely, within these bounds.',
  );
});

test('the JSON has each rule with its calls, and how many differ', async () => {
  const wrong = 'hasQuorum: (votes, servers) => votes * 2 >= servers - 1';
  const { code, out } = await withRules(wrong, 'check', 'tutorial', ...TINY, '--json', '-');
  const { rulesUsed } = resultSchema.parse(JSON.parse(out)[0]);
  expect({ code, rulesUsed }).toEqual({
    code: 1,
    rulesUsed: [{ rule: 'hasQuorum', constant: false, calls: 3, differing: 3, all: true }],
  });
});

describe('rules of electionProperty are held to the same', () => {
  let calls = 0;
  test.each([
    ['a value of another kind', { hasQuorum: () => 'yes' }, 'returned "yes", which is not a boolean'],
    ['another answer later', { hasQuorum: () => calls++ % 2 === 0 }, 'when asked again'],
    [
      'what is thrown',
      {
        checkLeader: () => {
          throw new Error('boom');
        },
      },
      'threw boom',
    ],
    ['a constant for a function', { hasQuorum: true }, 'must be a function that returns a boolean, not true'],
  ])('%s', (_what, rules, words) => {
    expect(() => refutationOf({ rules: rules as object })).toThrow(words);
  });
});
