import { readFileSync } from 'node:fs';
import { check, decodeStep, oracle, printStep, UnsoundPermutations } from 'fle-check';
import { describe, expect, test } from 'vitest';
import { SymmetryCheck } from '../../src/engine/symmetry.js';
import { Machine } from '../../src/language/machine.js';
import { type Canonicalize, canonicalizer } from '../../src/language/permutations.js';
import { toReadableJson } from '../../src/trace/trace.js';
import { replicatedLog } from './replicated-log.js';
import { allPrepared, expectations, type MayCommit, twoPhaseCommit } from './two-phase-commit.js';

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

/** The representatives of all reachable states, each checked against a renaming of it. */
function orbitsOf(rms: number, mayCommit?: MayCommit): number {
  const model = twoPhaseCommit(rms, mayCommit, { permutations: true });
  const [machine, sample] = [new Machine(model), new SymmetryCheck(model, expectations)];
  const canonicalize = canonicalizer(model) as Canonicalize;
  const representatives = new Map<string, Int32Array>();
  const add = (offset: number) => {
    const state = machine.memory.slice(offset, offset + machine.words);
    canonicalize(state, 0);
    representatives.set(state.join(), representatives.get(state.join()) ?? state);
  };
  sample.checkInitials();
  machine.start(0);
  add(0);
  const codes = new Uint16Array(model.instances);
  for (const state of representatives.values()) {
    sample.check(state, 0);
    machine.load(state, 0);
    for (const code of codes.slice(0, machine.enabled(codes))) {
      machine.apply(code);
      add(machine.words);
    }
  }
  return representatives.size;
}

describe('two-phase commit up to renaming of its resource managers', () => {
  for (const [rms, orbits] of [
    [1, 12],
    [2, 34],
    [3, 80],
    [4, 166],
    [5, 314],
  ] as const) {
    test(`has so many states (resource managers=${rms})`, () => {
      expect(orbitsOf(rms)).toBe(orbits);
      const model = twoPhaseCommit(rms, allPrepared, { permutations: true });
      expect(check(model, expectations)).toMatchObject({ verdict: 'holds', distinct: orbits });
    });
  }

  test('comes with schedules that the whole model can run (resource managers=3)', () => {
    const { witnesses, depth } = check(twoPhaseCommit(3, allPrepared, { permutations: true }), expectations);
    const whole = check(twoPhaseCommit(3), expectations);
    expect(depth).toBe(whole.depth);
    const machine = new Machine(twoPhaseCommit(3));
    for (const { name, ...witness } of expectations.witnesses) {
      const { initial, steps } = witnesses[name]!;
      expect(steps).toHaveLength(whole.witnesses[name]!.steps.length);
      machine.start(initial);
      for (const code of steps) {
        expect(machine.admits(code)).toBe(true);
        machine.apply(code);
        machine.advance();
      }
      expect(witness.kind === 'state' && witness.shows(machine.pre as never)).toBe(true);
    }
  });

  test('has as many as the oracle finds when it sorts the managers of each state (resource managers=4)', () => {
    const sorted = oracle(twoPhaseCommit(4)).states.map((state) => {
      const { rm, tm, ...rest } = state as unknown as { rm: unknown[]; tm: { prepared: boolean[] } };
      const managers = rm.map((each, i) => JSON.stringify([each, tm.prepared[i]])).sort();
      return JSON.stringify([managers, { ...tm, prepared: null }, rest]);
    });
    expect(new Set(sorted).size).toBe(orbitsOf(4));
  });

  test('is refused once the transaction manager asks one of them by name', () => {
    const hasty: MayCommit = (tm) => tm.prepared.at(0);
    const model = twoPhaseCommit(3, hasty, { permutations: true });
    expect(() => check(model, expectations)).toThrow(UnsoundPermutations);
    expect(() => orbitsOf(3, hasty)).toThrow(/DecideCommit\(\) leads from .* but no DecideCommit from/);
  });
});

test('the replicated log is explored by the oracle as by the engine', () => {
  const model = replicatedLog();
  const { verdict, distinct, generated, depth } = check(model, { claims: [], witnesses: [] });
  expect({ verdict, distinct }).toEqual({ verdict: 'holds', distinct: 9 });
  expect(oracle(model)).toMatchObject({ distinct, generated, depth, deadlocks: [] });
});

describe('docs/modelling.md', () => {
  const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

  test('shows code that stands in the examples, line by line', () => {
    const examples = ['./two-phase-commit.ts', './replicated-log.ts'].map(read).join('\n');
    const code = examples.replace('fle-check', 'fle-check');
    const blocks = [...read('../modelling.md').matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block);
    expect(blocks.length).toBeGreaterThan(3);
    const lines = new Set(code.split('\n').map((line) => line.trim()));
    for (const line of blocks.join('\n').split('\n')) expect(lines).toContain(line.trim());
  });
});
