/** Traces of the corpus as stories; and traces that no model takes. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Bounds, findFamily, findRuleSet } from '../../models/index.js';
import { caseOf } from '../../properties/index.js';
import type { Plain } from '../language/index.js';
import { readTrace } from '../trace/read.js';
import { sentencesOf } from '../trace/sentences.js';
import type { Trace } from '../trace/trace.js';
import { storyOf } from './story.js';

const CORPUS = join(import.meta.dirname, '../../properties/corpus');

function storyIn(path: string) {
  const trace = readTrace(join(CORPUS, path));
  const [family, ruleSet] = [findFamily(trace.model), findRuleSet(trace.rules)];
  if (family === undefined || ruleSet === undefined) throw new Error(`${path} is of no model`);
  const subject = caseOf(family, { ...family.presets.tiny, ...trace.bounds } as Bounds, ruleSet);
  return { trace, subject, story: storyOf(subject, trace, sentencesOf(subject.model, trace)) };
}

/** What a story says of a step: each server that changed its vote or its role, and why. */
const reasonsIn = (path: string, step: number) =>
  storyIn(path).story.frames[step].servers.flatMap(({ because }, k) =>
    because === null ? [] : [`s${k + 1}: ${because}`],
  );

describe('why votes change', () => {
  const twoLeaders = 'witnesses/fast-leader-election.twoLeadersAtOneClock.json';

  test('says which comparison decided', () => {
    expect(reasonsIn(twoLeaders, 6)).toEqual([
      's1: It takes s3 in place of s2: both have peerEpoch 0 and zxid 0x0, and sid 3 is above 2.',
    ]);
  });

  test('says when a quorum makes a server wait, and when no better vote came', () => {
    expect(reasonsIn(twoLeaders, 7)).toEqual([
      's3: A quorum votes for s3: s1, s3. It waits for a better vote.',
    ]);
    expect(reasonsIn(twoLeaders, 8)).toEqual(['s2: No better vote came. A quorum votes for s2: s1, s2.']);
  });

  test('says what the order of ZooKeeper is when rules order votes otherwise', () => {
    const reasons = reasonsIn('mutants/fast-leader-election.order-ignores-zxid.highestOfQuorumWins.json', 3);
    expect(reasons.join(' ')).toContain(
      "both have peerEpoch 1, and zxid 0x0 is below 0x100000000: in ZooKeeper's order s1 ranks higher.",
    );
  });

  test('says when no comparison decides, but a leader that there is', () => {
    const path = 'witnesses/fast-leader-election.clockLoweredByAdoption.json';
    const { story } = storyIn(path);
    const all = story.frames.flatMap(({ step }) => reasonsIn(path, step));
    expect(all).toContain('s3: It joins s2 on the word of s2, which says that it leads.');
  });

  test('says when a quorum has chosen already, before a server starts', () => {
    expect(reasonsIn('scenarios/tutorialScenario.json', 4)).toEqual([
      's4: It starts, and follows s3, which leads already.',
    ]);
  });

  test('says that a later round begins with a vote of its own', () => {
    const path = 'witnesses/fast-leader-election.clockLoweredByAdoption.json';
    const { story } = storyIn(path);
    const all = story.frames.flatMap(({ step }) => reasonsIn(path, step));
    expect(all.join('\n')).toMatch(/ looks for a leader again, in round 2, with a vote for itself\.$/m);
  });
});

