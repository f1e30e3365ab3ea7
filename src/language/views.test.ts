import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnyView, applyEdit, edit, placesOf, schema, structsLike } from '../testing/schemas.js';
import { defineModel, Machine, plainView, range, type StructType, struct, toPlain } from './index.js';
import { assign } from './plain.js';

const machineOf = (type: StructType) =>
  new Machine(
    defineModel({
      name: 'm',
      schema: type,
      initial: { then: () => {} },
      actions: { Stay: { then: () => {} } },
    }),
  );

const edits = fc.array(edit, { minLength: 1, maxLength: 30 });

/** The packed state after the edits, beside one built afresh from the plain state after the same edits. */
function bothWays(type: StructType, list: Parameters<typeof applyEdit>[1][]) {
  const machine = machineOf(type);
  const places = placesOf(type);
  const [packed, plain] = [machine.post as unknown as AnyView, plainView(type) as AnyView];
  for (const each of list) {
    applyEdit(places, each, packed);
    applyEdit(places, each, plain);
  }
  return { machine, places, packed, plain };
}

describe('packed views', () => {
  test('tell states apart as JSON, by which a claim may remember them (seed=9)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, edits, (type, one, other) => {
        const [a, b] = [bothWays(type, one).packed, bothWays(type, other).packed];
        const isSame = JSON.stringify(toPlain(type, a)) === JSON.stringify(toPlain(type, b));
        expect(JSON.stringify(a) === JSON.stringify(b)).toBe(isSame);
        expect(JSON.stringify(a)).not.toContain('$');
      }),
      { seed: 9, numRuns: 500 },
    );
  });

  test('read as plain objects do after any sequence of assignments (seed=1)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { packed, plain, machine } = bothWays(type, list);
        expect(toPlain(type, packed)).toEqual(toPlain(type, plain));
        expect(machine.absentEntriesWritten()).toBe(false);
      }),
      { seed: 1, numRuns: 1500 },
    );
  });

  test('leave the state before alone, whatever is assigned to the state after (seed=2)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { machine } = bothWays(type, list);
        expect(machine.memory.slice(0, machine.words).every((word) => word === 0)).toBe(true);
      }),
      { seed: 2, numRuns: 300 },
    );
  });

  test('have one packed form for each value, whatever the way to it (seed=3)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { machine, plain } = bothWays(type, list);
        const { words, memory } = machine;
        assign(type, machine.pre, plain);
        expect([...memory.slice(words, 2 * words)]).toEqual([...memory.slice(0, words)]);
      }),
      { seed: 3, numRuns: 1000 },
    );
  });

  test('agree with plain objects on which structs are equal (seed=4)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { places, packed, plain } = bothWays(type, list);
        for (const one of places.structs) {
          for (const { at } of structsLike(places, one)) {
            expect(one.at(packed).equals(at(packed))).toBe(one.at(plain).equals(at(plain)));
          }
        }
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  test('agree with plain objects on heads, last messages and lengths of channels (seed=5)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { places, packed, plain } = bothWays(type, list);
        for (const { at, type: queue } of places.channels) {
          expect(at(packed).length).toBe(at(plain).length);
          for (const end of ['head', 'last'] as const) {
            expect(toPlain(queue.message, at(packed)[end])).toEqual(toPlain(queue.message, at(plain)[end]));
          }
        }
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  test('take any name for a struct inside a struct, those of their own generated code included', () => {
    const inner = struct({ value: range(0, 3) });
    const names = ['self', 'path', 'm', 'w', 's', 'o', 'v', 'M', 'View', 'class', 'fail'];
    const machine = machineOf(struct(Object.fromEntries(names.map((name) => [name, inner]))));
    const state = machine.post as unknown as { [name: string]: { value: number } };
    names.forEach((name, i) => {
      state[name].value = i % 4;
    });
    expect(names.map((name) => state[name].value)).toEqual(names.map((_, i) => i % 4));
  });
});
