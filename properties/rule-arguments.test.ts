/**
 * Each rule is given what ZooKeeper would give it, in every model: what models/rules.ts says of its arguments
 * is held against every call that the models make at the bounds of `ci`; searches of millions of states are
 * for the nightly run.
 */
import { afterEach, expect, test } from 'vitest';
import {
  type Bounds,
  CallLog,
  correct,
  families,
  findRuleSet,
  type Rules,
  recordedRules,
} from '../models/index.js';
import { makeZxid } from '../models/votes/zxid.js';
import { check } from '../src/engine/check.js';
import { isNightly } from '../src/testing/nightly.js';
import { caseOf } from './index.js';

type RuleName = keyof Rules;
/** The different values of each argument, by rule. */
type Seen = { readonly [rule: string]: readonly (readonly (number | boolean)[])[] };

const zooKeepers: Rules = { ...correct };
afterEach(() => {
  Object.assign(correct, zooKeepers);
});

/**
 * What each rule is called with while a model is explored under ZooKeeper's rules; only rules that are
 * called.
 */
function argumentsSeen(model: string, bounds: Partial<Bounds> = {}): Seen {
  const family = families.find(({ name }) => name === model)!;
  const log = new CallLog();
  const functions = Object.entries(zooKeepers).filter(([, rule]) => typeof rule === 'function');
  const overrides = Object.fromEntries(functions) as Partial<Rules>;
  const { rules, begin } = recordedRules({ ...findRuleSet('correct')!, overrides }, log);
  // The object itself is changed: another one would be another order of votes, whose bounds are others.
  for (const [name] of functions) Object.assign(correct, { [name]: rules[name as RuleName] });
  begin();
  const subject = caseOf(family, { ...family.presets.ci, ...bounds }, findRuleSet('correct')!);
  expect(check(subject.model, subject.expectations).verdict).toBe('holds');
  expect(log.isFull).toBe(false);
  const seen: { [rule: string]: (number | boolean)[][] } = {};
  for (const [name, ...args] of log.calls) {
    seen[name] ??= args.map(() => []);
    for (const [i, arg] of args.entries()) if (!seen[name][i]?.includes(arg)) seen[name][i].push(arg);
  }
  return seen;
}

interface Size {
  readonly servers: number;
  readonly observers: number;
  readonly rounds: number;
  readonly epochs: number;
  readonly zxids: readonly number[];
}

/** The values that one argument may have. */
type Domain = (size: Size) => readonly (number | boolean)[];

const upTo = (least: number, greatest: number): readonly number[] =>
  Array.from({ length: greatest - least + 1 }, (_, i) => least + i);
const flag: Domain = () => [false, true];
const sid: Domain = ({ servers }) => upTo(1, servers);
const count: Domain = ({ servers, observers }) => upTo(0, servers + observers);
const voters: Domain = ({ servers }) => [servers];
/** Of a history of two transactions at most. */
const nth: Domain = () => [1, 2];
const round: Domain = ({ rounds }) => upTo(-1, rounds);
const zxid: Domain = ({ zxids }) => zxids;
const epoch: Domain = ({ epochs }) => upTo(0, epochs);
const epochOrNone: Domain = ({ epochs }) => upTo(-1, epochs);

const DOMAINS: { readonly [R in RuleName]?: readonly Domain[] } = {
  totalOrderPredicate: [sid, zxid, epoch, sid, zxid, epoch],
  hasQuorum: [count, voters, sid],
  proposalOnJump: [flag, flag],
  entersRecvset: [flag, flag],
  entersOutofelection: [flag],
  endsFinalizeWait: [flag, flag],
  clockAfterCrash: [round],
  checkLeader: [flag, flag, round, round],
  epochToPropose: [epochOrNone, epoch],
  validVoter: [flag, sid],
  countsInEpochQuorum: [flag, sid],
  countsEpochAck: [epochOrNone],
  isMoreRecentThan: [epochOrNone, epoch],
  acceptedEpochAfterCrash: [epoch, epoch, flag],
  diffHolds: [nth, nth],
  newLeaderWrites: [flag],
  databaseAfterLeaving: [flag, flag, flag],
};

/** Of a history of two transactions at most: in every epoch the counter begins anew. */
const ZXIDS_OF_TWO = [0, ...[1, 2, 3].flatMap((e) => [makeZxid(e, 1), makeZxid(e, 2)])];
const VERSIONS = [0, makeZxid(1, 0), makeZxid(1, 1)];

