import { describe, expect, test } from 'vitest';
import type { ActionGroup } from './action.js';
import { always, type Expectations, everyStep, sometimes } from './claims.js';
import {
  AbsentEntryWritten,
  ArityMismatch,
  DuplicateName,
  EmptyDomain,
  EmptyType,
  GuardWrites,
  InvalidModel,
  MisplacedPerOther,
  ModelFailed,
  RangeExceeded,
  ReservedName,
  SpecError,
  TooLarge,
  TypeMismatch,
  UnknownName,
} from './errors.js';
import { layoutOf } from './layout.js';
import { Machine } from './machine.js';
import { checkExpectations, defineModel, type Model, upTo } from './model.js';
import { plainView } from './plain.js';
import {
  channel,
  flag,
  oneOf,
  perOther,
  perServer,
  range,
  type StructType,
  sidSet,
  struct,
} from './types.js';
import type { Reading, View } from './view-types.js';

/** What `body` throws; the test fails if it throws nothing, or something that is no SpecError. */
function thrownBy(body: () => unknown): SpecError {
  try {
    body();
  } catch (error) {
    expect(error).toBeInstanceOf(SpecError);
    return error as SpecError;
  }
  throw new Error('nothing was thrown');
}

const Pair = struct({ a: range(0, 3), b: range(0, 3) });
const schema = struct({
  count: range(-1, 3),
  up: flag,
  role: oneOf('LOOKING', 'LEADING'),
  atoms: perServer(2, range(0, 3)),
  server: perServer(3, struct({ vote: range(0, 4), heard: perOther(3, Pair) })),
  queue: channel(2, Pair),
  spare: Pair,
  other: struct({ a: range(0, 3), b: range(1, 4) }),
});
type Schema = typeof schema;
type State = View<Schema>;

const modelWith = (then: (state: State) => void): Model<Schema> =>
  defineModel({ name: 'm', schema, initial: { then: () => {} }, actions: { Act: { then } } });

/** An assignment as an expression. */
function put<T, K extends keyof T>(target: T, field: K, value: T[K]): void {
  target[field] = value;
}

/** The error of taking a step that does this to the state. */
function errorOf(then: (state: State) => void): SpecError {
  const machine = new Machine(modelWith(then));
  machine.start(0);
  return thrownBy(() => machine.apply(0));
}

describe('a value that a type cannot hold', () => {
  const cases: [string, string, unknown, (state: State, value: never) => void][] = [
    ['a number too large', 'count', 4, (s, v) => put(s, 'count', v)],
    ['a number too small', 'count', -2, (s, v) => put(s, 'count', v)],
    ['NaN', 'count', Number.NaN, (s, v) => put(s, 'count', v)],
    ['a fraction', 'count', 0.5, (s, v) => put(s, 'count', v)],
    ['undefined', 'count', undefined, (s, v) => put(s, 'count', v)],
    ['a string', 'count', '1', (s, v) => put(s, 'count', v)],
    ['a flag', 'count', true, (s, v) => put(s, 'count', v)],
    ['2 to the 32nd', 'count', 2 ** 32, (s, v) => put(s, 'count', v)],
    ['infinity', 'count', Infinity, (s, v) => put(s, 'count', v)],
    ['a number for a flag', 'up', 1, (s, v) => put(s, 'up', v)],
    ['a member that is none', 'role', 2, (s, v) => put(s, 'role', v)],
    ['a number in a nested struct', 'server[1].heard[2].a', 9, (s, v) => put(s.server[1].heard[2], 'a', v)],
    ['a number in a message', 'queue[0].b', 4, (s, v) => put(s.queue.push(), 'b', v)],
    ['an element of an array of numbers', 'atoms[1]', 4, (s, v) => s.atoms.set(1, v)],
    ['an index beyond the end', 'atoms.index', 2, (s, v) => s.atoms.set(v, 0)],
    ['an index between two', 'atoms.index', 0.5, (s, v) => s.atoms.set(v, 0)],
  ];
  for (const [what, path, value, set] of cases) {
    test(`is refused with its path and what is allowed: ${what}`, () => {
      const error = errorOf((state) => set(state, value as never));
      expect(error).toBeInstanceOf(ModelFailed);
      const cause = error.cause as RangeExceeded;
      expect(cause).toBeInstanceOf(RangeExceeded);
      expect([cause.path, cause.value]).toEqual([path, value]);
      expect(error.message).toContain(
        `model m, in Act(): ${path} was set to ${typeof value === 'string' ? `"${value}"` : value}, but it holds`,
      );
      expect(error.message).toMatch(/add the bound to `when`, or widen the range/);
    });
  }

  test('is refused by plain views in the same words', () => {
    for (const [, , value, set] of cases) {
      const packed = errorOf((state) => set(state, value as never)).cause as RangeExceeded;
      const plain = thrownBy(() => set(plainView(schema) as State, value as never));
      expect(plain.message.replace('queue[]', 'queue[0]')).toBe(packed.message);
    }
  });

  test('changes nothing: a range never wraps', () => {
    const machine = new Machine(modelWith((state) => put(state, 'count', 3)));
    machine.start(0);
    machine.apply(0);
    machine.advance();
    const before = machine.plain();
    expect(() => put(machine.pre as State, 'count', 12)).toThrow('the integers -1 to 3');
    expect(machine.plain()).toEqual(before);
  });
});

