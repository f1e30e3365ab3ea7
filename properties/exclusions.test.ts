/**
 * Which witnesses bounds exclude, of all small bounds: those that a naive statement excludes; that none of
 * them can be found is for the exhaustive runs to show. And what the claims mean by a majority, by a better
 * credential, and by the tutorial.
 */
import { describe, expect, test } from 'vitest';
import { type Bounds, findRung } from '../models/index.js';
import { type TutorialReading, TutorialState } from '../models/tutorial.js';
import type { Scenario } from '../src/spec/index.js';
import { fastLeaderElection } from './fast-leader-election.js';
import { isMajority, outranks } from './majority.js';
import { type Naive, naiveElection, naiveTutorial } from './naive-claims.js';
import { naiveDiscovery, naiveSynchronization } from './naive-claims-zab.js';
import { tutorial } from './tutorial.js';
import { zabDiscovery } from './zab-discovery.js';
import { zabSynchronization } from './zab-synchronization.js';

interface Excluding {
  readonly witnesses: readonly { readonly name: string; readonly excludedBecause?: string | null }[];
}

/** All combinations of some values. */
const combined = (values: { readonly [B in keyof Bounds]?: readonly Bounds[B][] }): Partial<Bounds>[] =>
  Object.entries(values).reduce<Partial<Bounds>[]>(
    (all, [bound, each]) => all.flatMap((some) => each.map((value) => ({ ...some, [bound]: value }))),
    [{}],
  );

/** Every list of so many zxids of 0 to 2, the first few free. */
const lists = (servers: number): (readonly number[])[] =>
  Array.from({ length: 3 ** Math.min(servers, 4) }, (_, code) =>
    Array.from({ length: servers }, (_zxid, i) => Math.floor(code / 3 ** i) % 3),
  );

const faults = { crashes: [0, 1, 2], abandons: [0, 1, 2] };
const elections = [1, 2, 3, 4, 5].flatMap((servers) =>
  combined({
    servers: [servers],
    zxids: ['every', 'ranks', ...lists(servers)],
    dataVersions: [1, 2],
    rounds: [1, 2],
    crashes: [0, 1],
    abandons: [0, 1],
  }),
);
const discoveries = combined({ servers: [2, 3, 4], epochs: [1, 2], rounds: [1, 2, 3, 4], ...faults });

type Kind = readonly [
  model: string,
  bounds: readonly Partial<Bounds>[],
  ours: (bounds: Bounds) => Excluding,
  naive: (bounds: Bounds) => Naive<never>,
];
const KINDS: readonly Kind[] = [
  ['tutorial', elections, tutorial, ({ servers }) => naiveTutorial(servers) as Naive<never>],
  [
    'fast-leader-election',
    elections,
    fastLeaderElection,
    ({ servers }) => naiveElection(servers) as Naive<never>,
  ],
  [
    'zab-discovery',
    [...discoveries, ...discoveries.map((each) => ({ ...each, election: 'fle' as const }))],
    zabDiscovery,
    ({ observers }) => naiveDiscovery(observers) as Naive<never>,
  ],
  [
    'zab-synchronization',
    combined({ servers: [2, 3], observers: [0, 1], epochs: [1, 2], ...faults }),
    zabSynchronization,
    ({ servers, observers }) => naiveSynchronization(servers, observers) as Naive<never>,
  ],
];

describe('of all small bounds the witnesses are excluded that the naive statement excludes', () => {
  test.each(KINDS)('%s', (model, all, ours, naive) => {
    const { tiny } = findRung(model)!.presets;
    for (const some of all) {
      const bounds = { ...tiny, ...some };
      const excluded = ours(bounds)
        .witnesses.filter(({ excludedBecause }) => typeof excludedBecause === 'string')
        .map(({ name }) => name);
      const naively = Object.entries(naive(bounds).witnesses)
        .filter(([, witness]) => witness.excluded?.(bounds) === true)
        .map(([name]) => name);
      expect({ ...some, excluded }).toEqual({ ...some, excluded: naively });
    }
  });

  test('zab-discovery looks for a proposal where its election lets a server begin to lead', () => {
    const on = (election: Bounds['election']) => {
      const { claims } = zabDiscovery({ ...findRung('zab-discovery')!.presets.tiny, election });
      const claim = claims.find(({ name }) => name === 'proposedEpochFresh')!;
      return claim.kind === 'step' ? claim.on : [];
    };
    expect(on('free')).toEqual(['BecomeLeader', 'HandleFollowerInfo']);
    expect(on('fle')).toEqual(['HandleNotification', 'EndFinalizeWait', 'HandleFollowerInfo']);
  });
});

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
  const { OFF, LOOKING, FOLLOWING, LEADING } = TutorialState.values;
  const { tiny } = findRung('tutorial')!.presets;
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
      initial: ['zxids 0,0,0,0,0'],
      steps: ['s1', 's2', 's3', 's4', 's5'].map((server) => ['StartServer', server]),
      witness: 'leaderElected',
    });
  });

  test('holds of what the tutorial shows after each step, and of nothing that differs in one server', () => {
    const up = (state: number, vote: number) => ({ state, vote, zxid: 0, logicalclock: 1 });
    const off = up(OFF, 0);
    const [looks1, looks2] = [up(LOOKING, 0), up(LOOKING, 1)];
    const [follows, leads] = [up(FOLLOWING, 2), up(LEADING, 2)];
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
        for (const state of [OFF, LOOKING, FOLLOWING, LEADING]) {
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
