/**
 * Reductions against the model without them: both must have the same moves, which are steps of the projection
 * with the servers that have led before. Wrong reductions must be caught by this.
 */
import { describe, expect, test } from 'vitest';
import { build, type FleSchema } from '../../models/fast-leader-election/model.js';
import { reduced } from '../../models/fast-leader-election/reductions/reduced-model.js';
import {
  type DroppedConditions,
  fleReductions,
  NONE_DROPPED,
} from '../../models/fast-leader-election/reductions/reductions.js';
import { type Bounds, findFamily, findRuleSet, type RuleSet, ruleSets, rulesOf } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import type { Model } from '../../src/language/index.js';
import { isNightly } from '../../src/testing/nightly.js';
import { caseOf } from '../index.js';
import { type Explored, movesBy } from './projected-moves.js';

type Condition = keyof DroppedConditions;

const explored = movesBy((model, expectations) => check(model, expectations));
const MINUTES = 60_000;
const fle = findFamily('fast-leader-election')!;
const correct = findRuleSet('correct')!;
const small: Bounds = { ...fle.presets.tiny, start: 'staggered' };

const modelOf = (bounds: Bounds, ruleSet = correct): Model<FleSchema> =>
  caseOf(fle, bounds, ruleSet).model as unknown as Model<FleSchema>;

const soundAt = (bounds: Bounds, ruleSet = correct): readonly string[] =>
  fleReductions
    .filter((one) => one.unsoundBecause(bounds, rulesOf(ruleSet)) === null)
    .map(({ name }) => name);

/** All together, each alone, and all but each. */
const setsOf = (names: readonly string[]): readonly string[] =>
  [
    ...new Set([
      names.join(),
      ...names,
      ...names.map((one) => names.filter((other) => other !== one).join()),
    ]),
  ].filter((set) => set !== '');

/** By day all sets at the first bounds, and all together at the others. */
const tried = (bounds: Bounds, isFirst: boolean): readonly string[] =>
  isFirst || isNightly ? setsOf(soundAt(bounds)) : setsOf(soundAt(bounds)).slice(0, 1);

const ALL_BOUNDS: readonly (readonly [string, Partial<Bounds>])[] = [
  ['3 servers', {}],
  ['3 servers, 3 crashes, nobody returns', { crashes: 3, returns: 'none' }],
  ['3 servers, 2 rounds, 1 abandon', { rounds: 2, abandons: 1 }],
  ['2 servers, 3 rounds, 2 crashes, 3 abandons', { servers: 2, rounds: 3, crashes: 2, abandons: 3 }],
  ['3 servers, together', { start: 'together' }],
  ['3 servers, zxids 2, 0, 1', { zxids: [2, 0, 1] }],
  ['3 servers, 1 crash, nobody returns', { crashes: 1, returns: 'none' }],
  ['3 servers, 1 crash', { crashes: 1 }],
  ['3 servers, together, 2 rounds, 1 crash', { rounds: 2, crashes: 1, start: 'together' }],
  ['2 servers, 2 crashes, nobody returns', { servers: 2, crashes: 2, returns: 'none' }],
];

/** By day the first four: the bounds that are left out differ from those in one. */
const someBounds = isNightly ? ALL_BOUNDS : ALL_BOUNDS.slice(0, 4);

describe.each(someBounds)('with %s', (words, given) => {
  const bounds = { ...small, ...given };
  const made = new Map<boolean, Explored>();
  /** The whole model, searched once for all sets. */
  const full = (nameless: boolean): Explored => {
    const found = made.get(nameless) ?? explored(modelOf(bounds), nameless);
    made.set(nameless, found);
    return found;
  };

  test.each(tried(bounds, words === ALL_BOUNDS[0][0]).map((set) => [set] as const))(
    '%s leaves what is reachable as it is, with no more states',
    (reduce) => {
      const nameless = reduce.includes('anonymous-servers');
      const { moves, states } = explored(modelOf({ ...bounds, reduce }), nameless);
      expect([...moves].sort()).toEqual([...full(nameless).moves].sort());
      expect(states).toBeLessThanOrEqual(full(nameless).states);
    },
  );
});

describe('under other rules', () => {
  const apart = (ruleSet: RuleSet) =>
    Object.hasOwn(ruleSet.breaks, fle.name) || ruleSet.survives?.[fle.name] !== undefined;
  const all = ruleSets.filter(apart).map((ruleSet) => [ruleSet.name, ruleSet] as const);

  test.each(all)(
    '%s: the claim that must fail does, at night every claim has the verdict that it has without reductions, or they are refused',
    (_name, ruleSet) => {
      for (const given of [ruleSet.breaks[fle.name]?.bounds ?? {}, {}]) {
        const bounds = { ...small, ...given };
        const reduce = soundAt(caseOf(fle, bounds, ruleSet).bounds, ruleSet).join();
        if (reduce === '') continue;
        const expected = ruleSet.breaks[fle.name]?.claim;
        for (const { name } of caseOf(fle, bounds, ruleSet).expectations.claims) {
          if (!isNightly && name !== expected) continue;
          const verdict = verdictOf(name, { ...bounds, reduce }, ruleSet);
          expect({ reduce, [name]: verdict }).toEqual({ reduce, [name]: verdictOf(name, bounds, ruleSet) });
        }
      }
    },
    20 * MINUTES,
  );

  // By day every third.
  test.each(all.filter((_, i) => isNightly || i % 3 === 0))(
    '%s: every move within a round is there, or they are refused',
    (_name, ruleSet) => {
      const { bounds } = caseOf(fle, small, ruleSet);
      const reduce = soundAt(bounds, ruleSet).join();
      if (reduce === '' || (bounds.zxids === 'every' && !isNightly)) return;
      const nameless = reduce.includes('anonymous-servers');
      const full = explored(modelOf(bounds, ruleSet), nameless);
      const { moves } = explored(modelOf({ ...bounds, reduce }, ruleSet), nameless);
      expect([...moves].sort()).toEqual([...full.moves].sort());
    },
  );
});