describe('a value copied from elsewhere', () => {
  test('must be of the same type, fields and ranges alike', () => {
    const { cause } = errorOf((state) => state.spare.copyFrom(state.other));
    expect(cause).toBeInstanceOf(TypeMismatch);
    expect((cause as Error).message).toMatch(/^spare was copied from.*assign field by field\.$/);
    expect(errorOf((state) => void state.spare.equals(state.other)).cause).toBeInstanceOf(TypeMismatch);
  });

  test('must not bring entries about the others of another server', () => {
    const { cause } = errorOf(({ server }) => server[0].copyFrom(server[1]));
    expect(cause).toBeInstanceOf(TypeMismatch);
    const [first, second] = (plainView(schema) as State).server;
    expect(thrownBy(() => first.copyFrom(second))).toBeInstanceOf(TypeMismatch);
  });
});

describe('an entry that does not exist', () => {
  test('cannot be written: the one about the server itself', () => {
    const error = errorOf(({ server }) => put(server[1].heard[1], 'a', 2));
    expect(error).toBeInstanceOf(AbsentEntryWritten);
    expect(error.message).toMatch(/^Act\(\) writes an entry that does not exist.*Skip the own index/);
  });

  test('cannot be written: the head of an empty channel', () => {
    expect(errorOf(({ queue }) => put(queue.head, 'b', 1))).toBeInstanceOf(AbsentEntryWritten);
    expect(errorOf(({ queue }) => put(queue.last, 'b', 1))).toBeInstanceOf(AbsentEntryWritten);
  });

  test('reads as least, again after a failed write', () => {
    const machine = new Machine(modelWith(({ server }) => put(server[1].heard[1], 'a', 2)));
    machine.start(0);
    expect(() => machine.apply(0)).toThrow(AbsentEntryWritten);
    expect(machine.pre.server[1].heard[1].a).toBe(0);
  });
});

