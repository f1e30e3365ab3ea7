import { expect, test } from 'vitest';
import { check } from '../engine/check.js';
import { tokens } from '../testing/models.js';
import type { Subject } from './schedule.js';
import { shortest } from './shortest.js';

const built = tokens(4);
const { schedule } = check(built.model, built.expectations).violation!;
const subject = { space: {}, build: () => built } as unknown as Subject;
const within = (statesMax: number) => shortest(subject, 'shared', { bounds: {}, schedule }, statesMax);

test('with the more states it may know, the more is proved: nothing, the length, the fewest switches', () => {
  const found = Array.from({ length: 100 }, (_, i) => within(i + 1));
  const proved = found.map((one) => (one === null ? 'nothing' : one.fewest ? 'fewest' : 'length'));
  expect([...new Set(proved)]).toEqual(['nothing', 'length', 'fewest']);
  for (const one of found) if (one !== null) expect(one.schedule.steps).toHaveLength(schedule.steps.length);
  expect(found[proved.indexOf('length')]!.schedule).toEqual(schedule);
});
