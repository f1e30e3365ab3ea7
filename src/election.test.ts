/** The election under rules of a program's own, from the root of the package. */
import { expect, test } from 'vitest';
import { check, checkElection, electionModel, printTrace } from './index.js';

test('ZooKeeper holds, and a rule set that ships is violated, with its trace', () => {
  expect(checkElection()).toMatchObject({ outcome: { verdict: 'holds' }, trace: null, text: null });
  const { outcome, trace, text } = checkElection({ rules: 'minority-quorum' });
  expect(outcome).toMatchObject({ verdict: 'violated', violation: { claim: 'noMinorityLeader' } });
  expect(trace?.steps).toHaveLength(4);
  expect(text).toContain('s2 leads, and has the votes of only s2: 1 of 3 servers, and a majority is 2.');
});

test('a deadlock is told in words too', () => {
  const { outcome, trace, text } = checkElection({ rules: 'ZOOKEEPER-1419', model: 'zab-synchronization' });
  expect(outcome.violation?.claim).toBe('deadlock');
  expect(trace?.says).toBe('A state that is not terminal has a step.');
  expect(text).toMatch(/^deadlock is violated after \d+ steps: A state that is not terminal has a step\./);
});

test('a rule that is never called makes no verdict', () => {
  const { outcome, text } = checkElection({ rules: { resendsLastMessage: false } });
  expect(outcome.verdict).toBe('inconclusive');
  expect(text).toBe(outcome.reason);
  expect(text).toContain('resendsLastMessage was never read within these bounds: try --disconnects 1');
});

test('a model of ZooKeeper is one that everything else takes', () => {
  const { model, expectations } = electionModel({ model: 'zab-discovery', rules: 'minority-quorum' });
  const text = printTrace(model, expectations, check(model, expectations));
  expect(text).toMatch(/^zab-discovery violates \w+ after \d+ steps/);
  expect(text).toMatch(/ {2}#\s+step\s+s1\s+s2\s+s3\n/);
  expect(text).not.toContain('besides');
});

test('what there is not is refused by name', () => {
  const refused = (options: object) => () => checkElection(options);
  expect(refused({ rules: 'minority-quorums' })).toThrow('Did you mean minority-quorum?');
  expect(refused({ model: 'zab-discover' })).toThrow('Did you mean zab-discovery?');
  expect(refused({ bounds: { crashs: 1 } })).toThrow('does not take the bound crashs; it takes servers,');
  expect(refused({ bounds: { servers: 99 } })).toThrow('--servers takes 2 to 7 for fast-leader-election');
  expect(refused({ model: 'zab-discovery', rules: { totalOrderPredicate: () => true } })).toThrow(
    'zab-discovery uses totalOrderPredicate only with --election fle',
  );
});
