/**
 * Every claim fails once, on a break of the model or the rules made for it: a claim that cannot fail is no
 * claim.
 */
import { describe, expect, test } from 'vitest';
import { families, findRuleSet } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { caseOf } from '../index.js';
import { breaks, brokenCase, brokenModel } from './seeded-breaks.js';

for (const [model, seeds] of Object.entries(breaks)) {
  describe(`a seeded break of ${model}`, () => {
    for (const [claim, seeded] of Object.entries(seeds)) {
      test(`is caught by ${claim}`, () => {
        const subject = brokenCase(model, seeded);
        const claims = subject.expectations.claims.filter(({ name }) => name === claim);
        const { witnesses } = subject.expectations;
        expect(claims).toHaveLength(1);
        const outcome = check(brokenModel(subject.model, seeded), { claims, witnesses });
        expect(outcome.violation?.claim).toBe(claim);
        if (seeded.corrupt === undefined) return;
        expect(check(subject.model, { claims, witnesses }).verdict).toBe('holds');
      });
    }
  });
}

test('no claim and no witness is without a source', () => {
  for (const family of families) {
    const { expectations } = caseOf(family, family.presets.tiny, findRuleSet('correct')!);
    const parts = [...expectations.claims, ...expectations.witnesses];
    expect(parts.length).toBeGreaterThan(0);
    expect(parts.filter(({ source = '' }) => source.trim() === '').map(({ name }) => name)).toEqual([]);
  }
});

test('no claim is without a seeded break', () => {
  for (const family of families) {
    const bounds = family.name === 'tutorial' ? { ...family.presets.tiny, servers: 5 } : family.presets.tiny;
    const { expectations } = caseOf(family, bounds, findRuleSet('correct')!);
    expect(Object.keys(breaks[family.name]).sort()).toEqual(
      expectations.claims.map(({ name }) => name).sort(),
    );
  }
});
