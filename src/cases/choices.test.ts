import { expect, test } from 'vitest';
import { findFamily, type ModelFamily, ruleSets } from '../../models/index.js';
import { BadUsage } from '../process/usage.js';
import { boundsFor, chooseFamilies, chooseRuleSet, givenBounds } from './choices.js';

const tutorial = findFamily('tutorial') as ModelFamily;
const fle = findFamily('fast-leader-election') as ModelFamily;

test('the bounds given are laid over the preset', () => {
  const options = { servers: 4, crashes: 2, seed: 1 };
  const given = givenBounds(options);
  expect(given).toEqual({ servers: 4, crashes: 2 });
  expect(boundsFor(tutorial, 'ci', given)).toEqual({ ...tutorial.presets.ci, servers: 4, crashes: 2 });
  expect(boundsFor(tutorial, 'tiny', {})).toEqual(tutorial.presets.tiny);
});

test('a bound that a model does not take leaves its preset alone', () => {
  expect(boundsFor(tutorial, 'ci', { slots: 5 })).toEqual(tutorial.presets.ci);
});

test('numbers out of limits are refused in words', () => {
  const { max, min } = fle.takes.servers as { min: number; max: number };
  for (const servers of [0, 99]) {
    expect(() => boundsFor(fle, 'ci', { servers })).toThrow(
      `--servers takes ${min} to ${max} for fast-leader-election, not ${servers}`,
    );
  }
  expect(boundsFor(fle, 'ci', { servers: max }).servers).toBe(max);
  expect(boundsFor(fle, 'ci', { servers: min }).servers).toBe(min);
});

test('zxids are one for each server, and say how many servers there are', () => {
  expect(boundsFor(tutorial, 'ci', { zxids: [0, 0, 1] })).toMatchObject({ servers: 3, zxids: [0, 0, 1] });
  expect(() => boundsFor(tutorial, 'ci', { zxids: [0, 0, 1], servers: 4 })).toThrow(BadUsage);
  expect(() => boundsFor(tutorial, 'ci', { zxids: Array(20).fill(0) })).toThrow('--servers takes');
});

test('models are chosen by name; an option must apply to one of them', () => {
  expect(chooseFamilies(undefined, { slots: 2 }).length).toBeGreaterThan(1);
  expect(chooseFamilies('tutorial', { servers: 3 })).toEqual([tutorial]);
  expect(() => chooseFamilies('tutorial', { slots: 2 })).toThrow(
    'tutorial does not take --slots; it takes --servers',
  );
  expect(() => chooseFamilies('zab-discovery', { rounds: 2 })).toThrow(
    'zab-discovery takes --rounds only with --election fle',
  );
  expect(() => chooseFamilies('zab-discovery', { election: 'fle', observers: 1 })).toThrow(
    'zab-discovery takes --observers only with --election free',
  );
  expect(() => chooseFamilies('tutorial', { election: 'fle' })).toThrow('tutorial does not take --election');
  expect(() => chooseFamilies('tutoral', {})).toThrow(
    'no model is called `tutoral`. Did you mean tutorial? (fle-check models lists all.)',
  );
});

test('a bound that goes with one election is taken with it, and passed over where all models are meant', () => {
  const given = { election: 'fle', rounds: 3, observers: 1 } as const;
  const [discovery, election] = ['zab-discovery', 'fast-leader-election'].map((name) => findFamily(name)!);
  expect(boundsFor(discovery, 'tiny', given)).toMatchObject({ election: 'fle', rounds: 3, observers: 0 });
  expect(boundsFor(discovery, 'tiny', { rounds: 3 })).toMatchObject({ election: 'free', rounds: 1 });
  expect(boundsFor(election, 'tiny', given)).toMatchObject({ rounds: 3 });
});

test('a rule set is chosen by name, or the nearest is offered', () => {
  expect(chooseRuleSet('correct').name).toBe('correct');
  expect(() => chooseRuleSet('minority-qorum')).toThrow('Did you mean minority-quorum?');
});

test.each(['ZOOKEEPER-159', '159', 'zk-159', 'ZK159', 'zookeeper-159', '480'])(
  'the rule set of an issue is found by %s',
  (name) => expect(chooseRuleSet(name).name).toBe('ZOOKEEPER-159'),
);

test.each(['ZOOKEEPER-596', 'zk596', '596'])('%s is no misspelt other issue', (name) => {
  expect(() => chooseRuleSet(name)).toThrow(
    /^ZOOKEEPER-596 is not modelled; docs\/history.md lists the issues that are$/,
  );
});

test('no two rule sets go by one name', () => {
  for (const { name, alsoCalled = [] } of ruleSets) {
    for (const own of [name, ...alsoCalled]) expect(chooseRuleSet(own).name).toBe(name);
  }
});
