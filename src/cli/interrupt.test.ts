/** Ctrl-C, SIGTERM and SIGHUP as a user meets them: what there is, in exit code 3. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { matrixSchema } from '../report/schemas.js';
import { DIST, directories, type Finished, type Kill, run } from '../testing/command.js';
import { missing } from '../testing/zookeeper.js';

const directory = directories();
/** More than a minute's work. */
const LONG = ['fast-leader-election', '--rounds', '2', '--crashes', '2'];
/** Milliseconds after which a command that prints nothing is sure to be at work. */
const AT_WORK = 4_000;
/** The same, of one that has printed what it works on. */
const A_MOMENT = 1_000;

/** Starts the command in a process group of its own; `kill` is for the whole group, as Ctrl-C is. */
function startGroup(cwd: string, args: readonly string[]) {
  const main = join(DIST, 'src/cli/main.js');
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const end = new Promise<Finished>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  const kill: Kill = (signal) => void process.kill(-child.pid!, signal);
  return { child, end, kill, saysSomething: new Promise((resolve) => child.stdout.once('data', resolve)) };
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 3000) throw new Error(`in vain: ${what}`);
    await sleep(10);
  }
}

describe('a command that is interrupted ends with exit code 3', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('check, by %s, with its figures', async (signal) => {
    const { code, out, err } = await run(directory(), ['check', ...LONG], (kill) => kill(signal));
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toContain('interrupted');
  });

  test('check, twice, with a report that is whole', async () => {
    const cwd = directory();
    const twice = (kill: Kill) => {
      kill('SIGINT');
      setTimeout(() => kill('SIGINT'), 100);
    };
    const { code, out, err } = await run(cwd, ['check', ...LONG, '--report', 'out'], twice);
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/Report: {2}out\/index\.html\n$/);
    expect(readFileSync(join(cwd, 'out/index.html'), 'utf8').trimEnd()).toMatch(/<\/html>$/);
  });

  test('explore, with its runs', async () => {
    const args = ['explore', 'fast-leader-election', '--runs', '100k'];
    const { code, out } = await run(directory(), args, (kill) => kill('SIGHUP'));
    expect(code).toBe(3);
    expect(out).toContain('inconclusive: interrupted');
  });

  test('mutants, with the rows so far, in the file too', async () => {
    const cwd = directory();
    const asked = ['minority-quorum', 'acks-outlive-truncation', '--no-random', '--json', 'rows.json'];
    const { end, kill } = startGroup(cwd, ['mutants', ...asked]);
    await sleep(AT_WORK);
    kill('SIGTERM');
    const { code, out, err } = await end;
    expect(err).toMatch(/^fle-check: interrupted after \d of \d trials\n$/);
    expect(code).toBe(3);
    const rows = matrixSchema.parse(JSON.parse(readFileSync(join(cwd, 'rows.json'), 'utf8')));
    expect(rows.map(({ ruleSet }) => ruleSet)).not.toContain('acks-outlive-truncation');
    expect(out).toContain(`${rows.length} trials: `);
  });

  test('leaders, with the answers so far, a moment after it is asked', async () => {
    const { end, kill, saysSomething } = startGroup(directory(), ['leaders', '--servers', '5']);
    await saysSomething;
    await sleep(A_MOMENT);
    kill('SIGINT');
    const from = performance.now();
    const { code, out, err } = await end;
    expect(performance.now() - from).toBeLessThan(3_000);
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toContain('not known: interrupted');
  });

  test('diff, with the pairs so far', async () => {
    const { end, kill } = startGroup(directory(), ['diff', 'correct', 'correct', ...LONG, '--workers', '1']);
    await sleep(AT_WORK);
    kill('SIGINT');
    const { code, out, err } = await end;
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/\nInconclusive: interrupted \([\d,]+ pairs of states\)\.\n/);
  });

  test.each([
    ['check', 'tutorial', '--rules', './slow.mjs'],
    ['diff', 'correct', './slow.mjs'],
    ['explore', '--rules', './slow.mjs'],
  ])('%s, in one line, if it had not begun', async (...args) => {
    const cwd = directory();
    const waits = 'await new Promise((resolve) => setTimeout(resolve, 3_000));';
    const loads = "import { writeFileSync } from 'node:fs'; writeFileSync('loading', '');";
    writeFileSync(join(cwd, 'slow.mjs'), `${loads} ${waits} export default {};`);
    const { end, kill } = startGroup(cwd, args);
    await until(() => existsSync(join(cwd, 'loading')), 'its rules are loaded');
    kill('SIGINT');
    const { code, out, err } = await end;
    expect({ code, out, err }).toEqual({
      code: 3,
      out: '',
      err: 'fle-check: interrupted before it had begun\n',
    });
  });
});

describe.skipIf(missing !== null)('conform', () => {
  test('ends as interrupted at a terminal, where Ctrl-C is for the whole group of processes', async () => {
    const { end, kill, saysSomething } = startGroup(directory(), ['conform', '--steps', '100m']);
    await saysSomething;
    kill('SIGINT');
    const { code, out, err } = await end;
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toMatch(/\nat random +[\d,]+ steps [^\n]*\n\nInterrupted\.\n$/);
  });

  test('can be given up while it looks for the transitions of large bounds', async () => {
    const args = ['conform', '--steps', '1', '--bounds', 'nightly'];
    const { end, kill, saysSomething } = startGroup(directory(), args);
    await saysSomething;
    await sleep(A_MOMENT);
    kill('SIGTERM');
    expect(await end).toMatchObject({ code: 3, err: '' });
  });

  test.runIf(process.platform === 'linux')('leaves no Java behind, even when it is killed', async () => {
    const { child, end, saysSomething } = startGroup(directory(), ['conform', '--steps', '100m']);
    await saysSomething;
    const java = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim();
    expect(java).toMatch(/^\d+$/);
    child.kill('SIGKILL');
    await end;
    await until(() => !existsSync(`/proc/${java}`), 'Java ends');
  });
});
