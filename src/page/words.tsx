/** Figures, verdicts and lists as the pages of a report write them. */
import type { ComponentChildren } from 'preact';

/** `1,702,113`. */
export const figure = (value: number): string => value.toLocaleString('en-US');

/** `1 step`, `1,200 steps`. */
export const counted = (count: number, what: string): string =>
  `${figure(count)} ${what}${count === 1 ? '' : 's'}`;

/** `2.9 s`; of less than a tenth, `0.04 s`. */
export function duration(seconds: number): string {
  const digits = seconds < 0.1 ? 2 : 1;
  const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${seconds.toLocaleString('en-US', shown)} s`;
}

const TONES: { readonly [verdict: string]: string } = {
  holds: 'good',
  passed: 'good',
  killed: 'good',
  survives: 'plain',
  violated: 'bad',
  unexplained: 'bad',
  stale: 'bad',
  fails: 'bad',
};

/** A verdict as a word on the colour that it has. */
export const Verdict = ({ of }: { readonly of: string }) => (
  <span class={`verdict ${TONES[of] ?? 'plain'}`}>{of}</span>
);

/** Why a verdict is what it is, or nothing. */
export const Reason = ({ children }: { readonly children: string | null }) =>
  children === null ? null : <p class="reason">{children}</p>;

interface ViolationProps {
  readonly claim: string;
  readonly steps: number;
  readonly page: string | null;
}

/** A violation in a few words, which lead to the page of its trace. */
export function ViolationLink({ claim, steps, page }: ViolationProps) {
  const text = `${claim}, violated after ${counted(steps, 'step')}`;
  return page === null ? <strong>{text}</strong> : <a href={encodeURIComponent(page)}>{text}</a>;
}

/** The same, with the claim in words. */
export const Violation = ({ says, ...violation }: ViolationProps & { readonly says: string }) => (
  <p class="violation">
    <ViolationLink {...violation} />
    <span>{says}</span>
  </p>
);

/** What made a part: its command, when, and which version. */
export function Made({
  command,
  made,
  tool,
}: {
  readonly command: readonly string[];
  readonly made: string;
  readonly tool: string;
}) {
  return (
    <p class="made faint">
      <code>{['fle-check', ...command].map(quoted).join(' ')}</code>
      <span>
        <time dateTime={made}>{`${made.slice(0, 10)} ${made.slice(11, 16)} UTC`}</time>, version {tool}
      </span>
    </p>
  );
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w./@+:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

interface Column {
  readonly head: string;
  /** Figures stand on the right. */
  readonly right?: boolean;
}

interface TableProps {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly ComponentChildren[])[];
}

/** A table with a caption, whose first cells head their rows. */
export const Table = ({ caption, columns, rows }: TableProps) => (
  <table>
    <caption>{caption}</caption>
    <thead>
      <tr>
        {columns.map(({ head, right }) => (
          <th key={head} scope="col" class={right ? 'right' : ''}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
    <tbody>
      {rows.map((cells, i) => (
        <tr key={i}>
          {cells.map((cell, k) => {
            const side = columns[k].right ? 'right' : '';
            return k === 0 ? (
              <th key={columns[k].head} scope="row" class={side}>
                {cell}
              </th>
            ) : (
              <td key={columns[k].head} class={side}>
                {cell}
              </td>
            );
          })}
        </tr>
      ))}
    </tbody>
  </table>
);

/** What may be wider than the window: it scrolls by itself, by the keyboard too. */
export const Scrolling = ({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
  <section class="scroll" tabIndex={0} aria-label={label}>
    {children}
  </section>
);
