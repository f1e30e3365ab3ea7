/**
 * The failures that `fle-check promote` has kept. Each schedule violates its claim under the rules that it
 * names, if they ship. Under the correct rules, which take the steps that they can, it does not.
 */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet, type RuleSet } from '../../models/index.js';
import { readTrace } from '../../src/trace/read.js';
import { type Rerun, rerun } from '../../src/trace/rerun.js';
import { recordTrace, type Trace, toReadableJson } from '../../src/trace/trace.js';
import { type Case, caseOf } from '../index.js';

const correct = findRuleSet('correct')!;
const directory = fileURLToPath(new URL('../corpus/regressions/', import.meta.url));
const regressions = readdirSync(directory).map((name) => ({ name, trace: readTrace(directory + name) }));

function caseOfTrace({ model, bounds }: Trace, ruleSet: RuleSet): Case {
  const family = findFamily(model)!;
  return caseOf(family, { ...family.presets.tiny, ...(bounds as Partial<Bounds>) }, ruleSet);
}

function rerunUnder(trace: Trace, ruleSet: RuleSet): Rerun {
  const { model, expectations } = caseOfTrace(trace, ruleSet);
  return rerun(model, expectations, trace);
}

/** The rule set under which the schedule must fail; null if it was mended, or does not ship. */
const mutantOf = ({ rules }: Trace): RuleSet | null =>
  rules === 'correct' ? null : (findRuleSet(rules) ?? null);

/** The fault of a regression, in words; null if there is none. */
function complaintOf(trace: Trace, rules = correct): string | null {
  if ((trace['#'] ?? '') === '') return 'it does not say why it is kept';
  const mutant = mutantOf(trace);
  const under = mutant === null ? null : rerunUnder(trace, mutant);
  if (under !== null && under.kind !== 'fails') return `under ${trace.rules} it ${under.kind}`;
  if (under?.kind === 'fails' && under.schedule.steps.length < trace.steps.length) return 'it fails earlier';
  const now = rerunUnder(trace, rules);
  if (now.kind === 'fails') return 'it fails under the correct rules';
  // The correct rules may avoid the failure by refusing a step.
  return now.kind === 'holds' || now.mismatch.kind === 'not enabled' ? null : 'it is stale';
}

describe('what was promoted', () => {
  for (const { name, trace } of regressions) {
    const { rules, claim, model } = trace;
    test(`${rules} violates ${claim} of ${model}, the correct rules do not (${name})`, async () => {
      expect(complaintOf(trace)).toBeNull();
      const mutant = mutantOf(trace);
      if (mutant === null) return;
      const found = rerunUnder(trace, mutant);
      const { schedule } = found as Extract<Rerun, { kind: 'fails' }>;
      const today = recordTrace(caseOfTrace(trace, mutant).model, schedule, trace);
      await expect(toReadableJson({ '#': trace['#'], ...today })).toMatchFileSnapshot(directory + name);
    });
  }

  test('is of several models', () => {
    expect(new Set(regressions.map(({ trace }) => trace.model)).size).toBeGreaterThan(1);
  });
});

describe('would be seen otherwise', () => {
  const { trace } = regressions[0];
  const [first, ...rest] = trace.steps;
  const renamed = { ...first, action: 'Vanish' };
  const { '#': _why, ...unexplained } = trace;
  test.each<[string, Trace, string]>([
    ['a rule set that survives', { ...trace, rules: 'minority-quorum' }, 'under minority-quorum it'],
    ['a step that is gone', { ...trace, steps: [renamed, ...rest] }, `under ${trace.rules} it stale`],
    ['the same of rules that do not ship', { ...trace, rules: './a.ts', steps: [renamed] }, 'it is stale'],
    ['a claim that is gone', { ...trace, claim: 'leadKeepsRounds' }, `under ${trace.rules} it stale`],
    ['steps after the failure', { ...trace, steps: [...trace.steps, first] }, 'it fails earlier'],
    ['a schedule cut short', { ...trace, steps: trace.steps.slice(0, -1) }, `under ${trace.rules} it holds`],
    ['no reason', unexplained, 'it does not say why it is kept'],
  ])('%s', (_, broken, complaint) => {
    expect(complaintOf(broken)).toContain(complaint);
  });

  test('a failure of the correct rules', () => {
    const mine = { ...trace, rules: './my-rules.ts' };
    expect(complaintOf(mine)).toBeNull();
    expect(complaintOf(mine, mutantOf(trace)!)).toBe('it fails under the correct rules');
  });
});
