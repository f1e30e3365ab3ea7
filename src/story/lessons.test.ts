/** Every lesson can be followed: its runs are runs of its model, and end as they say. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from '../language/index.js';
import { readTrace } from '../trace/read.js';
import { sentencesOf } from '../trace/sentences.js';
import { shownBy, traceOfSchedule } from './branch.js';
import { captionAt, caseOfLesson, type Lesson, NoSuchStep, scheduleOfSteps } from './lesson.js';
import { lessons } from './lessons.js';
import { shortestWay } from './shortest.js';
import { storyOf } from './story.js';

/** The story of some steps of a lesson. Fails at the first that its model does not admit. */
function storyOfSteps(lesson: Lesson, steps: readonly string[]) {
  const subject = caseOfLesson(lesson);
  const schedule = scheduleOfSteps(subject, steps);
  const machine = new Machine(subject.model);
  expect(machine.start(schedule.initial)).toBe(true);
  for (const code of schedule.steps) {
    expect(machine.admits(code), machine.print(code)).toBe(true);
    machine.apply(code);
    machine.advance();
  }
  const trace = traceOfSchedule(subject, schedule, null, '0.1.0');
  const story = storyOf(subject, trace, sentencesOf(subject.model, trace));
  return {
    subject,
    schedule,
    story,
    roles: story.frames.map(({ servers }) => servers.map(({ picture }) => picture.role)),
  };
}

const called = (name: string): Lesson => {
  const lesson = lessons.find((one) => one.name === name);
  if (lesson === undefined) throw new Error(name);
  return lesson;
};

test('each lesson has a name of its own, and something to step through or to try', () => {
  expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
  for (const { runs, tasks } of lessons) expect(runs[0].steps.length + tasks.length).toBeGreaterThan(0);
});

describe.each(lessons.map((lesson) => [lesson.title, lesson] as const))('%s', (_title, lesson) => {
  test('has runs that its model takes, with captions at steps that there are', () => {
    for (const run of lesson.runs) {
      const { story } = storyOfSteps(lesson, run.steps);
      for (const step of Object.keys(run.captions).map(Number))
        expect(step).toBeLessThan(story.frames.length);
      expect(captionAt(run, 0)).not.toBeNull();
    }
  });

  test('has tasks that are not done at first, and that the way shown does', () => {
    for (const { says, isDone, way } of lesson.tasks) {
      expect(isDone(storyOfSteps(lesson, []).story), says).toBe(false);
      expect(isDone(storyOfSteps(lesson, way).story), says).toBe(true);
      expect(isDone(storyOfSteps(lesson, way.slice(0, -1)).story), says).toBe(false);
    }
  });
});

test('the five steps of the textbook hold, word for word', () => {
  const { roles } = storyOfSteps(called('start-order'), called('start-order').runs[0].steps);
  expect(roles.map((each) => each.join(' '))).toEqual([
    'OFF OFF OFF OFF OFF',
    'LOOKING OFF OFF OFF OFF',
    'LOOKING LOOKING OFF OFF OFF',
    'FOLLOWING FOLLOWING LEADING OFF OFF',
    'FOLLOWING FOLLOWING LEADING FOLLOWING OFF',
    'FOLLOWING FOLLOWING LEADING FOLLOWING FOLLOWING',
  ]);
});

test('with history the newest data win, and again after a crash', () => {
  const { roles } = storyOfSteps(called('history'), called('history').runs[0].steps);
  expect(roles.map((each) => each.indexOf('LEADING') + 1)).toEqual([0, 0, 0, 3, 0, 2]);
});

test('the same starts elect 3, 4 or 5 when messages are slow', () => {
  const { runs } = called('slow-messages');
  const leaders = runs.map(({ steps }) =>
    storyOfSteps(called('slow-messages'), steps).roles.at(-1)?.indexOf('LEADING'),
  );
  expect(leaders).toEqual([2, 3, 4]);
  expect(new Set(runs.map(({ steps }) => steps.slice(0, 5).join())).size).toBe(1);
});

test('no three voters let 1 or 2 lead: with three servers up for 2 it is none', () => {
  // The same rule with three servers: two voters of its id or below, so 2 or 3.
  const three = {
    ...called('slow-messages'),
    bounds: { ...called('slow-messages').bounds, servers: 3, rounds: 1, crashes: 0 },
  };
  const subject = caseOfLesson(three);
  const from = scheduleOfSteps(subject, ['StartServer s1', 'StartServer s2', 'StartServer s3']);
  const ways = ['s1Leads', 's2Leads', 's3Leads'].map(
    (name) => [...shortestWay(subject, from, { kind: 'witness', name })].at(-1)?.kind,
  );
  expect(ways).toEqual(['none', 'found', 'found']);
});

test('two leaders at one clock take nine steps', () => {
  const { steps } = called('two-leaders').runs[0];
  const { subject, schedule } = storyOfSteps(called('two-leaders'), steps);
  expect(steps).toHaveLength(9);
  expect(shownBy(subject, schedule).map(({ name }) => name)).toContain('twoLeadersAtOneClock');
});

test('epochs resolve it: both lead, one is established, the other gives up and follows', () => {
  const { roles, story } = storyOfSteps(called('epochs'), called('epochs').runs[0].steps);
  expect(roles[9].join(' ')).toBe('LOOKING LEADING LEADING');
  expect(roles[16].join(' ')).toBe('FOLLOWING LOOKING LEADING');
  expect(roles.at(-1)?.join(' ')).toBe('FOLLOWING FOLLOWING LEADING');
  const epochs = story.frames.at(-1)?.servers.map(({ picture }) => picture.durable);
  expect(epochs).toEqual(Array(3).fill({ acceptedEpoch: 1, currentEpoch: 1 }));
});

test('a write is lost by the schedule of the corpus, after the client had its answer', () => {
  const { runs } = called('lost-write');
  const { story, subject } = storyOfSteps(called('lost-write'), runs[0].steps);
  const path = 'mutants/zab-synchronization.acks-outlive-truncation.leaderCompleteness.json';
  const { steps } = readTrace(join(import.meta.dirname, '../../properties/corpus', path));
  expect(runs[0].steps).toEqual(steps.map(({ action, args }) => [action, ...args].join(' ')));
  expect(subject.ruleSet.name).toBe('acks-outlive-truncation');
  const disks = story.frames.at(-1)?.servers.map(({ picture }) => picture.durable?.disk);
  expect(disks).toEqual(['{t1}', '{}', '{}']);
});

test('a lesson under rules that there are not is refused', () => {
  expect(() => caseOfLesson({ ...called('lost-write'), rules: 'none such' })).toThrow(NoSuchStep);
});

test('a lesson with a step that there is not is refused', () => {
  const subject = caseOfLesson(called('epochs'));
  expect(() => scheduleOfSteps(subject, ['StartServer s9'])).toThrow(NoSuchStep);
});