describe('a type that makes no sense', () => {
  test('is refused when it holds no value', () => {
    const bodies = [
      () => range(1, 0),
      () => range(0, Number.NaN),
      () => range(0.5, 2),
      () => oneOf(),
      () => struct({}),
      () => perServer(0, flag),
      () => perOther(0, Pair),
      () => channel(0, Pair),
      () => channel(1.5, Pair),
    ];
    for (const body of bodies) {
      const error = thrownBy(body);
      expect(error).toBeInstanceOf(EmptyType);
      expect(error.message).toMatch(/can hold no value\..*check what was passed/);
    }
  });

  test('is refused when it is too large', () => {
    const bodies = [
      () => range(0, 2 ** 30),
      () => range(-(2 ** 30) - 1, 0),
      () => sidSet(31),
      () => layoutOf(perServer(1_000_000, Pair)),
    ];
    for (const body of bodies) {
      const error = thrownBy(body);
      expect(error).toBeInstanceOf(TooLarge);
      expect(error.message).toMatch(/the limit is .*Lower the bounds/);
    }
  });

  test('is refused when a name is reserved, or no identifier', () => {
    for (const name of ['copyFrom', 'clear', 'equals', 'constructor', 'a b', '', '1a', '$m', 'a;b']) {
      const error = thrownBy(() => struct({ [name]: flag }));
      expect(error).toBeInstanceOf(ReservedName);
      expect(error.message).toContain('use a letter followed by letters and digits');
    }
  });

  test('is refused when a member has the name of another', () => {
    const error = thrownBy(() => oneOf('A', 'B', 'A'));
    expect(error).toBeInstanceOf(DuplicateName);
    expect(error.message).toContain('two members called `A`');
  });

  test('is refused when a perOther stands outside a perServer of as many', () => {
    for (const bad of [
      struct({ heard: perOther(3, Pair) }),
      struct({ server: perServer(5, struct({ heard: perOther(3, Pair) })) }),
    ]) {
      for (const body of [() => new Machine(idle(bad)), () => plainView(bad)]) {
        const error = thrownBy(body);
        expect(error).toBeInstanceOf(MisplacedPerOther);
        expect(error.message).toMatch(/heard is a `perOther` array outside.*declare it with `perServer`/);
      }
    }
  });
});

const idle = (type: StructType): Model =>
  defineModel({
    name: 'm',
    schema: type,
    initial: { then: () => {} },
    actions: { Idle: { then: () => {} } },
  });

describe('a model that makes no sense', () => {
  type Groups = ActionGroup<Schema> | readonly ActionGroup<Schema>[];
  const define = (actions: Groups, initial: ActionGroup<Schema>[string] = { then: () => {} }) =>
    thrownBy(() => defineModel({ name: 'm', schema, initial, actions }));
  const act = { then: () => {} };

  test('is refused when two groups have an action of one name', () => {
    const error = define([{ Act: act }, { Act: act }]);
    expect(error).toBeInstanceOf(DuplicateName);
    expect(error.message).toMatch(/m has two actions called `Act`.*rename or remove/);
  });

  test('is refused when an action ranges over nothing', () => {
    const error = define({ Act: { over: [upTo('crash', 0)], then: () => {} } });
    expect(error).toBeInstanceOf(EmptyDomain);
    expect(error.message).toMatch(/action Act ranges over `crash`, which is empty.*fix the bound/);
    expect(define({ Act: act }, { over: [upTo('zxids', 0)], then: () => {} })).toBeInstanceOf(EmptyDomain);
  });

  test('is accepted when an action ranges over nothing and says why', () => {
    const Act = { over: [upTo('crash', 0)], then: () => {}, excludedBecause: 'no crashes' };
    expect(defineModel({ name: 'm', schema, initial: act, actions: { Act } }).instances).toBe(0);
  });

  test('is refused when a function takes more arguments than there are domains', () => {
    const when = define({ Act: { when: (_s, i) => i > 0, then: () => {} } });
    expect(when).toBeInstanceOf(ArityMismatch);
    expect(when.message).toMatch(/`when` takes 1 argument\(s\) after the state, but `over` has 0 domain/);
    const then = define({ Act: { over: [upTo('a', 2)], then: (_s, _i, _j) => {} } });
    expect(then).toBeInstanceOf(ArityMismatch);
    expect(then.message).toMatch(/Add a domain to `over`, or drop the argument/);
  });

  test('is refused when the name of an action is taken, or no identifier', () => {
    for (const name of ['Act Now', 'Act_Now', '', '1Act', '$act', 'initial', 'constructor', 'toString']) {
      const error = define({ [name]: act });
      expect(error).toBeInstanceOf(ReservedName);
      expect(error.message).toBe(
        `\`${name}\` cannot be a name in the actions of m: use a letter followed by letters and digits, and ` +
          'none of `initial` and what every object has, such as `constructor` and `toString`.',
      );
    }
  });

  test('is accepted when the names of its actions begin with small letters', () => {
    const { actions } = defineModel({
      name: 'm',
      schema,
      initial: act,
      actions: { send: act, handleVote: act, clear: act, Send: act },
    });
    expect(actions.map(({ name }) => name)).toEqual(['send', 'handleVote', 'clear', 'Send']);
  });

  test('is refused when it has too many instances of actions', () => {
    const error = define({ Act: { over: [upTo('a', 300), upTo('b', 300)], then: (_s, _a, _b) => {} } });
    expect(error).toBeInstanceOf(TooLarge);
    expect(error.message).toContain('90000 instances');
  });
});

