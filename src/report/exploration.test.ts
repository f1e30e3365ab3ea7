import { expect, test } from 'vitest';
import { z } from 'zod';
import { peerModel } from '../../bench/peers/model.js';
import { always, type Claim, type Reading, sometimes } from '../language/index.js';
import { exploreSubject, type RandomOutcome, type Subject } from '../random/index.js';
import { recordTrace } from '../trace/trace.js';
import {
  type ExplorationHeading,
  explorationResultOf,
  explorationSummary,
  reductionInWords,
} from './exploration.js';
import { type ExplorationResult, explorationSchema, jsonSchemas, type Replayed } from './schemas.js';
import { colorsFor } from './terminal.js';
import { exitCodeOf } from './verdict.js';

const model = peerModel(1, 0);
type State = Reading<typeof model.schema>;

const words = { says: 'Made up.', source: 'made up', explain: () => 's1 leads.' };
const led = ({ server }: State) => server[0].self.st === 2;
const witnesses = [
  sometimes<State>({ name: 'leads', ...words, shows: led }),
  sometimes<State>({ name: 'never', ...words, shows: () => false }),
];
const subjectWith = (...claims: Claim<State>[]): Subject => ({
  space: { start: { values: ['together'] } },
  build: () => ({ model, expectations: { claims, witnesses } }) as unknown as ReturnType<Subject['build']>,
});
const options = { seed: 1, runs: 3, choices: 500 };
const passed = exploreSubject(subjectWith(), options);
const nobodyLeads = always<State>({ name: 'nobodyLeads', witness: '', ...words, holds: (s) => !led(s) });
const violated = exploreSubject(subjectWith(nobodyLeads), options);

const heading = {
  model: 'peer',
  asked: { zxids: [1, 0, 0] },
  bounds: [{ servers: 3, zxids: [1, 0, 0] }],
  rules: 'correct',
  seconds: 0.12345,
  replayed: [],
};
const traceOf = ({ violation }: RandomOutcome) =>
  recordTrace(model, violation!.schedule, {
    tool: '0.0.0',
    bounds: heading.bounds[0],
    rules: 'correct',
    claim: violation!.claim,
    ...words,
  });
const resultOf = (outcome: RandomOutcome, change: Partial<ExplorationHeading> = {}) =>
  explorationResultOf(outcome, {
    ...heading,
    trace: outcome.violation === null ? null : traceOf(outcome),
    explanation: outcome.violation === null ? null : 's1 leads.',
    ...change,
  });

