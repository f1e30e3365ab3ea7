/** `--checkpoint` and `--resume` as a user meets them: killed, stopped, refused, with a full disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Result, resultSchema } from '../report/schemas.js';
import { DIST, directories, type Finished } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';

const freshDirectory = directories();

/** A copy of the build: it may be made anew while these tests run, and a checkpoint belongs to one build. */
function copyOfBuild(): string {
  const root = freshDirectory();
  for (const name of ['node_modules', 'package.json']) symlinkSync(join(DIST, '..', name), join(root, name));
  cpSync(DIST, join(root, 'dist'), { recursive: true });
  return join(root, 'dist/src/cli/main.js');
}
let main: string;
beforeAll(() => {
  main = copyOfBuild();
});

/** 216,189 states in half a second, more or less; 285,068 by day and 992,594 in the nightly form. */
const ELECTION = ['fast-leader-election', '--abandons', '0'];
const LONGER = isNightly
  ? ['fast-leader-election', '--rounds', '1', '--crashes', '2']
  : ['fast-leader-election', '--crashes', '0', '--abandons', '1', '--rounds', '2'];
/** 54,347 states, where neither a kill nor another run has to come in time. */
const SHORTER = [...ELECTION, '--returns', 'none'];
const FILE = 'fast-leader-election.checkpoint';
const OFTEN = ['--checkpoint-every', '50ms', '--json', '-'];

interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<Finished>;
}
/** Starts a line of shell in which `"$@"` stands for the command and its arguments. */
function shell(line: string, args: readonly string[], cwd: string, program = main): Running {
  const child = spawn('sh', ['-c', line, 'sh', process.execPath, program, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const end = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, out, err }));
  });
  return { child, end };
}
const start = (cwd: string, ...args: string[]): Running => shell('exec "$@"', ['check', ...args], cwd);
/** A second thread costs more than it brings where so little is searched. */
const check = (cwd: string, ...args: string[]): Promise<Finished> =>
  start(cwd, '--workers', '1', ...args).end;

/** What a run found, without how long it took. */
function found({ out }: Finished): Omit<Result, 'seconds'> {
  const [{ seconds: _, ...result }] = resultSchema.array().parse(JSON.parse(out));
  return result;
}
/** The same, without the memory, which depends on where a limit fell. */
function counts(finished: Finished): object {
  const { bytes: _, ...result } = found(finished);
  return result;
}

/** One line on standard error, no stack trace, exit code 2; on standard output the heading at most. */
function expectRefusal({ code, out, err }: Finished, words: string): void {
  expect(err).toMatch(/^fle-check: [^\n]*\n$/);
  expect(err).toContain(words);
  expect(out).toMatch(/^(fle-check [^\n]*\n\n)?$/);
  expect(code).toBe(2);
}

const uninterrupted = new Map<string, Promise<Finished>>();
/** The run of these arguments to its end, made once. */
function undisturbed(...args: string[]): Promise<Finished> {
  const key = args.join(' ');
  const made = uninterrupted.get(key) ?? check(freshDirectory(), ...args, '--json', '-');
  uninterrupted.set(key, made);
  return made;
}

/** Waits until it is so; fails if it does not become so. */
async function until(holds: () => boolean, what: string): Promise<void> {
  for (let turns = 0; !holds(); turns++) {
    if (turns > 3000) throw new Error(`in vain: ${what}`);
    await sleep(10);
  }
}

