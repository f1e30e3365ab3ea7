/** The guided page: lessons at the left, the run of the chosen one at the right. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Case } from '../../properties/index.js';
import {
  captionAt,
  caseOfLesson,
  type Lesson,
  type LessonRun,
  scheduleOfSteps,
  type Task,
} from '../story/lesson.js';
import { Theme } from './buttons.js';
import { type Run, runOf } from './run.js';
import { inAddress, setInAddress } from './stepper.js';
import { TraceView } from './trace-view.js';
import './tutorial.css';

interface TutorialProps {
  readonly tool: string;
  readonly heading: string;
  readonly lessons: readonly Lesson[];
}

export function Tutorial({ tool, heading, lessons }: TutorialProps) {
  const [chosen, setChosen] = useState(() => lessonInAddress(lessons));
  const choose = (index: number) => {
    setChosen(index);
    setInAddress('lesson', lessons[index].name);
    setInAddress('step', '0');
  };
  useEffect(() => {
    const follow = () => setChosen(lessonInAddress(lessons));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return (
    <OneLesson
      key={chosen}
      tool={tool}
      heading={heading}
      lessons={lessons}
      chosen={chosen}
      onChoose={choose}
    />
  );
}

const lessonInAddress = (lessons: readonly Lesson[]): number =>
  Math.max(
    0,
    lessons.findIndex(({ name }) => name === inAddress('lesson')),
  );

interface OneLessonProps extends TutorialProps {
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
}

/** What is shown of a lesson: one of its runs, or the way to one of its tasks. */
interface Shown {
  readonly run: LessonRun;
  /** How often another was asked for: each begins anew. */
  readonly time: number;
}

function OneLesson({ tool, heading, lessons, chosen, onChoose }: OneLessonProps) {
  const lesson = lessons[chosen];
  const subject = useMemo(() => caseOfLesson(lesson), []);
  const [{ run, time }, setShown] = useState<Shown>({ run: lesson.runs[0], time: 0 });
  const initial = useMemo(() => runOfLesson(subject, run, tool), [run]);
  const [done, setDone] = useState<ReadonlySet<Task>>(new Set());
  const show = (next: LessonRun) => {
    setInAddress('step', '0');
    setShown({ run: next, time: time + 1 });
  };
  return (
    <main class="tutorial">
      <aside class="lesson" aria-label="Lesson">
        <div class="tools">
          <h1>{heading}</h1>
          <Theme />
        </div>
        {lessons.length > 1 && <Contents lessons={lessons} chosen={chosen} onChoose={onChoose} />}
        <h2>{lesson.title}</h2>
        {lesson.text.map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
        <Runs lesson={lesson} run={run} onShow={show} />
        <Tasks tasks={lesson.tasks} done={done} onShow={show} />
        {chosen + 1 < lessons.length && (
          <button type="button" onClick={() => onChoose(chosen + 1)}>
            Next: {lessons[chosen + 1].title}
          </button>
        )}
      </aside>
      <TraceView
        key={time}
        subject={subject}
        initial={initial}
        say={(current, step) => (
          <Caption
            caption={current === initial ? captionAt(run, step) : null}
            current={current}
            tasks={lesson.tasks}
            done={done}
            onDone={setDone}
          />
        )}
      />
    </main>
  );
}

const runOfLesson = (subject: Case, { steps }: LessonRun, tool: string): Run =>
  runOf(subject, scheduleOfSteps(subject, steps), tool, 'lesson');

const Contents = ({ lessons, chosen, onChoose }: Omit<OneLessonProps, 'tool' | 'heading'>) => (
  <nav aria-label="Lessons">
    <ol>
      {lessons.map(({ name, title }, i) => (
        <li key={name}>
          <button type="button" aria-current={i === chosen ? 'page' : undefined} onClick={() => onChoose(i)}>
            {i + 1}. {title}
          </button>
        </li>
      ))}
    </ol>
  </nav>
);

interface RunsProps {
  readonly lesson: Lesson;
  readonly run: LessonRun;
  readonly onShow: (run: LessonRun) => void;
}

const Runs = ({ lesson: { runs }, run, onShow }: RunsProps) =>
  runs.length === 1 ? null : (
    <ul class="runs" aria-label="Runs of this lesson">
      {runs.map((each) => (
        <li key={each.title}>
          <button type="button" aria-pressed={each === run} onClick={() => onShow(each)}>
            {each.title}
          </button>
        </li>
      ))}
    </ul>
  );

interface TasksProps {
  readonly tasks: readonly Task[];
  readonly done: ReadonlySet<Task>;
  readonly onShow: (run: LessonRun) => void;
}

function Tasks({ tasks, done, onShow }: TasksProps) {
  if (tasks.length === 0) return null;
  return (
    <section aria-label="Tasks">
      <h2>Try it</h2>
      <ul class="tasks">
        {tasks.map((task) => (
          <li key={task.says} class={done.has(task) ? 'done' : ''}>
            <span>
              {done.has(task) ? '✓' : '○'} {task.says}
            </span>
            <button
              type="button"
              aria-label={`Show me: ${task.says}`}
              onClick={() => onShow({ title: task.says, steps: task.way, captions: { 0: task.says } })}
            >
              Show
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface CaptionProps {
  readonly caption: string | null;
  readonly current: Run;
  readonly tasks: readonly Task[];
  readonly done: ReadonlySet<Task>;
  readonly onDone: (done: ReadonlySet<Task>) => void;
}

/** What the lesson says of a step; and, of every run that is shown, which tasks it does. */
function Caption({ caption, current, tasks, done, onDone }: CaptionProps) {
  useEffect(() => {
    const now = tasks.filter((task) => !done.has(task) && task.isDone(current.story));
    if (now.length > 0) onDone(new Set([...done, ...now]));
  }, [current]);
  return (
    <p class="caption" aria-live="polite">
      {caption ?? 'Your own run: pick what happens next below the diagram.'}
    </p>
  );
}
