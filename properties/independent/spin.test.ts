/**
 * The peer model against Spin, an independent checker that stores whole states: both must count the same.
 * Spin runs here, in the test. Where it is missing the test says so and is left out, unless
 * FLE_CHECK_NEEDS_SPIN says that it must be there, as .ci/run does.
 */
import { afterEach, describe, expect, test } from 'vitest';
import { peerModel } from '../../bench/peers/model.js';
import {
  buildSpin,
  buildSpinOf,
  installed,
  PeerFailed,
  SPIN_COUNTS_MORE,
  type Verifier,
} from '../../bench/peers/peers.js';
import { check } from '../../src/index.js';
import { isNightly } from '../../src/testing/nightly.js';

const { spin, gcc } = installed();
const missing = Object.entries({ spin, gcc }).flatMap(([tool, version]) => (version === null ? [tool] : []));
const isMissing = missing.length > 0;
const isNeeded = (process.env.FLE_CHECK_NEEDS_SPIN ?? '') !== '';

if (isMissing) {
  console.warn(
    `NOT CHECKED AGAINST SPIN: ${missing.join(' and ')} cannot be run on this machine. ` +
      'Install it: apt-get install spin gcc libc6-dev (Debian, Ubuntu), brew install spin gcc (macOS).',
  );
}

test('Spin and a C compiler are there when FLE_CHECK_NEEDS_SPIN says that they are needed', () => {
  expect(isNeeded ? missing : []).toEqual([]);
});

/** By day one crash, and two rounds. */
const BOUNDS = [
  { rounds: 1, crashes: 1 },
  { rounds: 2, crashes: 0 },
  ...(isNightly
    ? [
        { rounds: 1, crashes: 0 },
        { rounds: 1, crashes: 3 },
        { rounds: 2, crashes: 1 },
        { rounds: 2, crashes: 2 },
      ]
    : []),
];

/** Three states and two steps, in the manner of fle.pml: a process that only ever takes d_steps. */
const COUNT_TO_THREE = `
  byte count;
  init { d_step { count = 1 }; end: do :: d_step { count < 3 -> count = count + 1 } od }`;

describe('Spin', () => {
  let verifier: Verifier | null = null;
  afterEach(() => verifier?.remove());

  /** What Spin counts, without what it counts besides. */
  async function countedBy(built: Verifier): Promise<{ states: number; transitions: number }> {
    verifier = built;
    const { states, transitions } = await built.run();
    return {
      states: states - SPIN_COUNTS_MORE.states,
      transitions: transitions - SPIN_COUNTS_MORE.transitions,
    };
  }

  test.skipIf(isMissing)('counts one state and two transitions more than there are', async () => {
    expect(await countedBy(buildSpinOf(COUNT_TO_THREE, [], '-O1'))).toEqual({ states: 3, transitions: 2 });
  });

  for (const { rounds, crashes } of BOUNDS) {
    const title = `counts what fle-check counts of the peer model (rounds=${rounds}, crashes=${crashes})`;
    test.skipIf(isMissing)(title, async () => {
      const { distinct, generated } = check(peerModel(rounds, crashes), { claims: [], witnesses: [] });
      const counts = await countedBy(buildSpin(rounds, crashes, '-O1'));
      expect({ distinct, generated }).toEqual({ distinct: counts.states, generated: counts.transitions });
    });
  }

  test.skipIf(isMissing)('is not believed when its search has found an error', async () => {
    verifier = buildSpinOf('init { assert(false) }', [], '-O1');
    await expect(verifier.run()).rejects.toThrow(PeerFailed);
  });

  test.skipIf(isMissing)('is not believed when it refuses the model', () => {
    expect(() => buildSpinOf('init {', [], '-O1')).toThrow(PeerFailed);
  });
});
