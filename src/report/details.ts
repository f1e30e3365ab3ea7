/** The details of a search below its line in the table: each action's count, each witness's steps. */

import { paragraph, unbroken } from './paragraph.js';
import type { Result } from './schemas.js';
import { type Colors, figure } from './terminal.js';

export interface DetailLayout {
  /** Of the terminal. */
  readonly columns: number;
  readonly colors: Colors;
}

/** The lines of details, for a check of one model. */
export function detailLines(result: Result, layout: DetailLayout): readonly string[] {
  const { actions, witnesses, excluded } = result;
  const taken = Object.entries(actions).map(([name, count]) => unbroken(`${name} ${figure(count)}`));
  const found = Object.entries(witnesses).filter(([, steps]) => steps !== null);
  const missing = Object.keys(witnesses).filter((name) => witnesses[name] === null);
  return [
    ...listed('Taken:', taken, layout),
    ...listed(
      'Witnesses, in steps:',
      found.map(([name, steps]) => unbroken(`${name} ${steps}`)),
      layout,
    ),
    ...listed(missedBecause(result), missing, layout),
    ...listed('Excluded by the bounds:', inGroups(excluded), layout),
  ];
}

/** Why witnesses are missing. Only a complete search has looked for them in every state. */
function missedBecause({ complete, violation }: Result): string {
  if (complete) return 'Witnesses not found:';
  return violation === null
    ? 'The search ended early, before it had found:'
    : 'Not found before the violation ended the search:';
}

/** `s1Leads, s2Leads (why)`: names with one reason, then the reason. */
export function inGroups(excluded: { readonly [name: string]: string }): readonly string[] {
  const reasons = [...new Set(Object.values(excluded))];
  return reasons.map((because) => {
    const names = Object.keys(excluded).filter((name) => excluded[name] === because);
    return `${names.join(', ')} (${because})`;
  });
}

/** `heading  a · b · c`, continued on indented lines; nothing without items. */
function listed(heading: string, items: readonly string[], layout: DetailLayout): readonly string[] {
  if (items.length === 0) return [];
  const { columns, colors } = layout;
  const lines = paragraph(`${heading} ${unbroken(' ')}${items.join(`${unbroken(' ·')} `)}`, columns, '  ');
  return lines.map((text) => colors.dim(text));
}
