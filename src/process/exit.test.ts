import { expect, test } from 'vitest';
import { EXIT, gravest } from './exit.js';

test('the gravest of several exit codes speaks for all', () => {
  expect(gravest([EXIT.holds, EXIT.inconclusive, EXIT.violated])).toBe(1);
  expect(gravest([EXIT.holds, EXIT.inconclusive])).toBe(3);
  expect(gravest([EXIT.violated, EXIT.internal])).toBe(4);
  expect(gravest([EXIT.violated, EXIT.badUsage])).toBe(2);
  expect(gravest([])).toBe(0);
});
