/** What a person may do at each step, and the traces that come of it. */
import { describe, expect, test } from 'vitest';
import { type Bounds, families, findFamily, findRuleSet } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import { BreadthFirst } from '../engine/breadth-first.js';
import { Machine, printStep } from '../language/index.js';
import { parseTrace } from '../trace/read.js';
import { replay } from '../trace/replay.js';
import { toReadableJson } from '../trace/trace.js';
import { choicesAfter, scheduleOf, shownBy, targetsOf, traceOfSchedule } from './branch.js';
import { type Found, shortestWay } from './shortest.js';

function caseCalled(model: string, bounds: Partial<Bounds> = {}, rules = 'correct'): Case {
  const [family, ruleSet] = [findFamily(model), findRuleSet(rules)];
  if (family === undefined || ruleSet === undefined) throw new Error(`there is no ${model} under ${rules}`);
  return caseOf(family, { ...family.presets.tiny, ...bounds }, ruleSet);
}

const small = {
  servers: 3,
  rounds: 1,
  crashes: 0,
  abandons: 0,
  slots: 1,
  start: 'staggered',
  zxids: 'ranks',
} as const;
const fle = caseCalled('fast-leader-election', small);
const START = { initial: 0, steps: [] };

const last = (found: Iterable<Found>): Found => [...found].at(-1) as Found;

describe('the choices at a step', () => {
  const moving = families.filter(({ draws }) => draws !== undefined).map(({ name }) => name);

  test.each(moving)('are the steps that %s admits, along a run of thirty', (model) => {
    const subject = caseCalled(model);
    const machine = new Machine(subject.model);
    machine.start(0);
    const steps: number[] = [];
    for (let i = 0; i < 30; i++) {
      const admitted = Array.from({ length: subject.model.instances }, (_, code) => code).filter((code) =>
        machine.admits(code),
      );
      const choices = choicesAfter(subject, { initial: 0, steps });
      expect(choices.map(({ code }) => code)).toEqual(admitted);
      expect(choices.map(({ name }) => name)).toEqual(admitted.map((code) => machine.print(code)));
      if (admitted.length === 0) return;
      const code = admitted[(7 * i) % admitted.length];
      machine.apply(code);
      machine.advance();
      steps.push(code);
    }
  });

  test('say which server acts, in the words of the model', () => {
    const [first] = choicesAfter(fle, START);
    expect(first).toMatchObject({
      action: 'StartServer',
      server: 0,
      words: 's1 starts and votes for itself',
    });
  });
});

describe('a branch', () => {
  const [s1, s2] = choicesAfter(fle, START).map(({ code }) => code);

  test('is a trace that replays, though it shows nothing', () => {
    const schedule = { initial: 0, steps: [s1, s2] };
    expect(shownBy(fle, schedule)).toEqual([]);
    const trace = parseTrace(toReadableJson(traceOfSchedule(fle, schedule, null, '0.1.0')), 'branch.json');
    expect(trace.claim).toBe('branch');
    expect(replay(fle.model, fle.expectations, trace)).toBeNull();
    expect(scheduleOf(fle, trace)).toEqual(schedule);
  });

  test('is not replayed once a state of it is another', () => {
    const trace = structuredClone(traceOfSchedule(fle, { initial: 0, steps: [s1] }, null, '0.1.0'));
    (trace.steps[0].state as unknown as { server: { logicalclock: number }[] }).server[0].logicalclock = 2;
    expect(replay(fle.model, fle.expectations, trace)).toMatchObject({ kind: 'state differs', step: 1 });
  });

  test('says what it shows: a violated claim before all witnesses', () => {
    const subject = caseCalled('fast-leader-election', small, 'minority-quorum');
    const found = last(shortestWay(subject, START, { kind: 'claim', name: 'noMinorityLeader' }));
    if (found.kind !== 'found') throw new Error(found.kind);
    const shown = shownBy(subject, { initial: 0, steps: found.steps });
    expect(shown[0]).toMatchObject({ kind: 'claim', name: 'noMinorityLeader' });
    const trace = traceOfSchedule(subject, { initial: 0, steps: found.steps }, shown[0], '0.1.0');
    expect(replay(subject.model, subject.expectations, trace)).toBeNull();
  });

  test('is none for a trace with a step that is not admitted, or that there is not', () => {
    const trace = traceOfSchedule(fle, { initial: 0, steps: [s1] }, null, '0.1.0');
    const [step] = trace.steps;
    expect(scheduleOf(fle, { ...trace, steps: [step, step] })).toBeNull();
    expect(scheduleOf(fle, { ...trace, steps: [{ ...step, action: '<b>' }] })).toBeNull();
    expect(scheduleOf(fle, { ...trace, initial: { ...trace.initial, args: ['x'] } })).toBeNull();
  });
});

