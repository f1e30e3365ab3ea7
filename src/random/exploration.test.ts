import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import {
  always,
  type Claim,
  defineModel,
  domain,
  everyStep,
  Machine,
  perServer,
  type Reading,
  range,
  scenario,
  sid,
  sometimes,
  struct,
} from '../language/index.js';
import { Exploration, exploreSubject, replaySchedule } from './exploration.js';
import { ddmin, narrow } from './reduce.js';
import type { Built, DrawnBounds, Space, Subject } from './schedule.js';

const schemaAt = (servers: number, rounds: number, crashes: number) =>
  struct({ level: perServer(servers, range(0, rounds)), crashesLeft: range(0, crashes) });
type Levels = Reading<ReturnType<typeof schemaAt>>;

/** Servers climb, stay or fall; a crash takes one to the ground. Waiting makes every walk long. */
function ladder({ servers, rounds, crashes }: DrawnBounds, claims: readonly Claim<Levels>[]): Built {
  const [n, top, budget] = [Number(servers), Number(rounds), Number(crashes)];
  const Sid = domain('sid', sid(n));
  const model = defineModel({
    name: 'ladder',
    schema: schemaAt(n, top, budget),
    initial: {
      then: (state) => {
        state.crashesLeft = budget;
      },
    },
    actions: {
      Climb: {
        over: [Sid],
        when: ({ level }, i) => level.at(i) < top,
        then: ({ level }, i) => level.set(i, level.at(i) + 1),
      },
      Wait: { over: [Sid], then: () => {} },
      CrashServer: {
        over: [Sid],
        when: ({ crashesLeft }) => crashesLeft > 0,
        then: (state, i) => {
          state.crashesLeft = state.crashesLeft - 1;
          state.level.set(i, 0);
        },
        excludedBecause: budget === 0 ? 'no crash is budgeted' : null,
      },
      Fly: { over: [Sid], when: () => false, then: () => {} },
    },
  });
  const shows = ({ level }: Levels) => level.at(0) > 0;
  const witnesses = [sometimes<Levels>({ name: 'climbed', says: '', source: '', shows })];
  return { model, expectations: { claims, witnesses } } as unknown as Built;
}

const space: Space = {
  servers: { values: [3, 4, 5], least: 2 },
  rounds: { values: [4, 8], least: 1 },
  crashes: { values: [0, 2, 6], least: 0 },
};
const subjectWith = (...claims: Claim<Levels>[]): Subject => ({
  space,
  build: (bounds) => ladder(bounds, claims),
});
const says = { says: '', source: '', witness: 'climbed', explain: () => '' };

/** Fails once two servers stand at 2 or above: 4 steps, with two servers and two rounds. */
const notTwoHigh = always<Levels>({
  name: 'notTwoHigh',
  ...says,
  holds: ({ level }) => {
    let high = 0;
    for (let i = 0; i < level.length; i++) if (level.at(i) >= 2) high++;
    return high < 2;
  },
});
/** Fails when the last crash in the budget takes a server that has climbed: 2 steps, with one crash. */
const oneFallOnly = everyStep<Levels>({
  name: 'oneFallOnly',
  ...says,
  on: ['CrashServer'],
  holds: (pre, post, i) => pre.level.at(i) < 1 || post.crashesLeft > 0,
});
const holds = always<Levels>({ name: 'holds', ...says, holds: () => true });

const SEEDS = [1, 2, 3, 4, 5];

afterEach(() => fc.resetConfigureGlobal());

test.each(SEEDS)('a planted bug shrinks to the length that breadth-first search proves (seed %i)', (seed) => {
  const { verdict, violation } = exploreSubject(subjectWith(notTwoHigh), { seed, runs: 100, choices: 500 });
  expect(verdict).toBe('violated');
  expect(violation!.lengths).toMatchObject({ shrunk: 4, shortest: 4 });
  expect(violation!.bounds).toEqual({ servers: 2, rounds: 2, crashes: 0 });
  // One server climbs to the end before the other begins.
  expect(violation!.switches).toEqual({ count: 1, fewest: true });
});

