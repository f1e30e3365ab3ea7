/** What a search found beside its line in the table: each action's count, each witness's steps. */
import type { Result } from './schemas.js';
import { type Colors, figure } from './terminal.js';

const WIDTH = 100;

/** The lines of details, for a check of one model. */
export function detailLines({ actions, witnesses, excluded }: Result, colors: Colors): readonly string[] {
  const taken = Object.entries(actions).map(([name, count]) => `${name} ${figure(count)}`);
  const shown = Object.entries(witnesses).map(([name, steps]) => `${name} ${steps ?? 'not found'}`);
  return [
    ...listed('Taken:', taken, colors),
    ...listed('Witnesses, in steps:', shown, colors),
    ...listed('Excluded by the bounds:', Object.keys(excluded), colors),
  ];
}

/** `heading a · b · c`, continued on indented lines; nothing without items. */
function listed(heading: string, items: readonly string[], colors: Colors): readonly string[] {
  if (items.length === 0) return [];
  const lines: string[] = [];
  let line = heading;
  for (const [i, item] of items.entries()) {
    const next = `${line}${i === 0 ? '  ' : ' · '}${item}`;
    if (next.length <= WIDTH - 2 || i === 0) {
      line = next;
    } else {
      lines.push(`${line} ·`);
      line = `  ${item}`;
    }
  }
  lines.push(line);
  return lines.map((text) => colors.dim(text));
}
