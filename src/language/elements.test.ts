/** Arrays of views, and what `console.log` shows of a view. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  bag,
  channel,
  defineModel,
  flag,
  list,
  Machine,
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
  struct,
  toPlain,
  twinOf,
  upTo,
  type View,
} from './index.js';

/** The machine after one step. */
function stepped<S extends StructType>(type: S, then: (s: View<S>) => void): Machine<S> {
  const machine = new Machine(
    defineModel({ name: 'm', schema: type, initial: { then: () => {} }, actions: { act: { then } } }),
  );
  machine.start(0);
  machine.apply(0);
  machine.advance();
  return machine;
}

const Colour = oneOf('RED', 'GREEN', 'BLUE');
const { BLUE } = Colour.values;
const schema = struct({
  vote: optional(sid(3)),
  hint: optional(flag),
  colours: set(Colour),
  epochs: sequence(3, range(1, 4)),
  last: optional(struct({ epoch: range(0, 3) })),
  mail: bag(3, struct({ from: sid(3), wide: range(-5, 2 ** 29) })),
  queue: channel(2, struct({ from: sid(3) })),
});
type State = View<typeof schema>;

describe('at(i) of an array of views', () => {
  const type = struct({
    server: perServer(2, struct({ up: flag, heard: perOther(2, struct({ n: range(0, 3) })) })),
    box: list(2, bag(1, struct({ n: range(0, 3) }))),
  });

  test('is the element, and an error where there is none', () => {
    const then = ({ server, box }: View<typeof type>) => {
      server.at(1).up = true;
      server.at(0).heard.at(1).n = 2;
      box.at(1).put().n = 3;
      expect(server.at(1)).toBe(server[1]);
      const asks = [
        () => server.at(2),
        () => server.at(-1),
        () => server.at(0.5),
        () => server[0].heard.at(2),
      ];
      for (const ask of asks) expect(ask).toThrow(RangeExceeded);
      expect(() => server.at(-1)).toThrow('server.index was set to -1, but it holds the integers 0 to 1');
      expect(() => server[0].heard.at(2)).toThrow('server[0].heard.index was set to 2');
    };
    then(plainView(type) as View<typeof type>);
    expect(stepped(type, then).plain()).toEqual({
      server: [
        { up: false, heard: [null, { n: 2 }] },
        { up: true, heard: [{ n: 0 }, null] },
      ],
      box: [[], [{ n: 3 }]],
    });
  });

  test('is of the arrays that guards see in generated code, which are frozen', () => {
    const model = defineModel({
      name: 'm',
      schema: type,
      initial: { then: () => {} },
      actions: { act: { over: [upTo('i', 3)], when: ({ server }, i) => !server.at(i).up, then: () => {} } },
    });
    const machine = new Machine(model);
    machine.start(0);
    expect(() => machine.enabled(new Uint16Array(3))).toThrow('server.index was set to 2');
  });
});

describe('console.log', () => {
  const fill = (s: State) => {
    s.vote.set(1);
    s.colours.add(BLUE);
    s.epochs.push(2);
    s.last.put().epoch = 1;
    s.mail.put().from = 2;
    s.queue.push().from = 1;
  };
  const lines = [
    ['vote', "'s2'"],
    ['hint', 'null'],
    ['colours', "[ 'BLUE' ]"],
    ['epochs', '[ 2 ]'],
    ['last', '{ epoch: 1 }'],
    ['mail', "[ { from: 's3', wide: -5 } ]"],
    ['queue', "[ { from: 's2' } ]"],
  ] as const;

  test('shows views as what they hold, by names', () => {
    const plain = plainView(schema) as State;
    fill(plain);
    for (const state of [plain, stepped(schema, fill).pre as unknown as State]) {
      for (const [name, text] of lines) expect(inspect(state[name])).toBe(text);
      expect(inspect(state).replace(/\s+/g, ' ')).toContain("vote: 's2', hint: null,");
      expect(inspect(state)).not.toContain('$');
      expect(inspect({ state })).not.toContain('[Object]');
    }
  });

  test('shows arrays to any depth, and leaves out the entry about oneself', () => {
    const Deep = struct({ a: struct({ b: struct({ c: struct({ colour: Colour }) }) }) });
    const server = perServer(2, struct({ deep: Deep, heard: perOther(2, Deep), n: perServer(2, sid(2)) }));
    const type = struct({ server });
    const deep = "{ a: { b: { c: { colour: 'RED' } } } }";
    for (const state of [plainView(type), stepped(type, () => {}).pre] as View<typeof type>[]) {
      expect(inspect(state.server[1]).replace(/\s+/g, ' ')).toBe(
        `{ deep: ${deep}, heard: [ ${deep}, null ], n: [ 's1', 's1' ] }`,
      );
      expect(inspect(state.server[0].heard).replace(/\s+/g, ' ')).toBe(`[ null, ${deep} ]`);
      expect(inspect(state.server[0].n)).toBe("[ 's1', 's1' ]");
      expect(inspect(state)).toContain('heard: [');
    }
  });

  test('shows the state that a claim of a file is given, which is a twin', () => {
    const { pre } = stepped(schema, fill);
    expect(inspect(twinOf(pre)?.cover()).replace(/\s+/g, ' ')).toContain("vote: 's2', hint: null,");
  });

  test('needs nothing of Node, and JSON shows the values as they are stored', () => {
    const { pre } = stepped(schema, fill);
    const method = (pre as unknown as { [key: symbol]: () => unknown })[
      Symbol.for('nodejs.util.inspect.custom')
    ];
    expect(method.call(pre)).toEqual(toPlain(schema, pre));
    expect(JSON.parse(JSON.stringify(pre))).toMatchObject({ vote: 1, colours: [BLUE], queue: [{ from: 1 }] });
  });
});
