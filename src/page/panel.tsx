/** The step that is looked at: what it did and why, and each server after it, with what changed first. */
import type { Plain } from '../language/index.js';
import { shown } from '../story/shown-text.js';
import { changesOf, type Frame, type Part, type Story, serversIn } from '../story/story.js';
import { SIGNS } from './diagram.js';

interface PanelProps {
  readonly story: Story;
  /** Why a claim fails at the last step; null if none does. */
  readonly explanation: string | null;
  readonly step: number;
  readonly lanes: readonly number[];
}

export function Panel({ story, explanation, step, lanes }: PanelProps) {
  const frame = story.frames[step];
  const reasons = frame.servers.flatMap(({ because }, k) => (because === null ? [] : [{ k, because }]));
  return (
    <section class="panel" aria-label="The state after this step">
      <h2 aria-live="polite">
        Step {step}: {shown(frame.words)}
      </h2>
      {explanation !== null && step === story.frames.length - 1 && <p class="why">✗ {shown(explanation)}</p>}
      {reasons.length > 0 && (
        <ul class="reasons" aria-label="Why votes changed">
          {reasons.map(({ k, because }) => (
            <li key={k}>
              <b>s{k + 1}</b> {because}
            </li>
          ))}
        </ul>
      )}
      <Messages story={story} step={step} />
      {lanes.map((server) => (
        <Server key={server} story={story} frame={frame} server={server} />
      ))}
      <Besides frame={frame} before={story.frames[step - 1]} servers={story.servers} />
    </section>
  );
}

/** What was sent, read, overwritten or lost in this step; the same to several servers in one line. */
function Messages({ story, step }: { readonly story: Story; readonly step: number }) {
  const lines = new Map<string, string[]>();
  for (const arrow of story.arrows) {
    if (step === 0 || (arrow.sent !== step && arrow.ended !== step)) continue;
    const { from, to, kind, text } = arrow;
    const what = `${kind === 'notification' ? '' : `${kind} `}${text}`;
    const line = JSON.stringify([`${fateOf(arrow, step)}, s${from + 1} to`, what]);
    lines.set(line, [...(lines.get(line) ?? []), `s${to + 1}`]);
  }
  if (lines.size === 0) return null;
  return (
    <ul class="messages" aria-label="Messages">
      {[...lines].map(([line, receivers]) => {
        const [head, what] = JSON.parse(line);
        return <li key={line}>{shown(`${head} ${receivers.join(', ')}: ${what}`)}</li>;
      })}
    </ul>
  );
}

function fateOf({ sent, ended, end }: Story['arrows'][number], step: number): string {
  if (ended !== step) return 'Sent';
  if (sent === step) return 'Sent and read';
  return end === 'read' ? 'Read' : end === 'lost' ? 'Lost' : 'Overwritten';
}

interface ServerProps {
  readonly story: Story;
  readonly frame: Frame;
  readonly server: number;
}

function Server({ story, frame, server }: ServerProps) {
  const part: Part | undefined = frame.servers[server];
  if (part === undefined) return null;
  const { picture, wrote } = part;
  const { servers } = story;
  const before = story.frames[frame.step - 1];
  const changes = before === undefined ? [] : changesOf(before.state, frame.state, server);
  const changed = new Set(changes.map(({ path }) => path.split(/[.[]/)[0]));
  const fields = Object.entries(serversIn(frame.state)[server] ?? {});
  const own = serversIn(before?.state ?? null)[server] ?? {};
  const first = [
    ...fields.filter(([name]) => changed.has(name)),
    ...fields.filter(([name]) => !changed.has(name)),
  ];
  return (
    <details class={`server ${picture.role.toLowerCase()}`} open={changes.length > 0}>
      <summary>
        <b>s{server + 1}</b> <span class="role">{`${SIGNS[picture.role]} ${picture.role}`}</span>{' '}
        {shown(picture.label)}
        {wrote && <span class="tag">written to disk</span>}
      </summary>
      {picture.quorum !== null && <QuorumInWords {...picture.quorum} />}
      <table>
        <tbody>
          {first.map(([name, value]) => (
            <tr key={name} class={changed.has(name) ? 'changed' : ''}>
              <th scope="row">{shown(name)}</th>
              <td>
                {changed.has(name) && <del>{shown(short(own[name] ?? null, servers))}</del>}{' '}
                {shown(short(value, servers))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

interface QuorumInWordsProps {
  readonly what: string;
  readonly members: readonly string[];
  readonly needed: number;
}

const QuorumInWords = ({ what, members, needed }: QuorumInWordsProps) => (
  <p class="faint">
    {members.length === 0 ? 'nobody' : members.join(', ')}: {what}, {members.length} of {needed} needed
    {members.length >= needed ? ': a quorum' : ''}
  </p>
);

interface BesidesProps {
  readonly frame: Frame;
  readonly before: Frame | undefined;
  readonly servers: number;
}

/** What is of no server: budgets, channels, history. */
function Besides({ frame, before, servers }: BesidesProps) {
  const fields = entriesOf(frame.state).filter(([name]) => name !== 'server' || servers === 0);
  const old = new Map(entriesOf(before?.state ?? null));
  const differs = (name: string, value: Plain) =>
    before !== undefined && JSON.stringify(old.get(name)) !== JSON.stringify(value);
  if (fields.length === 0) return null;
  return (
    <details class="server" open={servers === 0}>
      <summary>
        <b>Besides</b> what is of no single server
      </summary>
      <table>
        <tbody>
          {fields.map(([name, value]) => (
            <tr key={name} class={differs(name, value) ? 'changed' : ''}>
              <th scope="row">{shown(name)}</th>
              <td>{shown(short(value, servers))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

const entriesOf = (state: Plain): readonly (readonly [string, Plain])[] =>
  typeof state === 'object' && state !== null ? Object.entries(state) : [];

/** Values without the names of their fields: `(s2 1 LOOKING)`; of a list, what is there. */
function short(value: Plain, servers: number): string {
  if (value === null) return '–';
  if (typeof value !== 'object') return String(value);
  if (!Array.isArray(value)) {
    const fields = Object.values(value).map((field) => short(field, servers));
    return `(${fields.join(' ')})`;
  }
  const items = value.flatMap((item: Plain, i: number) => {
    if (isNothing(item)) return [];
    // A list with an element for each server, or a queue.
    return [value.length === servers ? `s${i + 1}: ${short(item, servers)}` : short(item, servers)];
  });
  return items.length === 0 ? '–' : items.join(', ');
}

/** An entry that is not there, a queue that is empty, or a vote of nobody. */
const isNothing = (value: Plain): boolean =>
  value === null ||
  (typeof value === 'object' &&
    (Array.isArray(value) ? value.every(isNothing) : (value as { state?: Plain }).state === 'OFF'));
