/** One line on a terminal, rewritten in place; nothing on a dumb terminal, a pipe or a file. */

/** The least time between two rewrites. */
const MILLISECONDS = 100;

const ERASE_LINE = '\r\u001b[K';

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class StatusLine {
  readonly #terminal: Terminal;
  /** A dumb terminal cannot erase a line: each rewrite would be left on the screen. */
  readonly #rewrites: boolean;
  #shownAt = Number.NEGATIVE_INFINITY;
  #visible = false;

  constructor(terminal: Terminal, { TERM }: { readonly TERM?: string | undefined } = process.env) {
    this.#terminal = terminal;
    this.#rewrites = terminal.isTTY === true && TERM !== 'dumb';
  }

  /** Shows the text, cut to the width, unless the last one is still fresh. */
  show(text: () => string): void {
    if (!this.#rewrites || performance.now() - this.#shownAt < MILLISECONDS) return;
    this.#shownAt = performance.now();
    this.#visible = true;
    this.#terminal.write(ERASE_LINE + text().slice(0, (this.#terminal.columns ?? 80) - 1));
  }

  clear(): void {
    if (this.#visible) this.#terminal.write(ERASE_LINE);
    this.#visible = false;
  }
}
