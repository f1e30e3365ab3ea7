/**
 * Reductions against the model without them: what is reachable of the projection must be the same, step by
 * step, with what has been voted for and who has led before each step. Wrong ones must be found so.
 */
import { describe, expect, test } from 'vitest';
import type { FleSchema } from '../models/fast-leader-election.js';
import {
  actionOf,
  eagerReads,
  fleReductions,
  fullSlots,
  hasEmptySlot,
  type MayRead,
  readingAtOnce,
} from '../models/fle-reductions.js';
import { type Bounds, findRuleSet, findRung, type RuleSet, ruleSets, rulesOf } from '../models/index.js';
import { imitated } from '../models/reductions.js';
import { check } from '../src/engine/breadth-first.js';
import { everyStep, type Model, type Reading, type View } from '../src/spec/index.js';
import { caseOf } from './index.js';

type State = View<FleSchema>;
type Hidden = (s: State) => boolean;

const LOOKING = 1;
const isNightly = process.env.FLE_CHECK_NIGHTLY === '1';
const fle = findRung('fast-leader-election')!;
const correct = findRuleSet('correct')!;
const small: Bounds = { ...fle.presets.tiny, start: 'staggered' };

const modelOf = (bounds: Bounds, ruleSet = correct): Model<FleSchema> =>
  caseOf(fle, bounds, ruleSet).model as unknown as Model<FleSchema>;

interface Explored {
  /** Steps of the projection, each with the history before it. */
  readonly moves: ReadonlySet<string>;
  readonly states: number;
}

/** Everything that happens to the projection of a model: role, clock and proposal of every server. */
function explored(model: Model<FleSchema>): Explored {
  const moves = new Map<number, Set<number>>();
  const all = everyStep<Reading<FleSchema>>({
    name: 'noted',
    says: 'noted',
    source: 'this test',
    witness: '',
    holds: (pre, post) => {
      const [before, after] = [projected(pre), projected(post)];
      if (before === after) return true;
      const move = before * 2 ** 24 + after;
      const histories = moves.get(move) ?? new Set();
      moves.set(move, histories.add(historyOf(pre)));
      return true;
    },
  });
  const { distinct } = check(model, { claims: [all], witnesses: [] });
  const told = [...moves].flatMap(([move, histories]) =>
    [...histories].map((past) => `${move} after ${past}`),
  );
  return { moves: new Set(told), states: distinct };
}

/** In 8 bits a server, of three at most. */
function projected({ server }: Reading<FleSchema>): number {
  let all = 0;
  for (let i = 0; i < server.length; i++) {
    const { state, logicalclock, proposal } = server[i];
    all = all * 256 + state * 64 + logicalclock * 8 + proposal;
  }
  return all;
}

function historyOf({ cast, everLed }: Reading<FleSchema>): number {
  let all = everLed;
  for (let i = 0; i < cast.length; i++)
    for (let r = 0; r < cast[i].length; r++) all = all * 8 + cast[i][r].votes;
  return all;
}

/** What a model with hidden steps lacks of another's moves, and what it has besides. */
function compared(full: Explored, model: Model<FleSchema>, ...hidden: readonly Hidden[]) {
  const { moves, states } = explored(imitated(model, hidden));
  const missing = [...full.moves].filter((move) => !moves.has(move)).length;
  const extra = [...moves].filter((move) => !full.moves.has(move)).length;
  return { missing, extra, states };
}

const ALL_BOUNDS: readonly (readonly [string, Partial<Bounds>])[] = [
  ['3 servers', {}],
  ['3 servers, 1 crash', { crashes: 1 }],
  ['3 servers, 2 rounds, 1 abandon', { rounds: 2, abandons: 1 }],
  ['3 servers, together, 2 rounds, 1 crash', { rounds: 2, crashes: 1, start: 'together' }],
  ['2 servers, 3 rounds, 2 crashes, 3 abandons', { servers: 2, rounds: 3, crashes: 2, abandons: 3 }],
  ['3 servers, zxids 2, 0, 1', { zxids: [2, 0, 1] }],
];