/** The claim that is violated when only this claim is checked. */
function verdictOf(name: string, bounds: Bounds, ruleSet: RuleSet): string | undefined {
  const { model, expectations } = caseOf(fle, bounds, ruleSet);
  const claims = expectations.claims.filter((claim) => claim.name === name);
  return check(model, { claims: claims.map((one) => ({ ...one, witness: '' })), witnesses: [] }).violation
    ?.claim;
}

describe('the comparison finds', () => {
  const rules = rulesOf(correct);
  const without = (bounds: Bounds, reduce: string, condition: Condition): Model<FleSchema> =>
    reduced(build(bounds, rules), { ...bounds, reduce }, rules, { ...NONE_DROPPED, [condition]: true });
  const compared = (bounds: Bounds, reduce: string, condition: Condition) => {
    const nameless = reduce.includes('anonymous-servers');
    const full: Explored = explored(modelOf(bounds), nameless);
    const { moves } = explored(without(bounds, reduce, condition), nameless);
    const missing = [...full.moves].filter((move) => !moves.has(move)).length;
    return { missing, extra: [...moves].filter((move) => !full.moves.has(move)).length };
  };

  const never: Partial<Bounds> = { crashes: 2, returns: 'none' };
  test.each<[Condition, string, Partial<Bounds>, { missing: number; extra: number }]>([
    ['lowerVotesCount', 'dead-votes', {}, { missing: 6, extra: 0 }],
    ['waitersDoNotSend', 'full-slots', { crashes: 1 }, { missing: 0, extra: 14 }],
    ['waitersAreAnswered', 'dead-votes', {}, { missing: 1, extra: 0 }],
    ['waitersAreAnswered', 'spent-slots', {}, { missing: 1, extra: 0 }],
    ['waitersAreAnswered', 'lazy-decisions', {}, { missing: 1, extra: 0 }],
    ['wordsOutliveServers', 'lazy-decisions', never, { missing: 8, extra: 0 }],
    ['equalVotesBeginWaits', soundAt(small).join(), {}, { missing: 6, extra: 0 }],
    ['candidatesKeepPlaces', soundAt(small).join(), {}, { missing: 13, extra: 0 }],
  ])('%s is a condition of %s', (condition, reduce, given, expected) => {
    expect(compared({ ...small, ...given }, reduce, condition)).toEqual(expected);
  });

  test('reductions that undo each other: votes below the own one read at once, and dropped', () => {
    expect(() =>
      explored(without({ ...small, servers: 4 }, soundAt(small).join(), 'lowerVotesCount')),
    ).toThrow('reductions undo each other');
  });

  test('majorityVoted is a condition of settled-history: a claim that fails would hold', () => {
    const minority = findRuleSet('minority-quorum')!;
    const verdict = (model: Model<FleSchema>) => {
      const { claims } = caseOf(fle, { ...small, servers: 4 }, minority).expectations;
      const asked = claims.filter(({ name }) => name === 'decisionHasVoteQuorum');
      return check(model, { claims: asked.map((one) => ({ ...one, witness: '' })) as never, witnesses: [] })
        .verdict;
    };
    const rules = rulesOf(minority);
    // Under these rules two of four servers are a quorum.
    const bounds = { ...small, servers: 4, reduce: soundAt({ ...small, servers: 4 }, minority).join() };
    expect(verdict(modelOf(bounds, minority))).toBe('violated');
    const wrong = reduced(build(bounds, rules), bounds, rules, { ...NONE_DROPPED, majorityVoted: true });
    expect(verdict(wrong)).toBe('holds');
  });
});

describe('is refused', () => {
  const one = 'spent-slots';
  test.each<[string, Partial<Bounds>, string]>([
    ['full-slots', { slots: 2 }, 'it needs --slots 1'],
    ['full-slots', { disconnects: 1 }, 'it has no room for the message that a broken connection sends again'],
    [one, { slots: 2 }, 'it needs --slots 1'],
    [one, { rounds: 2 }, 'it needs --rounds 1'],
    [one, { abandons: 1 }, 'it needs --rounds 1 and no abandon'],
    [one, { crashes: 1 }, 'it needs --crashes 0 or --returns none'],
    [one, { disconnects: 1 }, 'it has no room for the message that a broken connection sends again'],
  ])('%s with %j', (reduce, given, because) => {
    expect(() => modelOf({ ...small, ...given, reduce })).toThrow(
      `the reduction ${reduce} is unsound here: ${because}`,
    );
  });

  test.each<[string, RuleSet['overrides'], string]>([
    ['full-slots', { broadcastsAdopted: false }, 'has old ones on its way'],
    ['dead-votes', { putsBack: false }, "its argument is about ZooKeeper's putsBack"],
    ['dead-votes', { hasQuorum: (votes) => votes >= 1 }, 'a quorum must have two votes or more'],
  ])('%s under the rules %o', (reduce, overrides, because) => {
    const other = { ...correct, name: 'other', overrides };
    expect(() => modelOf({ ...small, reduce }, other)).toThrow(because);
  });

  test('nothing where it is sound', () => {
    expect(soundAt(small)).toHaveLength(fleReductions.length);
    expect(caseOf(fle, { ...small, reduce: 'all' }, correct).bounds.reduce).toBe(
      fleReductions.map(({ name }) => name).join(),
    );
    expect(caseOf(fle, { ...small, rounds: 2, reduce: 'all' }, correct).bounds.reduce).toBe('full-slots');
  });
});
