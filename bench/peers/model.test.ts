import { describe, expect, test } from 'vitest';
import { check, oracle } from '../../src/index.js';
import { isNightly } from '../../src/testing/nightly.js';
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

/** The searches of the peer model, each made once. */
const outcomes = new Map<string, ReturnType<typeof check>>();
function outcomeOf(rounds: number, crashes: number): ReturnType<typeof check> {
  const key = `${rounds} ${crashes}`;
  const outcome = outcomes.get(key) ?? check(peerModel(rounds, crashes), nothing);
  outcomes.set(key, outcome);
  return outcome;
}

describe('the peer model', () => {
  for (const { rounds, crashes, ...counts } of PEERS) {
    test(`counts exactly what Spin, rumur and TLC count (rounds=${rounds}, crashes=${crashes})`, () => {
      expect(outcomeOf(rounds, crashes)).toMatchObject({ verdict: 'holds', ...counts });
    });
  }

  test('is pinned in the corpus', async () => {
    const pinned = PEERS.map(({ rounds, crashes }) => {
      const { distinct, generated, depth, actions } = outcomeOf(rounds, crashes);
      return { model: 'peer', rounds, crashes, distinct, generated, depth, actions };
    });
    const file = '../../properties/corpus/exhaustive/peer.json';
    await expect(toReadableJson(pinned)).toMatchFileSnapshot(file);
  });

  // By day src/engine/oracle.test.ts asks the oracle of random models.
  test.runIf(isNightly)('is explored alike by the oracle (rounds=1, crashes=0)', () => {
    const { distinct, generated, depth, actions } = outcomeOf(1, 0);
    expect(oracle(peerModel(1, 0))).toMatchObject({ distinct, generated, depth, actions, deadlocks: [] });
  });
});
