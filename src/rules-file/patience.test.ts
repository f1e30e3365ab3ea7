import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { directories } from '../testing/command.js';
import { Patience, type Usage, usageOf } from './patience.js';

const directory = directories();

/** A usage that a test sets. */
function made(usage: Usage | null) {
  const at = { usage };
  return { at, patience: new Patience(() => at.usage) };
}

test('a process that is ready to run is charged what the processor gave it', () => {
  const { at, patience } = made({ used: 300, wants: true });
  at.usage = { used: 320, wants: true };
  expect(patience.look(1_000)).toBe(20);
  at.usage = { used: 520, wants: true };
  expect(patience.look(100)).toBe(120);
  patience.restart();
  expect(patience.look(50)).toBe(0);
});

test('a process that waits is charged all time, and so is one of which nothing is told', () => {
  const { at, patience } = made({ used: 300, wants: false });
  expect(patience.look(1_000)).toBe(1_000);
  at.usage = null;
  expect(patience.look(1_000)).toBe(2_000);
});

test.skipIf(process.platform !== 'linux')('Linux tells a loop from a wait', async () => {
  const file = join(directory(), 'child.js');
  writeFileSync(
    file,
    `process.on('message', () => { for (;;); }); process.send('here'); setInterval(() => {}, 60_000);`,
  );
  const child = fork(file);
  try {
    await new Promise((resolve) => child.once('message', resolve));
    const wants = () => usageOf(child.pid)?.wants;
    await expect.poll(wants, { timeout: 10_000 }).toBe(false);
    const before = usageOf(child.pid)?.used;
    child.send('loop');
    await expect.poll(wants, { timeout: 10_000 }).toBe(true);
    await expect.poll(() => usageOf(child.pid)?.used, { timeout: 10_000 }).toBeGreaterThan(before ?? 0);
  } finally {
    child.kill('SIGKILL');
  }
});
