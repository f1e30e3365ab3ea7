import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../testing/nightly.js';
import { type AnyView, applyEdit, type Edit, edit, placesOf, schema } from '../testing/schemas.js';
import {
  type AtomType,
  bag,
  type Canonicalize,
  canonicalizer,
  channel,
  defineModel,
  flag,
  InvalidModel,
  list,
  Machine,
  MisplacedPerOther,
  optional,
  type Permute,
  type Plain,
  permuter,
  perOther,
  perServer,
  range,
  SpecError,
  type StructType,
  sequence,
  set,
  sid,
  sidOrNone,
  sidSet,
  struct,
  TooLarge,
  type Type,
} from './index.js';

const define = (type: StructType, permutations: number | null) =>
  defineModel({
    name: 'm',
    schema: type,
    permutations,
    initial: { then: () => {} },
    actions: { Stay: { then: () => {} } },
  });

/** One order for what is in none. */
const inOrder = (list: readonly Plain[]): Plain[] =>
  [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/** Renames by the definition, in the state as JSON: `s1` is the id 0. */
function renamed(type: Type, value: Plain, to: readonly number[]): Plain {
  const ids = to.length;
  if (type.kind === 'struct') {
    const fields = value as { [name: string]: Plain };
    return Object.fromEntries(
      Object.entries(type.fields).map(([name, field]) => [name, renamed(field, fields[name], to)]),
    );
  }
  if (type.kind === 'channel') return (value as Plain[]).map((message) => renamed(type.message, message, to));
  if (type.kind === 'bag') return inOrder((value as Plain[]).map((each) => renamed(type.message, each, to)));
  if (type.kind === 'set') return inOrder((value as Plain[]).map((each) => renamed(type.member, each, to)));
  if (type.kind === 'sequence') return (value as Plain[]).map((each) => renamed(type.element, each, to));
  if (type.kind === 'optional') return value === null ? null : renamed(type.value, value, to);
  if (type.kind === 'array') {
    const elements = (value as Plain[]).map((each) =>
      each === null ? null : renamed(type.element, each, to),
    );
    if (!type.perSid || type.length !== ids) return elements;
    const moved: Plain[] = [];
    for (const [i, element] of elements.entries()) moved[to[i]] = element;
    return moved;
  }
  if (type.kind !== 'range' || type.holds === null) return value;
  if (type.holds === 'sid' && type.hi + 1 === ids) {
    return value === 'none' ? value : `s${to[Number(String(value).slice(1)) - 1] + 1}`;
  }
  if (type.holds === 'sidSet' && type.hi + 1 === 2 ** ids) {
    const members = String(value).match(/\d+/g) ?? [];
    const names = members.map((each) => to[Number(each) - 1] + 1).sort();
    return `{${names.map((each) => `s${each}`).join(' ')}}`;
  }
  return value;
}

/** The schema with ids and sets of ids in place of most of its ranges. */
function withIds(type: StructType, ids: number): StructType {
  const known = new Map<Type, Type>();
  const convert = (each: Type): Type => {
    const result = known.get(each) ?? convertNew(each);
    known.set(each, result);
    return result;
  };
  const convertNew = (each: Type): Type => {
    if (each.kind === 'range') return [each, sid(ids), sidSet(ids), sidOrNone(ids)][(each.lo + 8) % 4];
    if (each.kind === 'array') return { ...each, element: convert(each.element) };
    if (each.kind === 'channel') return channel(each.slots, convert(each.message) as StructType);
    if (each.kind === 'bag') return bag(each.slots, convert(each.message) as StructType);
    if (each.kind === 'sequence') return sequence(each.slots, convert(each.element) as StructType);
    if (each.kind === 'optional') return optional(convert(each.value) as StructType);
    if (each.kind === 'set') return set(convert(each.member) as AtomType);
    if (each.kind !== 'struct') return each;
    return struct(
      Object.fromEntries(Object.entries(each.fields).map(([name, field]) => [name, convert(field)])),
    );
  };
  return convert(type) as StructType;
}

/** All orders of 0 to `ids` - 1. */
function orders(ids: number): number[][] {
  if (ids === 0) return [[]];
  return orders(ids - 1).flatMap((order) =>
    Array.from({ length: ids }, (_, at) => [...order.slice(0, at), ids - 1, ...order.slice(at)]),
  );
}

const inverse = (to: readonly number[]) => to.map((_, i) => to.indexOf(i));

interface Sample {
  readonly type: StructType;
  readonly ids: number;
  readonly machine: Machine<StructType>;
  readonly state: Int32Array;
  readonly permute: (state: Int32Array, to: readonly number[]) => Int32Array;
  readonly canonical: (state: Int32Array) => Int32Array;
  readonly plain: (state: Int32Array) => Plain;
}

/** A state of a random schema with ids, after the edits; null if nothing in the schema is about the ids. */
function sampleOf(type: StructType, ids: number, edits: readonly Edit[]): Sample | null {
  const model = attempt(() => define(type, ids));
  if (model === null) return null;
  const machine = new Machine(model);
  const places = placesOf(type);
  for (const each of edits) applyEdit(places, each, machine.post as unknown as AnyView);
  machine.settle?.(machine.memory, machine.words);
  const [permute, canonicalize] = [permuter(model) as Permute, canonicalizer(model) as Canonicalize];
  // The state stands between others, which nothing may touch.
  const padded = (state: Int32Array, act: (memory: Int32Array, offset: number) => void) => {
    const memory = new Int32Array(state.length + 2).fill(0x5a5a5a5a);
    memory.set(state, 1);
    act(memory, 1);
    expect([memory[0], memory.at(-1)]).toEqual([0x5a5a5a5a, 0x5a5a5a5a]);
    return memory.slice(1, -1);
  };
  return {
    type,
    ids,
    machine,
    state: machine.memory.slice(machine.words, 2 * machine.words),
    permute: (state, to) => padded(state, (memory, offset) => permute(to, memory, offset)),
    canonical: (state) => padded(state, canonicalize),
    plain: (state) => {
      machine.load(state, 0);
      return renamed(type, machine.plain(), [...Array(ids).keys()]);
    },
  };
}

function attempt<T>(body: () => T): T | null {
  try {
    return body();
  } catch (error) {
    if (error instanceof InvalidModel) return null;
    throw error;
  }
}

const samples = (most: number) =>
  fc
    .tuple(schema('wide'), fc.integer({ min: 2, max: most }), fc.array(edit, { minLength: 1, maxLength: 30 }))
    .map(([type, ids, edits]) => sampleOf(withIds(type, ids), ids, edits))
    .filter((sample) => sample !== null);

describe('renaming ids', () => {
  test('does to packed states what its definition does to JSON (seed=1)', () => {
    fc.assert(
      fc.property(samples(4), ({ type, ids, state, permute, plain }) => {
        for (const to of orders(ids)) {
          expect(plain(permute(state, to))).toEqual(renamed(type, plain(state), to));
        }
      }),
      { seed: 1, numRuns: runs(400) },
    );
  });

  test('is undone by the inverse, to the last bit (seed=2)', () => {
    fc.assert(
      fc.property(samples(4), ({ ids, state, permute }) => {
        for (const to of orders(ids)) expect(permute(permute(state, to), inverse(to))).toEqual(state);
      }),
      { seed: 2, numRuns: runs(400) },
    );
  });

  test('leaves ids where nothing is 0, so that equal states stay equal words', () => {
    const Mail = struct({ from: sid(2) });
    const type = struct({
      queue: channel(2, Mail),
      vote: optional(sid(2)),
      last: optional(Mail),
      log: sequence(2, Mail),
      ids: sequence(2, sid(2)),
      mail: bag(2, Mail),
    });
    const { state, permute, canonical } = sampleOf(type, 2, []) as Sample;
    expect(permute(state, [1, 0])).toEqual(state);
    expect(canonical(state)).toEqual(state);
  });

  test('moves no element of a list, and no index of another count', () => {
    const type = struct({
      mine: perServer(2, range(0, 3)),
      list: list(2, range(0, 3)),
      three: perServer(3, range(0, 3)),
      other: sid(3),
    });
    const { machine, permute, plain } = sampleOf(type, 2, []) as Sample;
    const view = machine.post as unknown as { [name: string]: AnyView } & { other: number };
    for (const name of ['mine', 'list', 'three']) view[name].set(0, 3);
    view.other = 1;
    const state = machine.memory.slice(machine.words, 2 * machine.words);
    expect(plain(permute(state, [1, 0]))).toEqual({
      mine: [0, 3],
      list: [3, 0],
      three: [3, 0, 0],
      other: 's2',
    });
  });
});

describe('the representative of a state', () => {
  test('is the same after renaming, and a renaming of the state (seed=3)', () => {
    fc.assert(
      fc.property(samples(4), ({ type, ids, state, permute, canonical, plain }) => {
        const representative = canonical(state);
        for (const to of orders(ids)) expect(canonical(permute(state, to))).toEqual(representative);
        const orbit = orders(ids).map((to) => JSON.stringify(renamed(type, plain(state), to)));
        expect(orbit).toContain(JSON.stringify(plain(representative)));
      }),
      { seed: 3, numRuns: runs(400) },
    );
  });

  test('is the representative of itself (seed=4)', () => {
    fc.assert(
      fc.property(samples(5), ({ state, canonical }) => {
        expect(canonical(canonical(state))).toEqual(canonical(state));
      }),
      { seed: 4, numRuns: runs(200) },
    );
  });

  test('is as exact with traits that do not fit into one number', () => {
    const Server = struct({
      a: range(0, 70_000),
      b: range(0, 70_000),
      c: list(2, range(0, 3)),
      vote: sid(3),
    });
    const type = struct({ server: perServer(3, Server), wide: list(3, list(3, range(0, 2 ** 17))) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 30 }), (edits) => {
        const { state, canonical, permute } = sampleOf(type, 3, edits) as Sample;
        for (const to of orders(3)) expect(canonical(permute(state, to))).toEqual(canonical(state));
      }),
      { seed: 5, numRuns: runs(200) },
    );
  });

  describe('is as exact with ids', () => {
    const Mail = struct({ from: sid(3), to: sidOrNone(3), last: flag });
    // Of its words one has no id in it, and is moved all the same.
    const wide = range(0, 2 ** 28);
    const Large = struct({ from: sid(3), count: wide, more: wide, whom: set(sidOrNone(3)) });
    const Box = struct({ of: optional(struct({ whom: sid(3), n: range(0, 3) })), to: optional(sid(3)) });
    const places: readonly (readonly [string, Type])[] = [
      ['in a bag', bag(3, Mail)],
      ['in a bag of large messages', bag(3, Large)],
      ['in a bag of each server', perServer(3, struct({ inbox: bag(3, Mail) }))],
      ['in a bag about each other', perServer(3, struct({ boxes: perOther(3, bag(2, Mail)) }))],
      ['in sets', perServer(3, struct({ knows: set(sidOrNone(3)), all: set(sid(3)) }))],
      ['in optional values', perServer(3, Box)],
      ['in sequences', perServer(3, struct({ log: sequence(2, Box), ids: sequence(3, sid(3)) }))],
      ['in bags of sequences', bag(2, struct({ ids: sequence(2, sidOrNone(3)), inner: bag(2, Mail) }))],
      [
        'and a count of messages without',
        perServer(3, struct({ vote: sid(3), inbox: bag(2, struct({ n: flag })) })),
      ],
    ];
    const push = edit.map((each): Edit => ({ ...each, kind: each.place % 5 === 0 ? each.kind : 'push' }));

    test.each(places)('%s (seed=6)', (_where, place) => {
      const type = struct({ place, set: set(sid(3)) });
      fc.assert(
        fc.property(fc.array(push, { minLength: 3, maxLength: 30 }), (edits) => {
          const { state, canonical, permute, plain, machine } = sampleOf(type, 3, edits) as Sample;
          const settled = (words: Int32Array) => {
            const copy = words.slice();
            machine.settle?.(copy, 0);
            return copy;
          };
          const representative = canonical(state);
          expect([canonical(representative), settled(representative)]).toEqual([
            representative,
            representative,
          ]);
          for (const to of orders(3)) {
            const moved = permute(state, to);
            expect(plain(moved)).toEqual(renamed(type, plain(state), to));
            expect([permute(moved, inverse(to)), settled(moved)]).toEqual([state, moved]);
            expect(canonical(moved)).toEqual(representative);
          }
        }),
        { seed: 6, numRuns: runs(150) },
      );
    });
  });

  test('is exact when the traits of different ids are the same number', () => {
    const wide = range(0, 2 ** 17 - 1);
    const type = struct({ server: perServer(2, struct({ a: wide, b: wide })) });
    const { machine, canonical, permute } = sampleOf(type, 2, []) as Sample;
    const servers = (machine.post as unknown as { server: { a: number; b: number }[] }).server;
    let collisions = 0;
    for (let a = 1; a < 2 ** 17; a++) {
      // The trait is a times this constant plus b, of which 32 bits are kept.
      const product = Math.imul(a, 0x9e3779b1);
      const isClose = Math.abs(product) < 2 ** 17;
      if (!isClose && a !== 2 ** 15) continue;
      collisions++;
      Object.assign(servers[0], { a: 0, b: isClose ? Math.max(0, product) : 0 });
      Object.assign(servers[1], { a, b: isClose ? Math.max(0, -product) : 0 });
      const state = machine.memory.slice(machine.words, 2 * machine.words);
      expect(canonical(permute(state, [1, 0]))).toEqual(canonical(state));
    }
    expect(collisions).toBeGreaterThan(3);
  });

  test('numbers as many orbits of who votes for whom as there are endofunctions up to renaming', () => {
    const count = (ids: number) => {
      const { machine, canonical } = sampleOf(struct({ vote: perServer(ids, sid(ids)) }), ids, []) as Sample;
      const votes = (machine.post as unknown as { vote: AnyView }).vote;
      const seen = new Set<string>();
      for (let code = 0; code < ids ** ids; code++) {
        for (let i = 0; i < ids; i++) votes.set(i, Math.floor(code / ids ** i) % ids);
        seen.add(canonical(machine.memory.slice(machine.words, 2 * machine.words)).join());
      }
      return seen.size;
    };
    // OEIS A001372.
    expect([1, 2, 3, 4, 5].map(count)).toEqual([1, 3, 7, 19, 47]);
  });

  test('numbers as many orbits of relations as there are directed graphs up to renaming', () => {
    const count = (ids: number) => {
      const type = struct({ knows: perServer(ids, struct({ whom: sidSet(ids) })) });
      const { machine, canonical } = sampleOf(type, ids, []) as Sample;
      const knows = (machine.post as unknown as { knows: { whom: number }[] }).knows;
      const seen = new Set<string>();
      for (let code = 0; code < 2 ** (ids * ids); code++) {
        for (let i = 0; i < ids; i++) knows[i].whom = (code >>> (ids * i)) & (2 ** ids - 1);
        seen.add(canonical(machine.memory.slice(machine.words, 2 * machine.words)).join());
      }
      return seen.size;
    };
    // OEIS A000595.
    expect([1, 2, 3, 4].map(count)).toEqual([2, 10, 104, 3044]);
  });

  test('is found for 7 ids', () => {
    const type = struct({ vote: perServer(7, sid(7)) });
    const { machine, canonical, permute } = sampleOf(type, 7, []) as Sample;
    const votes = (machine.post as unknown as { vote: AnyView }).vote;
    for (const [i, vote] of [3, 3, 0, 6, 2, 2, 1].entries()) votes.set(i, vote);
    const state = machine.memory.slice(machine.words, 2 * machine.words);
    for (const to of orders(7).filter((_, i) => i % 97 === 0)) {
      expect(canonical(permute(state, to))).toEqual(canonical(state));
    }
  });
});

