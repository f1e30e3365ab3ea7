/** The trace of a model that a user wrote: its steps as a table, and the state after the one looked at. */
import { useEffect, useRef } from 'preact/hooks';
import { shown } from '../story/shown-text.js';
import { type Trace, toReadableJson } from '../trace/trace.js';
import { useKeys, useStep } from './stepper.js';

interface TableViewProps {
  readonly trace: Trace;
  /** The heading first; then the start, and each step. */
  readonly rows: readonly (readonly string[])[];
}

export function TableView({ trace, rows: [heading, ...rows] }: TableViewProps) {
  const [step, setStep] = useStep(trace.steps.length);
  useKeys(
    rows.map((_, i) => i),
    step,
    setStep,
  );
  const current = useRef<HTMLTableRowElement>(null);
  useEffect(() => current.current?.scrollIntoView({ block: 'nearest' }), [step]);
  const { state } = step === 0 ? trace.initial : trace.steps[step - 1];
  return (
    <div class="stage">
      <section class="steps-table" aria-label="Steps">
        <table>
          <thead>
            <tr>
              {heading.map((name) => (
                <th key={name} scope="col">
                  {shown(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((cells, i) => (
              <tr key={cells[0]} ref={i === step ? current : null} class={i === step ? 'current' : ''}>
                {cells.map((cell, k) => (
                  <td key={heading[k]}>
                    {k === 1 ? (
                      <button type="button" aria-pressed={i === step} onClick={() => setStep(i)}>
                        {shown(cell)}
                      </button>
                    ) : (
                      shown(cell)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section class="panel" aria-label="The state after this step">
        <h2 aria-live="polite">
          Step {step}: {shown(rows[step][1])}
        </h2>
        <pre>{toReadableJson(state)}</pre>
      </section>
    </div>
  );
}