test.each(SEEDS)('a bug that needs crashes keeps as many as it needs, and no more (seed %i)', (seed) => {
  const { violation } = exploreSubject(subjectWith(oneFallOnly), { seed, runs: 100, choices: 500 });
  expect(violation!.claim).toBe('oneFallOnly');
  expect(violation!.bounds).toEqual({ servers: 2, rounds: 1, crashes: 1 });
  expect(violation!.lengths.shortest).toBe(2);
});

test('the counterexample is plain data that replays to the violation', () => {
  const subject = subjectWith(notTwoHigh);
  const outcome = exploreSubject(subject, { seed: 1, runs: 100, choices: 500 });
  const { found, claim, bounds, schedule, lengths } = JSON.parse(JSON.stringify(outcome)).violation;
  const walk = replaySchedule(subject, found);
  expect(walk.violation?.claim).toBe(claim);
  expect(walk.violation?.schedule.steps).toHaveLength(lengths.found);
  const machine = new Machine(subject.build(bounds).model);
  machine.start(schedule.initial);
  for (const code of schedule.steps) {
    expect(machine.admits(code)).toBe(true);
    machine.apply(code);
    machine.advance();
  }
  expect(notTwoHigh.holds(machine.pre as unknown as Levels)).toBe(false);
});

test('a search for the shortest that reaches its limit leaves the shrunk schedule, and says so', () => {
  const outcome = exploreSubject(subjectWith(notTwoHigh), { seed: 1, runs: 100, choices: 500, statesMax: 2 });
  expect(outcome.violation!.lengths).toMatchObject({ shrunk: 4, shortest: null });
  expect(outcome.violation!.schedule.steps).toHaveLength(4);
  expect(outcome.violation!.switches.fewest).toBe(false);
  expect(outcome.reason).toContain('not proved shortest');
});

test('the outcome names the settings of the bounds that its runs take, and the run found has one', () => {
  const { palette, violation } = exploreSubject(subjectWith(notTwoHigh), {
    seed: 1,
    runs: 100,
    choices: 500,
  });
  expect(palette).toHaveLength(4);
  expect(palette).toContainEqual(violation!.found.setting.bounds);
});

test('a deadlock is a violation and shrinks like one', () => {
  const stuck: Subject = {
    space: { servers: { values: [3, 4], least: 1 } },
    build: ({ servers }) => {
      const { model, expectations } = ladder({ servers, rounds: 2, crashes: 0 }, []);
      const actions = model.actions.filter(({ name }) => name === 'Climb');
      return { model: { ...model, actions, instances: actions[0].instances }, expectations };
    },
  };
  const { violation } = exploreSubject(stuck, { seed: 1, runs: 10, choices: 200 });
  expect(violation!.claim).toBe(DEADLOCK);
  expect(violation!.bounds).toEqual({ servers: 1 });
  expect(violation!.lengths).toMatchObject({ shrunk: 2, shortest: 2 });
});

test('a search narrowed to a claim meets no other claim and no deadlock', () => {
  const built = ladder({ servers: 3, rounds: 4, crashes: 2 }, [notTwoHigh, oneFallOnly]);
  const state = new Machine(built.model).pre;
  const narrowed = narrow(built, 'oneFallOnly');
  expect(narrowed.expectations.claims.map(({ name }) => name)).toEqual(['oneFallOnly']);
  expect(narrowed.model.terminal?.(state)).toBe(true);
  const forDeadlock = narrow(built, DEADLOCK);
  expect(forDeadlock.expectations.claims).toEqual([]);
  expect(forDeadlock.model.terminal).toBe(built.model.terminal);
});