describe('a run that is killed, and resumed, and killed again', () => {
  /** Milliseconds from the first checkpoint of a run to its kill; it writes others meanwhile. */
  const kills = fc.record({ after: fc.integer({ min: 0, max: 120 }), workers: fc.constantFrom(1, 2) });
  const MOST_RUNS = 60;

  test.each([
    [isNightly ? 8 : 2, 'of fingerprints', ELECTION, 216_189],
    ...(isNightly ? [[8, 'of more fingerprints', LONGER, 992_594] as const] : []),
    // By day src/engine/checkpoint.test.ts saves and resumes whole states, of smaller models.
    ...(isNightly ? [[5, 'of whole states', [...ELECTION, '--exact'], 216_189] as const] : []),
  ] as const)(
    'ends with the result of one undisturbed (%i kills, %s, seed=1)',
    async (wanted, _, args, states) => {
      const expected = found(await undisturbed(...args));
      expect([expected.verdict, expected.distinct]).toEqual(['holds', states]);
      const directory = freshDirectory();
      const file = join(directory, 'saved', FILE);
      const writtenAt = () => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      const startAgain = (workers: number) => {
        const from = writtenAt() === undefined ? '--checkpoint' : '--resume';
        return start(directory, ...args, from, 'saved', ...OFTEN, '--workers', String(workers));
      };
      const expectDone = (finished: Finished) => {
        expect([finished.code, finished.err]).toEqual([0, '']);
        expect(found(finished)).toEqual(expected);
        expect(readdirSync(join(directory, 'saved'))).toEqual([]);
      };
      let killed = 0;
      for (const { after, workers } of fc.sample(kills, { seed: 1, numRuns: MOST_RUNS })) {
        if (killed === wanted) break;
        const before = writtenAt();
        const { child, end } = startAgain(workers);
        const hasEnded = () => child.exitCode !== null;
        await until(() => hasEnded() || writtenAt() !== before, 'a checkpoint of this run');
        await sleep(after);
        child.kill('SIGKILL');
        const finished = await end;
        if (finished.signal === 'SIGKILL') killed++;
        else expectDone(finished);
      }
      expect(killed).toBe(wanted);
      expectDone(await startAgain(2).end);
    },
  );
});

describe('a run that stops leaves a checkpoint, which goes on to the same counts', () => {
  test('stopped by Ctrl-C', async () => {
    const cwd = freshDirectory();
    const { child, end } = start(cwd, ...LONGER, '--checkpoint', 'saved', ...OFTEN);
    await until(() => existsSync(join(cwd, 'saved', FILE)), 'the first checkpoint');
    child.kill('SIGINT');
    const stopped = await end;
    expect([stopped.code, stopped.err]).toEqual([3, '']);
    expect(found(stopped)).toMatchObject({ verdict: 'inconclusive', reason: 'interrupted' });
    const resumed = await check(cwd, ...LONGER, '--resume', 'saved', '--json', '-');
    expect(found(resumed)).toEqual(found(await undisturbed(...LONGER)));
  });

  /** By day the first: src/cli/cli.test.ts stops at each limit. */
  const LIMITS = [
    ['--states-max', '100k', 'the limit of 100000 distinct states'],
    ['--time', '100ms', 'the time limit'],
    ['--memory-max', '3m', 'the limit of 3145728 bytes'],
  ] as const;

  test.each(isNightly ? LIMITS : LIMITS.slice(0, 1))('stopped by %s %s', async (flag, limit, reason) => {
    const cwd = freshDirectory();
    const stopped = await check(cwd, ...ELECTION, '--checkpoint', 'saved', flag, limit, '--json', '-');
    expect([stopped.code, stopped.err]).toEqual([3, '']);
    expect(found(stopped).reason).toContain(reason);
    const glance = await check(cwd, ...ELECTION, '--resume', 'saved', '--states-max', '1', '--json', '-');
    expect(found(glance).distinct).toBeGreaterThanOrEqual(found(stopped).distinct);
    const resumed = await check(cwd, ...ELECTION, '--resume', 'saved', '--json', '-');
    expect(counts(resumed)).toEqual(counts(await undisturbed(...ELECTION)));
    expect(readdirSync(join(cwd, 'saved'))).toEqual([]);
  });

  test('but none if it stopped among its initial states, for the rest would be missing', async () => {
    const cwd = freshDirectory();
    const stopped = await check(cwd, 'rules', '--states-max', '3', '--checkpoint', 'saved');
    expect([stopped.code, stopped.err, readdirSync(join(cwd, 'saved'))]).toEqual([3, '', []]);
  });
});

