import { expect, test } from 'vitest';
import { defineModel, domain, Machine, perServer, range, sid, struct, upTo } from './index.js';

const SERVERS = 5;
const TOP = 2;
const Sid = domain('sid', sid(SERVERS));

/** Actions of 1, 5, 25 and 500 instances: one guard, a few, several functions of them, and a loop. */
const model = defineModel({
  name: 'guards',
  schema: struct({ server: perServer(SERVERS, struct({ level: range(0, TOP) })) }),
  initial: {
    over: [Sid],
    then: ({ server }, i) => {
      server[i].level = 1;
    },
  },
  actions: {
    Stay: { then: () => {} },
    Raise: {
      over: [Sid],
      when: ({ server }, i) => server[i].level < TOP,
      then: ({ server }, i) => {
        server[i].level = server[i].level + 1;
      },
    },
    Exchange: {
      over: [Sid, Sid],
      when: ({ server }, i, j) => i !== j && server[i].level > server[j].level,
      then: ({ server }, i, j) => {
        const { level } = server[i];
        server[i].level = server[j].level;
        server[j].level = level;
      },
    },
    Lower: {
      over: [Sid, upTo('turn', 100)],
      when: ({ server }, i, turn) => turn % SERVERS === i && server[i].level > 0,
      then: ({ server }, i) => {
        server[i].level = 0;
      },
    },
  },
});

test('lists just the steps whose guards admit them, in ascending order, for any number of instances', () => {
  const machine = new Machine(model);
  const listed = new Uint16Array(model.instances);
  const codes = Array.from({ length: model.instances }, (_, code) => code);
  for (let turn = 0; turn < 200; turn++) {
    if (turn % 20 === 0) machine.start((turn / 20) % SERVERS);
    const enabled = [...listed.subarray(0, machine.enabled(listed))];
    expect(enabled).toEqual(codes.filter((code) => machine.admits(code)));
    machine.apply(enabled[(turn * 7919) % enabled.length]);
    machine.advance();
  }
});
