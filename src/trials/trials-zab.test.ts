/** Every rule set does what it declares in the models of epochs and of transactions. */
import { expect, test } from 'vitest';
import { ruleSets } from '../../models/index.js';
import { type Trial, trialsOf, tryOut } from './trials.js';

/**
 * It needs five servers, or is searched to the end among millions of states: the nightly run tries it.
 * properties/pinned/mutants.test.ts pins the trace of the first.
 */
const isLarge = ({ ruleSet }: Trial) =>
  ['acks-outlive-truncation', 'ZOOKEEPER-1732-epochs'].includes(ruleSet.name);

for (const trial of ruleSets.flatMap(trialsOf).filter(({ family }) => family.name.startsWith('zab-'))) {
  const leaveOut = isLarge(trial) && process.env.FLE_CHECK_NIGHTLY !== '1';
  test.skipIf(leaveOut)(
    `the kill matrix has no unexplained cell: ${trial.ruleSet.name} in ${trial.family.name}`,
    async () => {
      const { verdict, because } = await tryOut(trial);
      expect(verdict === 'unexplained' ? because : null).toBeNull();
    },
  );
}
