import { describe, expect, test } from 'vitest';
import {
  always,
  defineModel,
  domain,
  range,
  sid,
  sidOrNone,
  struct,
  UnsoundPermutations,
  upTo,
} from '../language/index.js';
import { BreadthFirst } from './breadth-first.js';
import { check } from './check.js';

const nothing = { claims: [], witnesses: [] };
const Sid = domain('sid', sid(3));

/** A walk on which anyone may be elected at one place; only the first one, if `unsound`. */
const walk = (steps: number, at: number, unsound: boolean, starts = 1) =>
  defineModel({
    name: 'walk',
    schema: struct({ at: range(0, steps), start: range(0, starts - 1), leader: sidOrNone(3) }),
    permutations: 3,
    initial: {
      over: [upTo('start', starts)],
      then: (s, start) => {
        s.start = start;
      },
    },
    terminal: (s) => s.at === steps,
    actions: {
      Go: {
        when: (s) => s.at < steps,
        then: (s) => {
          s.at = s.at + 1;
        },
      },
      Elect: {
        over: [Sid],
        when: (s, i) => s.at === at && s.leader < 0 && (i === 0 || !unsound),
        then: (s, i) => {
          s.leader = i;
        },
      },
    },
  });

describe('renaming ids is checked', () => {
  test('in every state of a small model', () => {
    const outcome = check(walk(140, 60, false), nothing);
    expect(outcome).toMatchObject({ verdict: 'holds', distinct: 222, renamings: { checked: 222, of: 222 } });
    for (const at of [60, 99, 120, 139]) {
      expect(() => check(walk(140, at, true), nothing)).toThrow(UnsoundPermutations);
    }
  });

  test('at every depth of a larger one, and it is said how many states were checked', () => {
    expect(() => check(walk(3000, 2501, true), nothing)).toThrow(UnsoundPermutations);
    const outcome = check(walk(2, 1, false, 5000), nothing);
    expect(outcome).toMatchObject({ verdict: 'holds', distinct: 5000 * 5 });
    const { checked = 0, of } = outcome.renamings ?? {};
    expect(of).toBe(5000 * 5);
    expect(checked).toBeGreaterThan(500);
    expect(checked).toBeLessThan(1200);
  });

  test('nowhere, if the model declares no permutations', () => {
    expect(check({ ...walk(140, 60, true), permutations: null }, nothing).renamings).toBeNull();
  });

  test('of the states that were expanded, where the search ends early', () => {
    const search = new BreadthFirst(walk(140, 60, false), nothing);
    search.advance(50);
    expect(search.outcome().renamings).toEqual({ checked: 50, of: 50 });
  });
});

test('a model that fails is reported with a run of the model, not of representatives', () => {
  const model = walk(140, 3, false);
  const holds = ({ at, leader }: { at: number; leader: number }) => {
    if (at === 5 && leader >= 0) throw new Error('oops');
    return true;
  };
  const text = { says: 'x', source: 'x', explain: () => '', witness: '' };
  const search = () => check(model, { claims: [always({ ...text, name: 'c', holds })], witnesses: [] });
  expect(search).toThrow(
    /^claim c threw: oops\n {2}in the state .*\n {2}after, but for names, initial\(0\), (Go\(\), ){3}.*Elect/,
  );
});
