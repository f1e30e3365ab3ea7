/** The rows of the table: what is measured, by which programs, and what it should be. */
import type { Bounds } from './peer-source.js';
import type { ProgramName } from './programs.js';
import { isMissing, perRound, type Sample, type Samples, type Spread, spreadOf } from './rounds.js';

/** A row as it is printed. */
export interface Line {
  readonly what: string;
  readonly value: string;
  readonly target: string;
  readonly met: string;
  /** A program could not be run to its end. */
  readonly failed: boolean;
}

/** At least or at most so much; `stretch` is what it would be good to reach. */
export type Target = { readonly least: number; readonly stretch?: number } | { readonly most: number };

/** A row that compares programs on the peer model, in rounds. */
export interface Comparison {
  readonly what: string;
  readonly at: Bounds;
  /** Whose samples `figure` wants. */
  readonly programs: readonly ProgramName[];
  /** Whose samples are told beside it, if there are any. */
  readonly beside: readonly ProgramName[];
  /** The figure of one round. */
  readonly figure: (...samples: readonly Sample[]) => number;
  readonly unit: Unit;
  readonly target: Target | null;
  /** What else a reader wants to know. */
  readonly also: (samples: Samples) => string;
}

/** How a figure is written. */
export type Unit = (value: number) => string;
const ratio: Unit = (value) => value.toFixed(2);
const percent: Unit = (value) => `${(100 * value).toFixed(0)} %`;
const bytes: Unit = (value) => value.toFixed(1);
export const millions: Unit = (value) => `${(value / 1e6).toFixed(2)} M`;

const rateOf = ({ generated, cpuSeconds }: Sample) => generated / cpuSeconds;
const whole = ({ peakBytes, distinct }: Sample) => (peakBytes ?? Number.NaN) / distinct;
const data = (sample: Sample) => (sample.bytes ?? Number.NaN) / sample.distinct;

/** All comparisons, on a smaller and on a larger state space. */
export const comparisons = (small: Bounds, large: Bounds): readonly Comparison[] => [
  ...[small, large].flatMap((at) => [
    againstSpin('claims', 'claims checked', at, { least: 2.3, stretch: 3 }),
    againstSpin('bare', 'bare', at, null),
  ]),
  ...[small, large].map((at) =>
    row(`views against hand-written, bare, CPU time ${at_(at)}`, at, ['bare', 'hand-written'], {
      figure: (ours, theirs) => rateOf(ours) / rateOf(theirs),
      unit: percent,
      target: { least: 0.55 },
      also: rates('bare', 'hand-written'),
    }),
  ),
  row(`two workers against one, claims, wall time ${at_(large)}`, large, ['two-workers', 'claims'], {
    figure: (two, one) => one.wallSeconds / two.wallSeconds,
    unit: ratio,
    target: { least: 1.7 },
    also: seconds('two-workers', 'claims'),
  }),
  ...[small, large].map((at) =>
    row(`two workers against rumur's two threads, wall time ${at_(at)}`, at, ['two-workers', 'rumur'], {
      figure: (ours, theirs) => theirs.wallSeconds / ours.wallSeconds,
      unit: ratio,
      target: { least: 8 },
      also: seconds('two-workers', 'rumur'),
    }),
  ),
  ...[small, large].flatMap((at) => [
    dataBytes('claims', 'one worker', at, { most: 16 }),
    dataBytes('two-workers', 'two workers', at, { most: 20 }),
  ]),
  row(`bytes a state of the whole process, one worker ${at_(large)}`, large, ['claims'], {
    figure: whole,
    unit: bytes,
    target: { most: 32 },
    beside: ['spin'],
    also: (samples) => told(samples, ['spin'], whole, (spin) => `Spin: ${bytes(spin)}`),
  }),
];

const at_ = ({ rounds, crashes }: Bounds): string => `(${rounds},${crashes})`;

type Measure = Pick<Comparison, 'figure' | 'unit' | 'target' | 'also'> & Partial<Comparison>;
const row = (what: string, at: Bounds, programs: readonly ProgramName[], measure: Measure): Comparison => ({
  what,
  at,
  programs,
  beside: [],
  ...measure,
});

const againstSpin = (subject: ProgramName, how: string, at: Bounds, target: Target | null): Comparison =>
  row(`transitions/s against Spin, ${how}, CPU time ${at_(at)}`, at, [subject, 'spin'], {
    figure: (ours, spin) => rateOf(ours) / rateOf(spin),
    unit: ratio,
    target,
    also: rates(subject, 'spin'),
  });

const dataBytes = (subject: ProgramName, how: string, at: Bounds, target: Target): Comparison =>
  row(`data bytes a state, ${how} ${at_(at)}`, at, [subject], {
    figure: data,
    unit: bytes,
    target,
    also: (samples) => told(samples, [subject], whole, (all) => `${bytes(all)} for the whole process`),
  });

/** A text with the medians of these programs; nothing if one of them has no samples. */
function told(
  samples: Samples,
  names: readonly ProgramName[],
  figure: (sample: Sample) => number,
  say: (...medians: readonly number[]) => string,
): string {
  if (names.some((name) => isMissing(samples[name]))) return '';
  const medians = names.map((name) => spreadOf(perRound(samples, [name], figure)).median);
  return medians.some(Number.isNaN) ? '' : say(...medians);
}

const rates = (first: ProgramName, second: ProgramName) => (samples: Samples) =>
  told(samples, [first, second], rateOf, (a, b) => `${millions(a)} against ${millions(b)} transitions/s`);

const seconds = (first: ProgramName, second: ProgramName) => (samples: Samples) =>
  told(
    samples,
    [first, second],
    ({ wallSeconds }) => wallSeconds,
    (a, b) => `${a.toFixed(2)} s against ${b.toFixed(2)} s`,
  );

/** The row of a comparison from what its programs gave. */
export function compared({ what, programs, figure, unit, target, also }: Comparison, samples: Samples): Line {
  for (const name of programs) {
    const column = samples[name];
    if (isMissing(column)) return unmeasured(what, column.why, target, unit, column.failed);
  }
  return measured(what, spreadOf(perRound(samples, programs, figure)), unit, target, also(samples));
}

/** A row with a value. */
export function measured(what: string, spread: Spread, unit: Unit, target: Target | null, also = ''): Line {
  const { median, least, most } = spread;
  const value = `${unit(median)} (${unit(least)}..${unit(most)})`;
  return {
    what,
    value: also === '' ? value : `${value}; ${also}`,
    target: targetText(target, unit),
    met: target === null ? '' : metText(median, target),
    failed: false,
  };
}

/** A row that says why it has no value. */
export const unmeasured = (
  what: string,
  why: string,
  target: Target | null,
  unit: Unit,
  failed = false,
): Line => ({ what, value: why, target: targetText(target, unit), met: '', failed });

/** What an error says. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function targetText(target: Target | null, unit: Unit): string {
  if (target === null) return '';
  if ('most' in target) return `≤ ${unit(target.most)}`;
  const stretch = target.stretch === undefined ? '' : `, stretch ${unit(target.stretch)}`;
  return `≥ ${unit(target.least)}${stretch}`;
}

function metText(value: number, target: Target): string {
  if ('most' in target) return value <= target.most ? 'met' : 'missed';
  if (target.stretch !== undefined && value >= target.stretch) return 'met, stretch too';
  return value >= target.least ? 'met' : 'missed';
}
