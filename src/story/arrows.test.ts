/** Messages from their sending to their end, on made-up traces whose every message is written down. */
import { expect, test } from 'vitest';
import type { Picture, Traffic } from '../../models/model/drawing.js';
import { arrowsOf } from './arrows.js';

/** `1>2 a b`: a and b are on their way from s1 to s2, a the older. */
const pictureOf = (...links: readonly string[]): Picture => ({
  servers: [],
  messages: links.flatMap((link) => {
    const [ends, ...texts] = link.split(' ');
    const [from, to] = ends.split('>').map((sid) => Number(sid) - 1);
    return texts.map((text) => ({ from, to, kind: 'notification', text }));
  }),
});

/** Each arrow as `1>2 a 0..2 read`. */
function told(pictures: readonly Picture[], traffic: readonly Traffic[]): readonly string[] {
  const steps = pictures.slice(1).map(() => ({ action: 'Any', args: [], state: null }));
  const trace = { steps } as unknown as Parameters<typeof arrowsOf>[0];
  return arrowsOf(trace, pictures, (i) => traffic[i - 1] ?? {}).map(
    ({ from, to, text, sent, ended, end }) => `${from + 1}>${to + 1} ${text} ${sent}..${ended ?? ''} ${end}`,
  );
}

const read = { reads: { from: 0, to: 1 } };

test('what a step reads is the oldest of its link', () => {
  const pictures = [pictureOf(), pictureOf('1>2 a'), pictureOf('1>2 a b'), pictureOf('1>2 b'), pictureOf()];
  expect(told(pictures, [{}, {}, read, read])).toEqual(['1>2 a 1..3 read', '1>2 b 2..4 read']);
});

test('a message read and one of the same words sent are two', () => {
  expect(told([pictureOf('1>2 a'), pictureOf('1>2 a')], [read])).toEqual([
    '1>2 a 0..1 read',
    '1>2 a 1.. under way',
  ]);
});

test('a message that nothing touches is one', () => {
  expect(told([pictureOf('1>2 a'), pictureOf('1>2 a')], [{}])).toEqual(['1>2 a 0.. under way']);
});

test('the newest is overwritten where there is no room, and only it', () => {
  expect(told([pictureOf('1>2 a b'), pictureOf('1>2 a c')], [{}])).toEqual([
    '1>2 a 0.. under way',
    '1>2 b 0..1 overwritten',
    '1>2 c 1.. under way',
  ]);
});

test('one who sends again where there is no room overwrites what says the same', () => {
  const pictures = [pictureOf('1>2 a', '2>1 b'), pictureOf('1>2 a', '2>1 b')];
  expect(told(pictures, [{ sends: 0 }])).toEqual([
    '1>2 a 0..1 overwritten',
    '2>1 b 0.. under way',
    '1>2 a 1.. under way',
  ]);
});

test('one who sends again where there is room sends one more', () => {
  expect(told([pictureOf('1>2 a'), pictureOf('1>2 a a')], [{ sends: 0 }])).toEqual([
    '1>2 a 0.. under way',
    '1>2 a 1.. under way',
  ]);
});

test('a link that is cut loses everything, and what is sent over it afterwards is new', () => {
  const cut = { cuts: [{ from: 0, to: 1 }] };
  expect(told([pictureOf('1>2 a b'), pictureOf('1>2 b')], [cut])).toEqual([
    '1>2 a 0..1 lost',
    '1>2 b 0..1 lost',
    '1>2 b 1.. under way',
  ]);
});

test('what vanishes unread is lost', () => {
  expect(told([pictureOf('1>2 a'), pictureOf()], [{}])).toEqual(['1>2 a 0..1 lost']);
});

test('what is sent and read in one step is an arrow of that step', () => {
  const instant = [{ from: 1, to: 0, kind: 'LEADERINFO', text: 'epoch 1' }];
  expect(told([pictureOf(), pictureOf()], [{ instant }])).toEqual(['2>1 epoch 1 1..1 read']);
});

test('what a server sends to itself is no arrow', () => {
  expect(told([pictureOf('1>1 a'), pictureOf()], [{ reads: { from: 0, to: 0 } }])).toEqual([]);
});