describe('claims that make no sense', () => {
  const model = modelWith(() => {});
  const text = { says: 'x', source: 'x' };
  const seen = sometimes<Reading<Schema>>({ ...text, name: 'seen', shows: () => true });
  const claim = { ...text, name: 'claim', witness: 'seen', holds: () => true, explain: () => '' };
  const refuse = (expectations: Expectations<Reading<Schema>>) =>
    thrownBy(() => checkExpectations(model, expectations));

  test('are refused when two share a name, be it with a witness', () => {
    expect(refuse({ claims: [always(claim), everyStep(claim)], witnesses: [seen] })).toBeInstanceOf(
      DuplicateName,
    );
    expect(refuse({ claims: [always({ ...claim, name: 'seen' })], witnesses: [seen] })).toBeInstanceOf(
      DuplicateName,
    );
    expect(refuse({ claims: [], witnesses: [seen, seen] })).toBeInstanceOf(DuplicateName);
  });

  test('are refused when they look at an action that does not exist', () => {
    const error = refuse({ claims: [everyStep({ ...claim, on: ['Akt'] })], witnesses: [seen] });
    expect(error).toBeInstanceOf(UnknownName);
    expect(error.message).toBe('there is no action (of claim) called `Akt`; there are: Act.');
  });

  test('are refused when they name a witness that does not exist', () => {
    const error = refuse({ claims: [always({ ...claim, witness: 'sene' })], witnesses: [seen] });
    expect(error).toBeInstanceOf(InvalidModel);
    expect(error.message).toMatch(/names the witness sene, which m lacks\. Add it, or name one of: seen\./);
  });
});

describe('a guard that writes', () => {
  test('does not compile', () => {
    defineModel({
      name: 'm',
      schema,
      initial: { then: () => {} },
      actions: {
        Act: {
          when: (state) => {
            // @ts-expect-error a guard may only read: a field
            state.count = 1;
            // @ts-expect-error a field of a nested struct
            state.server[0].heard[1].a = 1;
            // @ts-expect-error a whole struct
            state.spare.copyFrom(state.spare);
            // @ts-expect-error an element of an array of numbers
            state.atoms.set(0, 1);
            // @ts-expect-error a channel
            state.queue.push();
            // @ts-expect-error a message
            state.queue.head.a = 1;
            // @ts-expect-error an element
            state.server[0] = state.server[1];
            return true;
          },
          then: (state) => {
            // @ts-expect-error a struct is filled, not replaced
            state.spare = state.other;
            // @ts-expect-error a member is one of the names, not a number
            state.role = 7;
          },
        },
      },
    });
  });

  test('is found out when a cast lets it compile', () => {
    const model = defineModel({
      name: 'm',
      schema,
      initial: { then: () => {} },
      actions: {
        Act: {
          over: [upTo('i', 2)],
          when: (state, i) => {
            (state as State).count = i;
            return true;
          },
          then: (_state, _i) => {},
        },
      },
    });
    const machine = new Machine(model);
    machine.start(0);
    const error = thrownBy(() => machine.admits(1));
    expect(error).toBeInstanceOf(GuardWrites);
    expect(error.message).toMatch(
      /^the guard of Act\(1\) writes to the state.*Move the assignment into `then`/,
    );
    expect(machine.pre.count).toBe(-1);
  });
});
