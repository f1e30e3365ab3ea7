/** Models in files of users: what is taken, and what is refused, in words. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { check } from '../engine/check.js';
import { isModelFile } from '../process/model-file.js';
import { BadUsage } from '../process/usage.js';
import { DIST, directories } from '../testing/command.js';
import { ownModel, sourceOfFile } from './case.js';
import { loadModel } from './load.js';

const directory = directories();
const ROOT = pathToFileURL(join(DIST, 'src/index.js')).href;

/** A counter that must stay below `most`, as a file of a user; its path. */
function counter(end = '', from = ROOT, name = 'mine.mjs'): string {
  const path = join(directory(), name);
  writeFileSync(
    path,
    `import { always, defineModel, range, sometimes, struct } from '${from}';
    export function make(most) {
      const model = defineModel({
        name: 'counter', schema: struct({ n: range(0, 9) }), terminal: ({ n }) => n === 9, initial: { then: () => {} },
        actions: { Add: { when: ({ n }) => n < 9, then: (s) => { s.n += 1; } } },
      });
      const claims = [always({ name: 'below', says: 'n is below the most', source: 'mine', witness: 'counts',
        holds: ({ n }) => n < most, explain: ({ n }) => \`n is \${n}.\` })];
      const witnesses = [sometimes({ name: 'counts', says: 'n counts', source: 'mine', shows: ({ n }) => n === 1 })];
      return { model, expectations: { claims, witnesses } };
    }
    ${end}`,
  );
  return path;
}

const refused = (name: string, ...args: readonly unknown[]) => expect(loadModel(name, args)).rejects;

test('a name is one of a file if it has the ending of code', () => {
  for (const name of ['./a.js#make', 'a.mjs#b', '/x/y.ts#make', './mine.js'])
    expect(isModelFile(name)).toBe(true);
  for (const name of ['tutorial', 'fast-leader-election', './a.json#x'])
    expect(isModelFile(name)).toBe(false);
});

describe('a model of a file', () => {
  test('is what its function makes of the arguments', async () => {
    const path = counter();
    const { model, expectations } = await loadModel(`${path}#make`, [5]);
    const outcome = check(model, expectations);
    expect(outcome).toMatchObject({ verdict: 'violated', violation: { claim: 'below' } });
    expect(outcome.violation?.schedule.steps).toHaveLength(5);
  });

  test('may be a constant, and TypeScript, which finds the package by itself', async () => {
    const path = counter('export const made: object = make(20 as number);', 'fle-check', 'mine.ts');
    const { model, expectations } = await loadModel(`${path}#made`, []);
    expect(check(model, expectations)).toMatchObject({ verdict: 'holds', distinct: 10 });
  });

  test('is made again by a worker, unless the file has changed', async () => {
    const path = counter();
    const { digest } = await loadModel(`${path}#make`, [20]);
    const { args } = sourceOfFile({ name: `${path}#make`, args: [20], digest });
    const made = await ownModel(...(args as Parameters<typeof ownModel>));
    expect(check(made.model, made.expectations)).toMatchObject({ verdict: 'holds', distinct: 10 });
    writeFileSync(path, '// nothing');
    await expect(ownModel(...(args as Parameters<typeof ownModel>))).rejects.toThrow('was changed while');
  });

  test('is refused in a sentence where there is none', async () => {
    const path = counter(
      'export const nothing = () => ({}); export const fails = () => { throw new Error("boom"); };',
    );
    await refused(path).toThrow('names no function; name the one that makes the model, as in');
    await refused(`${path}#`).toThrow('names no function');
    await refused(`${path}#mak`).toThrow('Did you mean make?');
    await refused(`${path}#nothing`).toThrow('makes no model: return { model, expectations }');
    await refused(`${path}#fails`, 1).toThrow('#fails(1) threw');
    await refused('./none.js#make').toThrow('there is no file ./none.js to take a model from');
    await refused(`${counter('}')}#make`).toThrow(/cannot load .*mine\.mjs: /);
    await refused(`${counter('', 'fle-chek')}#make`).toThrow('install what it imports beside it');
    await refused(`${path}#nothing`).toThrow(BadUsage);
  });

  test('is refused if its claims name a witness that is not there', async () => {
    const path = counter(`export const lacks = () => {
      const { model, expectations: { claims } } = make(3);
      return { model, expectations: { claims, witnesses: [] } };
    };`);
    await refused(`${path}#lacks`).toThrow('claim below names the witness counts, which counter lacks');
  });
});
