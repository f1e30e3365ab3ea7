/** Which step is looked at: by keys, by the slider, by a link `#step=7`. */
import { useEffect, useState } from 'preact/hooks';

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

/** The step that is looked at, of 0 to `last`, and what sets it. The address follows. */
export function useStep(last: number, first: number): readonly [number, (step: number) => void] {
  const [asked, setAsked] = useState(stepInAddress() ?? first);
  const step = Math.min(asked, last);
  const set = (next: number) => {
    const within = Math.max(0, Math.min(next, last));
    setAsked(within);
    setInAddress('step', String(within));
  };
  useEffect(() => {
    const follow = () => setAsked(stepInAddress() ?? 0);
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return [step, set];
}

const BACK = ['ArrowLeft', 'ArrowUp', 'PageUp'];
const ON = ['ArrowRight', 'ArrowDown', 'PageDown'];

/** Arrow keys, Home and End go through the steps of `rows`, wherever the focus is but in a field. */
export function useKeys(rows: readonly number[], step: number, set: (step: number) => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (target instanceof HTMLElement && target.closest('select, input, summary, .scrolls') !== null)
        return;
      const next = after(key, rows, step);
      if (next === null) return;
      event.preventDefault();
      set(next);
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [rows, step]);
}

/** Where a key leads; null for one that means nothing here. */
function after(key: string, rows: readonly number[], step: number): number | null {
  if (BACK.includes(key)) return rows.findLast((row) => row < step) ?? step;
  if (ON.includes(key)) return rows.find((row) => row > step) ?? step;
  if (key === 'Home') return rows[0] ?? 0;
  if (key === 'End') return rows.at(-1) ?? 0;
  return null;
}