describe.each(ALL_BOUNDS)('with %s', (_words, given) => {
  const bounds = { ...small, ...given };
  const full = explored(modelOf(bounds));
  const sound = fleReductions.filter((one) => one.unsoundBecause(bounds, rulesOf(correct)) === null);
  const sets = sound.length < 2 ? sound.map((one) => [one]) : [...sound.map((one) => [one]), sound];

  test.each(sets.map((set) => [set.map(({ name }) => name).join(',')] as const))(
    '%s leaves what is reachable as it is, with fewer states',
    (reduce) => {
      const reducedCase = modelOf({ ...bounds, reduce });
      const { moves, states } = explored(reducedCase);
      expect([...moves].sort()).toEqual([...full.moves].sort());
      expect(states).toBeLessThan(full.states);
    },
  );
});

describe('under other rules', () => {
  const apart = (ruleSet: RuleSet) =>
    Object.hasOwn(ruleSet.breaks, fle.name) || ruleSet.survives?.[fle.name] !== undefined;

  test.each(ruleSets.filter(apart).map((ruleSet) => [ruleSet.name, ruleSet] as const))(
    '%s: the claim that must fail does, at night every claim has the verdict that it has without reductions, or they are refused',
    (_name, ruleSet) => {
      const rules = rulesOf(ruleSet);
      const bounds = { ...small, ...(ruleSet.breaks[fle.name]?.bounds ?? {}) };
      const asked = caseOf(fle, bounds, ruleSet).bounds;
      const sound = fleReductions.filter((one) => one.unsoundBecause(asked, rules) === null);
      if (sound.length === 0) return;
      const reduce = sound.map(({ name }) => name).join(',');
      const expected = ruleSet.breaks[fle.name]?.claim;
      for (const claim of caseOf(fle, bounds, ruleSet).expectations.claims) {
        if (!isNightly && claim.name !== expected) continue;
        const verdictAt = (some: Bounds) => {
          const { model, expectations } = caseOf(fle, some, ruleSet);
          const claims = expectations.claims.filter(({ name }) => name === claim.name);
          return check(model, { claims: claims.map((one) => ({ ...one, witness: '' })), witnesses: [] })
            .violation?.claim;
        };
        expect({ reduce, [claim.name]: verdictAt({ ...bounds, reduce }) }).toEqual({
          reduce,
          [claim.name]: verdictAt(bounds),
        });
      }
    },
  );
});

