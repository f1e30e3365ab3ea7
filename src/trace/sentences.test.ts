import { expect, test } from 'vitest';
import { defineModel, range, struct } from '../language/index.js';
import { sentencesOf } from './sentences.js';
import { recordTrace } from './trace.js';

const counting = (most: number) =>
  defineModel({
    name: 'counting',
    schema: struct({ count: range(0, 9) }),
    initial: { then: () => {} },
    actions: {
      Increase: {
        when: ({ count }) => count < most,
        then: (s) => {
          s.count = s.count + 1;
        },
        says: ({ count }) => `${count} becomes ${count + 1}`,
      },
      Reset: {
        then: (s) => {
          s.count = 0;
        },
      },
    },
  });

const heading = { tool: '0.0.0', bounds: {}, rules: 'correct', claim: '', says: '', source: '' };
const trace = recordTrace(counting(9), { initial: 0, steps: [0, 0, 1, 0] }, heading);

test('a step is told in the words of its action, in the state before it, or by its name', () => {
  expect(sentencesOf(counting(9), trace)).toEqual(['0 becomes 1', '1 becomes 2', 'Reset', '0 becomes 1']);
});

test('from the first step that the model no longer takes, steps are told by name', () => {
  expect(sentencesOf(counting(1), trace)).toEqual(['0 becomes 1', 'Increase', 'Reset', 'Increase']);
});
