/** A run to step through: what it shows, its steps and diagram, the state, and where else it could go. */
import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { findFamily } from '../../models/index.js';
import { meaningsOf, type Sign } from '../../models/model/signs.js';
import type { Case } from '../../properties/index.js';
import { shown } from '../story/shown-text.js';
import { toReadableJson } from '../trace/trace.js';
import { rowsOf, SIGNS } from './diagram.js';
import { Explorer } from './explorer.js';
import { Panel } from './panel.js';
import { type Run, runOf } from './run.js';
import { useKeys, useStep } from './stepper.js';
import { Timeline } from './timeline.js';
import './trace.css';

interface TraceViewProps {
  /** null if the page cannot run the model. */
  readonly subject: Case | null;
  readonly initial: Run;
  /** What is said above it of the run and the step that are shown. */
  readonly say?: (run: Run, step: number) => ComponentChildren;
}

export function TraceView({ subject, initial, say }: TraceViewProps) {
  const [runs, setRuns] = useState<readonly { readonly run: Run; readonly at: number }[]>([
    { run: initial, at: 0 },
  ]);
  const { run } = runs[runs.length - 1];
  const [step, setStep] = useStep(run.story.frames.length - 1);
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());
  const lanes = useMemo(
    () => Array.from({ length: run.story.servers }, (_, k) => k).filter((k) => !hidden.has(k)),
    [run.story.servers, hidden],
  );
  const rows = useMemo(() => rowsOf(run.story, lanes), [run, lanes]);
  useKeys(rows, step, setStep);
  const show = (next: readonly { readonly run: Run; readonly at: number }[], at: number) => {
    setRuns(next);
    setStep(at);
  };
  const take = (codes: readonly number[], target: string | null) => {
    if (subject === null || run.schedule === null) return;
    const steps = [...run.schedule.steps.slice(0, step), ...codes];
    const branch = runOf(subject, { ...run.schedule, steps }, run.trace.tool, 'branch', target);
    show([...runs, { run: branch, at: step }], step + (codes.length === 1 ? 1 : 0));
  };
  return (
    <div class="view">
      {say?.(run, step)}
      <Controls run={run} step={step} rows={rows} onStep={setStep} hidden={hidden} onHidden={setHidden} />
      <div class="stage">
        <Timeline run={run} lanes={lanes} step={step} onStep={setStep} />
        <Panel story={run.story} explanation={run.explanation} step={step} lanes={lanes} />
      </div>
      <Legend run={run} signs={findFamily(run.trace.model)?.signs ?? []} />
      {subject !== null && subject.model.instances > 0 && (
        <Explorer
          subject={subject}
          run={run}
          step={step}
          onTake={take}
          onUndo={runs.length === 1 ? null : () => show(runs.slice(0, -1), runs[runs.length - 1].at)}
          onReset={runs.length === 1 ? null : () => show(runs.slice(0, 1), 0)}
          onSave={() => save(run)}
        />
      )}
    </div>
  );
}

interface ControlsProps {
  readonly run: Run;
  readonly step: number;
  readonly rows: readonly number[];
  readonly onStep: (step: number) => void;
  readonly hidden: ReadonlySet<number>;
  readonly onHidden: (hidden: ReadonlySet<number>) => void;
}

function Controls({ run, step, rows, onStep, hidden, onHidden }: ControlsProps) {
  const last = run.story.frames.length - 1;
  const back = rows.findLast((row) => row < step);
  const on = rows.find((row) => row > step);
  const toggle = (server: number) => {
    const next = new Set(hidden);
    if (!next.delete(server)) next.add(server);
    onHidden(next);
  };
  return (
    <div class="controls">
      <button
        type="button"
        aria-label="Step back"
        disabled={back === undefined}
        onClick={() => onStep(back ?? 0)}
      >
        ◀
      </button>
      <button
        type="button"
        aria-label="Step on"
        disabled={on === undefined}
        onClick={() => onStep(on ?? last)}
      >
        ▶
      </button>
      <input
        type="range"
        aria-label="Step"
        min={0}
        max={last}
        value={step}
        onInput={({ currentTarget }) => onStep(Number(currentTarget.value))}
      />
      <output>
        {step} of {last}
      </output>
      <fieldset>
        <legend class="unseen">Servers shown</legend>
        {Array.from({ length: run.story.servers }, (_, server) => (
          <label key={server}>
            <input type="checkbox" checked={!hidden.has(server)} onChange={() => toggle(server)} />s
            {server + 1}
          </label>
        ))}
      </fieldset>
      <Status run={run} />
    </div>
  );
}

const ORIGINS = { file: 'The trace', lesson: 'This run', branch: 'Your branch' };

/** What the run that is shown ends with. */
function Status({ run: { trace, mark, origin, explanation } }: { readonly run: Run }) {
  const shows =
    mark === null ? 'shows nothing in particular' : mark === 'violated' ? 'violates ' : 'reaches ';
  return (
    <p class={`status ${mark ?? ''}`} aria-live="polite">
      {`${ORIGINS[origin]} ${shows}`}
      {mark !== null && <b>{shown(trace.claim)}</b>}
      {mark !== null && origin !== 'file' && `: ${shown(trace.says)} ${shown(trace.source)}`.trimEnd()}
      {origin !== 'file' && explanation !== null && <b> ✗ {shown(explanation)}</b>}
    </p>
  );
}

interface LegendProps {
  readonly run: Run;
  readonly signs: readonly Sign[];
}

/** What is drawn, and the signs that the labels of this run have: the same as in its table on a terminal. */
function Legend({ run: { story }, signs }: LegendProps) {
  const labels = story.frames.flatMap(({ servers }) => servers.map(({ picture }) => picture.label));
  return (
    <p class="legend faint">
      {SIGNS.LOOKING} LOOKING {SIGNS.FOLLOWING} FOLLOWING {SIGNS.LEADING} LEADING {SIGNS.OFF} off · ↻ restart
      · thick: written to disk · hatched: waits · dots: a quorum forming · ✕ overwritten or lost
      {meaningsOf(labels, signs).map((meaning) => ` · ${meaning}`)}
    </p>
  );
}

/** A trace as a file that `fle-check replay` takes. */
function save({ trace }: Run): void {
  const address = URL.createObjectURL(new Blob([toReadableJson(trace)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${trace.model}.${trace.rules}.${trace.claim}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
