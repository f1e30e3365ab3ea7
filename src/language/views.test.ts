import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runs } from '../testing/nightly.js';
import { type AnyView, applyEdit, edit, placesOf, schema, structsLike } from '../testing/schemas.js';
import { holdsBag } from './bags.js';
import { defineModel, Machine, plainView, range, type StructType, struct, toPlain } from './index.js';
import { assign, settlePlain } from './plain.js';

const machineOf = (type: StructType) =>
  new Machine(
    defineModel({
      name: 'm',
      schema: type,
      initial: { then: () => {} },
      actions: { Stay: { then: () => {} } },
    }),
  );

/** Puts the messages of each bag into another order. */
function shuffle(type: StructType, view: unknown): void {
  for (const { type: holder, at } of placesOf(type).holders) {
    if (holder.kind !== 'bag') continue;
    const messages = at(view as AnyView);
    for (let i = 1; i < messages.length; i += 2) {
      const first = messages.at(0);
      messages.take(0);
      assign(holder.message, messages.put(), first);
    }
  }
}

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

/** The same after the end of a step: both have their bags sorted. */
function settledBothWays(type: StructType, list: Parameters<typeof applyEdit>[1][]) {
  const both = bothWays(type, list);
  both.machine.settle?.(both.machine.memory, both.machine.words);
  settlePlain(type, both.plain);
  return both;
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
      { seed: 9, numRuns: runs(500) },
    );
  });

  test('read as plain objects do after any sequence of assignments (seed=1)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { packed, plain, machine } = bothWays(type, list);
        expect(toPlain(type, packed)).toEqual(toPlain(type, plain));
        expect(machine.absentEntriesWritten()).toBe(false);
      }),
      { seed: 1, numRuns: runs(1500) },
    );
  });

  test('sort bags as plain objects do, and have one packed form for all orders of arrival (seed=7)', () => {
    fc.assert(
      fc.property(schema('wide').filter(holdsBag), edits, (type, list) => {
        const { machine, packed, plain } = settledBothWays(type, list);
        expect(toPlain(type, packed)).toEqual(toPlain(type, plain));
        expect(JSON.stringify(packed)).toBe(JSON.stringify(plain));
        const { words, memory } = machine;
        const shuffled = plainView(type);
        assign(type, shuffled, plain);
        shuffle(type, shuffled);
        assign(type, machine.pre, shuffled);
        machine.settle?.(memory, 0);
        expect([...memory.slice(0, words)]).toEqual([...memory.slice(words, 2 * words)]);
      }),
      { seed: 7, numRuns: runs(300) },
    );
  });

  test('leave the state before alone, whatever is assigned to the state after (seed=2)', () => {
    fc.assert(
      fc.property(schema('wide'), edits, (type, list) => {
        const { machine } = bothWays(type, list);
        expect(machine.memory.slice(0, machine.words).every((word) => word === 0)).toBe(true);
      }),
      { seed: 2, numRuns: runs(300) },
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
      { seed: 3, numRuns: runs(1000) },
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
      { seed: 4, numRuns: runs(500) },
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
      { seed: 5, numRuns: runs(500) },
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
