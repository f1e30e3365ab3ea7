/**
 * The unmodified FastLeaderElection, stepped. Where java or ZooKeeper is missing the tests say so and are
 * left out, unless FLE_CHECK_NEEDS_ZOOKEEPER says that they must be there.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { IS_NEEDED, missing } from '../testing/zookeeper.js';
import { AnswerNotUnderstood, parseAnswer, type ServerAnswer, Stepper, StepperDied } from './stepper.js';
import {
  ClassNotSupported,
  CompilerFailed,
  compileHarness,
  findZooKeeper,
  JavaNotFound,
  ZooKeeperNotFound,
} from './zookeeper.js';

const LOOKING = 0;
const FOLLOWING = 1;
const LEADING = 2;
const FINALIZE_WAIT = 200;

test('ZooKeeper and a JDK are there when FLE_CHECK_NEEDS_ZOOKEEPER says that they are needed', ({ skip }) => {
  if (missing !== null && !IS_NEEDED) skip(missing);
  expect(missing).toBeNull();
});

let place: string;
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'fle-check-test-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

const freshDirectory = () => mkdtempSync(join(place, 'd-'));

interface Notification {
  readonly state: number;
  readonly leader: number;
  readonly zxid?: number;
  readonly round: number;
  readonly peerEpoch?: number;
}

const CONFIG = `${[1, 2, 3].map((sid) => `server.${sid}=127.0.0.1:2${sid}:3${sid}:participant\n`).join('')}version=0`;

/** The payload of a notification, as FastLeaderElection.buildMsg makes it. */
function bytesOf({ state, leader, zxid = 0, round, peerEpoch = 0 }: Notification, config = CONFIG): Buffer {
  const bytes = Buffer.alloc(44 + config.length);
  bytes.writeInt32BE(state, 0);
  bytes.writeBigInt64BE(BigInt(leader), 4);
  bytes.writeBigInt64BE(BigInt(zxid), 12);
  bytes.writeBigInt64BE(BigInt(round), 20);
  bytes.writeBigInt64BE(BigInt(peerEpoch), 28);
  bytes.writeInt32BE(2, 36);
  bytes.writeInt32BE(config.length, 40);
  bytes.write(config, 44);
  return bytes;
}

const hear = (me: number, from: number, notification: Notification) =>
  `hear ${me} ${from} ${bytesOf(notification).toString('hex')}`;

