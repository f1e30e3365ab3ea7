import { expect, test } from 'vitest';
import { peerModel } from '../../models/peer.js';
import { check } from '../engine/breadth-first.js';
import { sometimes } from '../spec/index.js';
import { detailLines } from './details.js';
import { resultOf } from './result.js';
import { colorsFor } from './terminal.js';

const plain = colorsFor({ isTTY: false }, {});
const model = peerModel(1, 0);
const made = { says: 'Made up.', source: 'made up' };
const outcome = check(model, {
  claims: [],
  witnesses: [
    sometimes<unknown>({ name: 'atOnce', ...made, shows: () => true }),
    sometimes<unknown>({ name: 'never', ...made, shows: () => false }),
    sometimes<unknown>({ name: 'notHere', ...made, excludedBecause: 'made up', shows: () => false }),
  ],
});
const result = resultOf(outcome, {
  model: 'peer',
  bounds: {},
  rules: 'correct',
  seconds: 0,
  trace: null,
  explanation: null,
});

test('the details tell how often each action was taken and how soon each witness was found', () => {
  const lines = detailLines(result, plain);
  expect(lines.join('\n')).toMatch(/^Taken: {2}Deliver [\d,]+ · Decide [\d,]+ · Resend [\d,]+ · Timeout 0/);
  expect(lines).toContain('Witnesses, in steps:  atOnce 0 · never not found');
  expect(lines).toContain('Excluded by the bounds:  notHere');
});

test('the details keep within 100 columns and leave out what there is not', () => {
  const actions = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`Action${i}`, i]));
  const lines = detailLines({ ...result, actions, witnesses: {}, excluded: {} }, plain);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(lines.join(' ').match(/Action\d+ \d+/g)).toHaveLength(30);
  expect(lines.join('\n')).not.toContain('Witnesses');
});