test('the result of an exploration has the shape that the schema states', () => {
  const result = resultOf(passed);
  expect(explorationSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  expect(result).toMatchObject({
    verdict: 'passed',
    reason: null,
    seed: 1,
    runs: 3,
    seconds: 0.123,
    witnesses: { leads: 3, never: 0 },
    violation: null,
  });
});

test('a violation carries its run, its lengths and its trace', () => {
  const result = resultOf(violated);
  expect(explorationSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  expect(result).toMatchObject({
    verdict: 'violated',
    violation: {
      claim: 'nobodyLeads',
      explanation: 's1 leads.',
      run: 1,
      bounds: heading.bounds[0],
      trace: { claim: 'nobodyLeads' },
    },
  });
  const { lengths, trace, switches } = result.violation!;
  expect(lengths.shortest).toBe(trace.steps.length);
  expect(switches).toEqual({ count: 1, fewest: true });
});

test('the way of a violation to the shortest is told, and what of it is proved', () => {
  const lengths = { found: 312, shrunk: 9, shortest: 8 };
  expect(reductionInWords({ lengths, switches: { count: 3, fewest: true } })).toBe(
    'Found at random after 312 steps, shrunk to 9, shortest 8, with 3 switches between servers, the fewest.',
  );
  expect(reductionInWords({ lengths, switches: { count: 1, fewest: false } })).toBe(
    'Found at random after 312 steps, shrunk to 9, shortest 8, with 1 switch between servers.',
  );
  const unproved = { lengths: { ...lengths, shortest: null }, switches: { count: 0, fewest: false } };
  expect(reductionInWords(unproved)).toBe(
    'Found at random after 312 steps, shrunk to 9, with 0 switches between servers.',
  );
});

const replayed = (...outcomes: readonly Replayed['outcome'][]): readonly Replayed[] =>
  outcomes.map((outcome, i) => ({ failure: `${i}.json`, outcome, because: null }));

test('a stored failure that fails still is a violation that no run has met', () => {
  const result = resultOf(passed, {
    replayed: replayed('stale', 'fails', 'holds'),
    trace: traceOf(violated),
  });
  expect(explorationSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  const { length } = traceOf(violated).steps;
  expect(result).toMatchObject({
    verdict: 'violated',
    reason: `1 stored failure still fails: claim nobodyLeads is violated, after ${length} steps`,
    replayed: replayed('stale', 'fails', 'holds'),
    violation: { run: null, lengths: { found: length, shrunk: length, shortest: null } },
  });
  const deadlock = { ...traceOf(violated), claim: 'deadlock' };
  const { reason } = resultOf(passed, { replayed: replayed('fails', 'fails'), trace: deadlock });
  expect(reason).toMatch(/^2 stored failures still fail: a state that is not terminal has no step, after/);
});

test('a stale one keeps all from having passed, and takes nothing from a verdict that is worse', () => {
  const one = resultOf(passed, { replayed: replayed('stale', 'holds') });
  expect([one.verdict, one.reason]).toEqual(['inconclusive', '1 stored failure could not be replayed']);
  expect(resultOf(passed, { replayed: replayed('holds') })).toMatchObject({
    verdict: 'passed',
    reason: null,
  });
  expect(resultOf(violated, { replayed: replayed('stale') })).toMatchObject({ verdict: 'violated' });
  const stopped: RandomOutcome = { ...passed, verdict: 'inconclusive', reason: 'interrupted' };
  expect(resultOf(stopped, { replayed: replayed('stale') }).reason).toBe('interrupted');
});

test('the schema refuses the verdict of a proof, a missing field and one it does not know', () => {
  const result = resultOf(violated);
  const { seed: _seed, ...incomplete } = result;
  const violation = { ...result.violation, more: 1 };
  for (const wrong of [
    { ...result, verdict: 'holds' },
    incomplete,
    { ...result, more: 1 },
    { ...result, violation },
  ]) {
    expect(explorationSchema.safeParse(wrong).success).toBe(false);
  }
});

test('the JSON Schema accepts what the zod schema accepts', () => {
  const schema = z.fromJSONSchema(jsonSchemas().exploration as Parameters<typeof z.fromJSONSchema>[0]);
  const result = resultOf(violated);
  expect(schema.safeParse([result, result]).error).toBeUndefined();
  for (const wrong of [result, [{ ...result, runs: -1 }], [{ ...result, more: 1 }]]) {
    expect(schema.safeParse(wrong).success).toBe(false);
  }
});

const plain = colorsFor({});
const summary = (change: Partial<ExplorationResult>, bounds = ['3 servers', '4 servers']) => {
  const figures = { walks: 12, steps: 3_456, longest: 1, actions: {}, claims: ['a'], neverTaken: ['Crash'] };
  return `\n${explorationSummary({ ...resultOf(passed), ...figures, ...change }, bounds, 100, plain).join('\n')}\n`;
};

test('the summary says what was run, at which bounds, and what was never taken', () => {
  expect(summary({})).toMatchInlineSnapshot(`
    "
    peer  passed
      3 runs, 12 walks, 3,456 steps in 0.1 s; longest walk 1 step
      1 claim at each step; 1 of 2 witnesses seen
      each run at one of these bounds, drawn by the seed:
        3 servers
        4 servers
      never taken: Crash
    "
  `);
});

test('of a violation it is not said what was never taken; of one setting not that it was drawn', () => {
  const text = summary({ verdict: 'violated', reason: 'claim a is violated' }, ['3 servers']);
  expect(text).toContain('peer  violated: claim a is violated\n');
  expect(text).toContain('  each run at these bounds:\n    3 servers\n');
  expect(text).not.toContain('never taken');
});

test('of a model that was not run nothing is said but why', () => {
  const reason = 'interrupted before its turn';
  expect(summary({ verdict: 'inconclusive', reason, runs: 0 })).toBe(`\npeer  inconclusive: ${reason}\n`);
});

test('each verdict has its exit code', () => {
  expect(exitCodeOf(resultOf(passed))).toBe(0);
  expect(exitCodeOf(resultOf(violated))).toBe(1);
  expect(exitCodeOf({ ...resultOf(passed), verdict: 'inconclusive' })).toBe(3);
});
