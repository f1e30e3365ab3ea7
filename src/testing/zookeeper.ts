/** Whether there is a ZooKeeper to step. Without one, tests that step it say so and are left out. */
import { execFileSync } from 'node:child_process';
import { findJava, findZooKeeper, ZooKeeperNotFound } from '../conformance/zookeeper.js';

/** Set where ZooKeeper must be there: a missing one fails the test. */
export const IS_NEEDED = (process.env.FLE_CHECK_NEEDS_ZOOKEEPER ?? '') !== '';

/** What is not installed, in one line; null if all is. */
export const missing = whatIsMissing();
if (missing !== null) console.warn(`NOT CHECKED AGAINST ZOOKEEPER: ${missing}`);

function whatIsMissing(): string | null {
  try {
    findZooKeeper(null);
    execFileSync('javac', ['-version'], { stdio: 'ignore' });
    findJava();
    return null;
  } catch (error) {
    return error instanceof ZooKeeperNotFound ? error.message : 'java or javac cannot be run.';
  }
}
