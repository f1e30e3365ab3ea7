import { Command } from 'commander';
import { expect, test } from 'vitest';
import { findRung, type Rung, ruleSets } from '../../models/index.js';
import { BadUsage, nearest } from '../process/usage.js';
import {
  addLimitOptions,
  addModelOptions,
  addOutputOptions,
  addRandomOptions,
  boundsFor,
  chooseRuleSet,
  chooseRungs,
  type GivenBounds,
  givenBounds,
} from './options.js';

const tutorial = findRung('tutorial') as Rung;
const fle = findRung('fast-leader-election') as Rung;

function optionsOf(...args: string[]): GivenBounds & { [name: string]: unknown } {
  const command = new Command().exitOverride().configureOutput({ outputError: () => {} });
  for (const add of [addModelOptions, addLimitOptions, addOutputOptions, addRandomOptions]) add(command);
  return command.parse(args, { from: 'user' }).opts();
}

test('options have defaults', () => {
  expect(optionsOf()).toEqual({
    bounds: 'ci',
    rules: 'correct',
    memoryMax: 4 * 1024 ** 3,
    traceDir: 'fle-check-traces',
  });
});

test('values are read with their units', () => {
  expect(optionsOf('--time', '500ms').time).toBe(500);
  expect(optionsOf('--time', '30s').time).toBe(30_000);
  expect(optionsOf('--time', '5m').time).toBe(300_000);
  expect(optionsOf('--states-max', '10m').statesMax).toBe(10_000_000);
  expect(optionsOf('--states-max', '1.5k').statesMax).toBe(1500);
  expect(optionsOf('--states-max', '1000000').statesMax).toBe(1_000_000);
  expect(optionsOf('--memory-max', '2g').memoryMax).toBe(2 ** 31);
  expect(optionsOf('--zxids', '0,0,1').zxids).toEqual([0, 0, 1]);
  expect(optionsOf('--zxids', 'every').zxids).toBe('every');
  expect(optionsOf('--claims', 'a,b,a').claims).toEqual(['a', 'b']);
  expect(optionsOf('--seed', '-7').seed).toBe(-7);
  expect(optionsOf('--runs', '2k').runs).toBe(2000);
});

test.each([
  ['--time', '3'],
  ['--time', '0s'],
  ['--time', '-1s'],
  ['--states-max', '0'],
  ['--states-max', '1e9'],
  ['--states-max', '99999999999999g'],
  ['--memory-max', '2x'],
  ['--servers', '2.5'],
  ['--servers', '-1'],
  ['--zxids', '0,,1'],
  ['--zxids', 'some'],
  ['--claims', 'a,'],
  ['--seed', '9999999999'],
  ['--start', 'late'],
  ['--bounds', 'huge'],
])('refuses %s %s', (flag, value) => {
  expect(() => optionsOf(`${flag}=${value}`)).toThrow(flag);
});

test('the bounds given are laid over the preset', () => {
  const given = givenBounds(optionsOf('--servers', '4', '--crashes', '2', '--seed', '1'));
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

test('zxids are decimal, hex or epoch.counter, mixed', () => {
  const zxids = [4294967297, 4294967297, 4294967297, 0, 9007199254740991];
  expect(optionsOf('--zxids', '4294967297,0x100000001,1.1,0x0,2097151.4294967295').zxids).toEqual(zxids);
});

test.each([
  ['0,one', /decimal \(4294967297\), in hex \(0x100000001\) or as epoch\.counter \(1\.1\)/],
  ['0,1.', /epoch\.counter/],
  ['-1,0', /epoch\.counter/],
  ['0,1.4294967296', /The counter of 1\.4294967296 has more than 32 bits/],
  ['0,9007199254740992', /only the order of zxids counts, so smaller ones in the same order mean the same/],
  ['0,0xffffffff00000001', /more than 0x1fffffffffffff, the largest that is kept exactly/],
  ['2097152.0,0', /only the order of zxids counts/],
])('--zxids %s is refused, and says what is taken', (text, message) => {
  expect(() => optionsOf('--zxids', text)).toThrow(message);
});

test('zxids are one for each server, and say how many servers there are', () => {
  expect(boundsFor(tutorial, 'ci', { zxids: [0, 0, 1] })).toMatchObject({ servers: 3, zxids: [0, 0, 1] });
  expect(() => boundsFor(tutorial, 'ci', { zxids: [0, 0, 1], servers: 4 })).toThrow(BadUsage);
  expect(() => boundsFor(tutorial, 'ci', { zxids: Array(20).fill(0) })).toThrow('--servers takes');
});

test('models are chosen by name; an option must apply to one of them', () => {
  expect(chooseRungs(undefined, { slots: 2 }).length).toBeGreaterThan(1);
  expect(chooseRungs('tutorial', { servers: 3 })).toEqual([tutorial]);
  expect(() => chooseRungs('tutorial', { slots: 2 })).toThrow(
    'tutorial does not take --slots; it takes --servers',
  );
  expect(() => chooseRungs('zab-discovery', { rounds: 2 })).toThrow(
    'zab-discovery takes --rounds only with --election fle',
  );
  expect(() => chooseRungs('zab-discovery', { election: 'fle', observers: 1 })).toThrow(
    'zab-discovery takes --observers only with --election free',
  );
  expect(() => chooseRungs('tutorial', { election: 'fle' })).toThrow('tutorial does not take --election');
  expect(() => chooseRungs('tutoral', {})).toThrow(
    'no model is called `tutoral`. Did you mean tutorial? (fle-check models lists all.)',
  );
});

test('a bound that goes with one election is taken with it, and passed over where all models are meant', () => {
  const given = { election: 'fle', rounds: 3, observers: 1 } as const;
  const [discovery, election] = ['zab-discovery', 'fast-leader-election'].map((name) => findRung(name)!);
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

test('a name is offered only if it is near', () => {
  expect(nearest('fast-leader-electoin', ['tutorial', 'fast-leader-election'])).toBe('fast-leader-election');
  expect(nearest('xyzzy', ['tutorial', 'fast-leader-election'])).toBeNull();
  expect(nearest('x', [])).toBeNull();
});
