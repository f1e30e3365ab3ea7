/** `--claims-file`, as a user runs it. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadClaims } from '../claims-file/index.js';
import { resultSchema } from '../report/schemas.js';
import { directories, run } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';

const directory = directories();
const EXAMPLE = fileURLToPath(new URL('../../docs/examples/my-claims.ts', import.meta.url));
const TINY = ['--bounds', 'tiny'];

/** A file with one claim on the election, some of its members replaced, and what stands before it. */
function claims(members = '', before = ''): string {
  const cwd = directory();
  const claim = `{
    name: 'mine', says: 'At most one server leads.', source: 'mine', witness: 'leaderElected',
    holds: ({ server }) => server.filter(({ state }) => state === LEADING).length < 2,
    explain: () => 'Two lead.',
    ${members}
  }`;
  writeFileSync(
    join(cwd, 'mine.mjs'),
    `import { always, everyStep, LEADING, sometimes } from 'fle-check/claims';
    ${before}
    export default { 'fast-leader-election': [always(${claim})] };`,
  );
  return cwd;
}

/** A second thread costs more than it brings where so little is searched. */
const FAST = ['check', 'fast-leader-election', ...TINY, '--workers', '1'];
const check = (cwd: string, ...args: readonly string[]) =>
  run(cwd, [...FAST, '--claims-file', './mine.mjs', ...args]);

