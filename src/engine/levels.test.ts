/** How many states have each depth: counted one by one by the oracle, from the predecessors by a search. */
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { peerExpectations } from '../../bench/peers/claims.js';
import { peerModel } from '../../bench/peers/model.js';
import { type Model, TooLarge } from '../language/index.js';
import { directories } from '../testing/command.js';
import { modelOf, randomModel } from '../testing/models.js';
import { BreadthFirst } from './breadth-first.js';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.js';
import { Crew } from './crew.js';
import type { BuiltModel } from './model-source.js';
import { oracle } from './oracle.js';

const directory = directories();
const MOST = 600;
const nothing = { claims: [], witnesses: [] };
/** A failure is shrunk as long as a test may take. */
const SHRINKING = { interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true };
/** As the oracle counts them; a model with too many states is drawn again. */
function levelsOf(model: Model): readonly number[] {
  try {
    return oracle(model, nothing, MOST).levels;
  } catch (error) {
    if (error instanceof TooLarge) fc.pre(false);
    throw error;
  }
}
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

const peer = () =>
  ({ model: peerModel(2, 0), expectations: peerExpectations(2, 0) }) as unknown as BuiltModel;
const searchOfPeer = () => new BreadthFirst(peer().model, peer().expectations);

test('are those of the oracle, and at every pause the first of them, one cut short (seed=1)', () => {
  const slice = fc.integer({ min: 1, max: 40 });
  let pauses = 0;
  const property = fc.property(randomModel, slice, (description, states) => {
    const model = { ...modelOf(description), terminal: () => true };
    const levels = levelsOf(model);
    const search = new BreadthFirst(model, nothing);
    while (search.advance(states)) {
      pauses++;
      const found = search.levels();
      const { distinct, level } = search.store;
      expect(found.slice(0, level + 1)).toEqual(levels.slice(0, level + 1));
      expect(found.length).toBeLessThanOrEqual(level + 2);
      expect(found[level + 1] ?? 0).toBeLessThanOrEqual(levels[level + 1] ?? 0);
      expect(sum(found)).toBe(distinct);
    }
    expect(search.levels()).toEqual(levels);
  });
  fc.assert(property, { seed: 1, numRuns: 60, ...SHRINKING });
  expect(pauses).toBeGreaterThan(30);
});

test('are the same from two threads, and after a resume in the middle of a level', async () => {
  const alone = searchOfPeer();
  while (alone.advance(1 << 20));
  const expected = alone.levels();
  expect([expected.length, sum(expected)]).toEqual([alone.outcome().depth + 1, alone.outcome().distinct]);

  const together = searchOfPeer();
  const module = new URL('../../dist/src/testing/models.js', import.meta.url).href;
  const made = ['bench/peers/model', 'bench/peers/claims'].map(
    (path) => new URL(`../../dist/${path}.js`, import.meta.url).href,
  );
  const args = [[made[0], 'peerModel'], [made[1], 'peerExpectations'], 2, 0];
  const crew = await Crew.start(together, { module, export: 'modelAndClaims', args }, 2);
  await crew.run().finally(() => crew.end());
  expect(together.levels()).toEqual(expected);

  const begun = searchOfPeer();
  begun.advance(1000);
  expect(begun.store.expanded).toBeLessThan(begun.store.levelEnd);
  const file = join(directory(), 'saved');
  saveCheckpoint(file, begun.store, {});
  const { model, expectations } = peer();
  const restored = new BreadthFirst(model, expectations, {
    restore: (store) => loadCheckpoint(file, store, {}),
  });
  expect(restored.levels()).toEqual(begun.levels());
  while (restored.advance(1 << 20));
  expect(restored.levels()).toEqual(expected);
});
