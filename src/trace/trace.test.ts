import fc from 'fast-check';
import { expect, test } from 'vitest';
import { peerModel } from '../../bench/peers/model.js';
import { encodeStep } from '../language/index.js';
import { parseTrace } from './read.js';
import { recordTrace, ScheduleRefused, toReadableJson } from './trace.js';

const model = peerModel(1, 0);
const code = (action: string, ...args: string[]) => encodeStep(model.actions, action, args) as number;
const heading = {
  tool: '0.0.0',
  bounds: { servers: 3, zxids: [1, 0, 0], start: 'together' },
  rules: 'correct',
  claim: 'nobodyFollows',
  says: 'Nobody follows.',
  source: 'made up',
};
const trace = recordTrace(
  model,
  { initial: 0, steps: [code('Deliver', 's2', 's1'), code('Decide', 's2')] },
  heading,
);

test('a trace names each step, prints its arguments, and keeps the state after it', () => {
  expect(trace).toMatchObject({ format: 'fle-check-trace', version: 1, model: 'peer', ...heading });
  expect(trace.initial.args).toEqual([]);
  expect(trace.steps.map(({ action, args }) => [action, ...args])).toEqual([
    ['Deliver', 's2', 's1'],
    ['Decide', 's2'],
  ]);
  const second = (vote: string, st: string) => ({ server: [{}, { self: { vote, st } }, {}] });
  expect(trace.initial.state).toMatchObject(second('s2', 'LOOK'));
  expect(trace.steps[0].state).toMatchObject(second('s1', 'LOOK'));
  expect(trace.steps[1].state).toMatchObject(second('s1', 'FOLL'));
});

test('a schedule is refused that the model does not take', () => {
  const steps = [code('Deliver', 's2', 's1'), code('Deliver', 's2', 's1')];
  expect(() => recordTrace(model, { initial: 0, steps }, heading)).toThrow(ScheduleRefused);
  expect(() => recordTrace(model, { initial: 0, steps }, heading)).toThrow(
    /^peer does not take this schedule: Deliver\(s2, s1\), its step 2, is not enabled\..*\n {2}in the state/,
  );
});

test('a trace survives its file', () => {
  expect(parseTrace(toReadableJson(trace), 'file')).toEqual(trace);
});

test('a trace says in its first line why it is kept, if it says so', () => {
  const { format, ...rest } = trace;
  const kept = parseTrace(JSON.stringify({ format, ...rest, '#': 'The first that we met.' }), 'file');
  expect(toReadableJson(kept)).toMatch(/^\{\n {2}"#": "The first that we met\.",\n {2}"format"/);
  expect(kept).toEqual({ ...trace, '#': 'The first that we met.' });
});

test('a trace file keeps short structs on one line and long ones on several', () => {
  const lines = toReadableJson(trace).split('\n');
  expect(lines).toContain('      "args": ["s2", "s1"],');
  expect(lines).toContain('            "self": { "clk": 1, "vote": "s1", "st": "LOOK" },');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(120);
});

test('readable JSON means what plain JSON means', () => {
  const value = fc.jsonValue({ maxDepth: 5 });
  const same = fc.property(value, (json) => {
    expect(JSON.parse(toReadableJson(json))).toEqual(JSON.parse(JSON.stringify(json)));
  });
  fc.assert(same, { seed: 2, numRuns: 500 });
});
