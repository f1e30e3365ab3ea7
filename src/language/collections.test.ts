/** Optional values, sets, sequences and bags, each through packed and through plain views. */
import { describe, expect, test } from 'vitest';
import { check } from '../engine/check.js';
import {
  AbsentEntryWritten,
  bag,
  CollectionFull,
  defineModel,
  ElementMissing,
  EmptyType,
  flag,
  InvalidType,
  list,
  Machine,
  MisplacedPerOther,
  type Model,
  ModelFailed,
  oneOf,
  optional,
  perOther,
  perServer,
  plainView,
  RangeExceeded,
  range,
  type StructType,
  sequence,
  set,
  sid,
  sidOrNone,
  struct,
  TooLarge,
  toPlain,
  ValueAbsent,
  type View,
} from './index.js';
import { settlePlain } from './plain.js';

const Colour = oneOf('RED', 'GREEN', 'BLUE');
const { GREEN, BLUE } = Colour.values;
const Message = struct({ from: sid(3), wide: range(-5, 2 ** 29), seen: flag });
const Entry = struct({ epoch: range(0, 3), value: optional(sidOrNone(3)) });
const schema = struct({
  vote: optional(sid(3)),
  hint: optional(range(-2, 5)),
  sure: optional(flag),
  last: optional(Entry),
  voters: set(sidOrNone(3)),
  colours: set(Colour),
  answers: set(flag),
  epochs: sequence(3, range(1, 4)),
  log: sequence(2, Entry),
  mail: bag(3, Message),
  notes: bag(2, Entry),
});
type State = View<typeof schema>;

const modelOf = <S extends StructType>(type: S, then: (s: View<S>) => void): Model<S> =>
  defineModel({ name: 'm', schema: type, initial: { then: () => {} }, actions: { act: { then } } });

/** The machine after one step. */
function stepped<S extends StructType>(type: S, then: (s: View<S>) => void): Machine<S> {
  const machine = new Machine(modelOf(type, then));
  machine.start(0);
  machine.apply(0);
  machine.advance();
  return machine;
}

/** The plain value after a step, which packed and plain views must have alike. */
function valuesAfter(then: (s: State) => void): { readonly [field: string]: unknown } {
  const plain = plainView(schema) as State;
  then(plain);
  settlePlain(schema, plain);
  const machine = stepped(schema, then);
  expect(machine.plain()).toEqual(toPlain(schema, plain));
  expect(JSON.stringify(machine.pre)).toBe(JSON.stringify(plain));
  return machine.plain() as { readonly [field: string]: unknown };
}

