/** Which step is looked at: by keys, by the slider, by a link `#step=7`. */
import { useEffect, useRef, useState } from 'preact/hooks';

/** What the address says after `#`, as in `#lesson=epochs&step=7`. */
export const inAddress = (key: string): string | null => new URLSearchParams(location.hash.slice(1)).get(key);

/** Changes a part of what the address says, without a step in the history of the browser. */
export function setInAddress(key: string, value: string): void {
  const all = new URLSearchParams(location.hash.slice(1));
  all.set(key, value);
  history.replaceState(null, '', `#${all}`);
}

/** The step that the address names; null if it names none. */
function stepInAddress(): number | null {
  const step = inAddress('step') ?? '';
  return /^\d{1,9}$/.test(step) ? Number(step) : null;
}

/** The step that is looked at, `last` at most, and what sets it. The address follows. */
export function useStep(last: number): readonly [number, (step: number) => void] {
  const [asked, setAsked] = useState(stepInAddress() ?? 0);
  const set = (step: number) => {
    setAsked(step);
    setInAddress('step', String(step));
  };
  useEffect(() => {
    const follow = () => setAsked(stepInAddress() ?? 0);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [Math.min(asked, last), set];
}

const BACK = ['ArrowLeft', 'ArrowUp', 'PageUp'];
const ON = ['ArrowRight', 'ArrowDown', 'PageDown'];

/** Arrow keys, Home and End go through the steps of `rows`, wherever the focus is. */
export function useKeys(rows: readonly number[], step: number, set: (step: number) => void): void {
  /** What a key is pressed on: two may come before the page is drawn anew. */
  const now = useRef({ rows, step, set });
  now.current = { rows, step, set };
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (target instanceof HTMLElement && target.matches('select, input[type="range"]')) return;
      const { current } = now;
      const next = after(key, current.rows, current.step);
      if (next === null) return;
      event.preventDefault();
      now.current = { ...current, step: next };
      current.set(next);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
}

/** Where a key leads; null for one that means nothing here. */
function after(key: string, rows: readonly number[], step: number): number | null {
  if (BACK.includes(key)) return rows.findLast((row) => row < step) ?? step;
  if (ON.includes(key)) return rows.find((row) => row > step) ?? step;
  if (key === 'Home') return rows[0] ?? 0;
  if (key === 'End') return rows.at(-1) ?? 0;
  return null;
}
