import { expect, test } from 'vitest';
import {
  always,
  defineModel,
  domain,
  type Expectations,
  everyStep,
  ModelFailed,
  perServer,
  type Reading,
  range,
  sid,
  sometimes,
  struct,
} from '../language/index.js';
import { rerun } from './rerun.js';
import { recordTrace, type Trace } from './trace.js';

const schema = struct({ server: perServer(2, struct({ pressed: range(0, 3) })), sum: range(0, 6) });
type State = Reading<typeof schema>;

/** Two counters, pressed one at a time; `most` is what each admits, `add` what a press adds to the sum. */
const counters = (most = 3, add = 1, action = 'Press') =>
  defineModel({
    name: 'counters',
    schema,
    initial: {
      over: [domain('sum', range(0, 1))],
      then: (s, given) => {
        s.sum = given;
      },
    },
    actions: {
      [action]: {
        over: [domain('sid', sid(2))],
        when: ({ server }: State, me: number) => server[me].pressed < most,
        then: (s, me) => {
          s.server[me].pressed = s.server[me].pressed + 1;
          s.sum = s.sum + add;
        },
      },
    },
  });

const named = (name: string) => ({
  name,
  says: `${name}.`,
  source: 'made up',
  witness: '',
  explain: () => '',
});
const claimsWith = (limit: number): Expectations<State> => ({
  claims: [
    always({ ...named('staysBelow'), holds: ({ sum }) => sum < limit }),
    everyStep({ ...named('s2LastOfAll'), holds: (pre, _post, me) => me !== 1 || pre.sum < limit - 1 }),
  ],
  witnesses: [sometimes({ ...named('pressedOnce'), shows: ({ sum }) => sum > 0 })],
});

/** s1, s1, s2: three presses from 0. */
const STEPS = [0, 0, 1];
const traceOf = (claim: string, steps = STEPS): Trace =>
  recordTrace(
    counters(),
    { initial: 0, steps },
    { tool: '0.0.0', bounds: {}, rules: 'correct', claim, says: '', source: '' },
  );
const trace = traceOf('staysBelow');

test('a claim that fails still is found with the steps that were taken', () => {
  const fails = { kind: 'fails', schedule: { initial: 0, steps: STEPS } };
  expect(rerun(counters(), claimsWith(3), trace)).toEqual(fails);
  expect(rerun(counters(), claimsWith(3), traceOf('s2LastOfAll'))).toEqual(fails);
});

test('a claim that fails earlier than in the file is found with the steps up to there', () => {
  expect(rerun(counters(), claimsWith(2), trace)).toEqual({
    kind: 'fails',
    schedule: { initial: 0, steps: [0, 0] },
  });
  expect(rerun(counters(), claimsWith(0), trace)).toMatchObject({ schedule: { steps: [] } });
});

test('a deadlock is found where no step is left', () => {
  const full = traceOf('deadlock', [0, 0, 0, 1, 1, 1]);
  expect(rerun(counters(), claimsWith(9), full)).toMatchObject({ kind: 'fails' });
  expect(rerun(counters(2), claimsWith(9), full)).toMatchObject({ schedule: { steps: [0, 0, 1, 1] } });
  expect(rerun(counters(), claimsWith(9), traceOf('deadlock'))).toEqual({ kind: 'holds', refused: null });
});

test('a claim that holds on the whole schedule holds, whether or not the states are others', () => {
  expect(rerun(counters(), claimsWith(4), trace)).toEqual({ kind: 'holds', refused: null });
  expect(rerun(counters(3, 0), claimsWith(3), trace)).toEqual({ kind: 'holds', refused: null });
});

test('a step refused in a state as in the file is how a claim has come to hold', () => {
  expect(rerun(counters(1), claimsWith(3), trace)).toEqual({
    kind: 'holds',
    refused: { step: 2, kind: 'not enabled', action: 'Press', args: ['s1'] },
  });
});

test('a step refused in another state makes the schedule stale', () => {
  const other = { ...trace, initial: { ...trace.initial, state: { sum: 0 } } };
  expect(rerun(counters(1), claimsWith(3), other)).toEqual({
    kind: 'stale',
    mismatch: { step: 2, kind: 'not enabled', action: 'Press', args: ['s1'] },
  });
});

test('a claim that fails without the steps that are refused fails', () => {
  expect(rerun(counters(1), claimsWith(2), trace)).toEqual({
    kind: 'fails',
    schedule: { initial: 0, steps: [0, 1] },
  });
});

test.each([
  ['an action that is gone', counters(3, 1, 'Push'), trace, { step: 1, kind: 'unknown action' }],
  ['a claim that is gone', counters(), traceOf('staysAbove'), { step: 3, kind: 'unknown claim' }],
  ['a witness', counters(), traceOf('pressedOnce'), { step: 3, kind: 'unknown claim' }],
  [
    'an argument that is gone',
    counters(),
    { ...trace, steps: [...trace.steps, { ...trace.steps[0], args: ['s3'] }] },
    { step: 4, kind: 'unknown arguments' },
  ],
  [
    'an initial state that is gone',
    counters(),
    { ...trace, initial: { ...trace.initial, args: ['7'] } },
    { step: 0, kind: 'unknown arguments', action: 'initial' },
  ],
])('%s makes the schedule stale', (_, model, given, mismatch) => {
  expect(rerun(model, claimsWith(4), given)).toMatchObject({ kind: 'stale', mismatch });
});

test('what the model throws is thrown: whose fault it is, the caller knows', () => {
  expect(() => rerun(counters(3, 7), claimsWith(9), trace)).toThrow(ModelFailed);
});
