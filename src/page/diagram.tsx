/**
 * The space-time diagram: time runs downwards, a lane for each server, an arrow for each message. It is drawn
 * once for a story; what belongs to the step that is looked at is drawn over it.
 */
import { Fragment } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Role } from '../../models/model/drawing.js';
import { shown } from '../story/shown-text.js';
import type { Arrow, Frame, Part, Story } from '../story/story.js';
import { counted } from './words.js';

/** Pixels of a row: of few, and of many. */
const [ROW, SMALL_ROW, MANY] = [25, 20, 30];
/** Pixels at each side of a bar, and of a letter, more or less. */
const MARGIN = 10;
/** So many arrows are drawn fainter. */
const CROWDED = 120;
const LETTER = 6.9;

/** A sign for each role, since colour alone is none. */
export const SIGNS: { readonly [R in Role]: string } = {
  OFF: '○',
  LOOKING: '?',
  FOLLOWING: '▸',
  LEADING: '★',
  OBSERVING: '◇',
};

/** What is drawn, and where: rows and lanes that are not filtered out. */
export interface Plan {
  readonly story: Story;
  /** The servers that have a lane, in order. */
  readonly lanes: readonly number[];
  /** The steps that have a row, in order. */
  readonly rows: readonly number[];
  /** Pixels of a lane, and of a row. */
  readonly lane: number;
  readonly row: number;
}

/** The plan of a story for these servers. */
export function planOf(story: Story, lanes: readonly number[], lane: number): Plan {
  const rows = rowsOf(story, lanes);
  return { story, lanes, rows, lane, row: rows.length > MANY ? SMALL_ROW : ROW };
}

const centre = ({ lane }: Plan, k: number): number => k * lane + lane / 2;
const bar = ({ lane }: Plan): number => lane - 2 * MARGIN;
const height = ({ rows, row }: Plan): number => rows.length * row;

/** The row of a step, or of the next one that has a row. */
function rowOf({ rows }: Plan, step: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle] < step) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface DiagramProps {
  readonly plan: Plan;
  readonly step: number;
  /** The last step shows what the trace is there for. */
  readonly mark: 'violated' | 'shown' | null;
  readonly onStep: (step: number) => void;
}

export function Diagram({ plan, step, mark, onStep }: DiagramProps) {
  const { lanes, rows, story, row: high } = plan;
  const base = useMemo(() => <Base plan={plan} />, [plan]);
  const width = lanes.length * plan.lane;
  const pick = ({ offsetY }: MouseEvent) => {
    const row = rows[Math.floor(offsetY / high)];
    if (row !== undefined) onStep(row);
  };
  const marked = mark === null ? -1 : rows.indexOf(story.frames.length - 1);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a shortcut; the steps beside it are buttons
    <svg
      class="diagram"
      width={width}
      height={height(plan)}
      role="img"
      aria-label={`Space-time diagram of ${lanes.length} servers over ${counted(story.frames.length - 1, 'step')}; the list of steps says the same in words`}
      onClick={pick}
    >
      <Markers />
      {marked >= 0 && <rect class={`mark ${mark}`} x={0} y={marked * high} width={width} height={high} />}
      {base}
      <Current plan={plan} step={step} />
    </svg>
  );
}

const Markers = () => (
  <defs>
    <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
      <path class="head" d="M0 0.5 L8 4 L0 7.5 z" />
    </marker>
    <marker id="cross" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="8" markerHeight="8">
      <path class="cross" d="M1 1 L7 7 M7 1 L1 7" />
    </marker>
    <pattern id="waits" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
    </pattern>
  </defs>
);

/** All lanes and all arrows. */
function Base({ plan }: { readonly plan: Plan }) {
  const { story, lanes } = plan;
  return (
    <g class={story.arrows.length > CROWDED ? 'crowded' : ''}>
      {lanes.map((server, k) => (
        <Lane key={server} plan={plan} server={server} k={k} />
      ))}
      {story.arrows.map((arrow) => (
        <Line key={arrow.id} plan={plan} arrow={arrow} kind="faint" />
      ))}
    </g>
  );
}

