/**
 * At all small bounds, the excluded witnesses are those that a naive statement excludes. The exhaustive runs
 * show that none of them can be found.
 */
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily } from '../../models/index.js';
import { fastLeaderElection } from '../claims/fast-leader-election.js';
import { tutorial } from '../claims/tutorial.js';
import { zabDiscovery } from '../claims/zab-discovery.js';
import { zabSynchronization } from '../claims/zab-synchronization.js';
import { type Naive, naiveElection, naiveTutorial } from '../independent/naive-claims.js';
import { naiveDiscovery, naiveSynchronization } from '../independent/naive-claims-zab.js';

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
    const { tiny } = findFamily(model)!.presets;
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
      const { claims } = zabDiscovery({ ...findFamily('zab-discovery')!.presets.tiny, election });
      const claim = claims.find(({ name }) => name === 'proposedEpochFresh')!;
      return claim.kind === 'step' ? claim.on : [];
    };
    expect(on('free')).toEqual(['BecomeLeader', 'HandleFollowerInfo']);
    expect(on('fle')).toEqual(['HandleNotification', 'EndFinalizeWait', 'HandleFollowerInfo']);
  });
});
