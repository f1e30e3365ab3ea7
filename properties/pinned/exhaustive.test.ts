/**
 * Every claim, on every reachable state and step, at the bounds named; all figures are pinned in
 * corpus/exhaustive.
 */
import { describe, expect, test } from 'vitest';
import { type Bounds, families, findFamily, findRuleSet, rulesOf } from '../../models/index.js';

import { UnsoundReduction } from '../../models/model/reductions.js';
import { BreadthFirst } from '../../src/engine/breadth-first.js';
import { check } from '../../src/engine/check.js';
import { Crew } from '../../src/engine/crew.js';
import type { Outcome, Violation } from '../../src/engine/outcome.js';
import { sourceOf } from '../../src/search/case-source.js';
import { isNightly } from '../../src/testing/nightly.js';
import { traceTable } from '../../src/trace/text.js';
import { recordTrace } from '../../src/trace/trace.js';
import { type Case, caseOf } from '../index.js';
import { pinned } from './pinned.js';

const correct = findRuleSet('correct')!;
const fle = findFamily('fast-leader-election')!;
const tutorial = findFamily('tutorial')!;
const { presets: faithful } = findFamily('fle-faithful')!;

/** A violation as a person reads it: the claim and its shortest trace. */
function told({ family, model, stated, ruleSet }: Case, { claim, schedule }: Violation): string {
  const heading = { tool: '', bounds: { ...stated }, rules: ruleSet.name, claim, says: '', source: '' };
  const table = traceTable(recordTrace(model, schedule, heading), { describeServer: family.describeServer });
  return [`${claim} is violated:`, ...table].join('\n');
}

/** The outcome of a new thread: in one that has seen many models V8 takes twice as long. */
async function outcomeOf(subject: Case): Promise<Outcome> {
  const search = new BreadthFirst(subject.model, subject.expectations);
  const crew = await Crew.start(search, sourceOf(subject), 1);
  try {
    await crew.run();
  } finally {
    await crew.end();
  }
  return search.outcome();
}

async function holds(name: string, model: string, bounds: Bounds): Promise<void> {
  const subject = caseOf(findFamily(model)!, bounds, correct);
  const outcome = await outcomeOf(subject);
  expect(outcome.violation && told(subject, outcome.violation)).toBeNull();
  expect(outcome.reason).toBeNull();
  expect(outcome.verdict).toBe('holds');
  await expect(pinned(subject, outcome)).toMatchFileSnapshot(`../corpus/exhaustive/${model}.${name}.json`);
}

describe('keeps every claim, completely', () => {
  for (const family of families) {
    for (const preset of ['tiny', 'ci'] as const) {
      const bounds = family.presets[preset];
      // Millions of states: for the nightly run. The smaller bounds of both are below, among the others.
      const isLarge = ['fle-faithful', 'fast-leader-election'].includes(family.name) && preset === 'ci';
      test.skipIf(isLarge && !isNightly)(`${family.name} (${preset}: ${family.describe(bounds)})`, () =>
        holds(preset, family.name, bounds),
      );
    }
  }

  const small = fle.presets.tiny;
  const others: readonly [string, string, Bounds][] = [
    ['together', 'fast-leader-election', { ...small, start: 'together' }],
    ['two-slots', 'fast-leader-election', { ...small, slots: 2 }],
    ['one-crash', 'fast-leader-election', { ...small, crashes: 1 }],
    ['nobody-returns', 'fast-leader-election', { ...small, crashes: 2, returns: 'none' }],
    ['in-order', 'fast-leader-election', { ...small, start: 'in-order', crashes: 1, returns: 'none' }],
    [
      'two-servers-in-order',
      'fast-leader-election',
      { ...small, servers: 2, rounds: 2, abandons: 1, start: 'in-order', crashes: 2, returns: 'none' },
    ],
    ['two-rounds', 'fast-leader-election', { ...small, rounds: 2, abandons: 1 }],
    ['one-disconnect', 'fast-leader-election', { ...small, disconnects: 1 }],
    [
      'two-servers-disconnect',
      'fast-leader-election',
      { ...small, servers: 2, rounds: 2, abandons: 1, crashes: 1, disconnects: 2 },
    ],
    ['two-servers', 'fast-leader-election', { ...small, servers: 2, rounds: 3, abandons: 3, crashes: 2 }],
    [
      'two-servers-every',
      'fast-leader-election',
      { ...small, servers: 2, rounds: 2, abandons: 1, crashes: 1, zxids: 'every' },
    ],
    ['faults', 'fle-faithful', { ...faithful.tiny, rounds: 2, crashes: 1, abandons: 1 }],
    ['one-disconnect', 'fle-faithful', { ...faithful.tiny, rounds: 2, abandons: 1, disconnects: 1 }],
    ['elected', 'zab-discovery', { ...findFamily('zab-discovery')!.presets.tiny, election: 'fle' }],
    ['seven-servers', 'tutorial', { ...tutorial.presets.ci, servers: 7, dataVersions: 2 }],
  ];
  for (const [name, model, bounds] of others) {
    test(`${model} (${findFamily(model)!.describe(bounds)})`, () => holds(name, model, bounds));
  }
});

