/**
 * Each witness of fast-leader-election at its shortest, with the traces that a reader should see kept as
 * files.
 */
import { expect, test } from 'vitest';
import { findRuleSet, findRung } from '../models/index.js';
import { check } from '../src/engine/breadth-first.js';
import { recordTrace, toReadableJson } from '../src/trace/trace.js';
import { caseOf } from './index.js';

const rung = findRung('fast-leader-election')!;
const bounds = { ...rung.presets.tiny, rounds: 2, abandons: 1 };
const subject = caseOf(rung, bounds, findRuleSet('correct')!);
const outcome = check(subject.model, subject.expectations);

test('finds every witness at the shortest length (servers=3, rounds=2, abandons=1)', () => {
  const lengths = Object.entries(outcome.witnesses).map(([name, schedule]) => [name, schedule?.steps.length]);
  expect(Object.fromEntries(lengths)).toEqual({
    leaderElected: 5,
    twoLeadersAtOneClock: 9,
    decisionOvertaken: 5,
    clockLoweredByAdoption: 13,
    leaderAdopted: 9,
    proposalRaised: 3,
    recvsetFilled: 3,
    lookingHandled: 7,
    s2Leads: 5,
    s3Leads: 5,
  });
  expect(outcome.excluded).toEqual({ s1Leads: 'a majority ranks above s1' });
});

test('two servers lead at one logical clock after 9 steps of a staggered start, without crash or loss', () => {
  const steps = outcome.witnesses.twoLeadersAtOneClock?.steps.map(
    (code) => subject.model.actions.findLast(({ first }) => first <= code)?.name,
  );
  expect(steps).toHaveLength(9);
  expect(new Set(steps)).toEqual(new Set(['StartServer', 'HandleNotification', 'EndFinalizeWait']));
});

for (const name of ['twoLeadersAtOneClock', 'decisionOvertaken', 'clockLoweredByAdoption']) {
  test(`the shortest trace to ${name} is the one in the corpus`, async () => {
    const witness = subject.expectations.witnesses.find((candidate) => candidate.name === name)!;
    const trace = recordTrace(subject.model, outcome.witnesses[name]!, {
      tool: '0.1.0',
      bounds: { ...subject.stated },
      rules: 'correct',
      claim: name,
      says: witness.says,
      source: witness.source,
    });
    await expect(toReadableJson(trace)).toMatchFileSnapshot(
      `corpus/witnesses/fast-leader-election.${name}.json`,
    );
  });
}
