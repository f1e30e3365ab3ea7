/**
 * Claims explain their violations: each explanation is true of the states, and all can be read in one
 * place, in `corpus/explanations.txt`.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { families, findFamily, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { DEADLOCK } from '../../src/engine/outcome.js';
import { explanationOf } from '../../src/trace/explanation.js';
import { readTrace } from '../../src/trace/read.js';
import { recordTrace, type Trace } from '../../src/trace/trace.js';
import { breaks, brokenCase, brokenModel } from '../breaks/seeded-breaks.js';
import { type Case, caseOf } from '../index.js';
import { faultOf } from './true-explanations.js';

interface Explained {
  readonly where: string;
  readonly trace: Trace;
  readonly explanation: string | null;
}

const CORPUS = join(import.meta.dirname, '..', 'corpus');

function explainedTrace(folder: string, file: string): Explained {
  const trace = readTrace(join(CORPUS, folder, file));
  const family = findFamily(trace.model)!;
  const ruleSet = findRuleSet(trace.rules)!;
  const subject = caseOf(family, { ...family.presets.tiny, ...trace.bounds } as Case['bounds'], ruleSet);
  const explanation = explanationOf(subject.model, subject.expectations, trace);
  return { where: `${folder}/${file}`, trace, explanation };
}

const traces = ['history', 'mutants', 'regressions', 'releases'].flatMap((folder) =>
  readdirSync(join(CORPUS, folder)).map((file) => explainedTrace(folder, file)),
);

const seeded = Object.entries(breaks).flatMap(([model, seeds]) =>
  Object.entries(seeds).map(([claim, seed]): Explained => {
    const subject = brokenCase(model, seed);
    const broken = brokenModel(subject.model, seed);
    const claims = subject.expectations.claims.filter(({ name }) => name === claim);
    const { violation } = check(broken, { ...subject.expectations, claims });
    const heading = { tool: '', bounds: {}, rules: '', claim, says: '', source: '' };
    const trace = recordTrace(broken, violation!.schedule, heading);
    const explanation = explanationOf(broken, { claims, witnesses: [] }, trace);
    return { where: `seeded break of ${model}`, trace, explanation };
  }),
);

function endingOf({ initial, steps }: Trace) {
  const states = [initial.state, ...steps.map(({ state }) => state)];
  return { before: states.at(-2) ?? states[0], after: states[states.length - 1] };
}

test.each([...traces, ...seeded].map((one) => [`${one.where}, ${one.trace.claim}`, one] as const))(
  'the explanation is true: %s',
  (_name, { trace, explanation }) => {
    expect(explanation === null ? 'there is none' : faultOf(explanation, endingOf(trace))).toBeNull();
  },
);

test('every claim of every model is explained', () => {
  const explained = new Set(seeded.map(({ trace }) => `${trace.model} ${trace.claim}`));
  for (const family of families) {
    const bounds = family.name === 'tutorial' ? { ...family.presets.tiny, servers: 5 } : family.presets.tiny;
    for (const { name } of caseOf(family, bounds, findRuleSet('correct')!).expectations.claims)
      expect(explained).toContain(`${family.name} ${name}`);
  }
});

test('all explanations, for a reviewer', async () => {
  const lines = [...traces, ...seeded].map(
    ({ where, trace, explanation }) => `${where}\n  ${trace.claim}\n  ${explanation}\n`,
  );
  await expect(lines.join('\n')).toMatchFileSnapshot('../corpus/explanations.txt');
});

test('a deadlock of the tutorial is explained by the votes, which are split', () => {
  const family = findFamily('tutorial')!;
  const subject = caseOf(family, { ...family.presets.tiny, servers: 3 }, findRuleSet('order-ignores-sid')!);
  const parts = { claims: [], witnesses: [] };
  const { violation } = check(subject.model, parts);
  const heading = { tool: '', bounds: {}, rules: '', claim: DEADLOCK, says: '', source: '' };
  const trace = recordTrace(subject.model, violation!.schedule, heading);
  const explanation = explanationOf(subject.model, parts, trace)!;
  expect(explanation).toMatch(/^s1 votes for s1, .*, and nobody has the votes of a quorum: no step/);
  expect(faultOf(explanation, endingOf(trace))).toBeNull();
});

test('a deadlock that the model does not explain is told by where each server is', () => {
  const family = findFamily('fast-leader-election')!;
  const { model } = caseOf(family, family.presets.tiny, findRuleSet('correct')!);
  const stuck = { ...model, actions: model.actions.map((action) => ({ ...action, when: () => false })) };
  const outcome = check({ ...stuck, terminal: () => false }, { claims: [], witnesses: [] });
  const heading = { tool: '', bounds: {}, rules: '', claim: DEADLOCK, says: '', source: '' };
  const trace = recordTrace(stuck, outcome.violation!.schedule, heading);
  const broken = { ...stuck, terminal: () => false };
  expect(explanationOf(broken, { claims: [], witnesses: [] }, trace)).toBe(
    's1 is off, s2 is off, s3 is off: no step is enabled, and the model may not end in this state.',
  );
});

test('a falsehood is found out, and so is a sentence that nobody knows', () => {
  const { trace } = traces.find(({ where }) => where.includes('old-connections-count'))!;
  const said = (explanation: string) => faultOf(explanation, endingOf(trace));
  expect(said('s1 and s2 have been established in epoch 2.')).toBeNull();
  expect(said('s1 and s3 have been established in epoch 2.')).toMatch(/^not true/);
  expect(said('s1 and s2 have been established in epoch 1.')).toMatch(/^not true/);
  expect(said('s1 and s2 are established.')).toMatch(/^of no known pattern/);
});
