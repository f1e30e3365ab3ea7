import { expect, test } from 'vitest';
import { peerModel } from '../../bench/peers/model.js';
import { check } from '../engine/check.js';
import { sometimes } from '../language/index.js';
import { detailLines } from './details.js';
import { resultOf } from './result.js';
import type { Result } from './schemas.js';
import { colorsFor } from './terminal.js';

const plain = { columns: 80, colors: colorsFor({}) };
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
  reductions: null,
  seconds: 0,
  trace: null,
  explanation: null,
});

test('the details tell how often each action was taken and how soon each witness was found', () => {
  const lines = detailLines(result, plain);
  expect(lines.join('\n')).toMatch(/^Taken: {2}Deliver [\d,]+ · Decide [\d,]+ · Resend [\d,]+ · Timeout 0/);
  expect(lines).toContain('Witnesses, in steps:  atOnce 0');
  expect(lines).toContain('Witnesses not found:  never');
  expect(lines).toContain('Excluded by the bounds:  notHere (made up)');
});

test('nothing is called missing that a search ended too early to find', () => {
  const open = { ...result, complete: false, witnesses: { atOnce: 0, never: null } };
  const violation = { claim: 'c' } as Result['violation'];
  expect(detailLines({ ...open, verdict: 'violated', violation }, plain)).toContain(
    'Not found before the violation ended the search:  never',
  );
  expect(detailLines({ ...open, verdict: 'inconclusive' }, plain)).toContain(
    'The search ended early, before it had found:  never',
  );
});

test('witnesses that are excluded for one reason share it', () => {
  const excluded = { s1Leads: 'too low', twice: 'no crash', s2Leads: 'too low' };
  expect(detailLines({ ...result, excluded }, plain)).toContain(
    'Excluded by the bounds:  s1Leads, s2Leads (too low) · twice (no crash)',
  );
});

test('the details keep within the terminal and leave out what there is not', () => {
  const actions = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`Action${i}`, i]));
  const lines = detailLines({ ...result, actions, witnesses: {}, excluded: {} }, plain);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join(' ').match(/Action\d+ \d+/g)).toHaveLength(30);
  expect(lines.join('\n')).not.toContain('Witnesses');
});
