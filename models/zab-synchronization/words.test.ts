import { expect, test } from 'vitest';
import { LOOKING, OFF } from '../model/server-state.js';
import type { SynchronizationState } from './state.js';
import { stuckInWords } from './words.js';

/** Three servers, of which s3 is off with t1 of epoch 1 on its disk and currentEpoch 0. */
const state = {
  server: [
    { state: LOOKING, disk: 1, acceptedEpoch: 2, currentEpoch: 2 },
    { state: LOOKING, disk: 1, acceptedEpoch: 1, currentEpoch: 1 },
    { state: OFF, disk: 1, acceptedEpoch: 1, currentEpoch: 0 },
  ],
  txn: [{ epoch: 1 }],
} as unknown as SynchronizationState;

const stuck = (ranksBelow: (a: number, b: number) => boolean) =>
  stuckInWords(state, { voters: 3, mayStart: (i) => i !== 2, ranksBelow });

const REFUSED = 's3 may not start, for its log ends with t1 of epoch 1 and its currentEpoch is 0; ';

test('votes that beat each other are the reason why nobody is elected', () => {
  expect(stuck(() => true)).toBe(`${REFUSED}s1 and s2 elect nobody, for s1 wins over s2 and s2 wins over s1`);
});

test('no order of votes is a reason where one of them is not beaten', () => {
  expect(stuck((a, b) => a === 1 && b === 0)).toBe(`${REFUSED}s1 and s2 elect nobody`);
  expect(stuck(() => false)).toBe(`${REFUSED}s1 and s2 elect nobody`);
});