describe.skipIf(missing !== null)('a stepper of ZooKeeper', () => {
  let stepper: Stepper;
  beforeAll(async () => {
    stepper = await Stepper.start(findZooKeeper(null));
  });
  afterAll(() => stepper?.end());

  /** The last answer, which is a server's. */
  async function last(commands: readonly string[], by = stepper): Promise<ServerAnswer> {
    const answer = parseAnswer((await by.run(commands)).at(-1)!);
    if (answer.kind !== 'server') throw new Error(JSON.stringify(answer));
    return answer;
  }

  test('names the version and the jar', () => {
    expect(stepper.version).toMatch(/^3\.\d+\.\d+/);
    expect(stepper.jar).toMatch(/zookeeper.*\.jar$/);
  });

  test('looks for a leader as it starts: its own vote to every voter, itself among them', async () => {
    const started = await last(['open 3', 'start 2 5 1']);
    expect(started).toMatchObject({ wait: 0, state: LOOKING, logicalclock: 0, sent: [], returned: null });
    expect(started.currentVote).toEqual({ leader: 2, zxid: 5, round: -1, peerEpoch: 1 });
    const looks = await last(['look 2']);
    expect(looks).toMatchObject({ wait: 1000, logicalclock: 1, queue: 0 });
    expect(looks.vote).toEqual({ leader: 2, zxid: 5, peerEpoch: 1 });
    const vote = { state: LOOKING, leader: 2, zxid: 5, round: 1, peerEpoch: 1, version: 2 };
    expect(looks.sent).toEqual([1, 2, 3].map((to) => ({ to, ...vote })));
  });

  test('waits twice as long each time, sends again what was delivered, and connects otherwise', async () => {
    const again = await last(['open 3', 'start 2 0 0', 'look 2', 'timeout 2 1']);
    expect([again.wait, again.sent.length]).toEqual([2000, 3]);
    const connects = await last(['timeout 2 0']);
    expect([connects.wait, connects.sent.length]).toEqual([4000, 0]);
    expect((await last(Array(9).fill('timeout 2 0'))).wait).toBe(60_000);
  });

  test('has two servers LEADING in one round, without a crash and without a loss', async () => {
    const vote = (leader: number) => ({ state: LOOKING, leader, round: 1 });
    const second = await last([
      ...['open 3', 'start 1 0 0', 'start 2 0 0', 'look 1', 'look 2'],
      // Server 1 votes for 2, hears itself, and waits for a better vote.
      ...[hear(1, 2, vote(2)), 'step 1', hear(1, 1, vote(2)), 'step 1'],
      ...[hear(2, 2, vote(2)), 'step 2', hear(2, 1, vote(2)), 'step 2', 'timeout 2 1'],
    ]);
    expect(second).toMatchObject({ wait: 0, state: LEADING, logicalclock: 1 });
    expect(second.returned).toEqual({ leader: 2, zxid: 0, round: 1, peerEpoch: 0 });
    const third = await last([
      ...['start 3 0 0', 'look 3', hear(1, 3, vote(3)), 'step 1', 'step 1'],
      ...[hear(3, 3, vote(3)), 'step 3', hear(3, 1, vote(3)), 'step 3', 'timeout 3 1'],
    ]);
    expect(third).toMatchObject({ wait: 0, state: LEADING, logicalclock: 1 });
    expect(await last(['publish 2'])).toMatchObject({ state: LEADING, returned: null, sent: [] });
    expect((await last([hear(2, 1, { ...vote(1), round: 0 })])).sent).toMatchObject([
      { to: 1, state: LEADING, leader: 2, round: 1 },
    ]);
  });

  test('publishes a vote only when it is told to: old vote and new state until then', async () => {
    const vote = { state: LOOKING, leader: 2, round: 1 };
    const heard = [hear(1, 2, vote), 'step 1', hear(1, 3, vote), 'step 1', hear(1, 3, vote)];
    const decided = await last(['open 3', 'start 1 0 0', 'look 1', ...heard]);
    expect(decided).toMatchObject({ wait: FINALIZE_WAIT, queue: 1, vote: { leader: 2 } });
    const follows = await last(['step 1', 'timeout 1 1']);
    expect(follows).toMatchObject({ state: FOLLOWING, currentVote: { leader: 1, round: -1 } });
    expect((await last(['publish 1'])).currentVote).toEqual(follows.returned);
  });

  test('is not moved by what is no notification', async () => {
    const before = await last(['open 3', 'start 1 0 0', 'look 1']);
    const good = { state: LOOKING, leader: 3, round: 9 };
    const negative = bytesOf(good);
    negative.writeInt32BE(-1, 40);
    const huge = bytesOf(good);
    huge.writeInt32BE(0x7fffffff, 40);
    const refused = [bytesOf(good).subarray(0, 27), bytesOf({ ...good, state: 9 }), negative, huge];
    for (const bytes of refused) {
      expect(await last([`hear 1 2 ${bytes.toString('hex')}`])).toEqual({ ...before, sent: [] });
    }
    expect((await last([hear(1, 2, good)])).queue).toBe(1);
  });

  test.for([
    ['step 1', 'its recvqueue is empty'],
    ['step 3', 'it is not looking'],
    ['timeout 3 1', 'it is not looking'],
    ['step 2', 'server 2 is not running'],
    ['stop 2', 'server 2 is not running'],
    ['start 4 0 0', 'there is no server 4'],
    ['publish 1', 'there is nothing to publish'],
    ['look 1', 'it is looking already'],
    ['hear 1 2 0', 'half a byte in 0'],
    ['hear 1 2 zz', 'not hexadecimal: zz'],
    ['start 1 x 0', expect.stringContaining('"x"')],
    ['jump 1', 'not a command: jump 1'],
    ['', 'not a command: '],
  ] as const)('answers why it cannot carry out `%s`, and the rest of the line', async ([command, why]) => {
    const answers = await stepper.run([
      ...['open 3', 'start 1 0 0', 'look 1', 'start 3 0 0'],
      ...[command, 'timeout 1 1', 'stop 1'],
    ]);
    expect(parseAnswer(answers[4])).toEqual({ kind: 'refused', why });
    expect(parseAnswer(answers[5])).toMatchObject({ kind: 'server', wait: 2000 });
    expect(parseAnswer(answers[6])).toEqual({ kind: 'done' });
  });

  test('does not mix up the servers of two processes', async () => {
    const other = await Stepper.start(findZooKeeper(null));
    try {
      const [mine, theirs] = await Promise.all([
        last(['open 3', 'start 1 7 0', 'look 1']),
        last(['open 5', 'start 1 8 0', 'look 1'], other),
      ]);
      expect([mine.vote.zxid, theirs.vote.zxid]).toEqual([7, 8]);
      expect([mine.sent.length, theirs.sent.length]).toEqual([3, 5]);
    } finally {
      await other.end();
    }
  });

  test('ends the threads of what it forgets (scenarios=2000, servers=3)', async () => {
    const scenario = ['open 3', ...[1, 2, 3].flatMap((me) => [`start ${me} 0 0`, `look ${me}`])];
    const restarts = [1, 2, 3].flatMap((me) => [`start ${me} 1 0`, `look ${me}`]);
    for (let i = 0; i < 2000; i++) await stepper.run([...scenario, ...restarts]);
    expect(await last(['timeout 1 1'])).toMatchObject({ wait: 2000 });
  });

  test('says in one line that its process was killed, to all that wait and to all that come', async () => {
    const doomed = await Stepper.start(findZooKeeper(null));
    const waiting = [doomed.run(['open 3']), doomed.run(Array(20_000).fill('start 1 0 0'))];
    doomed.kill();
    const outcomes = await Promise.allSettled([...waiting, waiting[1].catch(() => doomed.run(['open 3']))]);
    expect(outcomes.slice(1)).toMatchObject(
      Array(2).fill({ status: 'rejected', reason: expect.any(StepperDied) }),
    );
    await expect(doomed.run(['open 3'])).rejects.toThrow(
      /^The Java process that steps ZooKeeper ended: SIGKILL\.$/,
    );
    await doomed.end();
  });
});

