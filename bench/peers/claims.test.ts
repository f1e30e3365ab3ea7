/** The claims of the peer model hold on every state that Spin, rumur and TLC count, and each can fail. */
import { describe, expect, test } from 'vitest';
import { check } from '../../src/engine/check.js';
import type { Model, View } from '../../src/language/index.js';
import { isNightly } from '../../src/testing/nightly.js';
import { peerExpectations } from './claims.js';
import { type PeerSchema, peerModel } from './model.js';

const counted = [
  { rounds: 1, crashes: 0, distinct: 5_852, generated: 25_631, depth: 14 },
  { rounds: 1, crashes: 1, distinct: 9_228, generated: 51_595, depth: 14 },
  { rounds: 2, crashes: 0, distinct: 419_635, generated: 2_149_552, depth: 39 },
  { rounds: 2, crashes: 1, distinct: 964_465, generated: 5_951_677, depth: 40 },
];

describe('every claim of the peer model holds and every witness is found', () => {
  // A million states take as long as all the others: they are for the nightly run.
  const asked = counted.filter(({ rounds, crashes }) => isNightly || rounds * crashes < 2);
  for (const { rounds, crashes, ...counts } of asked) {
    test(`rounds=${rounds}, crashes=${crashes}`, () => {
      const outcome = check(peerModel(rounds, crashes), peerExpectations(rounds, crashes));
      expect(outcome.reason).toBeNull();
      expect(outcome).toMatchObject({ verdict: 'holds', ...counts });
    });
  }
});

const ROUNDS = 2;
const CRASHES = 1;
const intact = peerModel(ROUNDS, CRASHES);
const { claims, witnesses } = peerExpectations(ROUNDS, CRASHES);
const { LOOK, LEAD } = intact.schema.fields.server.element.fields.self.fields.st.values;

/** What a broken action does besides, once it has done what it should. */
type Corrupt = (state: View<PeerSchema>, i: number, j: number) => void;

function broken(action: string, corrupt: Corrupt): Model<PeerSchema> {
  const actions = intact.actions.map((candidate) =>
    candidate.name !== action
      ? candidate
      : {
          ...candidate,
          then: (state: View<PeerSchema>, i: number, j: number) => {
            candidate.then(state, i, j);
            corrupt(state, i, j);
          },
        },
  );
  return { ...intact, actions };
}

/** For each claim an action and how to break it. */
const breaks: { readonly [claim: string]: readonly [action: string, corrupt: Corrupt] } = {
  leadVotesForItself: [
    'Decide',
    ({ server }, i) => {
      server[i].self.st = LEAD;
    },
  ],
  proposalDominatesSelf: [
    'Deliver',
    ({ server }, i, j) => {
      if (server[i].self.st === LOOK) server[i].self.vote = j;
    },
  ],
  recvsetOfThisRound: [
    'Deliver',
    ({ server }, i, j) => {
      if (server[i].rv[j].clk !== 0) server[i].rv[j].clk = ROUNDS;
    },
  ],
  proposalMonotone: [
    'Resend',
    ({ server }, i) => {
      server[i].self.vote = i;
    },
  ],
  clockNeverLoweredByLooking: [
    'Deliver',
    ({ server }, i) => {
      server[i].self.clk = 1;
    },
  ],
  leadKeepsRound: [
    'Decide',
    ({ server }, i) => {
      server[i].self.clk = ROUNDS;
    },
  ],
};

describe('a broken peer model', () => {
  for (const [claim, [action, corrupt]] of Object.entries(breaks)) {
    test(`whose ${action} does too much violates ${claim}`, () => {
      const only = { claims: claims.filter(({ name }) => name === claim), witnesses };
      expect(check(broken(action, corrupt), only).violation?.claim).toBe(claim);
    });
  }

  test('is there for every claim', () => {
    expect(Object.keys(breaks)).toEqual(claims.map(({ name }) => name));
  });

  test('is the only one caught: the same claims hold of one that does nothing besides', () => {
    const outcome = check(
      broken('Decide', () => {}),
      { claims, witnesses },
    );
    expect(outcome).toMatchObject({ verdict: 'holds', violation: null });
  });
});

describe('the witnesses of the peer model', () => {
  for (const { name } of witnesses) {
    test(`${name} is missed by a model in which nothing happens`, () => {
      const still = {
        ...intact,
        actions: intact.actions.map((action) => ({ ...action, when: () => false })),
      };
      expect(check(still, { claims: [], witnesses }).witnesses[name]).toBeNull();
    });
  }
});
