/** Tests the comparison: real ZooKeeper must differ from each rule set that changes the election. */

import fc from 'fast-check';
import { type RuleSet, type Rules, ruleSets, rulesOf } from '../../models/index.js';
import { correct } from '../../models/rules.js';
import { type Answering, takeRandom } from './beside.js';
import { conformAtRandom, type Mismatch, type Progress } from './conform.js';
import { randomSchedules } from './random-steps.js';

/** Rule sets that no answer of a server can tell from ZooKeeper, with the reason. */
const ALIKE: { readonly [ruleSet: string]: string } = {
  'ZOOKEEPER-481':
    'what a new connection sends again is decided by QuorumCnxManager, not by the class stepped',
};

/** Steps after which such a rule set counts as alike. */
const STEPS_ALIKE = 5_000;

export interface ToldApart {
  readonly ruleSet: RuleSet;
  /** Steps until the first answer that differs, including schedules without one; null if none differs. */
  readonly steps: number | null;
  readonly mismatch: Mismatch | null;
  /** Why ZooKeeper does not differ from it; null if it does, or should. */
  readonly alike: string | null;
}

/** The rules that the servers ask for in some random schedules. */
function rulesAsked(): ReadonlySet<string> {
  const asked = new Set<string>();
  const rules = new Proxy(correct, {
    get: (target, name: keyof Rules) => {
      asked.add(name);
      return target[name];
    },
  });
  for (const schedule of fc.sample(randomSchedules(400), { seed: 1, numRuns: 20 }))
    takeRandom(rules, schedule);
  return asked;
}

/** The rule sets that change the election as the real class decides it. */
export function mutantsOfElection(): readonly RuleSet[] {
  const asked = rulesAsked();
  return ruleSets.filter(({ overrides }) => Object.keys(overrides).some((name) => asked.has(name)));
}

/** Tries one rule set, for at most this number of steps. */
export async function tellApart(
  real: Answering,
  ruleSet: RuleSet,
  { seed, steps: most }: { seed: number; steps: number },
  progress: Progress = {},
): Promise<ToldApart> {
  const alike = ALIKE[ruleSet.name] ?? null;
  const wanted = alike === null ? most : Math.min(most, STEPS_ALIKE);
  const options = { seed, steps: wanted, shrink: false };
  const { steps, mismatch } = await conformAtRandom(real, rulesOf(ruleSet), options, progress);
  return {
    ruleSet,
    steps: mismatch === null ? null : steps,
    mismatch,
    alike: mismatch === null ? alike : null,
  };
}