interface LaneProps {
  readonly plan: Plan;
  readonly server: number;
  readonly k: number;
}

function Lane({ plan, server, k }: LaneProps) {
  const { story, rows, row: high } = plan;
  const x = centre(plan, k) - bar(plan) / 2;
  const parts = rows.map((step) => story.frames[step].servers[server]);
  return (
    <g>
      {runsOf(parts, (a, b) => a.picture.role === b.picture.role).map(([from, to]) => (
        <rect
          key={from}
          class={`bar ${parts[from].picture.role.toLowerCase()}`}
          x={x}
          y={from * high}
          width={bar(plan)}
          height={(to - from) * high}
        />
      ))}
      {runsOf(parts, (a, b) => a.picture.waits === b.picture.waits)
        .filter(([from]) => parts[from].picture.waits)
        .map(([from, to]) => (
          <rect
            key={from}
            fill="url(#waits)"
            x={x}
            y={from * high}
            width={bar(plan)}
            height={(to - from) * high}
          />
        ))}
      {parts.map((part, i) => (
        <Cell
          key={rows[i]}
          plan={plan}
          part={part}
          before={parts[i - 1]}
          restarts={restartsAt(parts, i)}
          x={x}
          y={i * high}
        />
      ))}
    </g>
  );
}

/** Whether a server that has run before runs again. */
const restartsAt = (parts: readonly Part[], i: number): boolean =>
  i > 0 && isOff(parts[i - 1]) && !isOff(parts[i]) && parts.slice(0, i).some((part) => !isOff(part));

const isOff = ({ picture }: Part): boolean => picture.role === 'OFF';

/** From where to where neighbours are alike. */
function runsOf<T>(
  parts: readonly T[],
  alike: (a: T, b: T) => boolean,
): readonly (readonly [number, number])[] {
  const starts = parts.flatMap((part, i) => (i === 0 || !alike(parts[i - 1], part) ? [i] : []));
  return starts.map((start, n) => [start, starts[n + 1] ?? parts.length]);
}

interface CellProps {
  readonly plan: Plan;
  readonly part: Part;
  readonly before: Part | undefined;
  readonly restarts: boolean;
  readonly x: number;
  readonly y: number;
}

/** What is new of a server in a row: its label, a write, its quorum. Nothing where nothing is. */
function Cell({ plan, part, before, restarts, x, y }: CellProps) {
  const { picture, wrote, formed } = part;
  const [width, high] = [bar(plan), plan.row];
  const old = before?.picture;
  const isNew = old === undefined || old.role !== picture.role || old.label !== picture.label;
  const crashed = before !== undefined && isOff(part) && !isOff(before);
  const members = picture.quorum?.members.length ?? 0;
  const grew = picture.quorum !== null && (members !== (old?.quorum?.members.length ?? 0) || formed);
  if (!isNew && !wrote && !grew) return null;
  return (
    <Fragment>
      {wrote && <rect class="wrote" x={x + 1.5} y={y + 1.5} width={width - 3} height={high - 3} />}
      {isNew && (
        <text class="label" x={x + width / 2} y={y + high / 2 + 2}>
          {crashed
            ? '✕ crash'
            : `${restarts ? '↻ ' : ''}${labelOf(part, width - (restarts ? 2 * LETTER : 0))}`}
        </text>
      )}
      {grew && picture.quorum !== null && (
        <Quorum
          members={members}
          needed={picture.quorum.needed}
          formed={formed}
          x={x}
          y={y + high}
          width={width}
        />
      )}
    </Fragment>
  );
}

