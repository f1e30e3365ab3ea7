/** A model that chooses itself which state stands for others: two counters of which only the sum matters. */
import { describe, expect, test } from 'vitest';
import {
  always,
  defineModel,
  domain,
  everyStep,
  type Model,
  perServer,
  type Reading,
  range,
  sid,
  struct,
} from '../language/index.js';
import { check } from './check.js';

const MOST = 4;
const schema = struct({ counter: perServer(2, struct({ count: range(0, MOST) })) });
type Schema = typeof schema;

const counters = (sorted: boolean): Model<Schema> => {
  const model = defineModel<Schema>({
    name: 'counters',
    schema,
    initial: { then: () => {} },
    actions: {
      Raise: {
        over: [domain('sid', sid(2))],
        when: ({ counter }, i) => counter[i].count < MOST,
        then: (s, i) => {
          s.counter[i].count = s.counter[i].count + 1;
        },
      },
    },
    terminal: () => true,
  });
  if (!sorted) return model;
  const representative: Model<Schema>['representative'] = ({ counter }) => {
    const [a, b] = [counter[0].count, counter[1].count];
    counter[0].count = Math.min(a, b);
    counter[1].count = Math.max(a, b);
  };
  return { ...model, representative };
};

describe('a representative', () => {
  test('stands for the states that it is made of', () => {
    const nothing = { claims: [], witnesses: [] };
    expect(check(counters(false), nothing).distinct).toBe(25);
    expect(check(counters(true), nothing).distinct).toBe(15);
  });

  test('is made after claims have seen the step', () => {
    const grows = everyStep<Reading<Schema>>({
      name: 'grows',
      says: 'No counter falls.',
      source: 'this test',
      witness: '',
      explain: () => '',
      holds: (pre, post) =>
        post.counter[0].count >= pre.counter[0].count && post.counter[1].count >= pre.counter[1].count,
    });
    expect(check(counters(true), { claims: [grows], witnesses: [] }).verdict).toBe('holds');
  });

  test('is left out of the run that shows a violation', () => {
    const low = always<Reading<Schema>>({
      name: 'low',
      says: 'The first counter stays low.',
      source: 'this test',
      witness: '',
      explain: () => '',
      holds: ({ counter }) => counter[0].count < 2,
    });
    const { violation } = check(counters(true), { claims: [low], witnesses: [] });
    // Sorted, the first is the smaller one, so both must have risen to 2.
    expect(violation?.schedule.steps).toHaveLength(4);
  });
});
