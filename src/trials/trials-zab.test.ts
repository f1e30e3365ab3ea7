/** Every rule set does what it declares in the models of epochs and of transactions. */
import { expect, test } from 'vitest';
import { ruleSets } from '../../models/index.js';
import { type Trial, trialsOf, tryOut } from './trials.js';

/** It needs five servers: the nightly run tries it. properties/pinned/mutants.test.ts pins its trace. */
const isLarge = ({ ruleSet }: Trial) => ruleSet.name === 'acks-outlive-truncation';

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