describe('a disk that fills up costs the newest checkpoint alone', () => {
  /** One checkpoint fits, then none: `line` makes it so. Returns the run, and where what it left lies. */
  async function filled(line: string, options: readonly string[]) {
    const cwd = freshDirectory();
    await check(cwd, ...SHORTER, '--states-max', '10k', '--checkpoint', 'saved');
    const args = ['check', ...SHORTER, '--workers', '1', '--resume', 'saved', ...OFTEN, ...options];
    return { cwd, finished: await shell(line, args, cwd).end };
  }
  const SMALL_FILES = 'ulimit -f 1024; "$@"; code=$?; cp -r saved left; exit $code';
  const SMALL_DISK =
    'cp -r saved old && mount -t tmpfs -o size=512k none saved && cp old/* saved && "$@"; ' +
    'code=$?; cp -r saved left; exit $code';

  async function expectLoss(line: string, reason: string): Promise<void> {
    const stopped = await filled(line, ['--states-max', '45k']);
    const told = `fle-check: cannot write a checkpoint to saved/${FILE}: ${reason}; the one from before is kept\n`;
    expect(stopped.finished.err).toBe(told);
    expect([stopped.finished.code, found(stopped.finished).verdict]).toEqual([3, 'inconclusive']);
    expect(readdirSync(join(stopped.cwd, 'left'))).toEqual([FILE]);
    const resumed = await check(stopped.cwd, ...SHORTER, '--resume', 'left', '--json', '-');
    expect(resumed.err).toBe('');
    expect(counts(resumed)).toEqual(counts(await undisturbed(...SHORTER)));

    const { finished, cwd } = await filled(line, []);
    expect([finished.code, finished.err]).toEqual([0, told]);
    expect(counts(finished)).toEqual(counts(await undisturbed(...SHORTER)));
    expect(readdirSync(join(cwd, 'left'))).toEqual([]);
  }

  test('if files may not grow', () =>
    expectLoss(SMALL_FILES, 'the file would be larger than the system allows'));

  // By day the system refuses the file above: both are one error of a write.
  test.runIf(isNightly)('if no space is left', async ({ skip }) => {
    const own = ['-rm', 'sh', '-c'];
    try {
      execFileSync('unshare', [...own, 'mount -t tmpfs none "$0"', freshDirectory()], { stdio: 'pipe' });
    } catch (error) {
      skip(`no small disk can be mounted here: ${error}`);
    }
    const line = `exec unshare ${own.join(' ')} '${SMALL_DISK}' "$0" "$@"`;
    await expectLoss(line, 'no space is left on the device');
  });

  test('and says so if there is none from before', async () => {
    const cwd = freshDirectory();
    const args = ['check', ...SHORTER, '--states-max', '10k', '--checkpoint', 'saved'];
    const { code, err } = await shell('ulimit -f 64; exec "$@"', args, cwd).end;
    expect(err).toMatch(/^fle-check: cannot write a checkpoint to [^\n]*; there is none from before\n$/);
    expect([code, readdirSync(join(cwd, 'saved'))]).toEqual([3, []]);
  });
});

