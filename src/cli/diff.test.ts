/** `fle-check diff`, as a user runs it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories, run } from '../testing/command.js';

const directory = directories();
const diff = (...args: readonly string[]) => run(directory(), ['diff', ...args]);

test('prints the shortest schedule, with what each server is under either where they differ', async () => {
  const { code, out, err } = await diff('correct', 'ZOOKEEPER-159');
  expect({ code, err }).toEqual({ code: 1, err: '' });
  // As long as the shortest trace that violates adoptedWasLeading under these rules.
  expect(out).toMatch(/8 +s3 hears s1, FOLLOWING c1 → s2 +FOLLOWING s2 +LOOKING +LOOKING \/ FOLLOWING s2/);
  expect(out).toContain('They elect differently after 8 steps, and not before (breadth-first).');
});

test('finds what breaks no claim: one that proposes itself in a later round elects later', async () => {
  const { code, out } = await diff(
    ...['correct', 'ZOOKEEPER-275', 'fast-leader-election', '--rounds', '2', '--abandons', '1'],
  );
  expect(code).toBe(1);
  expect(out).toContain('s1 ends finalizeWait, and follows s2   FOLLOWING s2 / LOOKING');
  expect(out).toContain('after 8 steps');
});

test('a pair of the same rules has as many states as one of them, and elects alike', async () => {
  const { code, out } = await diff('correct', 'correct');
  expect({ code, out }).toEqual({
    code: 0,
    out: expect.stringContaining(
      'They elect alike, completely, within these bounds (22,521 pairs of states).',
    ),
  });
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
  writeFileSync(join(cwd, 'half.js'), 'export default { hasQuorum: (v, n) => 2 * v >= n - 1 };');
  expect(await run(cwd, ['diff', 'correct', './half.js'])).toMatchObject({ code: 1 });
  writeFileSync(join(cwd, 'bad.js'), 'export default { hasQuorum: () => 1 };');
  const { code, err } = await run(cwd, ['diff', 'correct', './bad.js']);
  expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('which is not a boolean') });
  expect(err.trim().split('\n')).toHaveLength(1);
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
