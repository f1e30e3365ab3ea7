import { expect, test } from 'vitest';
import { check } from '../engine/check.js';
import {
  always,
  defineModel,
  domain,
  type Expectations,
  everyStep,
  oneOf,
  perServer,
  type Reading,
  range,
  scenario,
  sid,
  someStep,
  sometimes,
  struct,
} from '../language/index.js';
import { replay } from './replay.js';
import { recordTrace, type Trace } from './trace.js';

const Role = oneOf('OFF', 'ON');
const { OFF, ON } = Role.values;
const schema = struct({
  server: perServer(2, struct({ role: Role, starts: range(0, 2) })),
  budget: range(0, 4),
});
type State = Reading<typeof schema>;

const lamps = (budget: number, add = 1) =>
  defineModel({
    name: 'lamps',
    schema,
    initial: {
      over: [domain('budget', range(1, 4))],
      then: (s, given) => {
        s.budget = given;
      },
    },
    actions: {
      Start: {
        over: [domain('sid', sid(2))],
        when: ({ server, budget: left }, me) => left > 4 - budget && server[me].role === OFF,
        then: (s, me) => {
          s.server[me].role = ON;
          s.server[me].starts = s.server[me].starts + add;
          s.budget = s.budget - 1;
        },
      },
    },
  });
const model = lamps(4);

const both = ({ server }: State) => server[0].role === ON && server[1].role === ON;
const named = (name: string) => ({
  name,
  says: `${name}.`,
  source: 'made up',
  witness: '',
  explain: () => 'It fails.',
});
const expectations: Expectations<State> = {
  claims: [
    always({ ...named('neverBoth'), holds: (s) => !both(s) }),
    everyStep({ ...named('s2NeverStarts'), on: ['Start'], holds: (_pre, _post, me) => me !== 1 }),
    scenario({
      ...named('twice'),
      initial: ['4'],
      steps: [
        ['Start', 's1'],
        ['Start', 's1'],
      ],
      holds: () => true,
    }),
  ],
  witnesses: [
    sometimes({ ...named('anyOn'), shows: ({ server }) => server[0].role === ON }),
    someStep({ ...named('s2Starts'), shows: (_pre, _post, me) => me === 1 }),
  ],
};

/** The trace of Start(s1), Start(s2) from a budget of 4, with the claim it is said to show. */
const traceOf = (claim: string, steps = 2): Trace =>
  recordTrace(
    model,
    { initial: 3, steps: [0, 1].slice(0, steps) },
    { tool: '0.0.0', bounds: {}, rules: 'correct', claim, says: '', source: '' },
  );
const trace = traceOf('neverBoth');

/** The trace with its second step changed. */
const withStep = (change: Partial<Trace['steps'][number]>): Trace => ({
  ...trace,
  steps: [trace.steps[0], { ...trace.steps[1], ...change }],
});

test('a trace replays on the model that made it', () => {
  expect(replay(model, expectations, trace)).toBeNull();
});

test('every claim and witness the engine finds replays', () => {
  const { claims, witnesses } = expectations;
  const violated = check(model, { claims: claims.slice(1, 2), witnesses: [] }).violation!;
  const ended = check(model, { claims: [], witnesses });
  const found = [
    [violated.claim, violated.schedule] as const,
    [ended.violation!.claim, ended.violation!.schedule] as const,
    ...Object.entries(ended.witnesses),
  ];
  expect(found.map(([name]) => name)).toEqual(['s2NeverStarts', 'deadlock', 'anyOn', 's2Starts']);
  for (const [claim, schedule] of found) {
    const { tool, bounds, rules, says, source } = trace;
    const recorded = recordTrace(model, schedule!, { tool, bounds, rules, claim, says, source });
    expect([claim, replay(model, expectations, recorded)]).toEqual([claim, null]);
  }
});

test('a deadlock and a broken scenario replay', () => {
  expect(replay(model, expectations, traceOf('deadlock'))).toBeNull();
  expect(replay(model, expectations, traceOf('twice', 1))).toBeNull();
});

test('an action that is gone is found', () => {
  expect(replay(model, expectations, withStep({ action: 'Begin' }))).toEqual({
    step: 2,
    kind: 'unknown action',
    action: 'Begin',
  });
});

test('an argument that is gone is found', () => {
  expect(replay(model, expectations, withStep({ args: ['s3'] }))).toMatchObject({
    step: 2,
    kind: 'unknown arguments',
  });
  const initial = { ...trace.initial, args: ['9'] };
  expect(replay(model, expectations, { ...trace, initial })).toMatchObject({
    step: 0,
    kind: 'unknown arguments',
  });
});

test('a step that is no longer enabled is found', () => {
  expect(replay(model, expectations, withStep({ args: ['s1'] }))).toMatchObject({
    step: 2,
    kind: 'not enabled',
  });
  expect(replay(lamps(1), expectations, trace)).toMatchObject({ step: 2, kind: 'not enabled' });
});

test('a state that differs is found, field by field', () => {
  expect(replay(lamps(4, 2), expectations, trace)).toEqual({
    step: 1,
    kind: 'state differs',
    differences: [{ path: 'server[0].starts', expected: 1, found: 2 }],
  });
  const state = { server: [], budget: '2', extra: null };
  expect(replay(model, expectations, withStep({ state }))).toMatchObject({
    step: 2,
    differences: [
      { path: 'server[0]', expected: undefined },
      { path: 'server[1]', expected: undefined },
      { path: 'budget', expected: '2', found: 2 },
      { path: 'extra', expected: null, found: undefined },
    ],
  });
});

test('a difference in the initial state is found at step 0', () => {
  const initial = { ...trace.initial, state: { budget: 4 } };
  expect(replay(model, expectations, { ...trace, initial })).toMatchObject({
    step: 0,
    kind: 'state differs',
  });
});

test('a model that fails in a step is found', () => {
  expect(replay(lamps(4, 3), expectations, trace)).toMatchObject({ step: 1, kind: 'failed' });
});

test('a claim that is not violated at the end is found', () => {
  for (const [claim, steps, expected] of [
    ['neverBoth', 1, 'violated'],
    ['s2NeverStarts', 1, 'violated'],
    ['deadlock', 1, 'violated'],
    ['twice', 0, 'violated'],
    ['anyOn', 0, 'shown'],
    ['s2Starts', 1, 'shown'],
  ] as const) {
    const mismatch = replay(model, expectations, traceOf(claim, steps));
    expect(mismatch).toEqual({ step: steps, kind: 'claim not shown', claim, expected });
  }
});

test('a claim that is gone is found', () => {
  expect(replay(model, expectations, traceOf('neverThree'))).toMatchObject({
    step: 2,
    kind: 'unknown claim',
  });
});