describe('in one line is refused', () => {
  let original: string;
  beforeAll(async () => {
    original = freshDirectory();
    const { code } = await check(original, 'tutorial', '--states-max', '10k', '--checkpoint', 'saved');
    expect(code).toBe(3);
  });
  /** A directory with a checkpoint of the tutorial. */
  function saved(): string {
    const cwd = freshDirectory();
    cpSync(original, cwd, { recursive: true });
    return cwd;
  }
  const OWN = 'saved/tutorial.checkpoint';
  const resumeWith = (cwd: string, ...options: string[]) =>
    check(cwd, 'tutorial', '--resume', 'saved', ...options);

  /** By day the first two: all are compared by one function. */
  const OTHERS: readonly (readonly [options: string[], words: string])[] = [
    [['--servers', '4'], 'it differs in bounds: '],
    [['--rules', 'minority-quorum'], 'it differs in rules: "correct" then, "minority-quorum" now'],
    [['--claims', 'noMinorityLeader'], 'it differs in claims: '],
    [['--exact'], 'it differs in exact: false then, true now'],
  ];

  test.each(isNightly ? OTHERS : OTHERS.slice(0, 2))(
    'a checkpoint of another search: %j',
    async (options, words) => {
      const cwd = saved();
      expectRefusal(await resumeWith(cwd, ...options), `${OWN} cannot be resumed: ${words}`);
      expect((await resumeWith(cwd)).code).toBe(0);
    },
  );

  test('a checkpoint of one model, and the others are explored all the same', async () => {
    const cwd = saved();
    const args = ['--bounds', 'tiny', '--resume', 'saved', '--json', '-'];
    const { code, out, err } = await check(cwd, ...args);
    expect(code).toBe(2);
    expect(err).toMatch(
      /^fle-check: saved\/tutorial\.checkpoint cannot be resumed: it differs in bounds[^\n]*\n$/,
    );
    const results = resultSchema.array().parse(JSON.parse(out));
    expect(results.map(({ verdict }) => verdict)).toEqual([
      'holds',
      'inconclusive',
      'holds',
      'holds',
      'holds',
      'holds',
    ]);
  });

  test('a checkpoint of other code: a rule may have changed', async () => {
    const cwd = saved();
    const changed = copyOfBuild();
    appendFileSync(join(changed, '../../../models/rules.js'), '// changed\n');
    const args = ['check', 'tutorial', '--resume', 'saved'];
    expectRefusal(await shell('exec "$@"', args, cwd, changed).end, 'it differs in code: ');
  });

  /** By day the first two: src/engine/checkpoint.test.ts harms files in every place. */
  const HARMED: readonly (readonly [string, (path: string) => void, string])[] = [
    [
      'of another model',
      (path) => renameSync(path, path.replace('tutorial', 'rules')),
      'it differs in model',
    ],
    ['cut short', (path) => truncateSync(path, 10_000), 'it is cut short'],
    ['empty', (path) => truncateSync(path, 0), 'it is cut short'],
    ['with more data', (path) => appendFileSync(path, 'x'), 'it has more data than it should'],
    ['of text', (path) => writeFileSync(path, '{"format": "fle-check-checkpoint"}'), 'it is damaged'],
  ];

  test.each(isNightly ? HARMED : HARMED.slice(0, 2))('a file %s', async (_, harm, words) => {
    const cwd = saved();
    harm(join(cwd, OWN));
    const model = existsSync(join(cwd, OWN)) ? 'tutorial' : 'rules';
    expectRefusal(
      await check(cwd, model, '--resume', 'saved'),
      `${model}.checkpoint cannot be resumed: ${words}`,
    );
  });

  /** By day one of each message. */
  const PLACES: readonly (readonly [options: string[], words: string])[] = [
    [['--resume', 'none'], 'nothing to resume: none has no tutorial.checkpoint'],
    [['--resume', 'strange'], 'cannot write strange/tutorial.checkpoint: it is a directory'],
    [['--resume', 'strange', '--checkpoint', 'b'], 'cannot be resumed: it is no file'],
    [['--checkpoint', 'strange'], 'cannot write strange/tutorial.checkpoint: it is a directory'],
    [['--checkpoint', '.'], 'tutorial.checkpoint is there already; remove it, or name another directory'],
    [['--checkpoint', 'a-file'], 'cannot write a-file: a part of the path is not a directory'],
    [['--checkpoint', '/proc'], 'cannot write /proc: '],
    [['--checkpoint', 'b', '--checkpoint-every', 'often'], 'It takes a time such as'],
  ];
  const MORE_PLACES: typeof PLACES = [
    [['--resume', '/proc/none'], 'nothing to resume: /proc/none has no tutorial.checkpoint'],
    [['--resume', 'a-file'], 'nothing to resume: a-file has no tutorial.checkpoint'],
    [['--checkpoint', 'a-file/b'], 'cannot write a-file/b: a part of the path is not a directory'],
    [['--checkpoint', '/proc/none/b'], 'cannot write /proc/none/b: '],
  ];

  test.each([...PLACES, ...(isNightly ? MORE_PLACES : [])])('%j', async (options, words) => {
    const cwd = freshDirectory();
    for (const name of ['a-file', 'tutorial.checkpoint']) writeFileSync(join(cwd, name), '');
    mkdirSync(join(cwd, 'strange/tutorial.checkpoint'), { recursive: true });
    expectRefusal(await check(cwd, 'tutorial', ...options), words);
  });
});

