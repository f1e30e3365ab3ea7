/** What else could happen at the step that is looked at, and the shortest way from there to something. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Case } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import { type Choice, choicesAfter, type Target, targetsOf } from '../story/branch.js';
import { shown } from '../story/shown-text.js';
import type { Run } from './run.js';
import { counted, figure } from './words.js';
import { type Answer, ask } from './worker.js';

interface ExplorerProps {
  readonly subject: Case;
  readonly run: Run;
  readonly step: number;
  /** Goes on from the step that is looked at, with these steps, to a target if it was looked for. */
  readonly onTake: (codes: readonly number[], target: string | null) => void;
  readonly onUndo: (() => void) | null;
  /** Back to what the page began with. */
  readonly onReset: (() => void) | null;
  readonly onSave: () => void;
}

export function Explorer({ subject, run, step, onTake, onUndo, onReset, onSave }: ExplorerProps) {
  const { schedule } = run;
  const from: Schedule | null = useMemo(
    () => (schedule === null ? null : { ...schedule, steps: schedule.steps.slice(0, step) }),
    [schedule, step],
  );
  const choices = useMemo(() => (from === null ? [] : choicesAfter(subject, from)), [subject, from]);
  if (from === null || schedule === null) return null;
  return (
    <section class="explorer" aria-label="Explorer">
      <div class="heading">
        <h2>
          What could happen {step === run.story.frames.length - 1 ? 'next' : 'here'}
          <span class="faint">
            {' '}
            {choices.length === 0 ? 'nothing more' : counted(choices.length, 'step')}
          </span>
        </h2>
        <span class="grow" />
        <Finder subject={subject} from={from} onTake={onTake} />
        <button type="button" disabled={onUndo === null} onClick={() => onUndo?.()}>
          Undo
        </button>
        {onReset !== null && (
          <button type="button" onClick={onReset}>
            Back to where it began
          </button>
        )}
        <button type="button" disabled={run.origin === 'file'} onClick={onSave}>
          Save this branch
        </button>
      </div>
      <Choices subject={subject} choices={choices} next={schedule.steps[step]} onTake={onTake} />
    </section>
  );
}

interface ChoicesProps {
  readonly subject: Case;
  readonly choices: readonly Choice[];
  /** The step that the run takes here. */
  readonly next: number | undefined;
  readonly onTake: ExplorerProps['onTake'];
}

/** A list for each server that acts. */
function Choices({ subject, choices, next, onTake }: ChoicesProps) {
  const groups = new Map<number | null, Choice[]>();
  for (const choice of choices) groups.set(choice.server, [...(groups.get(choice.server) ?? []), choice]);
  const order = [...groups.keys()].sort((a, b) => (a ?? -1) - (b ?? -1));
  return (
    <section
      class="choices"
      style={{ gridTemplateColumns: `repeat(${Math.max(3, order.length)}, minmax(0, 1fr))` }}
      aria-label={`Steps of ${subject.family.name} that are enabled`}
    >
      {order.map((server) => (
        <ul key={server} aria-label={server === null ? 'Steps of no server' : `Steps of s${server + 1}`}>
          <li aria-hidden="true">{server === null ? '' : `s${server + 1}`}</li>
          {groups.get(server)?.map(({ code, words, name }) => (
            <li key={code}>
              <button
                type="button"
                class={code === next ? 'recorded' : ''}
                title={`${shown(words)} (${shown(name)})`}
                aria-label={shown(words)}
                data-step={name}
                onClick={() => onTake([code], null)}
              >
                {shown(withoutServer(words, server))}
                {code === next && <span class="faint"> (as recorded)</span>}
              </button>
            </li>
          ))}
        </ul>
      ))}
    </section>
  );
}

/** The words of a step without the name that stands above them. */
function withoutServer(words: string, server: number | null): string {
  const name = server === null ? '' : `s${server + 1} `;
  return words.startsWith(name) ? words.slice(name.length) : words;
}

interface FinderProps {
  readonly subject: Case;
  readonly from: Schedule;
  readonly onTake: ExplorerProps['onTake'];
}

/** The engine in a worker: from here to a witness or a violation. */
function Finder({ subject, from, onTake }: FinderProps) {
  const targets = useMemo(() => targetsOf(subject), [subject]);
  const [chosen, choose] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const end = useRef<(() => void) | null>(null);
  const searching = answer?.kind === 'progress';
  const stop = () => {
    end.current?.();
    setAnswer(null);
  };
  // What was found from here is no answer anywhere else.
  useEffect(() => stop, [subject, from.initial, from.steps.join()]);
  const search = () => {
    const { kind, name } = targets[chosen];
    const target: Target = { kind, name };
    setAnswer({ kind: 'progress', states: 0, level: 0 });
    const { family, bounds, ruleSet } = subject;
    end.current = ask({ model: family.name, bounds, rules: ruleSet.name, from, target }, (found) => {
      setAnswer(found);
      if (found.kind === 'found' && found.steps.length > 0) onTake(found.steps, name);
    });
  };
  return (
    <span class="finder">
      <span role="status">{answer === null ? '' : answerInWords(answer)}</span>
      <label>
        Shortest way to{' '}
        <select value={chosen} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
          {targets.map(({ kind, name, says }, i) => (
            <option key={`${kind} ${name}`} value={i} title={says}>
              {kind === 'claim' ? `a violation of ${name}` : name}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={searching ? stop : search}>
        {searching ? 'Stop' : 'Search'}
      </button>
    </span>
  );
}

function answerInWords(answer: Answer): string {
  switch (answer.kind) {
    case 'progress':
      return `${figure(answer.states)} states, ${counted(answer.level, 'step')} deep …`;
    case 'found':
      return answer.steps.length === 0
        ? 'It is shown here already.'
        : `${counted(answer.steps.length, 'step')}, the fewest.`;
    case 'none':
      return `There is none from here: all ${figure(answer.states)} states within the bounds were looked at.`;
    case 'inconclusive':
      return `Not found among ${figure(answer.states)} states: ${answer.because}.`;
    case 'failed':
      return `The search failed: ${shown(answer.because)}`;
  }
}
