/** Every rule set does what it declares in the rungs of epochs and of history. */
import { expect, test } from 'vitest';
import { ruleSets } from '../../models/index.js';
import { trialsOf, tryOut } from './trials.js';

for (const trial of ruleSets.flatMap(trialsOf).filter(({ rung }) => rung.name.startsWith('zab-'))) {
  test(`the kill matrix has no unexplained cell: ${trial.ruleSet.name} in ${trial.rung.name}`, () => {
    const { verdict, because } = tryOut(trial);
    expect(verdict === 'unexplained' ? because : null).toBeNull();
  });
}
