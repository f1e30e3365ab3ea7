/**
 * Reductions at four and five servers, where the model without them is too large for daily tests. At four
 * servers, one complete search with only full-slots and spent-slots found all moves: 502,944,762 states.
 */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { FleSchema, FleState } from '../../models/fast-leader-election/model.js';
import { fleReductions } from '../../models/fast-leader-election/reductions/reductions.js';
import { type Bounds, findFamily, findRuleSet, wholeRun } from '../../models/index.js';
import { check } from '../../src/engine/check.js';
import { Machine, type Model } from '../../src/language/index.js';
import { isNightly } from '../../src/testing/nightly.js';
import { readTrace } from '../../src/trace/read.js';
import { replay } from '../../src/trace/replay.js';
import { caseOf } from '../index.js';
import { isMove, moveOf, movesBy } from './projected-moves.js';

const explored = movesBy((model, expectations) => check(model, expectations));
const fle = findFamily('fast-leader-election')!;
const ALL = fleReductions.map(({ name }) => name);
const HOURS = 3_600_000;

const modelOf = (given: Partial<Bounds>): Model<FleSchema> =>
  caseOf(fle, { ...fle.presets.tiny, ...given }, findRuleSet('correct')!)
    .model as unknown as Model<FleSchema>;

/** All reductions that keep the names of the servers. */
const NAMED_SERVERS = ALL.filter((name) => name !== 'anonymous-servers').join();

const made = new Map<string, ReturnType<typeof explored>>();
/** The moves at these bounds, made once for all tests that ask for them. */
function exploredOnce(given: Partial<Bounds>, nameless: boolean): ReturnType<typeof explored> {
  const key = JSON.stringify([given, nameless]);
  const found = made.get(key) ?? explored(modelOf(given), nameless);
  made.set(key, found);
  return found;
}

const digestOf = (moves: ReadonlySet<string>): string =>
  createHash('sha256')
    .update([...moves].sort().join('\n'))
    .digest('hex')
    .slice(0, 16);

/** Of the moves of four servers, with the names of all servers, and without those for whom nobody votes. */
const NAMED = [528, '178f0e5aab6c451a'];
const NAMELESS = [370, 'b44effd9d927d676'];

describe('four servers', () => {
  // This comes first: with the views of only one model V8 is more than twice as fast.
  test.runIf(isNightly)(
    'make no others without most reductions',
    () => {
      const { moves, states } = explored(modelOf({ servers: 4, reduce: 'full-slots,spent-slots' }));
      expect([states, moves.size, digestOf(moves)]).toEqual([502_944_762, ...NAMED]);
    },
    2 * HOURS,
  );

  const sets = [ALL, ...ALL.map((one) => ALL.filter((other) => other !== one))].map((names) => names.join());
  // By day all, with the names of the servers and without; reductions.test.ts has each alone, of three.
  const daily = [ALL.join(), NAMED_SERVERS];
  test.each(sets.filter((set) => isNightly || daily.includes(set)).map((set) => [set] as const))(
    'make the moves of the whole model by %s',
    (reduce) => {
      const nameless = reduce.includes('anonymous-servers');
      const { moves } = exploredOnce({ servers: 4, reduce }, nameless);
      expect([moves.size, digestOf(moves)]).toEqual(nameless ? NAMELESS : NAMED);
    },
    HOURS,
  );
});

/** The same numbers at every run. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Walks at random from the initial state, each time at most this number of steps. */
function walk(
  model: Model<FleSchema>,
  steps: number,
  longest: number,
  seen: (pre: FleState, post: FleState) => void,
  ended: (walk: readonly number[]) => void = () => {},
): void {
  const machine = new Machine(model);
  const enabled = new Uint16Array(model.instances);
  const random = numbers(1);
  let taken: number[] = [];
  machine.start(0);
  for (let step = 0; step < steps; step++) {
    const count = taken.length < longest ? machine.enabled(enabled) : 0;
    if (count === 0) {
      ended(taken);
      taken = [];
      machine.start(0);
      continue;
    }
    const code = enabled[Math.floor((random.next().value as number) * count)];
    taken.push(code);
    machine.apply(code);
    seen(machine.pre, machine.post as unknown as FleState);
    machine.advance();
  }
}

describe('walks at random', () => {
  test.each<[string, Partial<Bounds>, number]>([
    ['four servers', { servers: 4 }, isNightly ? 100_000_000 : 100_000],
    ...(isNightly ? [['five servers', { servers: 5 }, 100_000_000] as const] : []),
  ] as [string, Partial<Bounds>, number][])(
    'of the whole model never leave what the reduced one reaches: %s',
    (_words, given, steps) => {
      const { moves } = exploredOnce({ ...given, reduce: NAMED_SERVERS }, false);
      let outside = 0;
      let inside = 0;
      walk(modelOf(given), steps, 120, (pre, post) => {
        if (!isMove(pre, post)) return;
        if (moves.has(moveOf(pre, post))) inside++;
        else outside++;
      });
      expect(outside).toBe(0);
      expect(inside).toBeGreaterThan(steps / 100);
    },
    HOURS,
  );

  test.each<[string, Partial<Bounds>]>([
    ['three servers', { servers: 3 }],
    ['four servers', { servers: 4 }],
    ['five servers', { servers: 5 }],
    ['five servers, 2 crashes, nobody returns', { servers: 5, crashes: 2, returns: 'none' }],
  ])('of the reduced model are runs of the whole one: %s', (_words, given) => {
    const reduced = modelOf({ ...given, reduce: ALL.join() });
    const whole = modelOf(given);
    let told = 0;
    walk(
      reduced,
      isNightly ? 200_000 : 1_000,
      60,
      () => {},
      (steps) => {
        const run = wholeRun(reduced, whole, { initial: 0, steps });
        expect(run, steps.join()).not.toBeNull();
        told++;
      },
    );
    expect(told).toBeGreaterThan(10);
  });
});

test.runIf(isNightly)(
  'five servers: every claim holds, every witness is found, and the figures are those of the README',
  () => {
    const { model, expectations } = caseOf(
      fle,
      { ...fle.presets.tiny, servers: 5, reduce: 'all' },
      findRuleSet('correct')!,
    );
    const { verdict, distinct, generated, depth } = check(model, expectations);
    expect({ verdict, distinct, generated, depth }).toEqual({
      verdict: 'holds',
      distinct: 3_087_147,
      generated: 41_323_955,
      depth: 28,
    });
  },
  HOURS,
);

test('three of five servers lead at one clock', () => {
  const trace = readTrace(
    fileURLToPath(
      new URL('../corpus/scenarios/fast-leader-election.threeLeadersAtOneClock.json', import.meta.url),
    ),
  );
  const { model, expectations } = caseOf(fle, { ...fle.presets.tiny, servers: 5 }, findRuleSet('correct')!);
  expect(replay(model, expectations, trace)).toBeNull();
  const { server } = trace.steps.at(-1)!.state as unknown as {
    server: { state: string; logicalclock: number }[];
  };
  expect(server.filter(({ state, logicalclock }) => state === 'LEADING' && logicalclock === 1)).toHaveLength(
    3,
  );
  expect(trace.steps).toHaveLength(20);
});
