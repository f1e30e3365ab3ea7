/**
 * Every mutant is caught by the claim it names, by a shortest trace, kept in corpus/mutants; the correct
 * rules pass.
 */
import { describe, expect, test } from 'vitest';
import { findRung, type RuleSet, type Rung, ruleSets } from '../models/index.js';
import { check } from '../src/engine/breadth-first.js';
import { recordTrace, type Trace, toReadableJson } from '../src/trace/trace.js';
import { type Case, caseOf } from './index.js';

/** A case with one claim alone, so that the search goes on until that claim fails. */
function only(subject: Case, claim: string): Case {
  const { claims, witnesses } = subject.expectations;
  return { ...subject, expectations: { claims: claims.filter(({ name }) => name === claim), witnesses } };
}

/** The shortest trace on which the claim fails, written as `fle-check check --claims` writes it. */
function shortestTrace(subject: Case, claim: string): Trace {
  const alone = only(subject, claim);
  const outcome = check(alone.model, alone.expectations);
  expect(outcome.violation?.claim).toBe(claim);
  const { says, source } = alone.expectations.claims[0];
  return recordTrace(alone.model, outcome.violation!.schedule, {
    tool: '0.1.0',
    bounds: { ...subject.bounds },
    rules: subject.ruleSet.name,
    claim,
    says,
    source,
  });
}

const kills = ruleSets.flatMap((ruleSet) =>
  Object.entries(ruleSet.breaks).map(([model, claim]) => ({ ruleSet, rung: findRung(model)!, claim })),
);

describe('the shortest trace of each mutant', () => {
  for (const { ruleSet, rung, claim } of kills) {
    test(`${ruleSet.name} violates ${claim} of ${rung.name}`, async () => {
      const trace = shortestTrace(caseOf(rung, rung.presets.tiny, ruleSet), claim);
      const file = `corpus/mutants/${rung.name}.${ruleSet.name}.${claim}.json`;
      await expect(toReadableJson(trace)).toMatchFileSnapshot(file);
    });
  }

  const lengths: { readonly [kill: string]: number } = {
    'tutorial order-ignores-zxid': 2,
    'tutorial minority-quorum': 1,
    'fast-leader-election order-ignores-zxid': 5,
    'fast-leader-election minority-quorum': 4,
    'fast-leader-election check-leader-always-true': 8,
  };
  test('is as long as pinned here, by hand', () => {
    const measured = kills.map(({ ruleSet, rung, claim }) => {
      const trace = shortestTrace(caseOf(rung, rung.presets.tiny, ruleSet), claim);
      return [`${rung.name} ${ruleSet.name}`, trace.steps.length];
    });
    expect(Object.fromEntries(measured)).toEqual(lengths);
  });
});

describe('a mutant', () => {
  const verdictOf = (rung: Rung, ruleSet: RuleSet) => {
    const subject = caseOf(rung, rung.presets.tiny, ruleSet);
    return check(subject.model, subject.expectations).verdict;
  };
  for (const ruleSet of ruleSets.filter(({ name }) => name !== 'correct')) {
    test(`${ruleSet.name} is caught with all claims checked`, () => {
      for (const model of Object.keys(ruleSet.breaks)) {
        expect(verdictOf(findRung(model)!, ruleSet)).toBe('violated');
      }
    });
  }
});
