import { describe, expect, test } from 'vitest';
import { tokens } from '../testing/models.js';
import { BreadthFirst } from './breadth-first.js';
import { check } from './check.js';
import { InvalidOption } from './limits.js';

const { model, expectations } = tokens(2);

describe('a limit or a slice that makes no sense', () => {
  test('is refused: it would have no end', () => {
    for (const bad of [Number.NaN, 0, -1, 1.5, '5' as unknown as number]) {
      expect(() => check(model, expectations, { states: bad })).toThrow(
        `the limit \`states\` is ${bad}, but must be a whole number from 1, or Infinity.`,
      );
    }
    for (const bad of [Number.NaN, 0, -1]) {
      expect(() => check(model, expectations, { memory: bad })).toThrow(InvalidOption);
      const search = new BreadthFirst(model, expectations);
      expect(() => search.advance(bad)).toThrow(`what \`advance\` is given is ${bad}, but must be`);
      expect(search.advance(Infinity)).toBe(false);
    }
  });
});
