/** A file of rules that `--rules` names. Its faults are bad usage, for the user to mend. */
import type { RuleSet } from '../../models/index.js';
import { BadUsage, nearest, UnknownWord } from '../process/usage.js';
import { openRules, RULES, RulesRefused, UnknownRule } from './index.js';

/** The rule set in a file, by its path. Throws `BadUsage` of one line if there is none. */
export async function loadRules(path: string): Promise<RuleSet> {
  try {
    return await openRules(path, (name) => nearest(name, RULES) !== null);
  } catch (error) {
    if (error instanceof UnknownRule) throw new UnknownWord('rule', error.word, RULES, error.message);
    if (error instanceof RulesRefused) throw new BadUsage(error.message, { cause: error });
    throw error;
  }
}
