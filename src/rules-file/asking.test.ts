import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { ruleSetOf } from './asking.js';

/** Answers each question with whether its argument is even, after it has told of the answer before again. */
const TELLS_LATE = `
  const { BroadcastChannel, parentPort, workerData } = require('node:worker_threads');
  const channel = new BroadcastChannel(workerData);
  const sleep = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  const replies = new Map();
  channel.onmessage = ({ data: { question, replyTo, count } }) => {
    sleep(20);
    Atomics.notify(count, 0);
    sleep(20);
    if (!replies.has(replyTo)) replies.set(replyTo, new BroadcastChannel(replyTo));
    replies.get(replyTo).postMessage({ kind: 'value', value: question.args[0] % 2 === 0 });
    Atomics.add(count, 0, 1);
    Atomics.notify(count, 0);
  };
  parentPort.postMessage('here');
`;

test('an answer that is told late is not taken for the next one', async () => {
  const channel = `asking.test of ${process.pid}`;
  const bridge = new Worker(TELLS_LATE, { eval: true, workerData: channel });
  try {
    await once(bridge, 'message');
    const { overrides } = ruleSetOf({ path: './r.js', channel, functions: ['hasQuorum'], constants: {} });
    const answers = [1, 2, 3, 4].map((votes) => overrides.hasQuorum?.(votes, 3, 1));
    expect(answers).toEqual([false, true, false, true]);
  } finally {
    await bridge.terminate();
  }
});
