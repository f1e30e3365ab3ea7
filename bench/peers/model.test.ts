import { describe, expect, test } from 'vitest';
import { check, oracle } from '../../src/index.js';
import { toReadableJson } from '../../src/trace/trace.js';
import { peerModel } from './model.js';

const nothing = { claims: [], witnesses: [] };

/** What Spin, rumur and TLC count of the same model. */
const PEERS = [
  { rounds: 1, crashes: 0, distinct: 5_852, generated: 25_631, depth: 14 },
  { rounds: 1, crashes: 1, distinct: 9_228, generated: 51_595, depth: 14 },
  { rounds: 2, crashes: 0, distinct: 419_635, generated: 2_149_552, depth: 39 },
  { rounds: 2, crashes: 1, distinct: 964_465, generated: 5_951_677, depth: 40 },
];

describe('the peer model', () => {
  for (const { rounds, crashes, ...counts } of PEERS) {
    test(`counts exactly what Spin, rumur and TLC count (rounds=${rounds}, crashes=${crashes})`, () => {
      expect(check(peerModel(rounds, crashes), nothing)).toMatchObject({ verdict: 'holds', ...counts });
    });
  }

  test('is pinned in the corpus', async () => {
    const pinned = PEERS.map(({ rounds, crashes }) => {
      const { distinct, generated, depth, actions } = check(peerModel(rounds, crashes), nothing);
      return { model: 'peer', rounds, crashes, distinct, generated, depth, actions };
    });
    const file = '../../properties/corpus/exhaustive/peer.json';
    await expect(toReadableJson(pinned)).toMatchFileSnapshot(file);
  });

  test('is explored alike by the oracle (rounds=1, crashes=0)', () => {
    const { distinct, generated, depth, actions } = check(peerModel(1, 0), nothing);
    expect(oracle(peerModel(1, 0))).toMatchObject({ distinct, generated, depth, actions, deadlocks: [] });
  });
});