describe('a claim of a file', () => {
  test('is checked beside those that ship, and its trace replays from there', async () => {
    const cwd = claims();
    const { code, out } = await check(cwd, '--json', 'result.json');
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('✗  Two lead.') });
    const [{ claims: checked, violation }] = JSON.parse(readFileSync(join(cwd, 'result.json'), 'utf8'));
    expect(checked).toEqual(expect.arrayContaining(['mine', 'noMinorityLeader']));
    expect(violation).toMatchObject({ claim: 'mine', explanation: 'Two lead.' });
    expect(violation.trace.steps).toHaveLength(9);
    const [trace] = readdirSync(join(cwd, 'fle-check-traces'));
    const path = join('fle-check-traces', trace);
    const named = await run(cwd, ['replay', path, '--claims-file', './mine.mjs']);
    expect(named).toMatchObject({ code: 0, out: expect.stringContaining('it shows mine violated') });
    const unnamed = await run(cwd, ['replay', path]);
    expect(unnamed).toMatchObject({ code: 1, err: expect.stringContaining('with --claims-file') });
    const printed = out.split('\n').find((line) => line.startsWith('Replay:'));
    expect(printed).toContain(`${path} --claims-file ./mine.mjs`);
  });

  test('needs no source, and its trace replays from there', async () => {
    const cwd = claims('source: undefined,');
    const { code, out } = await check(cwd);
    expect({ code, out }).toEqual({
      code: 1,
      out: expect.stringMatching(/violates mine:\n {2}At most one server leads\.\n\n/),
    });
    const path = join('fle-check-traces', readdirSync(join(cwd, 'fle-check-traces'))[0]);
    expect(JSON.parse(readFileSync(join(cwd, path), 'utf8')).source).toBe('');
    const replayed = await run(cwd, ['replay', path, '--claims-file', './mine.mjs']);
    expect(replayed).toMatchObject({ code: 0, out: expect.stringContaining('it shows mine violated') });
  });

  test('holds, and does not depend on the number of workers', async () => {
    const cwd = claims('holds: ({ server }) => server.length === 3,');
    const found = await Promise.all(
      ['1', '2'].map(async (workers) => {
        const { code, out } = await check(
          cwd,
          '--crashes',
          isNightly ? '1' : '0',
          '--workers',
          workers,
          '--json',
          '-',
        );
        const [{ verdict, distinct, generated }] = JSON.parse(out).map(resultSchema.parse);
        return { code, verdict, distinct, generated };
      }),
    );
    expect(found[0]).toMatchObject({ code: 0, verdict: 'holds' });
    expect(found[1]).toEqual(found[0]);
  });

  test('on steps that these bounds leave out is inconclusive, since it was never asked', async () => {
    const cwd = claims("kind: 'step', on: ['CrashServer'], holds: () => false,");
    const two = ['--servers', '2', '--crashes'];
    const { code, out } = await check(cwd, ...two, '0', '--json', 'result.json');
    const reason = 'claim mine was never asked: CrashServer is never taken within these bounds';
    expect({ code, out: out.replace(/\s+/g, ' ') }).toEqual({
      code: 3,
      out: expect.stringContaining(reason),
    });
    const [result] = JSON.parse(readFileSync(join(cwd, 'result.json'), 'utf8'));
    expect(result).toMatchObject({ verdict: 'inconclusive', reason });
    expect((await check(cwd, ...two, '1', '--claims', 'mine')).code).toBe(1);
    expect((await check(cwd, ...two, '0', '--claims', 'noMinorityLeader')).code).toBe(0);
    const args = ['explore', 'fast-leader-election', '--servers', '3', '--crashes', '0', '--runs', '9'];
    const explored = await run(cwd, [...args, '--claims-file', './mine.mjs']);
    expect(explored.code).toBe(3);
    const told = explored.out.replace(/\s+/g, ' ');
    expect(told).toContain('claim mine was never asked: CrashServer is never taken in these runs');
    expect(told).toContain('--crashes 0 --claims-file ./mine.mjs --seed 1');
  });

  test('whose witness these bounds exclude is inconclusive, since it may pass vacuously', async () => {
    const { code, out } = await check(claims("witness: 's1Leads', holds: () => true,"), '--crashes', '0');
    const reason = 'witness s1Leads cannot be reached within these bounds, so mine may pass vacuously';
    expect({ code, out: out.replace(/\s+/g, ' ') }).toEqual({
      code: 3,
      out: expect.stringContaining(reason),
    });
  });

  test('explains itself in one line of plain text', async () => {
    const cwd = claims("explain: () => 'Two\\n\\u001b[31mlead.',");
    expect((await check(cwd)).out).toContain('✗  Two lead.\n');
  });

  test('is explored at random too', async () => {
    const cwd = claims();
    const args = ['explore', 'fast-leader-election', '--servers', '3', '--claims', 'mine', '--runs', '200'];
    const { code, out } = await run(cwd, [...args, '--claims-file', './mine.mjs']);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringContaining('violates mine') });
  });

  test('is told that servers start with equal data, since one ranking does not stand for all', async () => {
    const { out } = await check(claims());
    expect(out).toContain('claims of your own may look at sids and data');
    expect(out).toContain('zxids 0x0,0x0,0x0');
  });

  test('sees every server under its own name, where the shipped claims need not', async () => {
    const cwd = directory();
    copyFileSync(EXAMPLE, join(cwd, 'mine.ts'));
    const states = async (...args: readonly string[]) => {
      const { out } = await run(cwd, [
        'check',
        'zab-synchronization',
        ...TINY,
        '--abandons',
        '0',
        '--json',
        '-',
        ...args,
      ]);
      return JSON.parse(out)[0].distinct;
    };
    const [without, together] = [await states(), await states('--claims-file', './mine.ts')];
    // All but states in which two servers are alike have six names.
    expect(together).toBeGreaterThan(5 * without);
    expect(together).toBeLessThanOrEqual(6 * without);
  });
});

/** A pattern of this text alone. */
const literally = (text: string): string => text.replace(/[()[\].]/g, '\\$&');

