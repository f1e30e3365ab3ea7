/** Every rule set does what it declares, in every model; and a false declaration is found. */
import { describe, expect, test } from 'vitest';
import {
  type Bounds,
  families,
  findRuleSet,
  type ModelFamily,
  type RuleSet,
  type Rules,
  ruleSets,
} from '../../models/index.js';
import { correct } from '../../models/rules.js';
import { check } from '../engine/check.js';
import { Interrupt } from '../process/interrupt.js';
import { isNightly } from '../testing/nightly.js';
import { trialsOf, tryOut } from './trials.js';

/**
 * Their searches take longest, three quarters of the time of all: for the nightly run. By day
 * properties/pinned/mutants.test.ts has the shortest trace of those that are killed.
 */
const LONG = [
  'earlier-rounds-heard',
  'decided-votes-out-of-recvset',
  'put-back-lost',
  'jump-compares-proposal',
  'no-reply-to-earlier-round',
  'recvset-kept-on-jump',
  'recvset-of-any-round',
  'wait-checks-round',
  'this-round-out-of-outofelection',
  'jump-takes-what-it-hears',
  'ZOOKEEPER-1732',
  'adopted-not-sent',
  'ZOOKEEPER-275',
];

describe('the kill matrix has no unexplained cell', () => {
  // Those of the models above, which are other code, are in trials-zab.test.ts.
  const elections = ruleSets.flatMap(trialsOf).filter(({ family }) => !family.name.startsWith('zab-'));
  for (const trial of elections) {
    const leaveOut = LONG.includes(trial.ruleSet.name) && !isNightly;
    test.skipIf(leaveOut)(`${trial.ruleSet.name} in ${trial.family.name}`, async () => {
      const { verdict, because } = await tryOut(trial);
      expect(verdict === 'unexplained' ? because : null).toBeNull();
    });
  }

  // Bounds at which each action and each rule of a model has its turn.
  const busy: { readonly [model: string]: Partial<Bounds> } = {
    'fast-leader-election': { rounds: 2, crashes: 1, abandons: 1, disconnects: 1 },
    'zab-discovery': { crashes: 1, abandons: 1 },
    'zab-synchronization': { crashes: 1, abandons: 1 },
  };

  /** The rules that a model asks for, while it is built and in its first states. */
  function rulesAskedBy(family: ModelFamily): ReadonlySet<string> {
    const asked = new Set<string>();
    const rules = new Proxy(correct, {
      get: (target, name: keyof Rules) => {
        asked.add(name);
        return target[name];
      },
    });
    const model = family.build({ ...family.presets.tiny, ...busy[family.name] }, rules);
    check(model, { claims: [], witnesses: [] }, { states: 30_000 });
    return asked;
  }

  // fle-faithful is held to ZooKeeper itself: conform must tell each mutant of its rules apart.
  const onTrial = families.filter(({ name }) => name !== 'fle-faithful');

  test.each(onTrial)('$name is tried under every rule set that changes a rule it asks for', (family) => {
    const asked = family.name === 'rules' ? new Set(['totalOrderPredicate']) : rulesAskedBy(family);
    const apply = ruleSets.filter(({ overrides }) => Object.keys(overrides).some((name) => asked.has(name)));
    const tried = ruleSets.filter((ruleSet) =>
      trialsOf(ruleSet).some(
        (trial) => trial.family === family && !('election' in (trial.declared.bounds ?? {})),
      ),
    );
    expect(tried.map(({ name }) => name).sort()).toEqual(apply.map(({ name }) => name).sort());
  });

  test('every rule set but the correct one is on trial', () => {
    const idle = ruleSets.filter((ruleSet) => trialsOf(ruleSet).length === 0);
    expect(idle.map(({ name }) => name)).toEqual(['correct']);
  });
});

describe('a false declaration is unexplained', () => {
  const election = 'fast-leader-election';
  const named = (name: string): RuleSet => findRuleSet(name) as RuleSet;
  const declared = (ruleSet: RuleSet, change: Partial<RuleSet>) => {
    const [trial] = trialsOf({ ...ruleSet, breaks: {}, survives: {}, ...change });
    return tryOut(trial);
  };
  const kills = (claim: string, also: readonly string[] = []) => ({
    breaks: { [election]: { claim, also } },
  });
  const survives = (more: { unreached?: string; answersAlike?: true } = {}) => ({
    survives: { [election]: { because: 'it may', ...more } },
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
      'of survival of a rule that is never called',
      { ...named('no-finalize-wait'), overrides: { resendsLastMessage: false } },
      survives(),
      'resendsLastMessage was never read within these bounds',
    ],
    [
      'of survival with other answers, of rules that never answer otherwise',
      { ...named('no-finalize-wait'), overrides: { entersRecvset: correct.entersRecvset } },
      survives(),
      'its rules answer as ZooKeeper does',
    ],
    [
      'of survival without other answers, of rules that answer otherwise',
      named('word-of-leader'),
      survives({ answersAlike: true }),
      'its rules should answer as ZooKeeper does',
    ],
    [
      'of a witness that is reached',
      named('no-finalize-wait'),
      survives({ unreached: 'leaderElected' }),
      'witness leaderElected should not be reached',
    ],
  ])('%s', async (_what, ruleSet, change, because) => {
    const row = await declared(ruleSet, change);
    expect(row).toMatchObject({ verdict: 'unexplained', because: expect.stringContaining(because) });
  });
});

test('a trial that is interrupted ends without a verdict on its rule set', async () => {
  const interrupt = new Interrupt();
  interrupt.begin();
  interrupt.request();
  const [trial] = trialsOf(findRuleSet('clock-not-raised')!);
  expect(await tryOut(trial, interrupt)).toMatchObject({ verdict: 'unexplained', because: 'interrupted' });
});
