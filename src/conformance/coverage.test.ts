/** Paths that take every transition of a graph: each is a way through it, and together none is left out. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findFamily } from '../../models/index.js';
import { correct } from '../../models/rules.js';
import { check } from '../engine/check.js';
import { Machine, type Model, TooLarge } from '../language/index.js';
import { modelOf, randomModel } from '../testing/models.js';
import { graphOf, pathsOf } from './coverage.js';

const family = findFamily('fle-faithful')!;
const tiny = family.build(family.presets.tiny, correct);

/** States of a random model; larger ones are passed over. */
const MOST = 500;

/** Takes the paths on the model: the transitions seen, and those that paths claim to be first to take. */
function walk(model: Model): { seen: number; fresh: number } {
  const machine = new Machine(model);
  const seen = new Set<string>();
  let fresh = 0;
  for (const path of pathsOf(graphOf(model))) {
    expect(machine.start(path.initial)).toBe(true);
    for (const code of path.steps) {
      expect(machine.admits(code)).toBe(true);
      seen.add(`${machine.memory.slice(0, machine.words).join()} ${code}`);
      machine.apply(code);
      machine.advance();
    }
    fresh += path.fresh;
  }
  return { seen: seen.size, fresh };
}

describe('paths take every transition', () => {
  test('of two servers of fle-faithful', () => {
    const { states, transitions } = graphOf(tiny);
    const { distinct, generated } = check(tiny, { claims: [], witnesses: [] });
    expect([states, transitions]).toEqual([distinct, generated]);
    expect(walk(tiny)).toEqual({ seen: transitions, fresh: transitions });
  });

  test('of random models (seed=1)', () => {
    const property = fc.property(randomModel, (description) => {
      const model = modelOf(description);
      const { distinct, generated } = check(model, { claims: [], witnesses: [] }, { states: 2 * MOST });
      fc.pre(distinct <= MOST);
      expect(walk(model)).toEqual({ seen: generated, fresh: generated });
    });
    fc.assert(property, { seed: 1, numRuns: 50 });
  });

  test('and a graph too large to keep is refused', () => {
    expect(() => graphOf(tiny, 1000)).toThrow(TooLarge);
  });
});