describe('what is no claim is refused in one line', () => {
  const NO_CLAIMS: readonly (readonly [what: string, text: string, says: string])[] = [
    ['a rule set', 'export default { hasQuorum: () => true };', 'what it exports for hasQuorum is no list'],
    [
      'another model',
      "export default { 'fast-leader-election5': [] };",
      'Did you mean fast-leader-election?',
    ],
    ['nothing', 'export const mine = 1;', 'has no default export'],
    ['what throws', "throw new Error('boom\\n\\u001b[32mholds');", 'cannot load ./mine.mjs: boom'],
    [
      'claims for a model that is not asked for',
      'export default { tutorial: [] };',
      'has no claims for fast-leader-election',
    ],
    [
      'what changes a built-in object',
      "Array.prototype.map = () => []; export default { 'fast-leader-election': [] };",
      'the claims of ./mine.mjs change Array.prototype.map, which is not theirs alone',
    ],
    [
      'what makes a promise that is rejected',
      "Promise.reject(new Error('later')); export default { 'fast-leader-election': [] };",
      'a promise was rejected with "later", which nothing handles, once ./mine.mjs was loaded',
    ],
    ['no claim', 'export default { tutorial: [{ holds: () => true }] };', 'is no claim: make it with always'],
  ];

  // These are found when the file is loaded, and none does anything to the process that loads it.
  test.each(
    NO_CLAIMS.filter(([what]) => ['a rule set', 'nothing', 'what throws', 'no claim'].includes(what)),
  )('%s, by the process that loads it', async (_what, text, says) => {
    const path = join(directory(), 'mine.mjs');
    writeFileSync(path, text);
    const found = says.replace('./mine.mjs', path);
    await expect(loadClaims(path)).rejects.toThrow(
      new RegExp(`^[^\\n\\u001b]*${literally(found)}[^\\n\\u001b]*$`),
    );
  });

  /** By day the command is started for those that only it finds, and for one of those above. */
  const STARTED = ['a rule set', 'another model', 'claims for a model that is not asked for', 'what makes'];

  test.each(NO_CLAIMS.filter(([what]) => isNightly || STARTED.some((start) => what.startsWith(start))))(
    '%s',
    async (_what, text, says) => {
      const cwd = directory();
      writeFileSync(join(cwd, 'mine.mjs'), text);
      const { code, err } = await check(cwd);
      expect({ code, lines: err.split('\n').length, err }).toEqual({
        code: 2,
        lines: 2,
        err: expect.stringContaining(says),
      });
      expect(err).not.toContain('\u001b');
    },
  );

  const BAD: readonly (readonly [what: string, member: string, says: string])[] = [
    ['of an empty source', "source: ' ',", 'has no text `source`'],
    ['without an explanation', 'explain: undefined,', 'has no function `explain`'],
    ['without a witness', "witness: 'nobody',", 'names the witness nobody'],
    ['of a name that ships', "name: 'noMinorityLeader',", 'noMinorityLeader'],
    [
      'that throws',
      "holds: () => { throw new Error('boom'); },",
      'holds of the claim mine in ./mine.mjs threw boom',
    ],
    ['that sorts the servers', 'holds: ({ server }) => server.sort().length === 3,', 'of the claim mine'],
    [
      'that writes',
      'holds: ({ server }) => (server[0].state = LEADING) > 0,',
      'mine in ./mine.mjs writes to',
    ],
    [
      'on steps that are no list',
      "kind: 'step', on: 'CrashServer',",
      'has `on`: "CrashServer", which is no list of actions, as in `on: [\'CrashServer\']`',
    ],
    [
      'that changes a built-in object',
      'holds: (s) => { Array.prototype.map = () => []; return s.server.length > 0; },',
      'the claims of ./mine.mjs change Array.prototype.map',
    ],
    [
      'that leaves a promise to be rejected',
      "holds: (s) => { Promise.reject(new Error('later')); return s.server.length > 0; },",
      'a promise was rejected with "later", which nothing handles, once ./mine.mjs was loaded',
    ],
    ['on no step', "kind: 'step', on: [],", '`on` is empty'],
    ['that counts', 'holds: (() => { let n = 0; return () => n++ < 1000; })(),', 'the file is read afresh'],
    ['that is a promise', 'holds: async () => true,', 'returned a promise, which is neither true nor false'],
    ['that says nothing', 'holds: () => {},', 'returned undefined'],
    [
      'that keeps a state',
      'holds: (() => { let kept; return (s) => (kept ??= s.server[0]).state === s.server[0].state; })(),',
      'it keeps one from call to call',
    ],
    [
      'that keeps the last state',
      'holds: (() => { let last; return (s) => { const is = last?.server[0].state !== 1; last = s; return is; }; })(),',
      'when asked again',
    ],
    [
      'that remembers its answers by states',
      `holds: (() => {
        const known = new WeakMap();
        return (s) => known.get(s) ?? known.set(s, s.server.every(({ state }) => state !== LEADING)).get(s);
      })(),`,
      'it keeps one from call to call',
    ],
    [
      'that changes its mind',
      'holds: (() => { let n = 0; return () => n++ % 2 === 0; })(),',
      'when asked again',
    ],
  ];
  /** By day one of each way in which it is found: at loading, when asked, asked again, read afresh. */
  const DAILY = [
    'without a witness',
    'that throws',
    'that writes',
    'that changes a built-in object',
    'that leaves a promise to be rejected',
    'that counts',
    'that says nothing',
    'that keeps a state',
    'that changes its mind',
  ];

  test.each(BAD.filter(([what]) => isNightly || DAILY.includes(what)))(
    'a claim %s',
    async (_what, member, says) => {
      const { code, err } = await check(claims(member));
      expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(says) });
      expect(err.split('\n')).toHaveLength(2);
    },
  );

  test('reductions argue about the claims that ship', async () => {
    const { code, err } = await check(claims(), '--reduce', 'full-slots');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('--reduce none') });
  });
});

