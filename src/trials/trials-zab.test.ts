/** Every rule set does what it declares in the models of epochs and of transactions. */
import { expect, test } from 'vitest';
import { ruleSets } from '../../models/index.js';
import { isNightly } from '../testing/nightly.js';
import { type Trial, trialsOf, tryOut } from './trials.js';

/**
 * They are searched for more than a second: the nightly run tries them.
 * properties/pinned/mutants.test.ts pins the traces of those that are killed.
 */
const LARGE = [
  'ZOOKEEPER-1732-epochs',
  'order-ignores-epoch',
  'recvset-compares-epochs',
  'old-connections-count',
  'ZOOKEEPER-1419',
  'ZOOKEEPER-3642',
  'ZOOKEEPER-4882',
  'ZOOKEEPER-3104',
  'ZOOKEEPER-4685',
  'ZOOKEEPER-4712',
  'ZOOKEEPER-5094',
  'ZOOKEEPER-962',
  'ZOOKEEPER-2418',
  'order-ignores-sid',
  'order-not-strict',
  'zookeeper-3.8.0',
  'zookeeper-3.8.6',
  'late-acks-count',
  'acks-outlive-truncation',
];
const isLarge = ({ ruleSet }: Trial) => LARGE.includes(ruleSet.name);

for (const trial of ruleSets.flatMap(trialsOf).filter(({ family }) => family.name.startsWith('zab-'))) {
  const leaveOut = isLarge(trial) && !isNightly;
  test.skipIf(leaveOut)(
    `the kill matrix has no unexplained cell: ${trial.ruleSet.name} in ${trial.family.name}`,
    async () => {
      const { verdict, because } = await tryOut(trial);
      expect(verdict === 'unexplained' ? because : null).toBeNull();
    },
  );
}
