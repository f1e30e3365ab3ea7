import { expect, test } from 'vitest';
import { DEADLOCK } from '../engine/outcome.js';
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
  sid,
  someStep,
  sometimes,
  struct,
  type View,
  type Witness,
} from '../language/index.js';
import { type Built, expandChoices } from './schedule.js';
import { Walker } from './walk.js';

const TOP = 3;
const SERVERS = 3;
const schema = struct({ level: perServer(SERVERS, range(0, TOP)) });
type Levels = Reading<typeof schema>;
const Sid = domain('sid', sid(SERVERS));

/** Each server's level goes up and down; nothing ends. */
const stairs = defineModel({
  name: 'stairs',
  schema,
  initial: { over: [Sid], then: ({ level }, i) => level.set(i, 1) },
  actions: {
    Raise: {
      over: [Sid],
      when: ({ level }, i) => level.at(i) < TOP,
      then: ({ level }, i) => level.set(i, level.at(i) + 1),
    },
    Lower: {
      over: [Sid],
      when: ({ level }, i) => level.at(i) > 0,
      then: ({ level }, i) => level.set(i, level.at(i) - 1),
    },
  },
});

const built = (claims: Claim<Levels>[] = [], witnesses: Witness<Levels>[] = []): Built =>
  ({ model: stairs, expectations: { claims, witnesses } }) as unknown as Built;
const setting = { bounds: {}, mix: {}, horizon: 1_000 };
const says = { says: '', source: '', witness: '', explain: () => '' };

const neverAllAtTop = always<Levels>({
  name: 'neverAllAtTop',
  ...says,
  holds: ({ level }) => level.at(0) + level.at(1) + level.at(2) < SERVERS * TOP,
});

test('the same data gives the same walk', () => {
  const schedule = { setting, choices: expandChoices(7, 2_000) };
  const first = new Walker(built([neverAllAtTop])).walk(schedule);
  const other = new Walker(built([neverAllAtTop]));
  other.walk({ setting, choices: expandChoices(8, 500) });
  expect(other.walk(schedule)).toEqual(first);
  expect(first.steps).toBeGreaterThan(100);
});

test('any subset of the choices interprets, and takes a step or starts for each choice it keeps', () => {
  const choices = [...expandChoices(3, 300)];
  const walker = new Walker(built());
  for (let k = 1; k < 40; k++) {
    const kept = choices.filter((_, i) => i % k !== 0);
    const { steps, walks } = walker.walk({ setting, choices: kept });
    expect(steps + walks).toBe(kept.length);
  }
});

test('a choice picks the initial state, then the enabled step at it modulo their number', () => {
  const claim = always<Levels>({ name: 'claim', ...says, holds: ({ level }) => level.at(2) !== 3 });
  // The start is s3 at 1; enabled then: Raise(s1..s3) with the codes 0..2 and Lower(s3) with the code 5.
  const { violation } = new Walker(built([claim])).walk({ setting, choices: [5, 4 + 2, 2] });
  expect(violation).toEqual({ claim: 'claim', schedule: { initial: 2, steps: [2, 2] } });
});

test('an action of weight 2 has two numbers for each of its steps', () => {
  const claim = always<Levels>({ name: 'claim', ...says, holds: ({ level }) => level.at(1) !== 1 });
  const mix = { Raise: 2, Lower: 1 };
  const schedule = { setting: { ...setting, mix }, choices: [2, 3] };
  expect(new Walker(built([claim])).walk(schedule).violation?.schedule).toEqual({ initial: 2, steps: [1] });
  expect(
    new Walker(built([claim])).walk({ ...schedule, choices: [2, 6, 2] }).violation?.schedule.steps,
  ).toEqual([5, 1]);
});

test('a weight of 0 leaves an action out', () => {
  const walker = new Walker(built());
  walker.walk({ setting: { ...setting, mix: { Lower: 0 } }, choices: expandChoices(1, 8) });
  expect([...walker.counts]).toEqual([7, 0]);
});

test('a heavier action is taken more often where both are enabled', () => {
  const topReached = (mix: { [action: string]: number }): number => {
    const shows = ({ level }: Levels) => level.at(0) + level.at(1) + level.at(2) === SERVERS * TOP;
    const walker = new Walker(built([], [sometimes<Levels>({ name: 'top', says: '', source: '', shows })]));
    walker.walk({ setting: { ...setting, mix }, choices: expandChoices(1, 300) });
    return walker.witnessed[0];
  };
  expect(topReached({ Raise: 60, Lower: 1 })).toBe(1);
  expect(topReached({ Raise: 1, Lower: 60 })).toBe(0);
});

test('a mix that leaves no step is no deadlock, and is given up after sixteen walks', () => {
  const mix = { Raise: 0, Lower: 0 };
  const { steps, walks, violation } = new Walker(built()).walk({
    setting: { ...setting, mix },
    choices: expandChoices(1, 10_000),
  });
  expect({ steps, walks, violation }).toEqual({ steps: 0, walks: 16, violation: null });
});

test('a walk starts again after as many steps as the horizon', () => {
  const { walks, longest, steps } = new Walker(built()).walk({
    setting: { ...setting, horizon: 10 },
    choices: expandChoices(1, 110),
  });
  expect({ walks, longest, steps }).toEqual({ walks: 10, longest: 10, steps: 100 });
});