describe('says of no small bounds that a witness or an action is missing, or there after all', () => {
  const some: readonly Partial<Bounds>[] = [2, 3].flatMap((servers) =>
    [0, 1].flatMap((observers) =>
      [1, 2].flatMap((epochs) =>
        [0, 1].flatMap((crashes) =>
          [0, 1].map((abandons) => ({ servers, observers, epochs, txns: 1, crashes, abandons })),
        ),
      ),
    ),
  );
  const elected = some.flatMap((bounds) =>
    bounds.observers === 0 ? [1, 2].map((rounds) => ({ ...bounds, rounds, election: 'fle' as const })) : [],
  );
  const threads: readonly Partial<Bounds>[] = [2, 3].flatMap((servers) =>
    [1, 2].flatMap((queue) =>
      // Three servers end at the limit of states; so one round has to do for them.
      (servers === 2 ? [1, 2] : [1]).flatMap((rounds) =>
        [0, 1].flatMap((resends) =>
          [
            { crashes: 0, abandons: 0, disconnects: 0 },
            { crashes: 0, abandons: 1, disconnects: 0 },
            { crashes: 1, abandons: 0, disconnects: 0 },
            { crashes: 1, abandons: 1, disconnects: 0 },
            { crashes: 0, abandons: 1, disconnects: 1 },
          ].map((faults) => ({ servers, queue, rounds, resends, ...faults })),
        ),
      ),
    ),
  );
  // Where a link and the loopback hold two notifications, an answer to oneself outlives the next proposal.
  const twoSlots: readonly Partial<Bounds>[] = [
    { rounds: 2, abandons: 1, resends: 0 },
    { rounds: 2, abandons: 1, resends: 1 },
    { rounds: 3, abandons: 2, resends: 0 },
    { rounds: 2, abandons: 1, resends: 0, disconnects: 1 },
    { rounds: 2, abandons: 1, resends: 0, crashes: 1 },
  ].flatMap((bounds) => [1, 2].map((queue) => ({ ...bounds, queue, slots: 2, start: 'together' })));
  const ofFamilies: readonly [string, string, readonly Partial<Bounds>[]][] = [
    ['fle-faithful', 'as threads run it', threads],
    ['fle-faithful', 'with two slots', twoSlots],
    ['zab-discovery', 'any election', some],
    ['zab-discovery', 'elected by votes', elected],
    ['zab-synchronization', 'elected at once', some],
  ];
  test.each(ofFamilies)('%s, %s', (name, _election, all) => {
    const family = findFamily(name)!;
    // By day every third: the bounds that are left out differ from those in one or two.
    for (const bounds of all.filter((_, i) => isNightly || i % 3 === 0)) {
      const { model, expectations } = caseOf(family, { ...family.presets.tiny, ...bounds }, correct);
      const { verdict, reason } = check(model, expectations, { states: isNightly ? 40_000 : 2_000 });
      if (reason !== null)
        expect({ bounds, reason }).toEqual({ bounds, reason: expect.stringContaining('limit') });
      else expect({ bounds, verdict }).toEqual({ bounds, verdict: 'holds' });
    }
  });
});

