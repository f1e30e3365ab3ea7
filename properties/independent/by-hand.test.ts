/**
 * States by hand, where drawn ones seldom lead: what claims mean by a majority, by a better credential, by
 * the votes at hand, and by the tutorial.
 */
import { describe, expect, test } from 'vitest';
import type { FleState } from '../../models/fast-leader-election/model.js';
import { type Bounds, findFamily } from '../../models/index.js';
import { FOLLOWING, LEADING, LOOKING, OFF, VoterState } from '../../models/model/server-state.js';
import type { TutorialReading } from '../../models/tutorial/model.js';
import type { Scenario } from '../../src/language/index.js';
import { noMinorityLeader } from '../claims/fast-leader-election.js';
import { cannotLead, isMajority, outranks } from '../claims/majority.js';
import { tutorial } from '../claims/tutorial.js';

test('a majority is more than half', () => {
  const least = [1, 2, 3, 4, 5, 6, 7].map((servers) =>
    [0, 1, 2, 3, 4, 5, 6, 7].find((votes) => isMajority(votes, servers)),
  );
  expect(least).toEqual([1, 2, 2, 3, 3, 4, 4]);
});

test('credentials are ordered by epoch, then by zxid, then by sid', () => {
  const ranked = [
    { currentEpoch: 2, zxid: 0 },
    { currentEpoch: 0, zxid: 5 },
    { currentEpoch: 1, zxid: 3 },
    { currentEpoch: 1, zxid: 3 },
    { currentEpoch: 1, zxid: 2 },
  ];
  const above = ranked.map((_, a) => ranked.flatMap((_one, b) => (outranks(ranked, a, b) ? [b] : [])));
  expect(above).toEqual([[1, 2, 3, 4], [], [1, 4], [1, 2, 4], [1]]);
});

describe('tutorialScenario', () => {
  const { values } = VoterState;
  const { tiny } = findFamily('tutorial')!.presets;
  const scenarioOf = (bounds: Partial<Bounds>) =>
    tutorial({ ...tiny, ...bounds }).claims.find(
      (claim): claim is Scenario<TutorialReading> => claim.kind === 'scenario',
    );

  test('is a claim of five servers with equal data, and of no others', () => {
    const some: readonly [Partial<Bounds>, boolean][] = [
      [{ servers: 5, zxids: 'ranks' }, true],
      [{ servers: 5, zxids: 'every' }, true],
      [{ servers: 5, zxids: [1, 1, 1, 1, 1] }, true],
      [{ servers: 5, zxids: [1, 1, 1, 1, 0] }, false],
      [{ servers: 5, zxids: [0, 1, 2, 3, 4] }, false],
      [{ servers: 4, zxids: 'ranks' }, false],
      [{ servers: 4, zxids: [0, 0, 0, 0] }, false],
    ];
    for (const [bounds, is] of some) expect([bounds, scenarioOf(bounds) !== undefined]).toEqual([bounds, is]);
  });

  test('starts five servers of equal data, one after the other', () => {
    const { initial, steps, witness } = scenarioOf({ servers: 5, zxids: 'every', dataVersions: 2 })!;
    expect({ initial, steps, witness }).toEqual({
      initial: ['zxids 0x0,0x0,0x0,0x0,0x0'],
      steps: ['s1', 's2', 's3', 's4', 's5'].map((server) => ['StartServer', server]),
      witness: 'leaderElected',
    });
  });

  test('holds of what the tutorial shows after each step, and of nothing that differs in one server', () => {
    const up = (state: number, vote: number) => ({ state, vote, zxid: 0, logicalclock: 1 });
    const off = up(values.OFF, 0);
    const [looks1, looks2] = [up(values.LOOKING, 0), up(values.LOOKING, 1)];
    const [follows, leads] = [up(values.FOLLOWING, 2), up(values.LEADING, 2)];
    const shown = [
      [off, off, off, off, off],
      [looks1, off, off, off, off],
      [looks2, looks2, off, off, off],
      [follows, follows, leads, off, off],
      [follows, follows, leads, follows, off],
      [follows, follows, leads, follows, follows],
    ];
    const { holds } = scenarioOf({ servers: 5, zxids: 'every' })!;
    const says = (server: readonly object[], taken: number) => holds({ server } as never, taken);
    for (const [taken, servers] of shown.entries()) {
      expect([taken, says(servers, taken)]).toEqual([taken, true]);
      for (const [i, server] of servers.entries()) {
        for (const state of Object.values(values)) {
          const other = { ...server, state };
          expect([taken, i, other, says(servers.with(i, other), taken)]).toEqual([
            taken,
            i,
            other,
            state === server.state,
          ]);
        }
        const elsewhere = { ...server, vote: 4 };
        expect([taken, i, elsewhere, says(servers.with(i, elsewhere), taken)]).toEqual([
          taken,
          i,
          elsewhere,
          i >= taken,
        ]);
      }
    }
  });
});

