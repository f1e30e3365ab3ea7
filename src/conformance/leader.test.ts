/**
 * The unmodified Leader and LearnerHandler do to a learner that returns what the model says they do. A script
 * plays the learner over a socket.
 */
import { execFileSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../testing/zookeeper.js';
import { compileJava, findJava, findZooKeeper } from './zookeeper.js';

/** From the connection to the first transaction, in each of the scripts. */
const SERVED = [
  's2 -> FOLLOWERINFO 0x0',
  's2 <- LEADERINFO 0x100000000',
  's2 -> ACKEPOCH 0x0',
  's2 <- DIFF 0x0',
  's2 <- NEWLEADER 0x100000000',
  's2 -> ACK 0x100000000',
  's2 <- UPTODATE 0xffffffffffffffff',
  's2 -> ACK 0x100000000',
  's2 <- PROPOSAL 0x100000001',
];
/** s2 returns with t1, and is told to drop it. */
const TRUNCATED = [
  "s2' -> FOLLOWERINFO 0x100000000",
  "s2' <- LEADERINFO 0x100000000",
  "s2' -> ACKEPOCH 0x100000001",
  "s2' <- TRUNC 0x100000000",
  "s2' <- PROPOSAL 0x100000001",
];
const NEW_LEADER = "s2' <- NEWLEADER 0x100000000";
const COMMITTED = 's1 has committed 0x100000001 and applied 0x100000001 in the end';

describe.skipIf(missing !== null)('a real leader of three, and a follower that returns to it', () => {
  let classpath = '';
  beforeAll(async () => {
    const zooKeeper = findZooKeeper(null);
    const classes = await compileJava(zooKeeper, join(import.meta.dirname, '../testing/leader'));
    classpath = [classes, ...zooKeeper.classpath].join(delimiter);
  });

  function run(late: string): readonly string[] {
    const args = ['-cp', classpath, 'org.apache.zookeeper.server.quorum.LeaderScript', late];
    const out = execFileSync(findJava(), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return out.trim().split('\n');
  }

  test('commits by an ACK whose sender it has told to truncate (acks-outlive-truncation)', () => {
    expect(run('log')).toEqual([
      ...SERVED,
      's2 -> ACK 0x100000001',
      's2 closes the connection',
      ...TRUNCATED,
      NEW_LEADER,
      's1 has committed 0x100000000 and applied 0x100000000 with its log held',
      COMMITTED,
    ]);
  });

  test('commits by an ACK of a connection that its sender has replaced (late-acks-count)', () => {
    expect(run('ack')).toEqual([
      ...SERVED,
      ...TRUNCATED,
      NEW_LEADER,
      's1 has committed 0x100000000 and applied 0x100000000 before the ACK',
      's2 -> ACK 0x100000001',
      COMMITTED,
    ]);
  });

  test('tells it to truncate what is committed and not applied (committed-is-truncated)', () => {
    expect(run('apply')).toEqual([
      ...SERVED,
      's2 -> ACK 0x100000001',
      's2 <- COMMIT 0x100000001',
      's2 closes the connection',
      ...TRUNCATED,
      "s2' <- COMMIT 0x100000001",
      NEW_LEADER,
      's1 has committed 0x100000001 and applied 0x100000000 with its database held',
      COMMITTED,
    ]);
  });
});
