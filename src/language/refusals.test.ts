import { describe, expect, test } from 'vitest';
import {
  type ActionGroup,
  AlikeValues,
  always,
  checkExpectations,
  type Domain,
  defineModel,
  type Expectations,
  everyStep,
  InvalidDomain,
  InvalidModel,
  LateFunction,
  list,
  Machine,
  ModelFailed,
  NoActionsNamed,
  optional,
  PrintFailed,
  type Reading,
  ResultIgnored,
  range,
  scenario,
  someStep,
  struct,
  UnknownArguments,
  UnknownName,
  upTo,
  type View,
} from './index.js';

const thrownBy = (body: () => unknown): Error => {
  try {
    body();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

const schema = struct({ x: range(0, 3) });
type State = Reading<typeof schema>;
const define = (actions: ActionGroup<typeof schema>) =>
  defineModel({ name: 'm', schema, initial: { then: () => {} }, actions });
const doing = (then: unknown) => define({ Act: { then: then as () => void } });

describe('an effect that does nothing', () => {
  const returns = (s: State) => ({ ...s, x: 1 });

  test('does not compile where it returns another state, or a promise', () => {
    // @ts-expect-error a state is changed, not returned
    expect(define({ Act: { then: returns } }).name).toBe('m');
    // @ts-expect-error nobody waits for a promise
    expect(() => define({ Act: { then: async () => {} } })).toThrow(LateFunction);
    const nothing = (): void => {};
    expect(define({ Act: { then: nothing }, Give: { then: () => undefined } }).instances).toBe(2);
  });

  test('is refused when it is taken, if it returns another state', () => {
    const machine = new Machine(doing(returns));
    machine.start(0);
    const error = thrownBy(() => machine.apply(0));
    expect(error).toBeInstanceOf(ModelFailed);
    expect(error.cause).toBeInstanceOf(ResultIgnored);
    expect(error.message).toContain('in Act(): `then` returns an object, which nothing looks at');
    const initial = { then: returns as unknown as () => void };
    const made = defineModel({ name: 'm', schema, initial, actions: { Act: { then: () => {} } } });
    expect(thrownBy(() => new Machine(made).start(0)).cause).toBeInstanceOf(ResultIgnored);
  });

  test('is refused at once, if it goes on after it has returned', () => {
    const late = [async () => {}, function* () {}, async function* () {}];
    for (const then of late) {
      const error = thrownBy(() => doing(then));
      expect(error).toBeInstanceOf(LateFunction);
      expect(error.message).toMatch(
        /^`then` of m: action Act is (an async|a generator) function: .*Write it without/,
      );
    }
    const when = (async () => true) as unknown as () => boolean;
    expect(() => define({ Act: { when, then: () => {} } })).toThrow(LateFunction);
  });

  test('is refused at once, if it is none', () => {
    expect(thrownBy(() => doing(undefined)).message).toBe(
      'm: action Act has no function `then`. Give one, which may be `() => {}`.',
    );
    expect(() => doing(3)).toThrow(InvalidModel);
  });
});

describe('a claim that can say nothing', () => {
  const model = define({ Act: { over: [upTo('i', 2)], then: (_s, _i) => {} } });
  const text = { says: 'x', source: 'x', explain: () => '', name: 'c', witness: '' };
  const holds = () => true;
  const refuse = (parts: Partial<Expectations<State>>) =>
    thrownBy(() => checkExpectations(model, { claims: [], witnesses: [], ...parts }));

  test('is refused when it is asked of no action', () => {
    const error = refuse({ claims: [everyStep({ ...text, on: [], holds })] });
    expect(error).toBeInstanceOf(NoActionsNamed);
    expect(error.message).toBe(
      'claim c names no action in `on`, so it would be asked of no step. ' +
        'Name actions, or leave `on` out to ask it of every step.',
    );
    expect(refuse({ witnesses: [someStep({ ...text, on: [], shows: holds })] })).toBeInstanceOf(
      NoActionsNamed,
    );
  });

  test('is refused when it answers with a promise, which is always true', () => {
    const late = (async () => false) as unknown as () => boolean;
    const error = refuse({ claims: [always({ ...text, holds: late })] });
    expect(error).toBeInstanceOf(LateFunction);
    expect(error.message).toContain('`holds` of claim c is an async function');
    expect(refuse({ witnesses: [someStep({ ...text, shows: late })] })).toBeInstanceOf(LateFunction);
  });

  test('is refused when it is a scenario of steps that the model does not know', () => {
    const run = (...steps: [string, ...string[]][]) =>
      refuse({ claims: [scenario({ ...text, initial: [], steps, holds })] });
    const unknown = run(['Act', '1'], ['Atc', '1']);
    expect(unknown).toBeInstanceOf(UnknownName);
    expect(unknown.message).toBe('there is no action (of step 2 of c) called `Atc`; there are: Act.');
    const many = run(['Act', '7']);
    expect(many).toBeInstanceOf(UnknownArguments);
    expect(many.message).toBe(
      'step 1 of c is Act(7), but Act takes i from 0 to 1. Write each argument as traces print it.',
    );
    expect(run(['Act'])).toBeInstanceOf(UnknownArguments);
    const start = scenario<State>({ ...text, initial: ['1'], steps: [], holds });
    expect(refuse({ claims: [start] }).message).toMatch(
      /^the start of c is initial\(1\), but initial takes no/,
    );
  });
});

describe('a domain that cannot be counted, or not be read', () => {
  const over = (domain: Domain) => thrownBy(() => define({ Act: { over: [domain], then: (_s, _i) => {} } }));
  const of = (some: Partial<Domain>) => over({ name: 'i', lo: 0, hi: 3, print: String, ...some });

  test('is refused when an end is no integer', () => {
    for (const count of [3 / 2, Number.NaN, Infinity, undefined as unknown as number]) {
      const error = thrownBy(() => upTo('i', count));
      expect(error).toBeInstanceOf(InvalidDomain);
      expect(error.message).toMatch(
        /^`i` has .* values, which is no whole number\. Usually a bound was divided/,
      );
    }
    for (const ends of [{ lo: 0.5 }, { hi: 1.5 }, { hi: Number.NaN }, { lo: '0' as unknown as number }]) {
      expect(of(ends)).toBeInstanceOf(InvalidDomain);
    }
  });

  test('is refused when two values print alike, so that a trace does not tell them apart', () => {
    const error = of({ print: (value) => `v${value % 2}` });
    expect(error).toBeInstanceOf(AlikeValues);
    expect(error.message).toBe(
      'm: action Act: `i` prints 0 and 2 alike, as v0. ' +
        'Traces name a value by what it prints and could not be replayed: print each otherwise.',
    );
    expect(of({ hi: 2 ** 15, print: () => 'x' })).toBeInstanceOf(AlikeValues);
    expect(of({ print: (value) => `v${value}`, read: () => 1 })).toBeInstanceOf(AlikeValues);
    expect(of({ print: (value) => `v${value}`, read: () => 1 }).message).toMatch(/`read` makes 1 of v0/);
  });

  test('is refused when a value cannot be printed', () => {
    const print = (value: number): string => ['a', 'b'][value].toUpperCase();
    const error = of({ print });
    expect(error).toBeInstanceOf(PrintFailed);
    expect(error.message).toMatch(/^m: action Act: `print` of `i` fails for 2: Cannot read.* Return a text/);
    expect(of({ print: ((value: number) => value) as never }).message).toMatch(/for 0: it returns no text/);
  });

  test('is refused of a field only where it is printed', () => {
    const print = (value: number): string => ['a', 'b'][value].toUpperCase();
    const then = (s: { x: number }) => {
      s.x = 2;
    };
    const type = struct({ x: range(0, 3, print) });
    const machine = new Machine(
      defineModel({ name: 'm', schema: type, initial: { then }, actions: { Act: { then } } }),
    );
    machine.start(0);
    expect(thrownBy(() => machine.plain())).toBeInstanceOf(PrintFailed);
  });
});

describe('an assignment that changes no state', () => {
  const inner = struct({ n: range(0, 3) });
  const whole = struct({
    part: inner,
    few: list(2, inner),
    atoms: list(2, range(0, 3)),
    maybe: optional(inner),
  });
  type Whole = View<typeof whole>;
  const taken = (then: (s: Whole) => void) =>
    new Machine(
      defineModel({ name: 'm', schema: whole, initial: { then: () => {} }, actions: { Go: { then } } }),
    );
  type Loose = { [field: string]: Loose } & { [index: number]: unknown };
  const assigning = (path: string, value: unknown) => (s: Whole) => {
    const fields = path.split('.');
    const last = fields.pop() as string;
    const part = fields.reduce((view, field) => view[field], s as unknown as Loose);
    (part as { [field: string]: unknown })[last] = value;
  };

  test.each<[string, (s: Whole) => void]>([
    ['a struct', assigning('part', { n: 1 })],
    ['a list', assigning('few', [])],
    ['an element of a list', assigning('few.0', { n: 1 })],
    ['an atom of a list by its index', assigning('atoms.0', 1)],
    ['an optional value', assigning('maybe', 1)],
    ['a field that is none', assigning('part.m', 1)],
    ['a field of the whole that is none', assigning('other', 1)],
  ])('of %s is refused', (_, then) => {
    const machine = taken(then);
    machine.start(0);
    expect(thrownBy(() => machine.apply(0))).toBeInstanceOf(ModelFailed);
    // Nothing is left of it.
    expect(thrownBy(() => machine.apply(0))).toBeInstanceOf(ModelFailed);
  });
});

test('names that are none, too long, or a path are refused, and `deadlock` is taken', () => {
  const named = (name: unknown) => () =>
    defineModel({
      name: name as string,
      schema,
      initial: { then: () => {} },
      actions: { Go: { then: () => {} } },
    });
  for (const name of ['', undefined, '../evil', 'a/b', 'x'.repeat(101), 'two\nlines', ' x']) {
    expect(named(name)).toThrow('has the name');
  }
  const claim = (name: string) =>
    always<State>({ name, says: '', witness: '', holds: () => true, explain: () => '' });
  const model = define({ Go: { then: () => {} } });
  expect(() => checkExpectations(model, { claims: [claim('deadlock')], witnesses: [] })).toThrow('deadlock');
  expect(() => checkExpectations(model, { claims: [claim('../up')], witnesses: [] })).toThrow('has the name');
});