const ELECTION: readonly RuleName[] = ['totalOrderPredicate', 'hasQuorum', 'proposalOnJump', 'checkLeader'];
const MODELS: readonly {
  readonly model: string;
  readonly bounds?: Partial<Bounds>;
  readonly size: Partial<Size>;
  /** Rules that it must call, besides any others. */
  readonly calls: readonly RuleName[];
  /** It has millions of states, and others call the same rules: for the nightly run. */
  readonly isLarge?: true;
}[] = [
  { model: 'rules', size: { epochs: 3, zxids: VERSIONS }, calls: ['totalOrderPredicate'] },
  {
    model: 'tutorial',
    size: { servers: 5, epochs: 1, zxids: VERSIONS },
    calls: ['totalOrderPredicate', 'hasQuorum'],
  },
  {
    model: 'fast-leader-election',
    size: { rounds: 2 },
    calls: [...ELECTION, 'clockAfterCrash'],
    isLarge: true,
  },
  {
    model: 'fast-leader-election',
    bounds: { servers: 2, zxids: 'every', dataVersions: 2 },
    size: { servers: 2, rounds: 2, epochs: 2, zxids: VERSIONS.slice(0, 2) },
    calls: [...ELECTION, 'clockAfterCrash'],
  },
  {
    model: 'fast-leader-election',
    bounds: { crashes: 0, abandons: 0, rounds: 1, zxids: [makeZxid(1, 7), makeZxid(2, 0), 0] },
    size: { epochs: 2, zxids: [makeZxid(1, 7), makeZxid(2, 0), 0] },
    calls: ['totalOrderPredicate', 'hasQuorum', 'checkLeader'],
  },
  {
    model: 'fle-faithful',
    size: {},
    calls: ['totalOrderPredicate', 'hasQuorum', 'checkLeader'],
    isLarge: true,
  },
  {
    model: 'fle-faithful',
    bounds: { servers: 2, resends: 1, rounds: 2, abandons: 1, zxids: 'every', dataVersions: 2 },
    size: { servers: 2, rounds: 2, epochs: 2, zxids: VERSIONS.slice(0, 2) },
    calls: ELECTION,
  },
  {
    model: 'zab-discovery',
    size: { epochs: 2 },
    calls: ['hasQuorum', 'epochToPropose', 'countsEpochAck', 'isMoreRecentThan', 'acceptedEpochAfterCrash'],
  },
  {
    model: 'zab-discovery',
    bounds: { election: 'fle', rounds: 1, epochs: 1, abandons: 0 },
    size: { epochs: 2 },
    calls: ['totalOrderPredicate', 'hasQuorum', 'checkLeader', 'epochToPropose', 'countsInEpochQuorum'],
    isLarge: true,
  },
  {
    model: 'zab-discovery',
    bounds: { election: 'fle', rounds: 1, epochs: 1, crashes: 0, abandons: 0 },
    size: { epochs: 2 },
    calls: ['totalOrderPredicate', 'hasQuorum', 'checkLeader', 'epochToPropose', 'countsInEpochQuorum'],
  },
  {
    model: 'zab-synchronization',
    bounds: { crashes: 1 },
    size: { epochs: 3, zxids: ZXIDS_OF_TWO },
    calls: ['totalOrderPredicate', 'hasQuorum', 'newLeaderWrites', 'databaseAfterLeaving'],
  },
];

const SMALL: Size = { servers: 3, observers: 0, rounds: 1, epochs: 0, zxids: [0] };

for (const { model, bounds, size, calls, isLarge } of MODELS) {
  if (isLarge && !isNightly) continue;
  const given = Object.entries(bounds ?? {}).map(([name, value]) => `${name}=${String(value)}`);
  test(`${model} gives each rule what ZooKeeper would give it (${given.join(', ') || 'ci'})`, () => {
    const seen = argumentsSeen(model, bounds);
    expect(Object.keys(seen)).toEqual(expect.arrayContaining([...calls]));
    const outside = Object.entries(seen).flatMap(([rule, values]) => {
      const domains = DOMAINS[rule as RuleName]!.map((domain) => domain({ ...SMALL, ...size }));
      expect(values.length).toBe(domains.length);
      return values.flatMap((each, i) =>
        each.filter((value) => !domains[i].includes(value)).map((value) => `${rule}: ${value} at ${i}`),
      );
    });
    expect(outside).toEqual([]);
    // Nobody is left out, and no counter goes on where an epoch ends.
    const sids = [...(seen.hasQuorum?.[2] ?? sid({ ...SMALL, ...size }))];
    expect(sids.sort()).toEqual(sid({ ...SMALL, ...size }));
    if (model !== 'zab-synchronization') return;
    for (const each of [makeZxid(1, 1), makeZxid(1, 2), makeZxid(2, 1)]) {
      expect(seen.totalOrderPredicate[1]).toContain(each);
    }
  });
}

test('every rule that is called has a domain, and every domain a rule', () => {
  const functions = Object.entries(zooKeepers).filter(([, rule]) => typeof rule === 'function');
  expect(functions.map(([name]) => name).sort()).toEqual(Object.keys(DOMAINS).sort());
});
