/** A search in little address space: the same counts, or a plain limit. */
import { afterEach, expect, test } from 'vitest';
import { peerModel } from '../../bench/peers/model.js';
import { runInShell } from '../testing/command.js';
import { isNightly } from '../testing/nightly.js';
import { check } from './check.js';
import { fitInto } from './reservation.js';

const EXPECTATIONS = { claims: [], witnesses: [] };
const MODEL = peerModel(2, isNightly ? 1 : 0);
/** Of which each growing buffer of a search has a share. */
const spaceFor = (bytes: number) => 2 * 29 * bytes;

afterEach(() => fitInto(Number.POSITIVE_INFINITY));

test('finds the same states where buffers reserve a hundredth', () => {
  const whole = check(MODEL, EXPECTATIONS);
  fitInto(spaceFor(40 * 2 ** 20));
  const { distinct, generated, depth, bytes } = check(MODEL, EXPECTATIONS);
  expect({ distinct, generated, depth, bytes }).toEqual({
    distinct: whole.distinct,
    generated: whole.generated,
    depth: whole.depth,
    bytes: whole.bytes,
  });
});

test('is inconclusive where what is reserved is full', () => {
  fitInto(spaceFor(2 ** 17));
  const { verdict, reason, distinct } = check(MODEL, EXPECTATIONS);
  expect({ verdict, reason }).toEqual({
    verdict: 'inconclusive',
    reason: 'the machine had no memory for more states',
  });
  expect(distinct).toBeGreaterThan(1000);
});

const CHECK = '"$0" "$1" check tutorial --workers 1';

test.runIf(process.platform === 'linux')(
  'is told in one line where the system allows too little',
  async () => {
    const { code, err } = await runInShell(`ulimit -v 16000000; ${CHECK}`);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^fle-check: the machine has no address space for a search: [^\n]*ulimit -v[^\n]*\n$/,
    );
  },
);

test.runIf(process.platform === 'linux')(
  'comes to its end there without guards around memories',
  async () => {
    const { code, out, err } = await runInShell(
      `ulimit -v 8000000; NODE_OPTIONS=--disable-wasm-trap-handler ${CHECK}`,
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('holds, completely');
  },
);
