/**
 * Every sentence about a run is true: for each step of each trace of the corpus, what the model says of it,
 * why votes changed, which quorums a page shows, its labels, and the cells of the table.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet } from '../../models/index.js';
import { Machine, type Plain } from '../../src/language/index.js';
import { expandChoices } from '../../src/random/schedule.js';
import { storyOf } from '../../src/story/story.js';
import { readTrace } from '../../src/trace/read.js';
import { sentencesOf } from '../../src/trace/sentences.js';
import { stepName } from '../../src/trace/text.js';
import { recordTrace, type Trace } from '../../src/trace/trace.js';
import { type Case, caseOf } from '../index.js';
import { serversOf } from './plain-states.js';
import { faultOfCell, faultOfLabel } from './true-columns.js';
import { faultOfQuorum, faultOfReason } from './true-pictures.js';
import { faultOfSentence, type Taken } from './true-sentences.js';

const CORPUS = join(import.meta.dirname, '..', 'corpus');
const FOLDERS = ['history', 'mutants', 'regressions', 'releases', 'scenarios', 'witnesses'];

/** A trace with its case, its states and the steps between them. */
function runOf(subject: Case, trace: Trace) {
  const states: readonly Plain[] = [trace.initial.state, ...trace.steps.map(({ state }) => state)];
  const taken = (step: number): Taken => ({
    before: states[step - 1],
    after: states[step],
    voters: subject.bounds.servers,
  });
  return { trace, subject, states, taken };
}

function run(path: string) {
  const trace = readTrace(join(CORPUS, path));
  const family = findFamily(trace.model)!;
  const bounds = { ...family.presets.tiny, ...trace.bounds } as Case['bounds'];
  return runOf(caseOf(family, bounds, findRuleSet(trace.rules)!), trace);
}

/** A walk of some steps, each drawn by the seed from those that are enabled; it starts anew where it ends. */
function walk(model: string, rules: string, more: Partial<Bounds>, seed: number) {
  const family = findFamily(model)!;
  const subject = caseOf(family, { ...family.presets.tiny, ...more }, findRuleSet(rules)!);
  const machine = new Machine(subject.model);
  const codes = new Uint16Array(subject.model.instances);
  machine.start(0);
  const steps: number[] = [];
  for (const choice of expandChoices(seed, STEPS)) {
    const enabled = machine.enabled(codes);
    if (enabled === 0) break;
    steps.push(codes[choice % enabled]);
    machine.apply(codes[choice % enabled]);
    machine.advance();
  }
  const heading = { tool: '', bounds: {}, rules, claim: '', says: '', source: '' };
  return runOf(subject, recordTrace(subject.model, { initial: 0, steps }, heading));
}

const STEPS = 60;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const faults = { crashes: 2, abandons: 3 };
/** What the corpus lacks: votes that elect in zab-discovery, observers, broken connections, other rules. */
const WALKS: readonly (readonly [model: string, rules: string, bounds: Partial<Bounds>])[] = [
  ['tutorial', 'correct', { servers: 5, crashes: 3, rounds: 4 }],
  ['tutorial', 'minority-quorum', { servers: 4, crashes: 2, rounds: 3 }],
  [
    'fast-leader-election',
    'correct',
    { ...faults, rounds: 3, disconnects: 2, zxids: 'every', dataVersions: 2 },
  ],
  ['fast-leader-election', 'minority-quorum', { ...faults, rounds: 3 }],
  ['fast-leader-election', 'recvset-of-any-round', { ...faults, rounds: 3 }],
  ['fast-leader-election', 'jump-takes-what-it-hears', { ...faults, rounds: 3 }],
  ['fle-faithful', 'correct', { ...faults, servers: 3, rounds: 3, disconnects: 2, resends: 4 }],
  ['zab-discovery', 'correct', { ...faults, epochs: 3, observers: 1 }],
  ['zab-discovery', 'correct', { ...faults, epochs: 3, rounds: 3, election: 'fle' }],
  ['zab-discovery', 'minority-quorum', { ...faults, epochs: 3 }],
  ['zab-discovery', 'ZOOKEEPER-2959', { ...faults, epochs: 2, observers: 1 }],
  ['zab-synchronization', 'correct', { ...faults, epochs: 4, txns: 3, observers: 1 }],
  ['zab-synchronization', 'minority-quorum', { ...faults, epochs: 4, txns: 2 }],
  ['zab-synchronization', 'ZOOKEEPER-3104', { ...faults, epochs: 4, txns: 2 }],
  ['zab-synchronization', 'ZOOKEEPER-962', { ...faults, epochs: 4, txns: 3 }],
  ['zab-synchronization', 'ZOOKEEPER-2418', { ...faults, epochs: 4, txns: 3 }],
  ['zab-synchronization', 'ZOOKEEPER-4882', { ...faults, epochs: 4, txns: 2 }],
  ['zab-synchronization', 'zookeeper-3.8.0', { ...faults, epochs: 4, txns: 2 }],
  ['zab-synchronization', 'zookeeper-3.8.6', { ...faults, epochs: 4, txns: 2, observers: 1 }],
];

