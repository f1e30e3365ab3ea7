/** The order of messages in bags, by fields of each type and wherever a state is made. */
import { describe, expect, test } from 'vitest';
import { check } from '../engine/check.js';
import { oracle } from '../engine/oracle.js';
import {
  bag,
  channel,
  defineModel,
  Machine,
  optional,
  perServer,
  plainView,
  range,
  sequence,
  set,
  struct,
  upTo,
  type View,
} from './index.js';
import { settlePlain } from './plain.js';

describe('a bag', () => {
  test('is sorted by each type of field alike', () => {
    const small = range(0, 2);
    const Of = struct({
      few: set(range(-1, 2)),
      many: set(range(1, 32)),
      maybe: optional(small),
      row: sequence(3, small),
      queue: channel(3, struct({ a: small })),
      inner: bag(3, struct({ a: small })),
      pair: perServer(2, small),
    });
    const type = struct({ all: bag(16, Of) });
    const fills: readonly ((m: View<typeof Of>, bits: number) => void)[] = [
      ({ few }, bits) => [0, 1, 2, 3].filter((i) => (bits >>> i) & 1).forEach((i) => void few.add(i - 1)),
      ({ many }, bits) =>
        [0, 1, 2, 3].filter((i) => (bits >>> i) & 1).forEach((i) => void many.add(2 + 10 * i)),
      ({ maybe }, bits) => bits % 4 > 0 && maybe.set((bits % 4) - 1),
      ({ row }, bits) => [0, 1, 2].slice(0, bits % 4).forEach((i) => void row.push((bits >>> i) % 3)),
      ({ queue }, bits) => {
        for (let i = 0; i < bits % 4; i++) queue.push().a = (bits >>> i) % 3;
      },
      ({ inner }, bits) => {
        for (let i = 0; i < bits % 4; i++) inner.put().a = (bits >>> i) % 3;
      },
      ({ pair }, bits) => [0, 1].forEach((i) => void pair.set(i, (bits >>> (2 * i)) % 3)),
    ];
    for (const fill of fills) {
      const then = ({ all }: View<typeof type>) => {
        for (let i = 0; i < 16; i++) fill(all.put(), (i * 7) % 16);
      };
      const plain = plainView(type) as View<typeof type>;
      then(plain);
      const arrived = JSON.stringify(plain);
      settlePlain(type, plain);
      expect(JSON.stringify(plain)).not.toBe(arrived);
      const after = new Machine(
        defineModel({ name: 'm', schema: type, initial: { then: () => {} }, actions: { act: { then } } }),
      );
      after.start(0);
      after.apply(0);
      expect(JSON.stringify(after.post)).toBe(JSON.stringify(plain));
    }
  });

  test('is sorted in initial states, after a representative is made, and in bags of bags', () => {
    const Inner = struct({ tag: range(0, 3), in: bag(2, struct({ id: range(0, 3) })) });
    const type = struct({ out: bag(2, Inner), turn: range(0, 1) });
    const fill = (s: View<typeof type>, order: number) => {
      for (const k of order === 0 ? [0, 1] : [1, 0]) {
        const { in: inner } = s.out.put();
        // In order of arrival, the greater of these pairs is not the greater when both are sorted.
        const ids = k === 0 ? [0, 3] : [1, 2];
        for (const id of order === 0 ? ids.reverse() : ids) inner.put().id = id;
      }
    };
    const initial = { over: [upTo('order', 2)], then: fill };
    const then = (s: View<typeof type>) => {
      s.turn = 1;
    };
    const model = defineModel({
      name: 'm',
      schema: type,
      initial,
      terminal: () => true,
      actions: { act: { when: ({ turn }) => turn === 0, then } },
    });
    const { distinct } = oracle(model);
    expect([distinct, check(model, { claims: [], witnesses: [] }).distinct]).toEqual([2, 2]);
    const representative = (s: View<typeof type>) => {
      s.out.clear();
      fill(s, s.turn);
      s.turn = 0;
    };
    expect(check({ ...model, representative }, { claims: [], witnesses: [] }).distinct).toBe(1);
  });
});
