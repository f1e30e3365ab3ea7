import { describe, expect, test } from 'vitest';
import { inRounds, type Missing, type Program, perRound, type Sample, spreadOf } from './rounds.js';

const sample = (cpuSeconds: number, distinct = 10): Sample => ({
  distinct,
  generated: 20,
  cpuSeconds,
  wallSeconds: cpuSeconds,
  bytes: null,
  peakBytes: null,
});

/** A program that gives these samples, one after the other, and notes that it ran. */
function program(name: string, samples: readonly Sample[], ran: string[] = []): Program {
  let next = 0;
  const run = async () => {
    ran.push(name);
    if (next === samples.length) throw new Error('no more');
    return samples[next++];
  };
  return { name, missing: null, prepare() {}, run, remove() {} };
}
const silent = () => {};

describe('the median', () => {
  test('is the middle value, with the least and the most beside it', () => {
    expect(spreadOf([9, 1, 10])).toEqual({ median: 9, least: 1, most: 10 });
    expect(spreadOf([4, 2, 100, 3])).toEqual({ median: 3.5, least: 2, most: 100 });
  });
});

describe('rounds', () => {
  test('run the programs one after the other, and begin with another one each time', async () => {
    const ran: string[] = [];
    const programs = ['a', 'b', 'c'].map((name) => program(name, [sample(1), sample(1)], ran));
    await inRounds(2, programs, silent);
    expect(ran.join('')).toBe('abcbca');
  });

  test('give each ratio within its round', async () => {
    const programs = [program('a', [sample(1), sample(8)]), program('b', [sample(2), sample(4)])];
    const samples = await inRounds(2, programs, silent);
    expect(perRound(samples, ['a', 'b'], (a, b) => b.cpuSeconds / a.cpuSeconds)).toEqual([2, 0.5]);
  });

  test('leave out a program that fails, and go on with the others', async () => {
    const programs = [program('a', [sample(1)]), program('b', [sample(2), sample(4)])];
    const samples = await inRounds(2, programs, silent);
    expect(samples.a).toEqual({ why: 'a failed: no more', failed: true });
    expect(samples.b).toHaveLength(2);
  });

  test('refuse a program that counts other states', async () => {
    const samples = await inRounds(1, [program('a', [sample(1)]), program('b', [sample(1, 11)])], silent);
    expect((samples.b as Missing).why).toContain('it counts 11 states and 20 transitions, not 10 and 20');
  });

  test('say what is not installed, which is no failure', async () => {
    const samples = await inRounds(1, [{ ...program('a', []), missing: 'a is not installed' }], silent);
    expect(samples.a).toEqual({ why: 'a is not installed', failed: false });
  });

  test('remove what was made ready, whatever happens', async () => {
    const removed: string[] = [];
    const broken: Program = {
      ...program('a', []),
      prepare() {
        throw new Error('it does not compile');
      },
      remove: () => removed.push('a'),
    };
    const samples = await inRounds(1, [broken], silent);
    expect(samples.a).toEqual({ why: 'a failed: it does not compile', failed: true });
    expect(removed).toEqual(['a']);
  });
});