describe('noMinorityLeader counts the votes at hand when s1 of three servers becomes LEADING in round 1', () => {
  const none = { state: OFF, leader: 0, electionEpoch: 0 };
  const vote = (state: number, leader: number, electionEpoch: number) => ({ state, leader, electionEpoch });
  interface Hand {
    readonly proposal?: number;
    /** What s1 knows of s2 and s3, in the round and out of the election. */
    readonly recvset?: readonly object[];
    readonly outofelection?: readonly object[];
    /** What s2 has sent, and whether the step reads it. */
    readonly heard?: object;
    readonly reads?: boolean;
  }
  const judged = (hand: Hand): boolean => {
    const { proposal = 0, recvset = [none, none], outofelection = [none, none], heard, reads = true } = hand;
    const empty = { length: 0, head: none };
    const state = (role: number, sent: object) => {
      const self = { proposal, logicalclock: 1, recvset: [null, ...recvset] };
      const other = { state: FOLLOWING };
      return {
        server: [{ ...self, state: role, outofelection: [null, ...outofelection] }, other, other],
        channel: [[], [sent], [empty]],
      } as unknown as FleState;
    };
    const sent = heard === undefined ? empty : { length: 1, head: heard };
    return noMinorityLeader.holds(state(LOOKING, sent), state(LEADING, reads ? empty : sent));
  };

  test.each<[string, Hand, boolean]>([
    ['its own vote alone is a minority', {}, false],
    ['a vote in recvset counts', { recvset: [vote(LOOKING, 0, 1), none] }, true],
    ['a vote in recvset for another does not', { recvset: [vote(LOOKING, 1, 1), none] }, false],
    ['without its own vote, one is a minority', { proposal: 1, recvset: [none, vote(LOOKING, 0, 1)] }, false],
    ['what it hears counts', { heard: vote(FOLLOWING, 0, 1) }, true],
    ['what it does not read does not', { heard: vote(FOLLOWING, 0, 1), reads: false }, false],
    ['what it hears of another does not', { heard: vote(FOLLOWING, 1, 1) }, false],
    ['what a LOOKING server says does not', { heard: vote(LOOKING, 0, 1) }, false],
    ['what it hears of another round does not count with its own', { heard: vote(FOLLOWING, 0, 2) }, false],
    [
      'what it hears of another round counts with votes out of the election',
      { heard: vote(FOLLOWING, 0, 2), outofelection: [none, vote(FOLLOWING, 0, 2)] },
      true,
    ],
    [
      'a server that tells it twice counts once',
      { proposal: 1, heard: vote(FOLLOWING, 0, 1), recvset: [vote(LOOKING, 0, 1), none] },
      false,
    ],
    ['one vote out of the election is a minority', { outofelection: [vote(LEADING, 0, 2), none] }, false],
  ])('%s', (_what, hand, holds) => {
    expect({ hand, holds: judged(hand) }).toEqual({ hand, holds });
  });
});

test('why a server cannot lead is true: so many rank at or below it, and they are no majority', () => {
  const { tiny } = findFamily('fast-leader-election')!.presets;
  for (const servers of [2, 3, 4, 5, 6, 7]) {
    for (let s = 0; s < servers; s++) {
      const because = cannotLead({ ...tiny, servers, zxids: 'ranks' }, s);
      // Of equal data the sid alone decides: s1 to the server itself rank at or below it.
      const [, few, all, sid] =
        /^only (\d) of (\d) servers ranks? at or below s(\d)$/.exec(because ?? '') ?? [];
      expect(because === null).toBe(isMajority(s + 1, servers));
      if (because !== null) expect([few, all, sid].map(Number)).toEqual([s + 1, servers, s + 1]);
    }
  }
});