describe('the shortest way', () => {
  test('to each target is as long as breadth-first search finds it', () => {
    const search = new BreadthFirst(fle.model, fle.expectations);
    while (search.advance(50_000));
    const { witnesses } = search.outcome();
    for (const { kind, name } of targetsOf(fle)) {
      const found = last(shortestWay(fle, START, { kind, name }));
      const steps = witnesses[name]?.steps.length;
      if (kind === 'witness' && steps !== undefined) expect(found, name).toMatchObject({ kind: 'found' });
      else expect(found.kind, name).toBe('none');
      if (found.kind === 'found') expect(found.steps, name).toHaveLength(steps ?? -1);
    }
  });

  test('from the middle of a run goes on from there', () => {
    const way = last(shortestWay(fle, START, { kind: 'witness', name: 'twoLeadersAtOneClock' }));
    if (way.kind !== 'found') throw new Error(way.kind);
    expect(way.steps).toHaveLength(9);
    for (let at = 0; at <= 9; at++) {
      const from = { initial: 0, steps: way.steps.slice(0, at) };
      const rest = last(shortestWay(fle, from, { kind: 'witness', name: 'twoLeadersAtOneClock' }));
      if (rest.kind !== 'found') throw new Error(rest.kind);
      expect(rest.steps, `from step ${at}`).toHaveLength(9 - at);
    }
  });

  test('is none from where a choice has excluded it, and says how many states there are', () => {
    const started = choicesAfter(fle, START).find(({ name }) => name === 'StartServer(s3)')?.code ?? -1;
    const elected = [
      'StartServer s1',
      'HandleNotification s1 s3',
      'HandleNotification s3 s1',
      'EndFinalizeWait s3',
    ];
    const steps = [started, ...elected.map((step) => codeOf(fle, step))];
    const found = last(shortestWay(fle, { initial: 0, steps }, { kind: 'witness', name: 's2Leads' }));
    expect(found).toMatchObject({ kind: 'none' });
    expect(found.states).toBeGreaterThan(10);
  });

  test('is not known where the states are too many', () => {
    const found = last(shortestWay(fle, START, { kind: 'witness', name: 'twoLeadersAtOneClock' }, 100));
    expect(found).toMatchObject({ kind: 'inconclusive', because: expect.stringContaining('100') });
  });

  test('is refused to what there is not', () => {
    expect(() => last(shortestWay(fle, START, { kind: 'witness', name: 'x' }))).toThrow('no witness x');
  });
});

function codeOf({ model }: Case, text: string): number {
  const wanted = text.replace(' ', '(').replaceAll(' ', ', ');
  for (const action of model.actions) {
    for (let i = 0; i < action.instances; i++) {
      const args: number[] = [];
      let rest = i;
      for (const { lo, hi } of [...action.over].reverse()) {
        args.unshift(lo + (rest % (hi - lo + 1)));
        rest = Math.floor(rest / (hi - lo + 1));
      }
      if (printStep(action, args) === `${wanted})`) return action.first + i;
    }
  }
  throw new Error(text);
}
