import { expect, test } from 'vitest';
import { z } from 'zod';
import { peerModel } from '../../bench/peers/model.js';
import { check } from '../engine/check.js';
import type { Outcome } from '../engine/outcome.js';
import { always, type Reading, sometimes } from '../language/index.js';
import { recordTrace } from '../trace/trace.js';
import { notRun, resultOf } from './result.js';
import { jsonSchemas, resultSchema } from './schemas.js';

const model = peerModel(1, 0);
type State = Reading<typeof model.schema>;

const witness = { says: 'Made up.', source: 'made up', explain: () => 's1 leads.' };
const led = ({ server }: State) => server[0].self.st === 2;
const heading = {
  model: 'peer',
  bounds: { servers: 3, zxids: [1, 0, 0] },
  rules: 'correct',
  reductions: null,
  seconds: 0.12345,
};

const holding = check(model, {
  claims: [],
  witnesses: [
    sometimes<State>({ name: 'leads', ...witness, shows: led }),
    sometimes<State>({ name: 'never', ...witness, excludedBecause: 'made up', shows: () => false }),
  ],
});
const violated = check(model, {
  claims: [always<State>({ name: 'nobodyLeads', witness: '', ...witness, holds: (s) => !led(s) })],
  witnesses: [],
});
const traceOf = ({ violation }: Outcome) =>
  recordTrace(model, violation!.schedule, {
    tool: '0.0.0',
    bounds: heading.bounds,
    rules: 'correct',
    claim: violation!.claim,
    ...witness,
  });

test('the result of a search has the shape that the schema states', () => {
  const result = resultOf(holding, { ...heading, trace: null, explanation: null });
  expect(resultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  expect(result).toMatchObject({
    verdict: 'holds',
    reason: null,
    distinct: holding.distinct,
    seconds: 0.123,
    excluded: { never: 'made up' },
    violation: null,
  });
  expect(result.witnesses).toEqual({ leads: holding.witnesses.leads!.steps.length });
});

test('a violation carries its claim and its trace', () => {
  const result = resultOf(violated, { ...heading, trace: traceOf(violated), explanation: 's1 leads.' });
  expect(resultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  expect(result.violation).toMatchObject({
    claim: 'nobodyLeads',
    explanation: 's1 leads.',
    trace: { claim: 'nobodyLeads' },
  });
});

test('a model that was not run is inconclusive, and has the same shape', () => {
  const { model: name, bounds, rules, reductions } = heading;
  const result = notRun({ model: name, bounds, rules, reductions }, 'interrupted before its turn');
  expect(resultSchema.parse(result)).toMatchObject({ verdict: 'inconclusive', distinct: 0 });
});

test('the schema refuses another verdict, a missing field and one it does not know', () => {
  const result = resultOf(holding, { ...heading, trace: null, explanation: null });
  const { seconds: _seconds, ...incomplete } = result;
  for (const wrong of [{ ...result, verdict: 'fine' }, incomplete, { ...result, more: 1 }]) {
    expect(resultSchema.safeParse(wrong).success).toBe(false);
  }
});

test('the JSON Schema accepts what the zod schema accepts', () => {
  const schema = z.fromJSONSchema(jsonSchemas().result as Parameters<typeof z.fromJSONSchema>[0]);
  const result = resultOf(violated, { ...heading, trace: traceOf(violated), explanation: 's1 leads.' });
  expect(schema.safeParse([result, result]).error).toBeUndefined();
  for (const wrong of [result, [{ ...result, depth: -1 }], [{ ...result, violation: {} }]]) {
    expect(schema.safeParse(wrong).success).toBe(false);
  }
});
