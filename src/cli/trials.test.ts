/** Every rule set does what it declares, in every model; and a false declaration is found. */
import { describe, expect, test } from 'vitest';
import { findRuleSet, type RuleSet, ruleSets } from '../../models/index.js';
import { trialsOf, tryOut } from './trials.js';

describe('the kill matrix has no unexplained cell', () => {
  for (const ruleSet of ruleSets) {
    for (const trial of trialsOf(ruleSet)) {
      test(`${ruleSet.name} in ${trial.rung.name}`, () => {
        const { verdict, because } = tryOut(trial);
        expect({ verdict, because }).toEqual(
          'claim' in trial.declared
            ? { verdict: 'killed', because: '' }
            : { verdict: 'survives', because: trial.declared.because },
        );
      });
    }
  }

  test('every rule set but the correct one is on trial', () => {
    const idle = ruleSets.filter((ruleSet) => trialsOf(ruleSet).length === 0);
    expect(idle.map(({ name }) => name)).toEqual(['correct']);
  });
});

describe('a false declaration is unexplained', () => {
  const election = 'fast-leader-election';
  const named = (name: string): RuleSet => findRuleSet(name) as RuleSet;
  const declared = (ruleSet: RuleSet, change: Partial<RuleSet>) => {
    const [row] = trialsOf({ ...ruleSet, breaks: {}, survives: {}, ...change }).map(tryOut);
    return row;
  };
  const kills = (claim: string, also: readonly string[] = []) => ({
    breaks: { [election]: { claim, also } },
  });
  const survives = (lost: { unreached?: string } = {}) => ({
    survives: { [election]: { because: 'it may', ...lost } },
  });
  const others = ['decisionHasVoteQuorum', 'highestOfQuorumWins'];

  test.each<[string, RuleSet, Partial<RuleSet>, string]>([
    ['of a claim that holds', named('minority-quorum'), kills('leadKeepsRound'), 'leadKeepsRound holds'],
    ['that is silent on a claim', named('minority-quorum'), kills('noMinorityLeader'), 'should hold'],
    [
      'of one claim too many',
      named('minority-quorum'),
      kills('noMinorityLeader', [...others, 'leadKeepsRound']),
      'leadKeepsRound should fail too',
    ],
    ['of survival', named('minority-quorum'), survives(), 'every claim should hold'],
    [
      'of survival with every witness reached',
      named('no-finalize-wait'),
      survives(),
      'witness twoLeadersAtOneClock cannot be reached',
    ],
    [
      'of a witness that is reached',
      named('no-finalize-wait'),
      survives({ unreached: 'leaderElected' }),
      'witness leaderElected should not be reached',
    ],
  ])('%s', (_what, ruleSet, change, because) => {
    const row = declared(ruleSet, change);
    expect(row).toMatchObject({ verdict: 'unexplained', because: expect.stringContaining(because) });
  });
});
