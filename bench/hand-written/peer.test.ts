import { describe, expect, test } from 'vitest';
import { check } from '../../src/index.js';
import { isNightly } from '../../src/testing/nightly.js';
import { peerModel } from '../peers/model.js';
import { BoundsTooLarge } from './peer.js';
import { expandOnly, explore, handWritten } from './search.js';

const BOUNDS = [
  { rounds: 1, crashes: 0 },
  { rounds: 1, crashes: 1 },
  { rounds: 1, crashes: 3 },
  { rounds: 2, crashes: 0 },
  ...(isNightly ? [{ rounds: 2, crashes: 1 }] : []),
];

describe('the peer model written by hand', () => {
  for (const { rounds, crashes } of BOUNDS) {
    test(`counts exactly what the peer model counts (rounds=${rounds}, crashes=${crashes})`, () => {
      const nothing = { claims: [], witnesses: [] };
      const { distinct, generated, depth } = check(peerModel(rounds, crashes), nothing);
      expect(handWritten(rounds, crashes)).toEqual({ distinct, generated, depth });
    });
  }

  test('takes as many steps when it only expands its states (rounds=2, crashes=0)', () => {
    const { states, generated } = explore(2, 0);
    expect(expandOnly(2, 0, states)).toBe(generated);
  });

  test('refuses bounds that its packed state has no room for', () => {
    for (const [rounds, crashes] of [
      [0, 0],
      [4, 0],
      [1, -1],
      [1, 4],
    ]) {
      expect(() => handWritten(rounds, crashes)).toThrow(BoundsTooLarge);
    }
  });
});