/** The larger runs, of docs/zab.md and others: a quarter of an hour, if FLE_CHECK_NIGHTLY=1 asks for it. */
const large: readonly [string, string, Partial<Bounds>][] = [
  ['every-assignment', 'fast-leader-election', { ...fle.presets.tiny, zxids: 'every' }],
  ['nightly', 'fle-faithful', faithful.nightly],
  ['queue-of-one', 'fle-faithful', { ...faithful.ci, queue: 1 }],
  ['queue-of-three', 'fle-faithful', { ...faithful.ci, queue: 3 }],
  ['nightly', 'zab-discovery', findFamily('zab-discovery')!.presets.nightly],
  ['four-servers', 'zab-discovery', { ...findFamily('zab-discovery')!.presets.ci, servers: 4 }],
  [
    'elected-crash',
    'zab-discovery',
    { ...findFamily('zab-discovery')!.presets.tiny, election: 'fle', rounds: 2, crashes: 1 },
  ],
  [
    'elected-rounds',
    'zab-discovery',
    { ...findFamily('zab-discovery')!.presets.tiny, election: 'fle', rounds: 3, abandons: 1 },
  ],
  ['observer', 'zab-discovery', { ...findFamily('zab-discovery')!.presets.ci, observers: 1 }],
  ['nightly', 'zab-synchronization', findFamily('zab-synchronization')!.presets.nightly],
  [
    'four-servers',
    'zab-synchronization',
    { ...findFamily('zab-synchronization')!.presets.ci, servers: 4, crashes: 1 },
  ],
  [
    'five-servers',
    'zab-synchronization',
    { ...findFamily('zab-synchronization')!.presets.tiny, servers: 5, epochs: 2, crashes: 0, abandons: 2 },
  ],
];
describe.runIf(isNightly)('keeps every claim at larger bounds', () => {
  for (const [name, model, bounds] of large) {
    test(`${model} (${findFamily(model)!.describe(bounds as Bounds)})`, { timeout: 1_200_000 }, () =>
      holds(name, model, bounds as Bounds),
    );
  }
});

describe('rank normalisation', () => {
  const bounds = fle.presets.tiny;
  const figures = (zxids: Bounds['zxids']) => {
    const subject = caseOf(fle, { ...bounds, zxids }, correct);
    const { verdict, distinct, generated, depth, actions } = check(subject.model, subject.expectations);
    return { verdict, distinct, generated, depth, actions };
  };
  const ranked = figures('ranks');
  /** Of assignments that order three servers alike, the one with the least zxids, if these rise or fall. */
  const isDaily = ([a, b, c]: readonly number[]) =>
    [...new Set([a, b, c])].sort().every((zxid, i) => zxid === i) && (b - a) * (c - b) >= 0;

  test('explores a graph of the same size as each of the 27 assignments of zxids 0..2 to three servers', () => {
    for (let code = 0; code < 27; code++) {
      const zxids = [code % 3, Math.floor(code / 3) % 3, Math.floor(code / 9)];
      if (!isNightly && !isDaily(zxids)) continue;
      expect({ zxids, ...figures(zxids) }).toEqual({ zxids, ...ranked });
    }
  });

  test('makes every assignment an initial state for a rule set that may order votes differently', () => {
    const mutated = caseOf(fle, bounds, findRuleSet('order-ignores-zxid')!);
    expect(mutated.bounds.zxids).toBe('every');
    expect(mutated.note).toContain('may order votes differently');
    expect(caseOf(fle, bounds, findRuleSet('minority-quorum')!).note).toBeNull();
  });

  test('is refused by a model that is built with ranks under another order of votes', () => {
    const rules = rulesOf(findRuleSet('order-ignores-zxid')!);
    for (const family of [fle, tutorial]) {
      expect(() => family.build({ ...bounds, zxids: 'ranks' }, rules)).toThrow(UnsoundReduction);
    }
  });
});
