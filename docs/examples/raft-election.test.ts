/** The second example: Raft's election, beside a naive search by an author who has not seen it. */

import { check, explore, oracle, printTrace } from 'fle-check';
import { describe, expect, test } from 'vitest';
import { toReadableJson } from '../../src/trace/trace.js';
import { exploreNaively } from './naive-raft-election.js';
import { make, type RaftBounds } from './raft-election.js';

const bounds = (servers: number, terms: number, messages: number, restarts: number): RaftBounds => ({
  servers,
  terms,
  messages,
  restarts,
});
const inWords = (b: RaftBounds): string =>
  `servers=${b.servers}, terms=${b.terms}, messages=${b.messages}, restarts=${b.restarts}`;

/** The model with each server under its own name. */
function whole(asked: RaftBounds) {
  const { model, expectations } = make(asked);
  return { model: { ...model, permutations: null }, expectations };
}

describe('the election of Raft', () => {
  for (const asked of [bounds(3, 1, 4, 0), bounds(3, 2, 2, 0), bounds(2, 2, 3, 1)]) {
    test(`has as many states as the naive search finds (${inWords(asked)})`, () => {
      const { model, expectations } = whole(asked);
      const { states, transitions, depth, electionSafetyBrokenAfter } = exploreNaively({
        ...asked,
        isVoteDurable: true,
      });
      expect(electionSafetyBrokenAfter).toBe(null);
      const outcome = check(model, expectations);
      expect(outcome).toMatchObject({ verdict: 'holds', distinct: states, generated: transitions, depth });
      expect(oracle(model, expectations)).toMatchObject({ distinct: states, generated: transitions, depth });
    });
  }

  for (const [asked, named, anonymous] of [
    [bounds(3, 2, 2, 0), 1809, 316],
    [bounds(3, 2, 3, 1), 42_459, 7142],
  ] as const) {
    test(`has one leader a term, whoever is who (${inWords(asked)})`, () => {
      const { model, expectations } = whole(asked);
      expect(check(model, expectations)).toMatchObject({ verdict: 'holds', distinct: named });
      const renamed = make(asked);
      expect(check(renamed.model, renamed.expectations)).toMatchObject({
        verdict: 'holds',
        distinct: anonymous,
      });
    });
  }

  test('is pinned in the corpus', async () => {
    const pinned = [bounds(3, 2, 2, 0), bounds(3, 2, 3, 1)].map((asked) => {
      const { model, expectations } = make(asked);
      const { distinct, generated, depth, actions, witnesses } = check(model, expectations);
      const lengths = Object.entries(witnesses).map(([name, found]) => [name, found?.steps.length]);
      const figures = { distinct, generated, depth, actions, witnesses: Object.fromEntries(lengths) };
      return { model: 'raft-election', ...asked, ...figures };
    });
    const file = '../../properties/corpus/exhaustive/raft-election.json';
    await expect(toReadableJson(pinned)).toMatchFileSnapshot(file);
  });
});

describe('a vote that a restart forgets', () => {
  for (const [messages, steps] of [
    [2, 10],
    [4, 9],
  ] as const) {
    const asked = { ...bounds(3, 1, messages, 1), isVoteDurable: false };

    test(`makes two leaders of one term, in ${steps} steps (${inWords(asked)})`, () => {
      const { model, expectations } = make(asked);
      const { violation, verdict } = check(model, expectations);
      expect(verdict).toBe('violated');
      expect(violation).toMatchObject({ claim: 'electionSafety' });
      expect(violation?.schedule.steps).toHaveLength(steps);
      expect(exploreNaively(asked).electionSafetyBrokenAfter).toBe(steps);
    });
  }

  test('is found at random, and shrunk to a shortest run, which explains itself', () => {
    const { model, expectations } = make({ ...bounds(3, 1, 4, 1), isVoteDurable: false });
    const outcome = explore(model, expectations, { runs: 200 });
    expect(outcome.violation?.lengths.shortest).toBe(9);
    const text = printTrace(model, expectations, outcome);
    expect(text).toMatch(/ {2}9 {2}n\d leads in term 1 /);
    expect(text).toMatch(/✗ {2}n\d and n\d have led in term 1\.$/);
  });
});
