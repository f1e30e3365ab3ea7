/** The calls of a rule set: each counted once, and a log that is full says so. */
import { expect, test } from 'vitest';
import { CallLog, type RuleName, type RuleSet, usesOf } from '../index.js';

const ruleSet = {
  overrides: { hasQuorum: (votes: number) => votes > 1 },
} as unknown as RuleSet;
const used: readonly RuleName[] = ['hasQuorum'];

test('a call counts once, whichever thread has added it, and differs where its answer does', () => {
  const log = new CallLog();
  const other = new CallLog(log.handles);
  for (const votes of [1, 2, 3]) log.add(['hasQuorum', votes, 5, 1]);
  for (const votes of [2, 3, 4]) other.add(['hasQuorum', votes, 5, 1]);
  expect(usesOf(log, ruleSet, used)).toEqual([
    { rule: 'hasQuorum', constant: false, calls: 4, differing: 1, all: true },
  ]);
});

test('a log that is full counts no more, and says that there may be more', () => {
  const log = new CallLog();
  for (let votes = 0; votes <= 1 << 18; votes++) log.add(['hasQuorum', votes, 5, 1]);
  const [{ calls, all }] = usesOf(log, ruleSet, used);
  expect({ calls, all }).toEqual({ calls: 1 << 18, all: false });
});
