/** The answers of `leaders` in words: as a table, in a sentence, and as a lesson of a page. */

import { atOnceCalled, leadsCalled, TWO_MAJORITIES } from '../../properties/claims/leadership.js';
import { cannotLead } from '../../properties/claims/majority.js';
import { inSteps } from '../engine/outcome.js';
import { figure } from '../report/terminal.js';
import type { Lesson, LessonRun } from '../story/lesson.js';
import { layOutTable } from '../trace/columns.js';
import { type Answer, type Answered, boundsOf } from './answers.js';

const STARTS: { readonly [start: string]: string } = {
  'in-order': 'Started in the order of their sids',
  together: 'Started together',
  staggered: 'Started in any order',
};

/** A table of the answers of one search. */
export function answersInWords(
  servers: number,
  { start, states, seconds, stopped, answers }: Answered,
  columns: number,
): readonly string[] {
  const figures = `${figure(states)} states, ${seconds.toFixed(1)} s`;
  const open = stopped === null ? null : `not known: ${stopped}`;
  const find = (name: string) => answers.find((one) => one.name === name);
  const line = (words: string, name: string, never: string) => {
    const { steps, isShortest } = find(name) ?? { steps: null, isShortest: true };
    const count =
      steps === null ? (open ?? never) : `${inSteps(steps.length)}${isShortest ? '' : ' or fewer'}`;
    return [words, count];
  };
  const sids = Array.from({ length: servers }, (_, i) => i);
  const rows = [
    ...sids.map((i) =>
      line(`s${i + 1} leads`, leadsCalled(i), `never: ${cannotLead(boundsOf(servers, start, 'none'), i)}`),
    ),
    ...sids.slice(1).map((_, k) => line(`${k + 2} lead at one clock at once`, atOnceCalled(k + 2), 'never')),
    line('two lead, with a majority following each', TWO_MAJORITIES, 'never'),
  ];
  return [`${STARTS[start]} (${figures}):`, ...layOutTable(rows, columns)];
}

/** The answer that all searches give together. */
export function closing(servers: number, all: readonly Answered[]): string {
  const possible = all.map(({ answers }) =>
    answers.filter(({ steps }) => steps !== null).map(({ name }) => name),
  );
  const orders = Array.from({ length: servers }, (_, i) => i + 1).reduce((product, i) => product * i, 1);
  return possible.every((names) => names.join() === possible[0].join())
    ? `In each of the ${orders} orders of starts the same servers can lead, and as many at once. A fixed order ` +
        'allows all that a start together does, and no more than starts in any order. Only the numbers of steps differ.'
    : 'Which servers can lead, or how many at once, depends on the order of starts.';
}

/** The answers as a lesson of the page: the runs in which all servers are off at first, as in its model. */
export function lessonOf(servers: number, all: readonly Answered[]): Lesson {
  const runs = all
    .filter(({ start }) => start !== 'together')
    .flatMap(({ start, answers }) => answers.flatMap((answer) => runOf(answer, STARTS[start])));
  const text = [
    'One round without a crash, explored completely: every order of starts, every delay.',
    ...all.map(inSentences),
    closing(servers, all),
  ];
  return {
    name: 'leaders',
    title: `Which of ${servers} servers can lead`,
    text,
    model: 'fast-leader-election',
    bounds: boundsOf(servers, 'staggered', 'none'),
    runs,
    tasks: [],
  };
}

function runOf({ name, steps, isShortest }: Answer, start: string): readonly LessonRun[] {
  if (steps === null) return [];
  const count = inSteps(steps.length);
  const says = isShortest ? `${count}, and in no fewer.` : `${count}.`;
  return [{ title: `${start}, ${name}: ${count}`, steps, captions: { 0: `${start}: ${name} in ${says}` } }];
}

/** `Started together: s3 leads in 5 steps, s4 leads in 5 steps. Never: s1 leads, s2 leads.` */
function inSentences({ start, states, answers }: Answered): string {
  const possible = answers.flatMap(({ name, steps }) =>
    steps === null ? [] : [`${name} in ${inSteps(steps.length)}`],
  );
  const never = answers.flatMap(({ name, steps }) => (steps === null ? [name] : []));
  return `${STARTS[start]}: ${possible.join(', ')}. Never: ${never.join(', ')}. ${figure(states)} states.`;
}