test('a claim that keeps a step is found out, whatever the number of workers', async () => {
  const cwd = directory();
  const claim = `{ name: 'mine', says: 'No.', source: 'mine', witness: 'someoneServes', explain: () => 'No.',
    holds: (pre, post) => {
      kept ??= [pre.server[0], post.server[0]];
      return kept[0].state === pre.server[0].state && kept[1].state === post.server[0].state;
    } }`;
  const witness = `{ name: 'someoneServes', says: 'Yes.', source: 'mine', shows: () => true }`;
  writeFileSync(
    join(cwd, 'mine.mjs'),
    `import { everyStep, sometimes } from 'fle-check/claims';
    let kept;
    export default { 'zab-synchronization': [everyStep(${claim}), sometimes(${witness})] };`,
  );
  const args = ['check', 'zab-synchronization', ...TINY, '--claims-file', './mine.mjs', '--workers'];
  const [alone, together] = [await run(cwd, [...args, '1']), await run(cwd, [...args, '2'])];
  expect(alone).toMatchObject({ code: 2, err: expect.stringContaining('it keeps one from call to call') });
  expect(together.err).toBe(alone.err);
});

describe('a file of claims cannot decide the result', () => {
  const INTERFERES: readonly (readonly [what: string, before: string, code: number])[] = [
    ['that ends the process', 'process.exit(0);', 2],
    ['that ends it later', 'setTimeout(() => process.exit(0), 1);', 2],
    ['that throws later', "setTimeout(() => { throw new Error('later'); }, 50);", 2],
    ['that leaves an exit code', 'process.exitCode = 0;', 1],
    ['that listens to the exit', "process.on('exit', () => { process.exitCode = 0; });", 1],
    ['that keeps a timer', 'setInterval(() => {}, 1000);', 1],
    ['that never comes to its end', 'await new Promise(() => {});', 2],
    ['that kills its process', "process.kill(process.pid, 'SIGKILL');", 2],
  ];
  /** By day one that ends the process, one that throws, one that sets the exit code, and one that hangs. */
  const DAILY = ['process', 'throws later', 'an exit code', 'comes to its end'];

  test.each(
    INTERFERES.filter(
      ([what]) => isNightly || DAILY.some((end) => what.endsWith(` ${end}`) && !what.includes('kills')),
    ),
  )('one %s', async (_what, before, expected) => {
    const { code, err } = await check(claims('', before), '--claims', 'mine', '--crashes', '1');
    expect(code).toBe(expected);
    expect(err.split('\n').length).toBeLessThanOrEqual(2);
  });

  test('one whose claim does not return', async () => {
    // By day it waits, which takes no processor time.
    const waits = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);';
    const { code, err } = await check(claims(`holds: () => { ${isNightly ? 'for (;;);' : waits} },`));
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('does not return') });
  });

  test('a search is not resumed under claims that were edited', async () => {
    const cwd = claims('holds: () => true,');
    const saved = await check(cwd, '--crashes', '1', '--states-max', '20000', '--checkpoint', 'saved');
    expect(saved.code).toBe(3);
    const text = readFileSync(join(cwd, 'mine.mjs'), 'utf8');
    writeFileSync(join(cwd, 'mine.mjs'), text.replace('holds: () => true,', 'holds: () => 1 < 2,'));
    const { code, err } = await check(cwd, '--crashes', '1', '--resume', 'saved');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('content of the claims') });
  });

  test('Ctrl-C ends it with its figures', async () => {
    const cwd = claims('holds: () => true,');
    const args = ['check', 'fast-leader-election', '--claims-file', './mine.mjs'];
    const { code } = await run(cwd, args, (kill) => kill('SIGINT'));
    expect(code).toBe(3);
  });
});