describe('the comparison finds', () => {
  const rules = rulesOf(correct);
  const crash = { ...small, crashes: 1 };
  const again = { ...small, rounds: 2, abandons: 1 };
  const full = new Map([small, crash, again].map((bounds) => [bounds, explored(modelOf(bounds))]));

  const reading = (bounds: Bounds, mayRead: MayRead): Hidden =>
    readingAtOnce(modelOf(bounds), bounds, rules, mayRead);
  /** Takes its steps, and is not asked again: wrong ones may have no end. */
  const once =
    (hidden: Hidden): Hidden =>
    (s) => {
      hidden(s);
      return false;
    };
  const filling = (bounds: Bounds): Hidden => fullSlots.hidden(modelOf(bounds), bounds, rules);

  test('that votes below the own proposal are no dead ones: recorded, they let a server join', () => {
    const dropped: Hidden = (s) => {
      let changed = false;
      for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          if (i === j || s.server[i].state !== LOOKING || s.channel[j][i].length === 0) continue;
          const { state, electionEpoch, leader } = s.channel[j][i].head;
          const { logicalclock, proposal } = s.server[i];
          if (state !== LOOKING || electionEpoch !== logicalclock || leader >= proposal) continue;
          s.channel[j][i].pop();
          changed = true;
        }
      }
      return changed;
    };
    const { missing, extra } = compared(full.get(small)!, modelOf(small), dropped);
    expect({ missing, extra }).toEqual({ missing: 7, extra: 0 });
  });

  test('slots that a server fills while it waits, and so may not send again', () => {
    const resend = actionOf(modelOf(crash), 'ResendNotifications');
    const waiting: Hidden = (s) => {
      let changed = false;
      for (let i = 0; i < 3; i++) {
        if (s.server[i].state !== LOOKING || !hasEmptySlot(s, i, 3)) continue;
        resend(s, i);
        changed = true;
      }
      return changed;
    };
    const { missing, extra } = compared(full.get(crash)!, modelOf(crash), waiting);
    expect({ missing, extra }).toEqual({ missing: 0, extra: 17 });
  });

  test.each<[string, Bounds, (s: State, i: number, j: number, beats: Parameters<MayRead>[3]) => boolean]>([
    [
      'a vote read at once over one that is recorded',
      crash,
      (s, i, j, beats) => {
        const { recvset, proposal, logicalclock } = s.server[i];
        const { leader, electionEpoch, state } = s.channel[j][i].head;
        const isNew = recvset[j].state === 0 || recvset[j].leader !== leader;
        return (
          state === LOOKING &&
          electionEpoch === logicalclock &&
          isNew &&
          leader !== proposal &&
          beats(proposal, leader)
        );
      },
    ],
    [
      'a vote of another round read at once',
      again,
      (s, i, j, beats) => {
        const { recvset, proposal } = s.server[i];
        const { leader, state } = s.channel[j][i].head;
        return state === LOOKING && recvset[j].state === 0 && leader !== proposal && beats(proposal, leader);
      },
    ],
    [
      'the word of a decided server read at once',
      again,
      (s, i, j, beats) => {
        const { recvset, proposal, logicalclock } = s.server[i];
        const { leader, electionEpoch } = s.channel[j][i].head;
        return (
          electionEpoch === logicalclock &&
          recvset[j].state === 0 &&
          leader !== proposal &&
          beats(proposal, leader)
        );
      },
    ],
  ])('%s', (_what, bounds, mayRead) => {
    const { missing, extra } = compared(
      full.get(bounds)!,
      modelOf(bounds),
      once(filling(bounds)),
      once(reading(bounds, mayRead)),
      once(filling(bounds)),
    );
    expect(missing + extra).toBeGreaterThan(0);
  });
});

test('hidden steps without an end are refused', () => {
  expect(() => check(imitated(modelOf(small), [() => true]), { claims: [], witnesses: [] })).toThrow(
    'follow each other without end',
  );
});

describe('is refused', () => {
  test.each<[string, Partial<Bounds>, string]>([
    ['full-slots', { slots: 2 }, 'it needs --slots 1'],
    ['full-slots', { disconnects: 1 }, 'what a connection sends again'],
    ['eager-reads', { slots: 2 }, 'it needs --slots 1'],
    ['eager-reads', { rounds: 2 }, 'it needs --rounds 1'],
    ['eager-reads', { abandons: 1 }, 'it needs --rounds 1 and no abandon'],
    ['eager-reads', { crashes: 1 }, 'it needs --crashes 0'],
    ['eager-reads', { disconnects: 1 }, 'what a connection sends again'],
  ])('%s with %j', (reduce, given, because) => {
    expect(() => modelOf({ ...small, ...given, reduce })).toThrow(
      `the reduction ${reduce} is unsound here: ${because}`,
    );
  });

  test('full-slots under rules by which a server keeps its new vote to itself', () => {
    const silent = { ...correct, name: 'silent', overrides: { broadcastsAdopted: false } };
    expect(() => modelOf({ ...small, reduce: 'full-slots' }, silent)).toThrow('has old ones on its way');
  });

  test('nothing where it is sound', () => {
    for (const { unsoundBecause } of [fullSlots, eagerReads])
      expect(unsoundBecause(small, rulesOf(correct))).toBeNull();
  });
});
