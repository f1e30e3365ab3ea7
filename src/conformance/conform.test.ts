/**
 * The model beside real servers. The nightly run takes 200,000 random steps, and every transition of two
 * servers with two rounds, a crash and an abandon.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findFamily } from '../../models/index.js';
import { correct } from '../../models/rules.js';
import { isNightly } from '../testing/nightly.js';
import { missing } from '../testing/zookeeper.js';
import { readTrace } from '../trace/read.js';
import { differencesOf } from './beside.js';
import { conformAtRandom, conformEverywhere } from './conform.js';
import { isSame, takeTrace } from './ensemble.js';
import { Stepper } from './stepper.js';
import { findZooKeeper } from './zookeeper.js';

const CORPUS = join(import.meta.dirname, '../../properties/corpus');

/** Traces of Fast Leader Election in the corpus. */
const traces = ['history', 'mutants', 'releases', 'witnesses', 'regressions'].flatMap((folder) =>
  readdirSync(join(CORPUS, folder))
    .filter((name) => name.startsWith('fast-leader-election.'))
    .map((name) => `${folder}/${name}`),
);

/** Breaks of the rules that only recvset shows, which no answer of a server tells of. */
const SEEN_INSIDE_ONLY = ['recvset-kept-on-jump', 'recvset-of-any-round'];

describe.skipIf(missing !== null)('real servers', () => {
  let real: Stepper;
  beforeAll(async () => {
    real = await Stepper.start(findZooKeeper(null));
  });
  afterAll(() => real.end());

  test.runIf(isNightly)(
    'answer as the model does, in 200,000 random steps',
    { timeout: 600_000 },
    async () => {
      const { steps, mismatch } = await conformAtRandom(real, correct, { seed: 3, steps: 200_000 });
      expect(mismatch).toBeNull();
      expect(steps).toBeGreaterThanOrEqual(200_000);
    },
  );

  test.runIf(isNightly)(
    'and on every transition of two servers with faults',
    { timeout: 600_000 },
    async () => {
      const { presets } = findFamily('fle-faithful')!;
      const bounds = { ...presets.tiny, rounds: 2, crashes: 1, abandons: 1 };
      const { covered, transitions, mismatch } = await conformEverywhere(real, bounds, correct);
      expect(mismatch).toBeNull();
      expect([covered, transitions]).toEqual([238_122, 238_122]);
    },
  );

  test.each(traces)('take %s: alike if its rules are correct, otherwise if they are not', async (path) => {
    const trace = readTrace(join(CORPUS, path));
    const rows = await takeTrace(real, trace);
    expect(rows).toHaveLength(trace.steps.length);
    const isAlike = trace.rules === 'correct' || SEEN_INSIDE_ONLY.includes(trace.rules);
    expect(rows.every(isSame)).toBe(isAlike);
  });

  test('a field that the twin has wrong is found', async () => {
    const wrong = {
      run: async (commands: readonly string[]) => {
        const answers = await real.run(commands);
        return answers.map((answer, i) =>
          commands[i].startsWith('step') ? answer.replace(/^\S+/, '7') : answer,
        );
      },
    };
    const { mismatch } = await conformAtRandom(wrong, correct, { seed: 1, steps: 1000 });
    expect(differencesOf(mismatch!.difference)).toEqual(['wait 7 real, 1000 model']);
    expect(mismatch!.steps.length).toBeLessThan(6);
  });
});

test('a zxid that differs is told as ZooKeeper prints it', () => {
  const [expected, answered] = ['0 0 1 0 2 4294967296', '0 0 1 0 2 0'];
  expect(differencesOf({ step: 1, command: 'step 1', expected, answered })).toEqual([
    'proposed zxid 0x0 real, 0x100000000 model',
  ]);
});
