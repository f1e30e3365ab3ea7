import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check, decodeStep, oracle, printStep } from '../../src/index.js';
import { toReadableJson } from '../../src/trace/trace.js';
import { expectations, type MayCommit, twoPhaseCommit } from './two-phase-commit.js';

describe('two-phase commit', () => {
  for (const [rms, distinct] of [
    [3, 288],
    [5, 8832],
  ] as const) {
    test(`is consistent, in as many states as Stateright and TLC find (resource managers=${rms})`, () => {
      const outcome = check(twoPhaseCommit(rms), expectations);
      expect(outcome).toMatchObject({ verdict: 'holds', reason: null, distinct });
      expect(outcome.witnesses.allCommit?.steps).toHaveLength(3 * rms + 1);
      expect(outcome.witnesses.allAbort?.steps).toHaveLength(rms);
    });
  }

  test('is pinned in the corpus', async () => {
    const pinned = [3, 5].map((rms) => {
      const { distinct, generated, depth, actions, witnesses } = check(twoPhaseCommit(rms), expectations);
      const lengths = Object.entries(witnesses).map(([name, found]) => [name, found?.steps.length]);
      const figures = { distinct, generated, depth, actions, witnesses: Object.fromEntries(lengths) };
      return { model: 'two-phase-commit', resourceManagers: rms, ...figures };
    });
    const file = '../../properties/corpus/exhaustive/two-phase-commit.json';
    await expect(toReadableJson(pinned)).toMatchFileSnapshot(file);
  });

  test('is explored alike by the oracle (resource managers=3)', () => {
    const { distinct, generated, depth, actions } = check(twoPhaseCommit(3), expectations);
    expect(oracle(twoPhaseCommit(3), expectations)).toMatchObject({
      distinct,
      generated,
      depth,
      actions,
      deadlocks: [],
      distances: { consistent: null, allCommit: 10, allAbort: 3 },
    });
  });

  test('is inconsistent once the transaction manager commits without waiting for all', () => {
    const hasty: MayCommit = (tm) => tm.prepared.at(0);
    const model = twoPhaseCommit(3, hasty);
    const { verdict, violation } = check(model, expectations);
    expect(verdict).toBe('violated');
    expect(violation?.claim).toBe('consistent');
    const steps = violation?.schedule.steps.map((code) => {
      const { action, args } = decodeStep(model.actions, code);
      return printStep(action, args);
    });
    expect(steps).toHaveLength(5);
    expect([...(steps ?? [])].sort()).toEqual(
      ['ChooseAbort(1)', 'DecideCommit()', 'PrepareRm(0)', 'ReceiveCommit(0)', 'ReceivePrepared(0)'].sort(),
    );
  });
});

describe('docs/modelling.md', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

  test('shows code that stands in the example, line by line', () => {
    const code = read('./two-phase-commit.ts').replace('../../src/index.js', 'fle-check');
    const blocks = [...read('../modelling.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block);
    expect(blocks.length).toBeGreaterThan(3);
    const lines = new Set(code.split('\n').map((line) => line.trim()));
    for (const line of blocks.join('\n').split('\n')) expect(lines).toContain(line.trim());
  });
});
