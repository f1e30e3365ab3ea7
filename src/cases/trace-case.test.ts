import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFamily } from '../../models/index.js';
import { caseOf } from '../../properties/index.js';
import { check } from '../engine/check.js';
import { replay } from '../trace/replay.js';
import { chooseRuleSet } from './choices.js';
import { traceOf } from './recording.js';
import { caseOfTrace, readOrRefuse, ruleSetOfTrace } from './trace-case.js';

const family = findFamily('tutorial')!;
const subject = caseOf(family, family.presets.tiny, chooseRuleSet('minority-quorum'));
const { claim, schedule } = check(subject.model, subject.expectations).violation!;
const trace = traceOf(subject, claim, schedule);

test('a violation that is recorded replays on the case of its trace', async () => {
  const again = caseOfTrace(trace, 'a.json', await ruleSetOfTrace(trace, 'a.json', undefined));
  expect(again.bounds).toEqual(subject.bounds);
  expect(replay(again.model, again.expectations, trace)).toBeNull();
});

test('a trace of bounds that no model takes is refused', () => {
  const bounds = { ...trace.bounds, servers: 99 };
  expect(() => caseOfTrace({ ...trace, bounds }, 'a.json', subject.ruleSet)).toThrow(
    /^a\.json has bounds that no model takes: servers: /,
  );
});

test('no trace says which file of rules to run', async () => {
  await expect(ruleSetOfTrace({ ...trace, rules: './mine.ts' }, 'a.json', undefined)).rejects.toThrow(
    'a.json needs the rules in ./mine.ts; name them with --rules, or they are not run',
  );
});

test('a file that is no trace is refused in a line', () => {
  const path = join(import.meta.dirname, 'choices.ts');
  expect(() => readOrRefuse(path)).toThrow(/^[^\n]*choices\.ts[^\n]*$/);
});