describe.skipIf(missing !== null)('the program that steps', () => {
  test('is compiled once, and by two at once without harm', async () => {
    vi.stubEnv('XDG_CACHE_HOME', freshDirectory());
    const zooKeeper = findZooKeeper(null);
    const [first, second] = await Promise.all([compileHarness(zooKeeper), compileHarness(zooKeeper)]);
    expect(second).toBe(first);
    expect(readdirSync(join(first, '..'))).toHaveLength(1);
    vi.stubEnv('PATH', '');
    vi.stubEnv('JAVA_HOME', '');
    await expect(compileHarness(zooKeeper)).rejects.toThrow(JavaNotFound);
  });

  test('is compiled elsewhere if the cache cannot be written', async () => {
    const file = join(freshDirectory(), 'file');
    writeFileSync(file, '');
    vi.stubEnv('XDG_CACHE_HOME', file);
    expect(readdirSync(await compileHarness(findZooKeeper(null)))).toEqual(['org']);
  });

  test('says that there is java and no javac', async () => {
    vi.stubEnv('XDG_CACHE_HOME', freshDirectory());
    const only = freshDirectory();
    writeFileSync(join(only, 'java'), '');
    chmodSync(join(only, 'java'), 0o755);
    vi.stubEnv('PATH', only);
    vi.stubEnv('JAVA_HOME', '');
    await expect(compileHarness(findZooKeeper(null))).rejects.toThrow(
      /^There is java, but no javac .*default-jdk/,
    );
  });

  test('says which jar is missing, which name, and what else javac complains of', async () => {
    vi.stubEnv('XDG_CACHE_HOME', freshDirectory());
    const bare = freshDirectory();
    const classes = join(bare, 'org/apache/zookeeper/server/quorum');
    mkdirSync(classes, { recursive: true });
    writeFileSync(join(classes, 'FastLeaderElection.class'), 'nothing');
    await expect(compileHarness(findZooKeeper(bare.concat(':')))).rejects.toThrow(ZooKeeperNotFound);

    const [zooKeeperJar, jute, slf4j] = findZooKeeper(null).classpath;
    const older = freshDirectory();
    const source = join(older, 'MBeanRegistry.java');
    writeFileSync(source, 'package org.apache.zookeeper.jmx; public class MBeanRegistry {}');
    execFileSync('javac', ['-d', older, source]);
    const patched = { classpath: [older, zooKeeperJar, jute, slf4j] };
    await expect(compileHarness(patched)).rejects.toThrow(ClassNotSupported);
    await expect(compileHarness(patched)).rejects.toThrow(
      /^This ZooKeeper [^\n]*: .*MBeanRegistry.*\.$|^This ZooKeeper [^\n]*does not override[^\n]*$/,
    );

    vi.stubEnv('JAVA_TOOL_OPTIONS', '-XX:NoSuchOption');
    await expect(compileHarness(findZooKeeper(null))).rejects.toThrow(CompilerFailed);
  });
});