describe('what a step does', () => {
  test('writes to disk, in discovery', () => {
    const { story } = storyIn('witnesses/zab-discovery.twoEstablishedAtOnce.json');
    const writes = story.frames.flatMap(({ step, servers }) =>
      servers.flatMap(({ wrote }, k) => (wrote ? [`${step}: s${k + 1}`] : [])),
    );
    expect(writes).toEqual(['5: s1', '6: s3', '11: s2', '12: s3']);
  });

  test('lets a quorum form, once for each vote', () => {
    const { story } = storyIn('witnesses/fast-leader-election.twoLeadersAtOneClock.json');
    const formed = story.frames.flatMap(({ step, servers }) =>
      servers.flatMap(({ formed: now }, k) => (now ? [`${step}: s${k + 1}`] : [])),
    );
    // s1 stands in two quorums, for s2 and for s3.
    expect(formed).toEqual(['4: s1', '5: s2', '6: s1', '7: s3']);
  });

  test('concerns who acts, changes, sends and reads', () => {
    const { story } = storyIn('witnesses/fast-leader-election.twoLeadersAtOneClock.json');
    expect([...story.frames[5].concerns].sort()).toEqual([0, 1]);
    expect([...story.frames[8].concerns]).toEqual([1]);
  });
});

const traces = readdirSync(CORPUS, { recursive: true })
  .map(String)
  .filter((path) =>
    /^(history|mutants|regressions|scenarios|witnesses)\/.*json$/.test(path.replaceAll('\\', '/')),
  )
  .filter((path) => !path.includes('two-phase'));

test.each(traces)('is drawn of %s: every server in its role, every message read exists', (path) => {
  const { trace, subject, story } = storyIn(path);
  if (subject.family.draws === undefined) return;
  expect(story.frames).toHaveLength(trace.steps.length + 1);
  for (const [i, { servers, state }] of story.frames.entries()) {
    const roles = (state as unknown as { server: readonly { state: string }[] }).server.map(
      (one) => one.state,
    );
    expect(servers.map(({ picture }) => picture.role)).toEqual(roles);
    // Every step that reads a notification ends an arrow.
    const { action, args } = i === 0 ? { action: '', args: [] } : trace.steps[i - 1];
    const reads =
      /^(HandleNotification|HandleFollowerInfo|HandleAckEpoch)$/.test(action) && args.length === 2;
    if (reads) expect(story.arrows.filter(({ ended, end }) => ended === i && end === 'read')).toHaveLength(1);
  }
});

describe('a trace that no model takes', () => {
  const trace = (state: Plain): Trace => ({
    format: 'fle-check-trace',
    version: 1,
    tool: '0',
    model: 'made up',
    bounds: {},
    rules: 'correct',
    claim: 'x',
    says: 'x',
    source: 'x',
    initial: { args: [], state },
    steps: [{ action: '<b>', args: ['s1'], state }],
  });

  test('has its servers and their states, where it says them', () => {
    const state = { server: [{ state: 'LEADING' }, { state: '<script>' }, {}] };
    for (const model of [
      'made up',
      'fast-leader-election',
      'zab-discovery',
      'zab-synchronization',
      'tutorial',
    ]) {
      const setting = { family: findFamily(model), bounds: {} as Bounds };
      const { frames } = storyOf(setting, trace(state), ['<b>']);
      expect(frames[1].servers.map(({ picture }) => picture.role)).toEqual(['LEADING', 'OFF', 'OFF']);
    }
  });

  test('has as many lanes as the state with most of them', () => {
    const one = trace({ server: [{ state: 'LEADING' }] });
    const two = { server: [{ state: 'LOOKING' }, { state: 'FOLLOWING' }] };
    const setting = { family: findFamily('tutorial'), bounds: {} as Bounds };
    const { frames, servers } = storyOf(setting, { ...one, initial: { args: [], state: two } }, ['x']);
    expect(servers).toBe(2);
    expect(frames[1].servers.map(({ picture }) => picture.role)).toEqual(['LEADING', 'OFF']);
  });

  test.each([[null], [7], ['x'], [[]], [{ server: 7 }], [{ server: [null] }], [{ server: [[]] }]])(
    'has none where it says none: %j',
    (state) => {
      const setting = { family: findFamily('fast-leader-election'), bounds: {} as Bounds };
      expect(storyOf(setting, trace(state as Plain), ['x']).servers).toBe(0);
    },
  );
});
