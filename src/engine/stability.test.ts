import { describe, expect, test } from 'vitest';
import {
  type Action,
  always,
  defineModel,
  everyStep,
  ModelFailed,
  type Reading,
  ResultIgnored,
  range,
  sometimes,
  struct,
  UnstableModel,
} from '../language/index.js';
import { explore } from '../random/explore.js';
import { check } from './check.js';
import { oracle } from './oracle.js';

const END = 3000;
const schema = struct({ x: range(0, END), y: range(0, 2) });
type Step = Action<typeof schema>;
type State = Reading<typeof schema>;

/** A walk along a line, and one more action. */
const walk = (Other: Step) =>
  defineModel({
    name: 'walk',
    schema,
    initial: { then: () => {} },
    terminal: ({ x }) => x === END,
    actions: {
      Go: {
        when: ({ x }) => x < END,
        then: (s) => {
          s.x = s.x + 1;
        },
      },
      Other,
    },
  });

const thrownBy = (body: () => unknown): Error => {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};
const text = { says: 'x', source: 'x', explain: () => 'x', witness: '' };
const nothing = { claims: [], witnesses: [] };
const far = ({ x, y }: State) => x === 2500 && y === 0;

describe('an action that is no function of the state', () => {
  let calls = 0;
  const drift = (s: { y: number }) => {
    s.y = ++calls % 3;
  };
  const other = (step: Step) => thrownBy(() => check(walk(step), nothing));

  test('is named, be it taken at the start or far from it alone', () => {
    for (const when of [({ y }: State) => y === 0, far]) {
      const error = other({ when, then: drift });
      expect(error).toBeInstanceOf(UnstableModel);
      expect(error.message).toMatch(
        /^walk: Other\(\) leads to \{"x":\d+,"y":\d\} and, taken again from the same state, to \{"x":\d+,"y":\d\}\./,
      );
      expect(error.message).toContain('look for random numbers, the time, or a variable');
      expect(error.message).toMatch(/\n {2}in the state \{"x":(0|2500),"y":0\}\n {2}after initial\(\)/);
    }
  });

  test('is named if its guard is none', () => {
    const when = ({ y }: State) => y === 0 && ++calls % 2 === 0;
    const error = other({ when, then: () => {} });
    expect(error).toBeInstanceOf(UnstableModel);
    expect(error.message).toMatch(
      /^walk: the guard of Other\(\) answers (true|false) and, asked again of the same state, (true|false)\./,
    );
  });

  test('is named by the violation or the witness that does not come again', () => {
    let first = true;
    const holds = ({ x }: State) => {
      if (x !== 2500 || !first) return true;
      first = false;
      return false;
    };
    const stay: Step = { then: () => {} };
    const once = always<State>({ ...text, name: 'once', holds });
    const error = thrownBy(() => check(walk(stay), { claims: [once], witnesses: [] }));
    expect(error).toBeInstanceOf(UnstableModel);
    expect(error.message).toMatch(
      /^walk: claim once was violated after 2500 steps, but not when the same steps were taken again\./,
    );
    first = true;
    const seen = sometimes<State>({ ...text, name: 'seen', shows: (s) => !holds(s) });
    expect(thrownBy(() => check(walk(stay), { claims: [], witnesses: [seen] })).message).toMatch(
      /^walk: witness seen was found after 2500 steps, but not when/,
    );
    first = true;
    const step = everyStep<State>({ ...text, name: 'step', on: ['Go'], holds: (pre) => holds(pre) });
    expect(thrownBy(() => check(walk(stay), { claims: [step], witnesses: [] })).message).toMatch(
      /^walk: claim step was violated after 2501 steps, but not when/,
    );
  });
});

test('an effect that returns another state is refused when it is first taken, however late', () => {
  const then = ((s: State) => ({ ...s, y: 1 })) as unknown as Step['then'];
  for (const when of [({ y }: State) => y === 0, far]) {
    const error = thrownBy(() => check(walk({ when, then }), nothing));
    expect(error).toBeInstanceOf(ModelFailed);
    expect(error.cause).toBeInstanceOf(ResultIgnored);
    const { run } = error as ModelFailed;
    const steps = when === far ? 2500 : 0;
    expect(run).toEqual(['initial()', ...Array.from({ length: steps }, () => 'Go()')]);
    expect(error.stack).toContain('\n  after initial()');
  }
  expect(() => oracle(walk({ then }))).toThrow(ResultIgnored);
});

test('so is one that returns something in a single state that no sample holds, in a search as at random', () => {
  const returnsAt = (at: number) =>
    ((s: State) => (s.x === at ? { ...s, y: 1 } : undefined)) as unknown as Step['then'];
  const at = 2501;
  const once = walk({ when: ({ x }) => x === at || x === 1, then: returnsAt(at) });
  const error = thrownBy(() => check(once, nothing));
  expect(error.cause).toBeInstanceOf(ResultIgnored);
  expect((error as ModelFailed).run).toHaveLength(at + 1);
  const random = thrownBy(() => explore(walk({ then: returnsAt(20) }), nothing));
  expect(random.cause).toBeInstanceOf(ResultIgnored);
});

test('a claim, a witness or a guard that returns no boolean is refused, and holds of nothing', () => {
  const promise = (() => Promise.resolve(false)) as unknown as (state: State) => boolean;
  const claim = always<State>({ ...text, name: 'promised', holds: promise });
  const step = everyStep<State>({ ...text, name: 'stepwise', holds: (() => 'no') as never });
  const seen = sometimes<State>({ ...text, name: 'seen', shows: promise });
  const go = walk({ then: () => {} });
  const told = (body: () => unknown) => String(thrownBy(body));
  for (const run of [check, explore]) {
    expect(told(() => run(go, { claims: [claim], witnesses: [] }))).toMatch(/promised returned a promise/);
    expect(told(() => run(go, { claims: [step], witnesses: [] }))).toMatch(/stepwise|twice/);
  }
  expect(told(() => check(go, { claims: [], witnesses: [seen] }))).toMatch(/seen returned a promise/);
  expect(told(() => check(walk({ when: promise, then: () => {} }), nothing))).toMatch(/returned a promise/);
});

test('explore makes no sense of no runs, of halves, or of what is no number', () => {
  const go = walk({ then: () => {} });
  for (const runs of [0, -1, 1.5, Number.NaN, null, '3'] as number[]) {
    expect(() => explore(go, nothing, { runs })).toThrow('the option `runs`');
  }
  expect(() => explore(go, nothing, { seed: Number.NaN })).toThrow('the option `seed`');
});
