/** Fields that a state has only under some bounds or rules. */
import type { Fields } from '../../src/language/types.js';

/**
 * The fields if they are needed, and none otherwise. The type has them in any case: a model reads them only
 * under the bounds and rules that need them, so that all other states are smaller.
 */
export const fieldsIf = <const F extends Fields>(needed: boolean, fields: F): F =>
  needed ? fields : ({} as F);
