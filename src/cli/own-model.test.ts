/** `fle-check check ./mine.js#make`: a model of a user, from its violation to its page. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { resultSchema } from '../report/schemas.js';
import { DIST, directories, run } from '../testing/command.js';

const directory = directories();
const ROOT = pathToFileURL(join(DIST, 'src/index.js')).href;
const TRACE = 'fle-check-traces/crossing.neverBoth.json';

/** A directory with a model of lights of a crossing that is never green on two sides, if it is `careful`. */
function crossing(): string {
  const cwd = directory();
  writeFileSync(
    join(cwd, 'mine.mjs'),
    `import { always, defineModel, domain, flag, perServer, range, sometimes, struct } from '${ROOT}';
    const schema = (lights) => struct({ green: perServer(lights, flag) });
    export function make(lights, careful) {
      const Light = domain('light', range(0, lights - 1));
      const count = ({ green }) => {
        let n = 0;
        for (let i = 0; i < lights; i++) if (green.at(i)) n++;
        return n;
      };
      const model = defineModel({
        name: 'crossing', schema: schema(lights), initial: { then: () => {} },
        draw: ({ green }) => Object.fromEntries(
          Array.from({ length: lights }, (_, i) => ['light ' + i, green.at(i) ? 'green' : 'red'])),
        actions: {
          Go: { over: [Light], when: (s, i) => !s.green.at(i) && (!careful || count(s) === 0),
            then: ({ green }, i) => green.set(i, true), says: (_s, i) => 'light ' + i + ' turns green' },
          Stop: { over: [Light], when: ({ green }, i) => green.at(i),
            then: ({ green }, i) => green.set(i, false) },
        },
      });
      return { model, expectations: {
        claims: [always({ name: 'neverBoth', says: 'at most one light is green', source: 'mine', witness: 'goes',
          holds: (s) => count(s) < 2, explain: (s) => count(s) + ' lights are green.' })],
        witnesses: [sometimes({ name: 'goes', says: 'a light is green', source: 'mine',
          shows: (s) => count(s) === 1 })],
      } };
    }
    export const wrong = () => {
      const { model, expectations } = make(2, true);
      const [go] = model.actions;
      const then = (s, i) => { s.green.set(i, 7); };
      return { model: { ...model, actions: [{ ...go, then }, ...model.actions.slice(1)] }, expectations };
    };
    export const ends = () => process.exit(0);`,
  );
  return cwd;
}

/** Words that belong to ZooKeeper's models alone. */
const ZOOKEEPERS = /server|zxid|epoch|LOOKING|rules/i;

describe('a model of a user', () => {
  const cwd = crossing();

  test('is checked, and its violation told in its own words', async () => {
    const { code, out, err } = await run(cwd, ['check', './mine.mjs#make', '--args', '[2, false]']);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toContain('  2  light 1 turns green  ·        green\n  ✗  2 lights are green.');
    expect(out).toContain(`Replay:  npx fle-check replay ${TRACE} --model ./mine.mjs#make\n`);
    expect(out).not.toMatch(ZOOKEEPERS);
  });

  test('takes its trace again, as the command that was printed says', async () => {
    const { code, out } = await run(cwd, ['replay', TRACE, '--model', './mine.mjs#make']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('it shows neverBoth violated') });
    expect(out).not.toMatch(ZOOKEEPERS);
    const { code: other, err } = await run(cwd, ['replay', TRACE]);
    expect({ other, err }).toEqual({
      other: 2,
      err: expect.stringContaining('as in --model ./mine.js#make'),
    });
  });

  test('is seen on a page, drawn as it says', async () => {
    const { code, out } = await run(cwd, ['view', TRACE, '--model', './mine.mjs#make', '--out', 'page.html']);
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Wrote page.html') });
    const html = readFileSync(join(cwd, 'page.html'), 'utf8');
    const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? [];
    const { table, explanation, shows, unexplorable } = JSON.parse(json);
    expect({ explanation, shows, unexplorable }).toEqual({
      explanation: '2 lights are green.',
      shows: 'violated',
      unexplorable: null,
    });
    expect(table.at(-1)).toEqual(['2', 'light 1 turns green', '·', 'green']);
  });

  test('holds with several workers, into a result of the usual shape', async () => {
    const args = ['check', './mine.mjs#make', '--args', '[12, true]', '--workers', '2', '--json', '-'];
    const { code, out } = await run(cwd, args);
    const [result] = JSON.parse(out).map(resultSchema.parse);
    expect(code).toBe(0);
    expect(result).toMatchObject({ model: 'crossing', bounds: { args: '[12,true]' }, rules: '' });
    expect(result).toMatchObject({ verdict: 'holds', distinct: 13, generated: 24, depth: 1 });
  });

  test('whose step is wrong is a fault of the user, with the run to it', async () => {
    const { code, err } = await run(cwd, ['check', './mine.mjs#wrong']);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^fle-check: \.\/mine\.mjs#wrong: model crossing, in Go\(0\): green\[0\] was set to 7/,
    );
    expect(err).not.toContain('defect');
  });

  test('that ends the process makes no verdict', async () => {
    const { code, err } = await run(cwd, ['check', './mine.mjs#ends']);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'fle-check: the model ./mine.mjs#ends ended the process (exit code 0) before there was a verdict\n',
    });
  });
});

test('options of models that ship are refused for a model of a user, and the other way round', async () => {
  const cwd = directory();
  const [bounds, args, trace, random] = await Promise.all([
    run(cwd, ['check', './mine.mjs#make', '--servers', '3']),
    run(cwd, ['check', 'tutorial', '--args', '3']),
    run(cwd, ['check', './mine.mjs#make', '--args', '{']),
    run(cwd, ['explore', './mine.mjs#make']),
  ]);
  expect(bounds).toMatchObject({ code: 2, err: expect.stringContaining('does not take --servers') });
  expect(args).toMatchObject({ code: 2, err: expect.stringContaining('--args is for a model in a file') });
  expect(random).toMatchObject({ code: 2, err: expect.stringContaining('check, replay and view take one') });
  expect(trace).toMatchObject({ code: 2, err: expect.stringContaining('It takes JSON') });
});
