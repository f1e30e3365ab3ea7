/** Exploring in one call, by as many threads as one likes. */
import { expect, test } from 'vitest';
import { modelAndClaims } from '../testing/models.js';
import { check } from './check.js';
import { InvalidOption } from './limits.js';
import type { ModelSource } from './model-source.js';

const built = (path: string): string => new URL(`../../dist/${path}.js`, import.meta.url).href;
const parts = [
  [built('bench/peers/model'), 'peerModel'],
  [built('bench/peers/claims'), 'peerExpectations'],
] as const;
const source: ModelSource = {
  module: built('src/testing/models'),
  export: 'modelAndClaims',
  args: [...parts, 1, 1],
};
const made = await modelAndClaims(...parts, 1, 1);
const { bytes: _, ...alone } = check(made.model, made.expectations);

for (const workers of [1, 2, 3]) {
  test(`finds with ${workers} workers what it finds without any`, async () => {
    expect(alone).toMatchObject({ verdict: 'holds', complete: true });
    expect(await check(made.model, made.expectations, { workers, source })).toMatchObject(alone);
  });
}

test('keeps to its limits with several workers', async () => {
  const outcome = await check(made.model, made.expectations, { workers: 2, source, states: 100 });
  expect(outcome).toMatchObject({
    verdict: 'inconclusive',
    reason: 'the limit of 100 distinct states was reached',
  });
});

test('asks for the function that makes the model, and for no fewer than one worker', async () => {
  const run = (options: { readonly workers: number }) => check(made.model, made.expectations, options);
  await expect(run({ workers: 2 })).rejects.toThrow(InvalidOption);
  await expect(run({ workers: 2 })).rejects.toThrow(
    '{ module: import.meta.url, export: its name, args: [] }',
  );
  for (const workers of [0, Number.NaN, 1.5, -1]) {
    await expect(run({ workers })).rejects.toThrow('the number of workers is');
  }
});

test('refuses a source that makes another model', async () => {
  const other = { ...source, args: [...parts, 1, 0] };
  await expect(check(made.model, made.expectations, { workers: 2, source: other })).rejects.toThrow(
    'the function and the arguments that made the model given: it makes another one',
  );
});
