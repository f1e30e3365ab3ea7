/**
 * Fingerprints: 64 bits of a packed state, as two 32-bit lanes, generated from the number of words so that no
 * field can be left out. Each word passes through a bijection of xorshifts and multiplications (a linear hash
 * would cancel differences in high bits), then enters both lanes. Neither lane is ever 0: a slot that
 * begins with 0 is empty.
 */

const LANE = [0x9e3779b1, 0x85ebca77];

/** Statements that set `h0` and `h1` from `words` expressions; `word(i)` gives the i-th as source text. */
export function fingerprintSource(words: number, word: (i: number) => string): string {
  const lines = ['let h0 = 0x2545f491, h1 = 0x51ed270b, x = 0;'];
  for (let i = 0; i < words; i++) {
    lines.push(
      `x = ${word(i)} ^ ${Math.imul(i + 1, 0x632be5ab)}; x ^= x >>> 16; x = Math.imul(x, 0x7feb352d); x ^= x >>> 15;`,
      `h0 = Math.imul(h0 ^ x, ${LANE[0]}); h0 ^= h0 >>> 15;`,
      `h1 = Math.imul(h1 + x, ${LANE[1]}); h1 = (h1 << 13) | (h1 >>> 19);`,
    );
  }
  lines.push(
    'h0 ^= h1 >>> 16; h0 = Math.imul(h0, 0x846ca68b); h0 ^= h0 >>> 16;',
    'h1 ^= h1 >>> 15; h1 = Math.imul(h1 + h0, 0x2c1b3c6d); h1 ^= h1 >>> 16;',
    'if (h0 === 0) h0 = 1; if (h1 === 0) h1 = 1;',
  );
  return lines.join('\n');
}

/** The fingerprint of `words` words from `offset` on, as a function; `out` receives both lanes. */
export function fingerprintOf(words: number): (source: Int32Array, offset: number, out: Int32Array) => void {
  return new Function(
    'source',
    'offset',
    'out',
    `'use strict';\n${fingerprintSource(words, (i) => `source[offset + ${i}]`)}\nout[0] = h0; out[1] = h1;`,
  ) as (source: Int32Array, offset: number, out: Int32Array) => void;
}

/** The expected number of collisions among so many distinct states: distinct² / 2⁶⁵. */
export const expectedCollisions = (distinct: number): number => distinct ** 2 / 2 ** 65;