/** `LEADING c1` if there is room, else `★ c1`. */
function labelOf({ picture: { role, label } }: Part, width: number): string {
  if (role === 'OFF' && label === '') return `${SIGNS.OFF} off`;
  const room = Math.floor(width / LETTER);
  const long = `${SIGNS[role]} ${role} ${label}`;
  return long.length <= room ? long : `${SIGNS[role]} ${label}`.slice(0, room);
}

interface QuorumProps {
  readonly members: number;
  readonly needed: number;
  readonly formed: boolean;
  readonly x: number;
  /** Its lower edge. */
  readonly y: number;
  readonly width: number;
}

/** A dot for each member, rings up to a majority; full of it, a line under them. */
function Quorum({ members, needed, formed, x, y, width }: QuorumProps) {
  const count = Math.max(members, needed);
  const left = x + width - count * 6 - 1;
  return (
    <g class={formed ? 'quorum formed' : 'quorum'}>
      <title>{`${members} of the ${needed} that are a majority${formed ? ': a quorum' : ''}`}</title>
      {Array.from({ length: count }, (_, i) => (
        <circle key={i} class={i < members ? 'member' : 'missing'} cx={left + 6 * i + 3} cy={y - 3.5} r={2} />
      ))}
    </g>
  );
}

interface LineProps {
  readonly plan: Plan;
  readonly arrow: Arrow;
  readonly kind: 'faint' | 'strong';
}

/** A message: to its end, or to where it is when the story ends. */
function Line({ plan, arrow, kind }: LineProps) {
  const [from, to] = [plan.lanes.indexOf(arrow.from), plan.lanes.indexOf(arrow.to)];
  if (from < 0 || to < 0) return null;
  const { sent, ended, end } = arrow;
  const towards = to > from ? 1 : -1;
  const x1 = centre(plan, from) + (towards * bar(plan)) / 2;
  const far = centre(plan, to) - (towards * bar(plan)) / 2;
  const y1 = middle(plan, sent);
  const last = ended === null ? height(plan) - 2 : middle(plan, ended);
  // One that is overwritten never comes near the other side; one under way has not yet.
  const share = end === 'overwritten' ? 0.75 : end === 'under way' ? 0.85 : 1;
  const x2 = x1 + (far - x1) * share;
  const y2 = y1 + (last - y1) * share;
  return (
    <line
      class={`message ${end.replace(' ', '-')} ${kind}`}
      x1={x1}
      y1={y1}
      x2={x2}
      y2={y2}
      marker-end={end === 'read' ? 'url(#head)' : end === 'under way' ? undefined : 'url(#cross)'}
    >
      <title>{titleOf(arrow)}</title>
    </line>
  );
}

const middle = (plan: Plan, step: number): number => (rowOf(plan, step) + 0.5) * plan.row;

const titleOf = ({ from, to, kind, text, sent, ended, end }: Arrow): string =>
  shown(
    `${kind} of s${from + 1} to s${to + 1}: ${text}; sent in step ${sent}, ${end}${ended === null ? '' : ` in step ${ended}`}`,
  );

/** The row of the step, and the messages that it sends or ends. */
function Current({ plan, step }: { readonly plan: Plan; readonly step: number }) {
  const row = plan.rows.indexOf(step);
  if (row < 0) return null;
  const own = plan.story.arrows.filter(({ sent, ended }) => sent === step || ended === step);
  return (
    <g class="current">
      <rect class="row" x={0} y={row * plan.row} width={plan.lanes.length * plan.lane} height={plan.row} />
      {own.map((arrow) => (
        <Line key={arrow.id} plan={plan} arrow={arrow} kind="strong" />
      ))}
    </g>
  );
}

/** The steps in which one of these servers has a part; all of them if all are shown. */
export const rowsOf = ({ frames, servers }: Story, lanes: readonly number[]): readonly number[] =>
  frames
    .filter(
      ({ step, concerns }: Frame) =>
        lanes.length === servers || step === 0 || lanes.some((k) => concerns.has(k)),
    )
    .map(({ step }) => step);
