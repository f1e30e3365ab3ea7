/** Runs real servers beside their twin, and puts the first difference between their answers into words. */

import type { Rules } from '../../models/index.js';
import { NO_ZXID, printZxid, zxidOfVersion } from '../../models/votes/zxid.js';
import { printStep } from '../language/index.js';
import { MALFORMED } from './notification.js';
import { chosen, type RandomSchedule, randomBounds, STRANGE } from './random-steps.js';
import { type Exchange, type Step, Twin } from './twin.js';

/** The harness, which answers a line of commands. */
export interface Answering {
  run(commands: readonly string[]): Promise<readonly string[]>;
}

/** A schedule as it was taken: each step, and the commands to the real servers for it. */
export interface Taken {
  readonly opening: readonly Exchange[];
  readonly steps: readonly {
    readonly step: Step;
    readonly says: string;
    readonly exchanges: readonly Exchange[];
  }[];
}

/** Where a real server answers otherwise than its twin. */
export interface Difference {
  /** Counted from 1; 0 before the first. */
  readonly step: number;
  readonly command: string;
  readonly expected: string;
  readonly answered: string;
}

const twins = new WeakMap<Rules, Map<number, Twin>>();

/** The twin for this number of servers and these rules, made once. */
function twinOf(rules: Rules, servers: number): Twin {
  const known = twins.get(rules) ?? new Map<number, Twin>();
  twins.set(rules, known);
  const twin = known.get(servers) ?? new Twin(randomBounds(servers), rules, STRANGE);
  known.set(servers, twin);
  return twin;
}

/** Takes a random schedule on the twin alone. */
export function takeRandom(rules: Rules, { servers, credentials, choices }: RandomSchedule): Taken {
  const twin = twinOf(rules, servers);
  const opening = twin.start([0], credentials.slice(0, servers));
  const steps = choices.flatMap((choice) => {
    const step = chosen(twin, choice);
    if (step === null) return [];
    const says = sentence(twin, step);
    return [{ step, says, exchanges: twin.take(step) }];
  });
  return { opening, steps };
}

/** Asks the real servers; the first answer that differs, or null. */
export async function difference(real: Answering, { opening, steps }: Taken): Promise<Difference | null> {
  const all = [opening, ...steps.map(({ exchanges }) => exchanges)];
  const answers = await real.run(all.flat().map(({ command }) => command));
  let at = 0;
  for (const [step, exchanges] of all.entries()) {
    for (const { command, expected } of exchanges) {
      const answered = answers[at++];
      if (answered !== expected) return { step, command, expected, answered };
    }
  }
  return null;
}

/** A step in a sentence. */
export function sentence(twin: Twin, step: Step): string {
  switch (step.kind) {
    case 'model': {
      const action = twin.model.actions[step.action];
      return action.says?.(twin.state as never, ...step.args) ?? printStep(action, [...step.args]);
    }
    case 'hear': {
      const { leader, zxid, electionEpoch, peerEpoch, state } = step.heard;
      const vote = `s${leader + 1} zxid ${printZxid(zxid < 0 ? NO_ZXID : zxidOfVersion(zxid))} epoch ${peerEpoch}`;
      return `s${step.me + 1} receives, as if of s${step.from + 1}, ${STATES[state - 1]} c${electionEpoch} → ${vote} (${step.format})`;
    }
    case 'stranger':
      return `s${step.me + 1} receives a notification of a server outside of the configuration`;
    case 'malformed':
      return `s${step.me + 1} receives ${MALFORMED[step.which].says}`;
    case 'connectAll':
      return `s${step.me + 1} hears nothing, and has delivered nothing`;
  }
}

/** As on the wire. */
const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

/** The fields of an answer, in order. */
const FIELDS = [
  'wait',
  'state',
  'logicalclock',
  'recvqueue',
  'proposed leader',
  'proposed zxid',
  'proposed epoch',
  'current leader',
  'current zxid',
  'current round',
  'current epoch',
  'returned vote',
];

/** Whether a field is a zxid with a number as its value. */
const isZxid = (name: string, value: string): boolean => name.endsWith('zxid') && /^-?\d+$/.test(value);

/** `logicalclock 2 real, 1 model; sent nothing real, LOOKING c1 → s2 zxid 0x0 epoch 0 to s1 s2 s3 model`. */
export const differenceInWords = (difference: Difference): string => differencesOf(difference).join('; ');

/** Each field that differs, in words. */
export function differencesOf({ expected, answered }: Difference): readonly string[] {
  const [model, ...modelSent] = expected.split(' | ');
  const [real, ...realSent] = answered.split(' | ');
  if (real.startsWith('!')) return [`real refuses: ${real.slice(2)}`];
  const [ours, theirs] = [model.split(' '), real.split(' ')];
  const fields = FIELDS.flatMap((name, i) => {
    if (ours[i] === theirs[i]) return [];
    const [a, b] = [theirs[i], ours[i]].map((value) =>
      isZxid(name, value) ? printZxid(Number(value)) : value,
    );
    return [`${name} ${a} real, ${b} model`];
  });
  if (modelSent.join() === realSent.join()) return fields;
  return [...fields, `sent ${sentInWords(realSent)} real, ${sentInWords(modelSent)} model`];
}

/** Messages of the same content go together. */
function sentInWords(messages: readonly string[]): string {
  const receivers = new Map<string, string[]>();
  for (const message of messages) {
    const [to, state, leader, zxid, round, epoch] = message.split(' ');
    const says = `${STATES[Number(state)]} c${round} → s${leader} zxid ${printZxid(Number(zxid))} epoch ${epoch}`;
    receivers.set(says, [...(receivers.get(says) ?? []), `s${to}`]);
  }
  const told = [...receivers].map(([says, to]) => `${says} to ${to.join(' ')}`);
  return told.length === 0 ? 'nothing' : told.join(', ');
}
