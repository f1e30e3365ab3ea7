import { describe, expect, test } from 'vitest';
import {
  type ArrayType,
  canonicalizer,
  channel,
  defineModel,
  flag,
  InvalidType,
  list,
  Machine,
  MisplacedPerOther,
  ModelFailed,
  type Permute,
  permuter,
  perOther,
  perServer,
  plainView,
  QueueMisused,
  RangeExceeded,
  range,
  type StructType,
  sid,
  struct,
  type Type,
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

const modelOf = <S extends StructType>(schema: S, then: (s: View<S>) => void, permutations?: number) =>
  defineModel({
    name: 'm',
    schema,
    permutations: permutations ?? null,
    initial: { then: () => {} },
    actions: { Act: { then } },
  });
/** The machine after one step. */
function stepped<S extends StructType>(schema: S, then: (s: View<S>) => void): Machine<S> {
  const machine = new Machine(modelOf(schema, then));
  machine.start(0);
  machine.apply(0);
  machine.advance();
  return machine;
}

const Note = struct({ seen: range(0, 3) });

describe('a list inside a perServer', () => {
  const Server = struct({ rounds: list(3, struct({ from: perOther(3, Note) })) });
  const schema = struct({ server: perServer(3, Server) });
  const then = ({ server }: View<typeof schema>) => {
    for (const [me, { rounds }] of server.entries()) {
      for (const [k, { from }] of rounds.entries()) {
        for (const [i, note] of from.entries()) if (i !== me) note.seen = (me + k + i) % 4;
      }
    }
  };

  test('has the others of the server around it, not those of its own index', () => {
    const machine = stepped(schema, then);
    expect(machine.plain()).toMatchObject({
      server: [
        {
          rounds: [
            { from: [null, { seen: 1 }, { seen: 2 }] },
            { from: [null, { seen: 2 }, { seen: 3 }] },
            {},
          ],
        },
        { rounds: [{ from: [{ seen: 1 }, null, { seen: 3 }] }, {}, {}] },
        {},
      ],
    });
    const plain = plainView(schema) as View<typeof schema>;
    then(plain);
    expect(plain.server[2].rounds[0].from[1].seen).toBe(3);
    const own = ({ server }: View<typeof schema>) => {
      server[1].rounds[0].from[1].seen = 2;
    };
    expect(() => stepped(schema, own)).toThrow(/writes an entry that does not exist/);
  });

  test('cannot be copied to that of another server', () => {
    const copy = ({ server }: View<typeof schema>) => server[0].copyFrom(server[1]);
    expect(thrownBy(() => stepped(schema, copy)).message).toContain('of another server');
    const plain = plainView(schema) as View<typeof schema>;
    expect(() => copy(plain)).toThrow('of another server');
    const within = ({ server }: View<typeof schema>) => server[0].rounds[0].copyFrom(server[0].rounds[1]);
    expect(() => stepped(schema, within)).not.toThrow();
  });

  test('is renamed with the server', () => {
    const model = modelOf(struct({ ...schema.fields, leader: sid(3) }), () => {}, 3);
    const machine = new Machine(model);
    machine.start(0);
    then(machine.post as unknown as View<typeof schema>);
    machine.advance();
    (permuter(model) as Permute)([1, 2, 0], machine.memory, 0);
    const { server } = machine.pre;
    expect(server[1].rounds[0].from[2].seen, 'what s1 has of s2').toBe(1);
    expect(server[0].rounds[2].from[1].seen, 'what s3 has of s1').toBe(0);
    expect(server[0].rounds[1].from[2].seen, 'what s3 has of s2').toBe(0);
    expect(canonicalizer(model)).not.toBeNull();
  });
});

describe('a perOther', () => {
  const wrong: readonly (readonly [string, StructType])[] = [
    ['outside', struct({ heard: perOther(3, Note) })],
    ['in too few', struct({ server: perServer(2, struct({ heard: perOther(3, Note) })) })],
    ['in too many', struct({ server: perServer(5, struct({ heard: perOther(3, Note) })) })],
    ['in a list', struct({ server: list(3, struct({ heard: perOther(3, Note) })) })],
    ['in another perOther', struct({ a: perServer(3, perOther(3, struct({ heard: perOther(2, Note) }))) })],
  ];
  for (const [where, schema] of wrong) {
    test(`is refused ${where}, when the model is defined`, () => {
      for (const body of [() => modelOf(schema, () => {}), () => plainView(schema)]) {
        const error = thrownBy(body);
        expect(error).toBeInstanceOf(MisplacedPerOther);
        expect(error.message).toMatch(/heard is a `perOther` array outside a `perServer` of as many servers/);
      }
    });
  }
});

describe('a type that is none', () => {
  const none = undefined as unknown as Type;
  const cases: readonly (readonly [string, () => unknown])[] = [
    ['`a` of a struct', () => struct({ a: none })],
    ['the element of perServer(2, …)', () => perServer(2, none)],
    ['the element of list(2, …)', () => list(2, none)],
    ['the message of channel(2, …)', () => channel(2, none as StructType)],
    ['the message of channel(2, …)', () => channel(2, range(0, 1) as never)],
    ['the element of perOther(2, …)', () => perOther(2, none as StructType)],
    ['the element of perOther(2, …)', () => perOther(2, flag as never)],
    ['`a` of a struct', () => struct({ a: range as never })],
    ['the schema', () => modelOf(none as StructType, () => {})],
    ['the schema', () => modelOf(perServer(2, flag) as unknown as StructType, () => {})],
  ];
  for (const [where, body] of cases) {
    test(`is refused by name: ${where}`, () => {
      const error = thrownBy(body);
      expect(error).toBeInstanceOf(InvalidType);
      expect(error.message).toContain(`${where} is `);
      expect(error.message).toMatch(/Usually a constant is used before it is set/);
    });
  }
});

describe('a queue', () => {
  const schema = struct({ queue: channel(2, Note), strict: channel(2, Note, { strict: true }) });
  type State = View<typeof schema>;
  const failure = (then: (s: State) => void) => {
    const plain = thrownBy(() => then(plainView(schema) as State));
    const error = thrownBy(() => stepped(schema, then));
    expect(error).toBeInstanceOf(ModelFailed);
    expect((error.cause as Error).message).toBe(plain.message);
    return plain;
  };

  test('reads as least between its newest message and its last slot, and nowhere else', () => {
    const { pre } = stepped(schema, ({ queue }) => {
      queue.push().seen = 2;
    });
    expect([pre.queue.at(0).seen, pre.queue.at(1).seen]).toEqual([2, 0]);
    expect([pre.strict.head.seen, pre.strict.last.seen]).toEqual([0, 0]);
    for (const index of [5, 2, -1, 0.5, Number.NaN]) {
      const error = failure(({ queue }) => void queue.at(index).seen);
      expect(error).toBeInstanceOf(RangeExceeded);
      expect(error.message).toContain(`queue.index was set to ${index}, but it holds the integers 0 to 1`);
    }
  });

  test('overwrites its newest message when it is full, and pops nothing when it is empty', () => {
    const fill = ({ queue }: State) => {
      queue.pop();
      for (const seen of [1, 2, 3]) queue.push().seen = seen;
    };
    const { pre } = stepped(schema, fill);
    expect([pre.queue.head.seen, pre.queue.last.seen, pre.queue.length]).toEqual([1, 3, 2]);
  });

  test('is an error in both cases if it is strict', () => {
    const full = failure(({ strict }) => {
      for (const seen of [1, 2, 3]) strict.push().seen = seen;
    });
    expect(full).toBeInstanceOf(QueueMisused);
    expect(full.message).toBe(
      'a message was pushed to strict, which has all of its 2 slots taken. ' +
        'Ask in `when` whether `length` is less, or give it more slots.',
    );
    const empty = failure(({ strict }) => strict.pop());
    expect(empty.message).toBe(
      'a message was popped of strict, which is empty. Ask in `when` for its `length`.',
    );
    const both = ({ strict }: State) => {
      for (const seen of [1, 2]) strict.push().seen = seen;
      strict.pop();
    };
    expect(stepped(schema, both).pre.strict.head.seen).toBe(2);
  });
});

test('a schema says of its queues whether they are strict', () => {
  expect(channel(2, Note)).not.toHaveProperty('strict');
  expect((list(2, channel(2, Note, { strict: true })) as ArrayType).element).toMatchObject({ strict: true });
});