test('runs that violate nothing pass, with their figures', () => {
  const never = scenario<Levels>({ name: 'never', ...says, initial: [], steps: [], holds: () => false });
  const outcome = exploreSubject(subjectWith(holds, never), { seed: 3, runs: 30, choices: 200 });
  expect(outcome).toMatchObject({ verdict: 'passed', reason: null, seed: 3, runs: 30, violation: null });
  expect(outcome.claims).toEqual(['holds']);
  expect(Object.values(outcome.actions).reduce((sum, count) => sum + count, 0)).toBe(outcome.steps);
  expect(outcome.neverTaken).toEqual(['Fly']);
  expect(outcome.witnesses.climbed).toBeGreaterThan(20);
  expect(outcome.longest).toBeLessThanOrEqual(200);
});

test('the same seed gives the same outcome, another seed another', () => {
  const run = (seed: number) => exploreSubject(subjectWith(holds), { seed, runs: 20, choices: 200 });
  expect(run(4)).toEqual(run(4));
  expect(run(4).actions).not.toEqual(run(5).actions);
});

test('a seed decides the runs, not only the bounds they draw from', () => {
  const one: Space = { servers: { values: [3] }, rounds: { values: [4] }, crashes: { values: [2] } };
  const run = (seed: number) =>
    exploreSubject({ ...subjectWith(holds), space: one }, { seed, runs: 8, choices: 200 });
  expect(run(4).actions).not.toEqual(run(5).actions);
});

test('more runs begin with the same runs: a violation is met by the same run', () => {
  const run = (runs: number) => exploreSubject(subjectWith(oneFallOnly), { seed: 6, runs, choices: 20 });
  const { violation } = run(200);
  expect(run(violation!.run).violation).toEqual(violation);
  expect(run(violation!.run - 1).verdict).toBe('passed');
});

test('an exploration that is stopped is inconclusive and names the reason, never passed', () => {
  const exploration = new Exploration(subjectWith(holds), { seed: 1, runs: 100, choices: 50 });
  exploration.advance();
  exploration.stop('interrupted');
  expect(exploration.advance()).toBe(false);
  expect(exploration.outcome()).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted', runs: 1 });
});

test('an exploration that its caller concludes has passed what it ran', () => {
  const runs = Number.POSITIVE_INFINITY;
  const exploration = new Exploration(subjectWith(holds), { seed: 1, runs, choices: 50 });
  exploration.advance();
  expect(exploration.outcome().verdict).toBe('inconclusive');
  exploration.conclude();
  expect(exploration.advance()).toBe(false);
  expect(exploration.outcome()).toMatchObject({ verdict: 'passed', runs: 1 });
});

test("fast-check's own time limit makes the outcome inconclusive", () => {
  fc.configureGlobal({ interruptAfterTimeLimit: 0 });
  const outcome = exploreSubject(subjectWith(holds), { seed: 1, runs: 100, choices: 50 });
  expect(outcome.verdict).toBe('inconclusive');
});

test('an error of the model is thrown as it is, not taken for a violation', () => {
  const throws = always<Levels>({
    name: 'throws',
    ...says,
    holds: ({ level }) => {
      if (level.at(0) === 1) throw new Error('broken');
      return true;
    },
  });
  expect(() => exploreSubject(subjectWith(throws), { seed: 1, runs: 9, choices: 500 })).toThrow(
    /throws.*broken/s,
  );
});

test('delta debugging keeps exactly the steps that are needed', () => {
  const needed = [3, 17, 18, 40];
  const replay = (candidate: Schedule): Schedule | null =>
    needed.every((code) => candidate.steps.includes(code)) ? candidate : null;
  const all = { initial: 0, steps: Array.from({ length: 64 }, (_, i) => i) };
  expect(ddmin(all, replay)).toEqual({ initial: 0, steps: needed });
});

test('delta debugging tries again what another step held in place', () => {
  const replay = (candidate: Schedule): Schedule | null => {
    const has = (code: number) => candidate.steps.includes(code);
    return has(3) && has(4) && (!has(5) || has(9)) ? candidate : null;
  };
  expect(ddmin({ initial: 0, steps: [5, 3, 4, 9] }, replay).steps).toEqual([3, 4]);
});
