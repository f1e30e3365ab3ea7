/** Distinct states over time, in as few points as a plot needs. */

/** Seconds since the search began, and the distinct states known by then. */
export type Point = readonly [seconds: number, distinct: number];

/** If there are more points, every other one is dropped, and from then on half as many are taken. */
const MOST_POINTS = 200;

export class Growth {
  #points: Point[] = [];
  /** Seconds between two points, at least. */
  #gap = 0;

  /** Notes a point unless the last one is too near. */
  note(seconds: number, distinct: number): void {
    const last = this.#points.at(-1);
    if (last !== undefined && seconds - last[0] < this.#gap) return;
    if (this.#points.length === MOST_POINTS) {
      this.#points = this.#points.filter((_, i) => i % 2 === 0);
      this.#gap = (2 * seconds) / MOST_POINTS;
    }
    this.#points.push([seconds, distinct]);
  }

  /** All points, with that of the end. */
  until(seconds: number, distinct: number): readonly Point[] {
    return [...this.#points, [seconds, distinct] as const].map(([at, known]) => [rounded(at), known]);
  }
}

const rounded = (seconds: number): number => Math.round(seconds * 1000) / 1000;
