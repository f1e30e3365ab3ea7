/** The steps as sentences beside the diagram, a row each; under the names of the servers. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { shown } from '../story/shown-text.js';
import { Diagram, type Plan, planOf } from './diagram.js';
import type { Run } from './run.js';

/** Pixels: the least that sentences take where there is room, and otherwise; and the most. */
const [SENTENCES, FEWER, NARROW, MOST] = [300, 215, 800, 440];
/** The least and most of a lane. */
const [NARROWEST, WIDEST] = [74, 170];
/** Pixels of the line of names, which stays in view. */
const NAMES = 25;

interface TimelineProps {
  readonly run: Run;
  readonly lanes: readonly number[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}

export function Timeline({ run, lanes, step, onStep }: TimelineProps) {
  const box = useRef<HTMLElement>(null);
  const width = useWidth(box);
  const least = width < NARROW ? FEWER : SENTENCES;
  const lane = Math.max(
    NARROWEST,
    Math.min(WIDEST, Math.floor((width - least - 20) / Math.max(1, lanes.length))),
  );
  const sentences = Math.max(least, Math.min(MOST, width - 20 - lane * lanes.length));
  const plan: Plan = useMemo(() => planOf(run.story, lanes, lane), [run, lanes, lane]);
  const row = plan.rows.indexOf(step);
  useLayoutEffect(() => {
    const { current } = box;
    if (current !== null && row >= 0) keepInView(current, row, plan.row);
  }, [row, plan]);
  return (
    <section class="timeline" ref={box} aria-label="Steps and diagram">
      <div class="lane-names" style={{ paddingLeft: `${sentences}px` }}>
        {lanes.map((server) => (
          <span key={server} style={{ width: `${lane}px` }}>
            s{server + 1}
          </span>
        ))}
      </div>
      <div class="rows">
        <Steps run={run} plan={plan} row={row} width={sentences} onStep={onStep} />
        <Diagram plan={plan} step={step} mark={run.mark} onStep={onStep} />
      </div>
    </section>
  );
}

/** The width of an element, as it is now. */
function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(900);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** Scrolls as little as shows a row and its neighbours. */
function keepInView(box: HTMLElement, row: number, high: number): void {
  const [top, bottom] = [(row - 1) * high, (row + 2) * high + NAMES];
  if (top < box.scrollTop) box.scrollTop = Math.max(0, top);
  else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
}

const SIGN_OF = { violated: '✗ ', shown: '✓ ', '': '' };

interface StepsProps {
  readonly run: Run;
  readonly plan: Plan;
  readonly row: number;
  readonly width: number;
  readonly onStep: (step: number) => void;
}

/** Drawn once for a story; the one that is looked at is marked afterwards. */
function Steps({ run, plan, row, width, onStep }: StepsProps) {
  const list = useRef<HTMLOListElement>(null);
  const go = useRef(onStep);
  go.current = onStep;
  const items = useMemo(
    () =>
      plan.rows.map((step) => {
        const words = shown(run.story.frames[step].words);
        const last = run.mark !== null && step === run.story.frames.length - 1 ? run.mark : '';
        return (
          <li key={step} class={last}>
            <button type="button" tabIndex={-1} title={words} onClick={() => go.current(step)}>
              <span class="number">{step}</span>
              {SIGN_OF[last]}
              {words}
            </button>
          </li>
        );
      }),
    [run, plan],
  );
  useEffect(() => {
    const button = list.current?.children[row]?.firstElementChild;
    button?.setAttribute('aria-current', 'step');
    button?.setAttribute('tabindex', '0');
    return () => {
      button?.removeAttribute('aria-current');
      button?.setAttribute('tabindex', '-1');
    };
  }, [row, items]);
  return (
    <ol ref={list} class="steps" style={{ width: `${width}px`, '--row': `${plan.row}px` }}>
      {items}
    </ol>
  );
}