test('a state without steps that is not terminal is a deadlock, and a terminal one is none', () => {
  const climb = (terminal: boolean): Built => {
    const { Raise } = Object.fromEntries(stairs.actions.map((action) => [action.name, action]));
    const model = defineModel({
      name: 'climb',
      schema,
      initial: { then: () => {} },
      actions: { Raise },
      ...(terminal ? { terminal: () => true } : {}),
    });
    return { model, expectations: { claims: [], witnesses: [] } } as unknown as Built;
  };
  const schedule = { setting, choices: expandChoices(5, 100) };
  const { violation } = new Walker(climb(false)).walk(schedule);
  expect(violation?.claim).toBe(DEADLOCK);
  expect(violation?.schedule.steps).toHaveLength(SERVERS * TOP);
  const ended = new Walker(climb(true)).walk(schedule);
  expect(ended.violation).toBeNull();
  expect(ended.walks).toBe(10);
});

test('the walk reported is the one that the machine takes, and its last state violates the claim', () => {
  const { violation } = new Walker(built([neverAllAtTop])).walk({
    setting,
    choices: expandChoices(1, 60_000),
  });
  const machine = new Machine(stairs);
  machine.start(violation!.schedule.initial);
  for (const code of violation!.schedule.steps) {
    expect(neverAllAtTop.holds(machine.pre)).toBe(true);
    expect(machine.admits(code)).toBe(true);
    machine.apply(code);
    machine.advance();
  }
  expect(neverAllAtTop.holds(machine.pre)).toBe(false);
});

test('a claim on steps sees both states and the arguments; of two that fail the first is told', () => {
  const late = always<Levels>({ name: 'late', ...says, holds: ({ level }) => level.at(1) < 2 });
  const step = everyStep<Levels>({
    name: 'step',
    ...says,
    on: ['Raise'],
    holds: (pre, post, i) => !(i === 1 && pre.level.at(1) === 1 && post.level.at(1) === 2),
  });
  const schedule = { setting, choices: expandChoices(9, 5_000) };
  const claimOf = (...claims: Claim<Levels>[]) => new Walker(built(claims)).walk(schedule).violation?.claim;
  expect(claimOf(step)).toBe('step');
  expect(claimOf(step, late)).toBe('step');
  expect(claimOf(late, step)).toBe('late');
});

test('witnesses are counted once a schedule, and not where the bounds exclude them', () => {
  const shows = ({ level }: Levels) => level.at(0) === 0;
  const witnesses = [
    sometimes<Levels>({ name: 'bottom', says: '', source: '', shows }),
    sometimes<Levels>({ name: 'excluded', says: '', source: '', shows, excludedBecause: 'for a test' }),
    someStep<Levels>({ name: 'lowered', says: '', source: '', on: ['Lower'], shows: () => true }),
    sometimes<Levels>({ name: 'never', says: '', source: '', shows: () => false }),
  ];
  const walker = new Walker(built([], witnesses));
  for (const seed of [1, 2]) walker.walk({ setting, choices: expandChoices(seed, 200) });
  expect([...walker.witnessed]).toEqual([2, 0, 2, 0]);
});

test('a claim that throws is told by name, with the state', () => {
  const throws = always<Levels>({
    name: 'throws',
    ...says,
    holds: ({ level }) => {
      if (level.at(0) === 2) throw new Error('broken');
      return true;
    },
  });
  const walker = new Walker(built([throws]));
  expect(() => walker.walk({ setting, choices: expandChoices(1, 1_000) })).toThrow(/throws.*broken/s);
});

test('a step beyond its range is told by its name', () => {
  const model = defineModel({
    name: 'unguarded',
    schema,
    initial: { then: () => {} },
    actions: { Raise: { over: [Sid], then: ({ level }, i) => level.set(i, level.at(i) + 1) } },
  });
  const walker = new Walker({ model, expectations: { claims: [], witnesses: [] } } as unknown as Built);
  expect(() => walker.walk({ setting, choices: expandChoices(1, 100) })).toThrow(/Raise\(s[123]\)/);
});

test('a step that does nothing, or otherwise each time, is told by its name', () => {
  let calls = 0;
  const effects: readonly [then: unknown, error: RegExp][] = [
    [() => ({ level: [1, 1, 1] }), /in Raise\(s[123]\): `then` returns an object, which nothing looks at/],
    [
      ({ level }: View<typeof schema>) => level.set(0, ++calls % 3),
      /^dubious: Raise\(s[123]\) leads to \{"level":.* and, taken again from the same state, to \{"level":/,
    ],
  ];
  for (const [then, error] of effects) {
    const Raise = { over: [Sid], then: then as () => void };
    const model = defineModel({ name: 'dubious', schema, initial: { then: () => {} }, actions: { Raise } });
    const walker = new Walker({ model, expectations: { claims: [], witnesses: [] } } as unknown as Built);
    expect(() => walker.walk({ setting, choices: expandChoices(1, 100) })).toThrow(error);
  }
});

test('a replay passes over steps that are not enabled, and stops at the violation', () => {
  const claim = always<Levels>({ name: 'claim', ...says, holds: ({ level }) => level.at(0) < 3 });
  const walker = new Walker(built([claim]));
  // Lower(s2) is the code 4: s2 is at 0 from the start.
  expect(walker.replay({ initial: 0, steps: [4, 0, 4, 0, 1] })).toEqual({ initial: 0, steps: [0, 0] });
  expect(walker.replay({ initial: 0, steps: [4, 0] })).toBeNull();
});
