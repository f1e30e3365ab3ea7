import { Command } from 'commander';
import { expect, test } from 'vitest';
import type { GivenBounds } from '../cases/choices.js';
import { addLimitOptions, addModelOptions, addOutputOptions, addRandomOptions } from './options.js';

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

test('zxids are decimal, hex or epoch.counter, mixed', () => {
  const zxids = [4294967297, 4294967297, 4294967297, 0, 9007199254740991];
  expect(optionsOf('--zxids', '4294967297,0x100000001,1.1,0x0,2097151.4294967295').zxids).toEqual(zxids);
});

test.each([
  ['0,one', /decimal \(4294967297\), in hex \(0x100000001\) or as epoch\.counter \(1\.1\)/],
  ['0,1.', /epoch\.counter/],
  ['-1,0', /epoch\.counter/],
  ['0,1.4294967296', /The counter of 1\.4294967296 has more than 32 bits/],
  ['0,9007199254740992', /only the order of zxids counts, so give smaller ones in the same order/],
  ['0,0xffffffff00000001', /more than 0x1fffffffffffff, the largest zxid that a number holds exactly/],
  ['2097152.0,0', /only the order of zxids counts/],
])('--zxids %s is refused, and says what is taken', (text, message) => {
  expect(() => optionsOf('--zxids', text)).toThrow(message);
});