describe('several runs', () => {
  test.each([
    ['--checkpoint', 'rules'],
    ['--resume', 'tutorial'],
  ])('remove what dead ones left, at their start, by %s', async (option, model) => {
    const cwd = freshDirectory();
    await check(cwd, 'tutorial', '--states-max', '10k', '--checkpoint', 'saved');
    const dead = start(cwd, 'rules');
    await dead.end;
    const leftovers = (pid: number | undefined) =>
      ['lock', 'new'].map((ending) => `other.checkpoint.${pid}.${ending}`);
    for (const name of [dead.child.pid, process.pid].flatMap(leftovers))
      writeFileSync(join(cwd, 'saved', name), 'half');
    writeFileSync(join(cwd, 'saved/notes.new'), 'mine');
    expect((await check(cwd, model, option, 'saved')).code).toBe(0);
    const left = option === '--resume' ? [] : ['tutorial.checkpoint'];
    expect(readdirSync(join(cwd, 'saved'))).toEqual(['notes.new', ...leftovers(process.pid), ...left]);
  });

  // One that is stopped at once need not be long to be still there when the second starts.
  test.each(['--checkpoint', '--resume'])(
    'of one model at once: the second, by %s, is refused, and the first is not disturbed',
    async (option) => {
      const cwd = freshDirectory();
      const first = start(cwd, ...ELECTION, '--checkpoint', 'saved', ...OFTEN);
      const file = join(cwd, 'saved', FILE);
      await until(() => existsSync(option === '--resume' ? file : `${file}.${first.child.pid}.lock`), option);
      first.child.kill('SIGSTOP');
      const second = await check(cwd, ...ELECTION, option, 'saved', '--crashes', '0');
      first.child.kill('SIGCONT');
      expectRefusal(second, `another run, process ${first.child.pid}, is saving to saved/${FILE}`);
      const finished = await first.end;
      expect([finished.code, finished.err]).toEqual([0, '']);
      expect(found(finished)).toEqual(found(await undisturbed(...ELECTION)));
      expect(readdirSync(join(cwd, 'saved'))).toEqual([]);
    },
  );

  test('that begin at once: one goes on, and each other is told', async () => {
    const cwd = freshDirectory();
    const runs = Array.from({ length: 3 }, () => check(cwd, ...ELECTION, '--checkpoint', 'saved'));
    const ended = await Promise.all(runs);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 2, 2]);
    for (const one of ended.filter(({ code }) => code === 2)) expectRefusal(one, 'another run, process ');
    expect(readdirSync(join(cwd, 'saved'))).toEqual([]);
  });
});

describe('a saved search', () => {
  const SAVED = [...SHORTER, '--states-max', '10k', '--checkpoint', 'saved'];
  function expectKept(refused: Finished): void {
    expectRefusal(refused, `saved/${FILE} holds a saved search (10`);
    expectRefusal(refused, ' states); --resume saved goes on with it, or name another directory');
  }

  test('is not written over by --checkpoint, whatever its bounds, and goes on by --resume', async () => {
    const cwd = freshDirectory();
    await check(cwd, ...SAVED);
    expectKept(await check(cwd, ...SAVED));
    expectKept(await check(cwd, 'fast-leader-election', '--checkpoint', 'saved'));
    const resumed = await check(cwd, ...SHORTER, '--resume', 'saved', '--checkpoint', './saved/');
    expect(resumed.code).toBe(0);
    // Nothing is left that could be lost.
    expect((await check(cwd, ...SAVED)).code).toBe(3);
  });

  test('does not keep another model from its directory', async () => {
    const cwd = freshDirectory();
    await check(cwd, ...SAVED);
    expect((await check(cwd, 'tutorial', '--bounds', 'tiny', '--checkpoint', 'saved')).code).toBe(0);
    expect(readdirSync(join(cwd, 'saved'))).toEqual([FILE]);
  });
});
