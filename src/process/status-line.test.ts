import { expect, test } from 'vitest';
import { StatusLine } from './status-line.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 12, written, write: (text: string) => written.push(text) };
}

test('nothing is written to a pipe', () => {
  const pipe = terminal(false);
  const line = new StatusLine(pipe);
  line.show(() => 'progress');
  line.clear();
  expect(pipe.written).toEqual([]);
});

test('nothing is written to a dumb terminal, which cannot erase a line', () => {
  const screen = terminal(true);
  const line = new StatusLine(screen, { TERM: 'dumb' });
  line.show(() => 'progress');
  line.clear();
  expect(screen.written).toEqual([]);
});

test('a terminal shows one line, cut to its width, and cleared at the end', () => {
  const screen = terminal(true);
  const line = new StatusLine(screen, { TERM: 'xterm' });
  line.show(() => 'a line longer than the terminal');
  line.clear();
  line.clear();
  expect(screen.written).toEqual(['\r\u001b[Ka line long', '\r\u001b[K']);
});