/** The error that both views throw. */
function failure(then: (s: State) => unknown): Error {
  const body = (s: State) => void then(s);
  const thrown = (run: () => unknown): Error => {
    try {
      run();
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  };
  const plain = thrown(() => body(plainView(schema) as State));
  const packed = thrown(() => stepped(schema, body));
  expect(packed).toBeInstanceOf(ModelFailed);
  expect((packed.cause as Error).message).toBe(plain.message);
  expect((packed.cause as Error).constructor).toBe(plain.constructor);
  return plain;
}

const wordsAfter = (then: (s: State) => void) => {
  const { memory, words } = stepped(schema, then);
  return [...memory.slice(0, words)];
};
const NOTHING = wordsAfter(() => {});

describe('an optional value', () => {
  test('is absent at first, and has all bits zero when it is cleared', () => {
    expect(valuesAfter(() => {})).toMatchObject({ vote: null, hint: null, sure: null, last: null });
    const fill = ({ vote, hint, sure, last }: State) => {
      vote.set(2);
      hint.set(-1);
      sure.set(false);
      const entry = last.put();
      entry.epoch = 3;
      entry.value.set(-1);
    };
    const last = { epoch: 3, value: 'none' };
    expect(valuesAfter(fill)).toMatchObject({ vote: 's3', hint: -1, sure: false, last });
    const cleared = (s: State) => {
      fill(s);
      for (const one of [s.vote, s.hint, s.sure, s.last]) one.clear();
    };
    expect(wordsAfter(cleared)).toEqual(NOTHING);
  });

  test('is read as it was set, and put anew is cleared', () => {
    valuesAfter(({ vote, hint, last }) => {
      expect([vote.present, last.present]).toEqual([false, false]);
      vote.set(0);
      hint.set(5);
      hint.set(-2);
      last.put().epoch = 2;
      expect([vote.present, vote.value, hint.value, last.value.epoch]).toEqual([true, 0, -2, 2]);
      expect(last.put().epoch).toBe(0);
    });
  });

  test('is an error when it is read and absent, or set beyond its range', () => {
    for (const read of [({ vote }: State) => vote.value, ({ last }: State) => last.value]) {
      expect(failure(read)).toBeInstanceOf(ValueAbsent);
    }
    expect(failure(({ last }) => last.value).message).toBe(
      'the value of last was read, but it is absent. Usually a guard forgets to look: ' +
        'ask for `present` first, or set a value with `set` or `put`.',
    );
    for (const value of [-3, 6, 0.5, true as never]) {
      const error = failure(({ hint }) => hint.set(value));
      expect(error).toBeInstanceOf(RangeExceeded);
      expect(error.message).toContain(`hint.value was set to ${value}, but it holds the integers -2 to 5`);
    }
    expect(failure(({ sure }) => sure.set(1 as never)).message).toContain('true or false');
    expect(failure(({ last }) => (last.put().epoch = 4)).message).toContain('last.value.epoch was set to 4');
  });
});

describe('a set', () => {
  test('has what was added and not deleted, and is listed in order', () => {
    const fill = ({ voters, colours, answers }: State) => {
      for (const one of [2, -1, 0, 2]) voters.add(one);
      voters.delete(0);
      voters.delete(1);
      for (const one of [BLUE, GREEN]) colours.add(one);
      answers.add(true);
      expect([voters.size, colours.size, answers.size]).toEqual([2, 2, 1]);
      expect([-1, 0, 1, 2].map((one) => voters.has(one))).toEqual([true, false, false, true]);
      expect([answers.has(true), answers.has(false)]).toEqual([true, false]);
    };
    const shown = { voters: ['none', 's3'], colours: ['GREEN', 'BLUE'], answers: [true] };
    expect(valuesAfter(fill)).toMatchObject(shown);
    const cleared = (s: State) => {
      fill(s);
      for (const one of [s.voters, s.colours, s.answers]) one.clear();
    };
    expect(wordsAfter(cleared)).toEqual(NOTHING);
  });

  test('is an error when it is asked for what its type cannot hold', () => {
    const asked = [
      ({ voters }: State) => voters.has(3),
      ({ voters }: State) => voters.add(-2),
      ({ voters }: State) => voters.delete(0.5),
    ];
    for (const ask of asked) {
      expect(failure(ask)).toBeInstanceOf(RangeExceeded);
      expect(failure(ask).message).toMatch(
        /^voters\.member was set to .*, but it holds the integers -1 to 2/,
      );
    }
  });

  test('has 32 members at most', () => {
    const type = struct({ all: set(range(1, 32)) });
    const { pre, memory } = stepped(type, ({ all }) => {
      for (let i = 1; i <= 32; i++) all.add(i);
    });
    expect([pre.all.size, pre.all.has(32), memory[0]]).toEqual([32, true, -1]);
    expect(() => set(range(0, 32))).toThrow(TooLarge);
  });
});

describe('a sequence', () => {
  test('is pushed to its end, replaced within, and truncated to zero bits', () => {
    const fill = ({ epochs, log }: State) => {
      for (const epoch of [4, 2, 3]) epochs.push(epoch);
      epochs.set(1, 1);
      log.push().epoch = 1;
      log.push().value.set(2);
      log.at(0).epoch = 2;
      expect([epochs.length, epochs.last, epochs.at(0), log.last.value.value]).toEqual([3, 3, 4, 2]);
    };
    const log = [
      { epoch: 2, value: null },
      { epoch: 0, value: 's3' },
    ];
    expect(valuesAfter(fill)).toMatchObject({ epochs: [4, 1, 3], log });
    const cut = (s: State) => {
      fill(s);
      s.epochs.truncate(1);
      s.log.truncate(1);
    };
    expect(valuesAfter(cut)).toMatchObject({ epochs: [4], log: [{ epoch: 2 }] });
    const once = (s: State) => {
      s.epochs.push(4);
      s.log.push().epoch = 2;
    };
    expect(wordsAfter(cut)).toEqual(wordsAfter(once));
    const cleared = (s: State) => {
      fill(s);
      s.epochs.clear();
      s.log.truncate(0);
    };
    expect(wordsAfter(cleared)).toEqual(NOTHING);
  });

  test('is an error when it is full, and when it is asked beyond its length', () => {
    const full = failure(({ log }) => [log.push(), log.push(), log.push()]);
    expect(full).toBeInstanceOf(CollectionFull);
    expect(full.message).toBe(
      '`push` to log, which has all of its 2 places taken. Usually a guard forgets the bound: ' +
        'ask in `when` whether `length` is below 2, or give it more places in the schema.',
    );
    expect(failure(({ epochs }) => [1, 2, 3, 4].forEach((one) => void epochs.push(one)))).toBeInstanceOf(
      CollectionFull,
    );
    const beyond = [
      ({ log }: State) => log.at(0),
      ({ log }: State) => log.last,
      ({ epochs }: State) => epochs.at(0),
      ({ epochs }: State) => epochs.set(0, 1),
      ({ epochs }: State) => [epochs.push(1), epochs.at(1)],
      ({ epochs }: State) => [epochs.push(1), epochs.at(Number.NaN)],
    ];
    for (const ask of beyond) expect(failure(ask)).toBeInstanceOf(ElementMissing);
    expect(failure(({ log }) => [log.push(), log.at(1)]).message).toBe(
      'log has no element 1: its elements are 0 to 0. ' +
        'Usually a guard forgets to look: ask in `when` whether the index is below `length`.',
    );
    for (const length of [1, -1, 0.5]) {
      const error = failure(({ log }) => log.truncate(length));
      expect(error.message).toContain(`log.length was set to ${length}, but it holds the integers 0 to 0`);
    }
    expect(failure(({ epochs }) => epochs.push(5)).message).toContain('epochs[0] was set to 5');
  });
});

describe('a bag', () => {
  const put = ({ mail }: State, from: number, wide: number, seen = false) => {
    const message = mail.put();
    message.from = from;
    message.wide = wide;
    message.seen = seen;
  };

  test('is the same with the same messages, whatever came first', () => {
    const orders = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const messages = [
      { from: 2, wide: -5 },
      { from: 1, wide: 70_000 },
      { from: 1, wide: 3 },
    ];
    const states = orders.map((order) => (s: State) => {
      for (const i of order) put(s, messages[i].from, messages[i].wide);
      for (const i of order.slice(1)) s.notes.put().epoch = i;
    });
    const mail = [
      { from: 's2', wide: 3, seen: false },
      { from: 's2', wide: 70_000, seen: false },
      { from: 's3', wide: -5, seen: false },
    ];
    for (const then of states) expect(valuesAfter(then)).toMatchObject({ mail });
    const withoutNotes = (then: (s: State) => void) => (s: State) => {
      then(s);
      s.notes.clear();
    };
    expect(new Set(states.map((then) => wordsAfter(withoutNotes(then)).join())).size).toBe(1);
    const cleared = (s: State) => {
      states[0](s);
      s.mail.clear();
      s.notes.clear();
    };
    expect(wordsAfter(cleared)).toEqual(NOTHING);
  });

  test('keeps the order of arrival within a step, and loses what is taken', () => {
    valuesAfter((s) => {
      for (const from of [2, 0, 1]) put(s, from, 7);
      expect([s.mail.length, s.mail.at(0).from, s.mail.at(2).from]).toEqual([3, 2, 1]);
      s.mail.take(1);
      expect([s.mail.length, s.mail.at(0).from, s.mail.at(1).from]).toEqual([2, 2, 1]);
      s.mail.take(0);
    });
    const error = failure(({ mail }) => mail.take(0));
    expect(error).toBeInstanceOf(ElementMissing);
    expect(error.message).toMatch(/^mail has no element 0: it is empty\. /);
    expect(failure(({ mail }) => mail.at(0))).toBeInstanceOf(ElementMissing);
    const full = failure(({ mail }) => [0, 1, 2, 3].forEach(() => void mail.put()));
    expect(full).toBeInstanceOf(CollectionFull);
    expect(full.message).toContain('`put` to mail, which has all of its 3 places taken.');
  });

  test('is equal to another within a step too, whatever the order of arrival', () => {
    const small = bag(2, struct({ id: range(0, 3) }));
    for (const inner of [small, bag(2, struct({ id: range(0, 3), rest: list(3, range(0, 2 ** 20)) }))]) {
      const type = struct({ a: struct({ box: inner }), b: struct({ box: inner }) });
      const then = ({ a, b }: View<typeof type>) => {
        for (const id of [1, 2]) (a.box.put() as { id: number }).id = id;
        for (const id of [2, 1]) (b.box.put() as { id: number }).id = id;
        expect([a.equals(b), b.equals(a)]).toEqual([true, true]);
        (b.box.at(0) as { id: number }).id = 3;
        expect(a.equals(b)).toBe(false);
        expect(b.box.at(0)).toMatchObject({ id: 3 });
      };
      then(plainView(type) as View<typeof type>);
      stepped(type, then);
    }
  });
});

test('what is removed and written to all the same is found out', () => {
  const writes: readonly ((s: State) => void)[] = [
    ({ last }) => {
      const kept = last.put();
      last.clear();
      kept.epoch = 1;
    },
    ({ log }) => {
      const kept = log.push();
      log.truncate(0);
      kept.value.set(-1);
    },
    ({ mail }) => {
      mail.put();
      const kept = mail.put();
      mail.take(0);
      kept.wide = 7;
    },
  ];
  for (const then of writes) {
    expect(() => stepped(schema, then)).toThrow(/writes an entry that does not exist.*keep no view/);
    expect(() => check(modelOf(schema, then), { claims: [], witnesses: [] })).toThrow(AbsentEntryWritten);
    const initial = { ...modelOf(schema, () => {}), initial: { ...modelOf(schema, then).initial, then } };
    expect(() => new Machine(initial).start(0)).toThrow(AbsentEntryWritten);
  }
});

describe('around a server', () => {
  const Heard = perOther(3, struct({ up: flag }));
  const Inner = struct({ heard: Heard });
  const type = struct({
    server: perServer(
      3,
      struct({
        boxes: perOther(3, bag(2, Inner)),
        seen: perOther(3, optional(Inner)),
        logs: perOther(3, sequence(2, Inner)),
        known: perOther(3, set(sid(3))),
      }),
    ),
  });
  type Servers = View<typeof type>;

  test('each type may be of the others, and hold what is of the others', () => {
    const then = ({ server }: Servers) => {
      const { boxes, seen, logs, known } = server[1];
      boxes[2].put().heard[0].up = true;
      seen[0].put().heard[2].up = true;
      logs[2].push().heard[2].up = true;
      known[0].add(1);
    };
    const plain = plainView(type) as Servers;
    then(plain);
    const { server } = stepped(type, then).plain() as { server: unknown[] };
    expect(server).toEqual((toPlain(type, plain) as { server: unknown[] }).server);
    const [heard, other] = [
      [{ up: true }, null, { up: false }],
      [{ up: false }, null, { up: true }],
    ];
    expect(server[1]).toEqual({
      boxes: [[], null, [{ heard }]],
      seen: [{ heard: other }, null, null],
      logs: [[], null, [{ heard: other }]],
      known: [['s2'], null, []],
    });
  });

  test('each type that holds what is of the others is as strict as they are', () => {
    const made = [
      [optional(Inner), (t: unknown) => (t as View<ReturnType<typeof optional<typeof Inner>>>).put()],
      [sequence(1, Inner), (t: unknown) => (t as View<ReturnType<typeof sequence<typeof Inner>>>).push()],
      [bag(1, Inner), (t: unknown) => (t as View<ReturnType<typeof bag<typeof Inner>>>).put()],
    ] as const;
    for (const [t, make] of made) {
      expect(() => plainView(struct({ t }))).toThrow(MisplacedPerOther);
      const around = struct({ server: perServer(3, struct({ t })) });
      const copy = ({ server }: View<typeof around>) => server[0].copyFrom(server[1]);
      expect(() => copy(plainView(around) as View<typeof around>)).toThrow(/of another server/);
      expect(() => stepped(around, copy)).toThrow(/of another server/);
      const write = ({ server }: View<typeof around>) => {
        make(server[1].t).heard[1].up = true;
      };
      expect(() => stepped(around, write)).toThrow(/writes an entry that does not exist/);
    }
  });

  test('an own entry that is written is found out', () => {
    const writes: readonly ((s: Servers) => unknown)[] = [
      ({ server }) => server[1].boxes[1].put(),
      ({ server }) => server[1].seen[1].put(),
      ({ server }) => server[1].logs[1].push(),
      ({ server }) => server[1].known[1].add(0),
      ({ server }) => {
        server[1].boxes[0].put().heard[1].up = true;
      },
    ];
    for (const write of writes) {
      expect(() => stepped(type, (s) => void write(s))).toThrow(/writes an entry that does not exist/);
    }
  });
});

describe('a type that makes no sense', () => {
  test('is refused by name', () => {
    const wrong: readonly (readonly [() => unknown, typeof InvalidType | typeof EmptyType, RegExp])[] = [
      [
        () => optional(set(flag) as never),
        InvalidType,
        /value of optional\(…\) is a type `set`.*`oneOf` or `struct`/,
      ],
      [() => optional(optional as never), InvalidType, /is the function optional/],
      [() => set(Message as never), InvalidType, /the member of set\(…\) is a type `struct`/],
      [
        () => sequence(2, list(2, flag) as never),
        InvalidType,
        /element of sequence\(2, …\) is a type `array`/,
      ],
      [
        () => bag(2, flag as never),
        InvalidType,
        /the message of bag\(2, …\) is a type `flag`, and not a `struct`/,
      ],
      [() => sequence(0, flag), EmptyType, /sequence\(0, …\) can hold no value/],
      [() => bag(1.5, Message), EmptyType, /bag\(1\.5, …\) can hold no value/],
      [
        () => perOther(2, perServer(2, flag) as never),
        InvalidType,
        /element of perOther\(2, …\) is a type `array`/,
      ],
      [() => struct({ vote: optional(struct({ a: undefined as never })) }), InvalidType, /`a` of a struct/],
    ];
    for (const [make, error, message] of wrong) {
      expect(make).toThrow(error);
      expect(make).toThrow(message);
    }
  });
});
