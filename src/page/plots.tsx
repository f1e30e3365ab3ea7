/** Plots: bars with their figures beside them, and curves with a few round numbers along their axes. */
import type { ComponentChildren } from 'preact';
import { ticksUpTo } from '../story/ticks.js';
import { counted, figure } from './words.js';

const [WIDTH, HEIGHT] = [420, 190];
/** Of the field within the axes. */
const [LEFT, RIGHT, TOP, BOTTOM] = [46, 408, 12, 150];

/** `1.5 M`, `20 k`, `500`, `0.25`. */
function short(value: number): string {
  const [by, unit] =
    value >= 1e9 ? [1e9, ' G'] : value >= 1e6 ? [1e6, ' M'] : value >= 1e4 ? [1e3, ' k'] : [1, ''];
  return `${Number((value / by).toPrecision(3)).toLocaleString('en-US')}${unit}`;
}

interface Bar {
  readonly name: string;
  readonly count: number;
  /** What is said in place of a figure of 0. */
  readonly zero: string;
  /** What 0 means: as it should be, not known, or a failure. */
  readonly tone: 'faint' | 'open' | 'never';
}

/** How often each action was taken, as a table of bars; one never taken cannot be overlooked. */
export function Bars({ caption, bars }: { readonly caption: string; readonly bars: readonly Bar[] }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <table class="bars">
      <caption>{caption}</caption>
      <thead class="unseen">
        <tr>
          <th scope="col">action</th>
          <th scope="col">share</th>
          <th scope="col">times</th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, count, zero, tone }) => (
          <tr key={name} class={count > 0 ? '' : tone}>
            <th scope="row" title={name}>
              {name}
            </th>
            {count > 0 ? (
              <>
                <td aria-hidden="true">
                  <span class="bar" style={{ width: `${(100 * count) / most}%` }} />
                </td>
                <td class="right">{figure(count)}</td>
              </>
            ) : (
              <td colSpan={2}>{zero}</td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Axis {
  readonly label: string;
  readonly ticks: readonly number[];
  /** Where a value is. */
  readonly at: (value: number) => number;
}

/** A place on the page, to a tenth. */
const place = (at: number): number => Math.round(at * 10) / 10;

/** From left to right, or from below. */
const across = (label: string, ticks: readonly number[]): Axis => ({
  label,
  ticks,
  at: (value) => place(LEFT + ((RIGHT - LEFT) * value) / (ticks.at(-1) ?? 1)),
});
const upwards = (ticks: readonly number[]): Axis => ({
  label: 'states',
  ticks,
  at: (value) => place(BOTTOM - ((BOTTOM - TOP) * value) / (ticks.at(-1) ?? 1)),
});

/** The frame of a plot: title, axes, and what is drawn between them. */
function Frame({
  title,
  says,
  x,
  y,
  children,
}: {
  readonly title: string;
  readonly says: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly children: ComponentChildren;
}) {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title}: ${says}`}>
        {y.ticks.map((tick) => (
          <g key={tick}>
            <line class="grid" x1={LEFT} x2={RIGHT} y1={y.at(tick)} y2={y.at(tick)} />
            <text x={LEFT - 6} y={y.at(tick) + 4} text-anchor="end">
              {short(tick)}
            </text>
          </g>
        ))}
        {children}
        <line class="axis" x1={LEFT} x2={RIGHT} y1={BOTTOM} y2={BOTTOM} />
        {x.ticks.map((tick) => (
          <g key={tick}>
            <line class="axis" x1={x.at(tick)} x2={x.at(tick)} y1={BOTTOM} y2={BOTTOM + 4} />
            <text x={x.at(tick)} y={BOTTOM + 17} text-anchor="middle">
              {short(tick)}
            </text>
          </g>
        ))}
        <text class="label" x={(LEFT + RIGHT) / 2} y={HEIGHT - 5} text-anchor="middle">
          {x.label}
        </text>
      </svg>
    </figure>
  );
}

/** Beyond so many depths a page says no longer what each has. */
const MOST_TITLES = 200;

/** How many states have each depth, from 0 on. */
export function Depths({ levels }: { readonly levels: readonly number[] }) {
  const most = Math.max(...levels);
  const all = levels.reduce((sum, states) => sum + states, 0);
  const deepest = levels.length - 1;
  if (deepest <= 0) return <p class="faint">{counted(all, 'state')}, all of them initial.</p>;
  // Each depth has a place of its own, with its number in the middle.
  const step = (RIGHT - LEFT) / levels.length;
  const left = (depth: number) => place(LEFT + depth * step);
  const x = {
    label: 'steps from an initial state',
    ticks: ticksUpTo(deepest, 9, true).filter((tick) => tick <= deepest),
    at: (depth: number) => left(depth + 0.5),
  };
  const y = upwards(ticksUpTo(most, 5, true));
  const peak = `most of them, ${figure(most)}, at depth ${levels.indexOf(most)}`;
  const says = `${counted(all, 'state')} to depth ${deepest}, ${peak}`;
  const bars = levels.map((states, depth) => `H${left(depth)}V${y.at(states)}H${left(depth + 1)}`);
  return (
    <Frame title="States per depth" says={says} x={x} y={y}>
      <path class="area" d={`M${LEFT} ${BOTTOM}${bars.join('')}V${BOTTOM}Z`} />
      {levels.length <= MOST_TITLES &&
        levels.map((states, depth) => (
          <rect key={depth} class="hover" x={left(depth)} y={TOP} width={step} height={BOTTOM - TOP}>
            <title>{`depth ${depth}: ${counted(states, 'state')}`}</title>
          </rect>
        ))}
    </Frame>
  );
}

/** Distinct states over time. */
export function Growth({ points }: { readonly points: readonly (readonly [number, number])[] }) {
  const [seconds, states] = points.at(-1) ?? [0, 0];
  const x = across('seconds', ticksUpTo(Math.max(seconds, 0.001), 6, false));
  const y = upwards(ticksUpTo(states, 5, true));
  const line = points.map(([at, known]) => `${x.at(at)} ${y.at(known)}`).join('L');
  const says = `${counted(states, 'state')} after ${seconds.toLocaleString('en-US')} s`;
  return (
    <Frame title="Distinct states over time" says={says} x={x} y={y}>
      <path class="below" d={`M${LEFT} ${BOTTOM}L${line}L${x.at(seconds)} ${BOTTOM}Z`} />
      <path class="curve" d={`M${line}`} />
      <circle class="end" cx={x.at(seconds)} cy={y.at(states)} r="3" />
    </Frame>
  );
}
