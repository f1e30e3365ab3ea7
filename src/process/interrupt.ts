/**
 * Ctrl-C, SIGTERM and SIGHUP. A command that runs long hears them from its first moment on: before it has
 * begun it ends at once, and afterwards it ends with all figures so far, both with exit code 3.
 */
import { EXIT } from './exit.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The reason of a search that a signal ended. */
export const INTERRUPTED = 'interrupted';

/**
 * Milliseconds in which a second signal is the first once more: npx passes on what the terminal has sent to
 * both already, and a closed terminal sends several.
 */
const SAME = 2_000;

export class Interrupt {
  #requestedAt: number | null = null;
  #hasBegun = false;
  readonly #requests = new AbortController();

  /** True once an end was asked for. */
  get requested(): boolean {
    return this.#requestedAt !== null;
  }

  /** Aborted once an end was asked for. */
  get signal(): AbortSignal {
    return this.#requests.signal;
  }

  /** From now on signals are heard, and end the process at once. */
  listen(): void {
    for (const signal of SIGNALS) process.on(signal, () => this.request());
  }

  /** From now on the command looks at `requested` at least every second, and ends with its figures. */
  begin(): void {
    this.#hasBegun = true;
  }

  /** Asks for an end, as a signal does. */
  request(): void {
    const now = performance.now();
    if (!this.#hasBegun) endNow(`${INTERRUPTED} before it had begun`);
    if (this.#requestedAt === null) {
      this.#requestedAt = now;
      this.#requests.abort();
    } else if (now - this.#requestedAt > SAME) endNow(`${INTERRUPTED} twice: ended without its figures`);
  }
}

function endNow(why: string): never {
  process.stderr.write(`fle-check: ${why}\n`);
  process.exit(EXIT.inconclusive);
}

/** That of this process: signals are for all of it. */
export const interrupt = new Interrupt();
