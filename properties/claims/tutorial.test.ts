/** The tutorial, word for word: five servers started one after the other, and what each step shows. */
import { expect, test } from 'vitest';
import { findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { encodeStep } from '../../src/language/index.js';
import { traceTable } from '../../src/trace/text.js';
import { recordTrace, toReadableJson } from '../../src/trace/trace.js';
import { caseOf } from '../index.js';
import { tutorialScenario } from './tutorial.js';

const family = findFamily('tutorial')!;
const subject = caseOf(family, { ...family.presets.ci, crashes: 0 }, findRuleSet('correct')!);
const told = tutorialScenario(subject.bounds);

const trace = recordTrace(
  subject.model,
  {
    initial: encodeStep([subject.model.initial], 'initial', told.initial)!,
    steps: told.steps.map(([action, ...args]) => encodeStep(subject.model.actions, action, args)!),
  },
  {
    tool: '0.1.0',
    bounds: { ...subject.stated },
    rules: 'correct',
    claim: told.name,
    says: told.says,
    source: told.source,
  },
);

test('tutorialScenario: starts 1..5 ⇒ 3 leads, 4 and 5 follow, in five steps', async () => {
  const table = traceTable(trace, { describeServer: family.describeServer, columns: 140 }).join('\n');
  console.log(`${told.says}\n${table}`);
  await expect(toReadableJson(trace)).toMatchFileSnapshot('../corpus/scenarios/tutorialScenario.json');
  expect(table.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
    '# | step | s1 | s2 | s3 | s4 | s5',
    '0 | (start) | off | off | off | off | off',
    '1 | StartServer s1 | LOOKING c1 → s1 | · | · | · | ·',
    '2 | StartServer s2 | LOOKING c1 → s2 | LOOKING c1 → s2 | · | · | ·',
    '3 | StartServer s3 | FOLLOWING c1 → s3 | FOLLOWING c1 → s3 | LEADING c1 | · | ·',
    '4 | StartServer s4 | · | · | · | FOLLOWING c1 → s3 | ·',
    '5 | StartServer s5 | · | · | · | · | FOLLOWING c1 → s3',
  ]);
});

test('tutorialScenario is a claim of every run with five servers, and fails under another order of votes', () => {
  expect(subject.expectations.claims.map(({ name }) => name)).toContain('tutorialScenario');
  const reversed = {
    ...findRuleSet('correct')!,
    overrides: {
      totalOrderPredicate: (newId: number, _z: number, _e: number, curId: number) => newId < curId,
    },
  };
  const mutated = caseOf(family, subject.bounds, reversed);
  const claims = mutated.expectations.claims.filter(({ name }) => name === 'tutorialScenario');
  const outcome = check(mutated.model, { ...mutated.expectations, claims });
  expect(outcome.violation?.claim).toBe('tutorialScenario');
  expect(outcome.violation?.schedule.steps).toHaveLength(2);
});

test('every one of the 120 start orders of five fresh servers elects the largest sid of the first three', () => {
  const orders = permutations([0, 1, 2, 3, 4]);
  expect(orders).toHaveLength(120);
  for (const order of orders) {
    const steps = order.map((i) => encodeStep(subject.model.actions, 'StartServer', [`s${i + 1}`])!);
    const run = recordTrace(subject.model, { initial: 0, steps }, { ...trace, claim: 'none' });
    const last = run.steps[4].state as { server: { state: string }[] };
    const leader = last.server.findIndex(({ state }) => state === 'LEADING');
    expect({ order, leader }).toEqual({ order, leader: Math.max(...order.slice(0, 3)) });
  }
});

function permutations(items: readonly number[]): number[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) =>
    permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
  );
}