describe('a declaration of permutations', () => {
  const refusal = (type: StructType, ids: number): SpecError => {
    try {
      define(type, ids);
    } catch (error) {
      expect(error).toBeInstanceOf(SpecError);
      return error as SpecError;
    }
    throw new Error('nothing was thrown');
  };

  test('is not needed', () => {
    const model = define(struct({ vote: sid(3) }), null);
    expect(model.permutations).toBeNull();
    expect([canonicalizer(model), permuter(model)]).toEqual([null, null]);
  });

  test('is refused for more than 7 ids, and for a number that counts nothing', () => {
    const error = refusal(struct({ vote: sid(8) }), 8);
    expect(error).toBeInstanceOf(TooLarge);
    expect(error.message).toBe(
      'm: permutations of 8 ids is too large: the limit is 7 ids. Lower the bounds, or split it.',
    );
    for (const ids of [0, -1, 1.5, Number.NaN]) {
      expect(refusal(struct({ vote: sid(3) }), ids).message).toMatch(/Give the number of ids, from 1/);
    }
  });

  test('is refused when nothing in the schema is about as many ids', () => {
    const type = struct({ a: range(0, 2), b: list(3, range(0, 1)), c: perServer(4, sid(4)), d: sidSet(2) });
    const error = refusal(type, 3);
    expect(error).toBeInstanceOf(InvalidModel);
    expect(error.message).toMatch(
      /nothing in its schema is `perServer\(3, …\)`, `sid\(3\)` or `sidSet\(3\)`/,
    );
  });

  test('is refused when an entry about oneself could not stay absent', () => {
    const Other = struct({ a: range(0, 1) });
    for (const around of [
      perServer(2, perOther(3, Other)),
      list(3, perOther(3, Other)),
      perServer(3, perOther(4, Other)),
    ]) {
      expect(refusal(struct({ vote: sid(3), around }), 3)).toBeInstanceOf(MisplacedPerOther);
    }
  });
});