/** The runs of models that have servers. */
const PATHS = FOLDERS.flatMap((folder) =>
  readdirSync(join(CORPUS, folder)).map((file) => `${folder}/${file}`),
)
  .filter((path) => !path.includes('/rules.') && path.endsWith('.json'))
  .filter((path) => findFamily(readTrace(join(CORPUS, path)).model) !== undefined);

/** The faults of a run, each with its step. */
type Faults = readonly string[];
const at = (step: number, faults: readonly (string | null)[]): Faults =>
  faults.flatMap((fault) => (fault === null ? [] : [`step ${step}: ${fault}`]));

function holds({ trace, subject, states, taken }: ReturnType<typeof runOf>): void {
  const words = sentencesOf(subject.model, trace);
  const { frames } = storyOf(subject, trace, words);

  test('each step is told as it was', () => {
    expect(words.flatMap((sentence, i) => at(i + 1, [faultOfSentence(sentence, taken(i + 1))]))).toEqual([]);
    expect(words.filter((sentence, i) => sentence === stepName(trace.steps[i]))).toEqual([]);
  });

  test('each reason is one', () => {
    const faults = frames.slice(1).flatMap(({ step, servers }) => {
      const reasons = servers.flatMap(({ because }, k) => (because === null ? [] : [{ because, k }]));
      return at(
        step,
        reasons.map(({ because, k }) => faultOfReason(`s${k + 1}`, because, taken(step))),
      );
    });
    expect(faults).toEqual([]);
  });

  test('each quorum and each label is of its server', () => {
    const faults = frames.flatMap(({ step, servers }) =>
      at(
        step,
        servers.flatMap(({ picture: { quorum, label } }, k) => [
          quorum === null ? null : faultOfQuorum(`s${k + 1}`, quorum.what, quorum.members, states[step]),
          faultOfLabel(`s${k + 1}`, label, states[step]),
        ]),
      ),
    );
    expect(faults).toEqual([]);
  });

  test('each cell is of its server', () => {
    const { describeServer, describeStart } = subject.family;
    const faults = states.flatMap((state, step) =>
      at(
        step,
        serversOf(state).map((_, k) => {
          const more = step === 0 ? (describeStart?.(state, k) ?? '') : '';
          return faultOfCell(
            `s${k + 1}`,
            `${describeServer?.(state, k)}${more === '' ? '' : `, ${more}`}`,
            state,
          );
        }),
      ),
    );
    expect(faults).toEqual([]);
  });
}

describe.each(PATHS)('of %s', (path) => holds(run(path)));

const named = WALKS.map(
  (each) => [`${each[0]} under ${each[1]} at ${JSON.stringify(each[2])}`, each] as const,
);
describe.each(named)('of walks of %s', (_name, [model, rules, bounds]) => {
  for (const seed of SEEDS) describe(`(seed=${seed})`, () => holds(walk(model, rules, bounds, seed)));
});

describe('a falsehood is found out', () => {
  test('in a quorum: s3 had accepted epoch 1, when it was said to have acknowledged epoch 2', () => {
    const { states } = run('mutants/zab-discovery.old-connections-count.singleLeaderPerEpoch.json');
    const said = (what: string) => faultOfQuorum('s1', what, ['s1', 's3'], states[13]);
    expect(said('acknowledged epoch 2')).toMatch(/^not true of s1/);
    expect(said('counted for epoch 1')).toMatch(/^not true of s1/);
    expect(said('counted for epoch 2')).toBeNull();
  });

  test('in a reason: s2 was LOOKING, when a quorum was said to say that it leads', () => {
    const { taken } = run('history/fast-leader-election.ZOOKEEPER-159.adoptedWasLeading.json');
    const said = (reason: string) => faultOfReason('s3', reason, taken(8));
    expect(said('It joins s2, of which a quorum says that it leads: no votes are compared.')).toMatch(
      /^not true/,
    );
    const word = 'It joins s2 on the word of s1, which says that it is FOLLOWING, with a vote for s2';
    expect(said(`${word}.`)).toMatch(/^not true/);
    expect(said(`${word}; s2 itself is LOOKING.`)).toBeNull();
  });

  test('in a sentence and in a cell, and what nobody knows is refused', () => {
    const { taken, states } = run('history/fast-leader-election.ZOOKEEPER-159.adoptedWasLeading.json');
    expect(faultOfSentence('s1 ends finalizeWait, and follows s3', taken(6))).toMatch(/^not true/);
    expect(faultOfSentence('s1 ends finalizeWait, and follows s2', taken(6))).toBeNull();
    expect(faultOfSentence('s1 is elected', taken(6))).toMatch(/^of no known pattern/);
    expect(faultOfCell('s1', 'LOOKING c1 → s2, has s2:s2', states[4])).toMatch(/^not true/);
    expect(faultOfCell('s1', 'LOOKING c1 → s2, has s2:s2, waits', states[4])).toBeNull();
    expect(faultOfLabel('s1', 'c1→s3', states[4])).toMatch(/^not true/);
  });
});
