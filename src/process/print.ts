/** What a command prints for people. */

/** Prints lines on standard output; nothing where the JSON goes there, which is `json` of `-`. */
export function printLines(lines: readonly string[], json: string | undefined): void {
  if (json !== '-' && lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}
