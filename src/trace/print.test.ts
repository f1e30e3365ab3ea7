/** Outcomes as text, of a model that has nothing of ZooKeeper. */
import { expect, test } from 'vitest';
import { check } from '../engine/check.js';
import { always, defineModel, type Expectations, oneOf, type Reading, sometimes, struct } from '../index.js';
import { explore } from '../random/explore.js';
import { printTrace } from './print.js';

const Light = oneOf('RED', 'GREEN');
const { RED, GREEN } = Light.values;
const schema = struct({ north: Light, east: Light });
type State = Reading<typeof schema>;

/** Two lights of a crossing. `drawn`: with words for each of them. */
const crossing = (drawn: boolean) =>
  defineModel({
    name: 'crossing',
    schema,
    initial: { then: () => {} },
    actions: {
      GreenNorth: {
        when: ({ north }) => north === RED,
        then: (s) => {
          s.north = GREEN;
        },
        says: () => 'the north may go',
      },
      GreenEast: {
        when: ({ east }) => east === RED,
        then: (s) => {
          s.east = GREEN;
        },
      },
      RedEast: {
        when: ({ east }) => east === GREEN,
        then: (s) => {
          s.east = RED;
        },
      },
    },
    ...(drawn
      ? {
          draw: ({ north, east }: State) => ({ north: Light.names[north], 'to the east': Light.names[east] }),
        }
      : {}),
  });

const expectations: Expectations<State> = {
  claims: [
    always({
      name: 'neverBoth',
      says: 'one of the two waits',
      source: '',
      witness: 'eastGoes',
      holds: ({ north, east }) => north === RED || east === RED,
      explain: () => 'Both may go.',
    }),
  ],
  witnesses: [
    sometimes({
      name: 'eastGoes',
      says: 'the east may go',
      source: '',
      shows: ({ east }) => east === GREEN,
    }),
  ],
};

test('a violation is printed step by step, with what each changes', () => {
  const model = crossing(false);
  expect(printTrace(model, expectations, check(model, expectations))).toBe(
    [
      'crossing violates neverBoth after 2 steps: one of the two waits',
      '',
      '  #  step              state',
      '  0  (start)           north=RED east=RED',
      '  1  the north may go  north=GREEN',
      '  2  GreenEast         east=GREEN',
      '',
      '  ✗  Both may go.',
    ].join('\n'),
  );
});

test('a model says how its states are drawn', () => {
  const model = crossing(true);
  const text = printTrace(model, expectations, check(model, expectations));
  expect(text.split('\n').slice(2, 6)).toEqual([
    '  #  step              north  to the east',
    '  0  (start)           RED    RED',
    '  1  the north may go  GREEN  ·',
    '  2  GreenEast         ·      GREEN',
  ]);
});

test('what random runs find is printed alike', () => {
  const model = crossing(true);
  const outcome = explore(model, expectations);
  expect(outcome).toMatchObject({ verdict: 'violated', violation: { lengths: { shortest: 2 } } });
  const found = printTrace(model, expectations, outcome).split('\n');
  expect(found[0]).toBe('crossing violates neverBoth after 2 steps: one of the two waits');
  expect(found.at(-1)).toBe('  ✗  Both may go.');
  expect(explore(model, expectations)).toEqual(outcome);
});

test('the run to a witness is printed when it is asked for', () => {
  const model = crossing(true);
  const { claims: _, ...only } = expectations;
  const outcome = check(model, { ...only, claims: [] });
  expect(printTrace(model, expectations, outcome, { witness: 'eastGoes' }).split('\n')).toEqual([
    'crossing: eastGoes is reached after 1 step: the east may go',
    '',
    '  #  step       north  to the east',
    '  0  (start)    RED    RED',
    '  1  GreenEast  ·      GREEN',
  ]);
  expect(() => printTrace(model, expectations, outcome, { witness: 'eastgoes' })).toThrow(
    'the outcome has no run to the witness eastgoes; it has witnesses eastGoes',
  );
});

test('without a violation the verdict is printed, with its reason', () => {
  const model = crossing(false);
  const none = { claims: [], witnesses: [] };
  expect(printTrace(model, none, check(model, none))).toBe('crossing: holds');
  expect(printTrace(model, none, check(model, none, { states: 2 }))).toBe(
    'crossing: inconclusive: the limit of 2 distinct states was reached',
  );
  expect(printTrace(model, none, explore(model, none, { runs: 3 }))).toBe('crossing: passed');
});

test('words that fail, or are no text, do not hide the violation', () => {
  const plain = crossing(true);
  const [north, ...others] = plain.actions;
  const says = () => {
    throw new Error('boom');
  };
  const actions = [{ ...north, says }, ...others];
  const draw = (() => ({ north: 1 })) as unknown as NonNullable<typeof plain.draw>;
  const model = { ...plain, actions, draw };
  const text = printTrace(model, expectations, check(model, expectations));
  expect(text).toContain('GreenNorth (`says` threw Error: boom)');
  expect(text.split('\n')[3]).toBe('  0  (start)                                1');
});
