/** Zxids as ZooKeeper makes, prints and counts them. */
import { describe, expect, test } from 'vitest';
import { zxidOf } from '../zab-synchronization/histories.js';
import {
  counterOfZxid,
  currentEpochs,
  epochOfZxid,
  MOST_VERSIONS,
  MOST_ZXID,
  makeZxid,
  parseZxid,
  printZxid,
  zxidType,
  zxidValues,
} from './zxid.js';

test('a zxid has its epoch in the upper half and its counter in the lower', () => {
  expect([makeZxid(0, 0), makeZxid(1, 1), makeZxid(3, 7)]).toEqual([0, 4294967297, 12884901895]);
  expect([epochOfZxid(12884901895), counterOfZxid(12884901895)]).toEqual([3, 7]);
  expect([epochOfZxid(-1), printZxid(-1)]).toEqual([-1, '-1']);
  expect([printZxid(0), printZxid(makeZxid(1, 1)), printZxid(makeZxid(18, 255))]).toEqual([
    '0x0',
    '0x100000001',
    '0x12000000ff',
  ]);
});

test.each([
  ['0', 0],
  ['7', 7],
  ['0x0', 0],
  ['0x100000001', makeZxid(1, 1)],
  ['0X1A', 26],
  ['4294967297', makeZxid(1, 1)],
  ['1.1', makeZxid(1, 1)],
  ['0.4294967295', makeZxid(0, 2 ** 32 - 1)],
  [printZxid(MOST_ZXID), MOST_ZXID],
  ['0.4294967296', null],
  ['0x20000000000000', null],
  ['9007199254740992', null],
  ['2097152.0', null],
  ['', null],
  ['x', null],
  ['-1', null],
  ['1.', null],
  ['1.2.3', null],
  ['0x', null],
  ['1e3', null],
])('%j is read as %j', (text, zxid) => {
  expect(parseZxid(text)).toBe(zxid);
});

test('the counter of transactions begins anew with each epoch, in the order of proposal', () => {
  const txn = [1, 1, 2, 1, 2, 3].map((epoch) => ({ epoch }));
  expect(txn.map((_, t) => printZxid(zxidOf(txn, t)))).toEqual([
    '0x100000001',
    '0x100000002',
    '0x200000001',
    '0x100000003',
    '0x200000002',
    '0x300000001',
  ]);
});

describe('where every assignment is explored', () => {
  for (let dataVersions = 1; dataVersions <= MOST_VERSIONS; dataVersions++) {
    test(`a server may start with each zxid and each epoch (dataVersions=${dataVersions})`, () => {
      const bounds = { zxids: 'every', dataVersions } as const;
      const values = zxidValues(bounds);
      const [least, greatest] = currentEpochs(bounds);
      expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
      expect([values.length, greatest - least + 1]).toEqual([dataVersions, dataVersions]);
      // "The current epoch is older than the last zxid" would end its start.
      for (const zxid of values) expect(epochOfZxid(zxid)).toBeLessThanOrEqual(least);
    });
  }

  test('two that follow each other are in the wrong order, or in none, by their counters', () => {
    const counters = zxidValues({ zxids: 'every', dataVersions: MOST_VERSIONS }).map(counterOfZxid);
    expect(counters).toEqual([0, 0, 1, 0]);
  });
});

test('states keep places among the zxids given, and print the zxids', () => {
  const values = zxidValues({ zxids: [makeZxid(2, 0), 5, makeZxid(2, 0), makeZxid(1, 9)], dataVersions: 1 });
  expect(values.map(printZxid)).toEqual(['0x5', '0x100000009', '0x200000000']);
  const { lo, hi, print } = zxidType(values);
  expect([lo, hi, print?.(1)]).toEqual([0, 2, '0x100000009']);
  expect(currentEpochs({ zxids: values, dataVersions: 1 })).toEqual([2, 2]);
});