describe('jars of ZooKeeper', () => {
  test('are not in an empty directory, nor in none, nor in an empty classpath', () => {
    expect(() => findZooKeeper(freshDirectory())).toThrow(/^No jars in .*apt-get install zookeeper/);
    expect(() => findZooKeeper('no-such-place')).toThrow(/^There is no no-such-place\./);
    expect(() => findZooKeeper(':')).toThrow(ZooKeeperNotFound);
  });

  test('are named if they are of another kind', () => {
    const lib = freshDirectory();
    writeFileSync(join(lib, 'guava.jar'), 'com/google/common');
    expect(() => findZooKeeper(lib)).toThrow(/^No FastLeaderElection in .*guava\.jar\. Name the directory/);
    expect(() => findZooKeeper(join(lib, 'guava.jar'))).toThrow(ZooKeeperNotFound);
  });

  test('are those of a directory and of its lib, but for those that log', () => {
    const release = freshDirectory();
    mkdirSync(join(release, 'lib'));
    const jar = 'PK org/apache/zookeeper/server/quorum/FastLeaderElection.class PK';
    writeFileSync(join(release, 'lib', 'zookeeper-3.9.3.jar'), jar);
    for (const name of [
      'logback-classic-1.2.13.jar',
      'logback-core-1.2.13.jar',
      'slf4j-reload4j-1.7.36.jar',
    ]) {
      writeFileSync(join(release, 'lib', name), '');
    }
    writeFileSync(join(release, 'other.jar'), '');
    symlinkSync(join(release, 'other.jar'), join(release, 'lib', 'slf4j-api-1.7.30.jar'));
    expect(findZooKeeper(release).classpath.map((path) => path.slice(release.length + 1))).toEqual([
      'other.jar',
      'lib/slf4j-api-1.7.30.jar',
      'lib/zookeeper-3.9.3.jar',
    ]);
  });
});

describe('an answer', () => {
  test('is read whole', () => {
    expect(parseAnswer('200 1 2 3 4 5 6 7 8 -1 10 2,3,4,5 | 1 0 2 5 1 1 2')).toEqual({
      kind: 'server',
      wait: 200,
      state: FOLLOWING,
      logicalclock: 2,
      queue: 3,
      vote: { leader: 4, zxid: 5, peerEpoch: 6 },
      currentVote: { leader: 7, zxid: 8, round: -1, peerEpoch: 10 },
      returned: { leader: 2, zxid: 3, round: 4, peerEpoch: 5 },
      sent: [{ to: 1, state: LOOKING, leader: 2, zxid: 5, round: 1, peerEpoch: 1, version: 2 }],
    });
  });

  test.for([
    '',
    'okay',
    '1 2 3',
    '200 1 2 3 4 5 6 7 8 -1 x -',
    '200 1 2 3 4 5 6 7 8 -1 10 2,3,4',
    '200 1 2 3 4 9007199254740993 6 7 8 -1 10 -',
    '200 1 2 3 4 5 6 7 8 -1 10 - | 1 0 2',
  ])('is refused if it is `%s`', (text) => {
    expect(() => parseAnswer(text)).toThrow(AnswerNotUnderstood);
  });
});
