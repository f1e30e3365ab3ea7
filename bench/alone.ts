/** Figures that compare no programs: random walks, and a search that becomes large. */
import { child } from './child.js';
import type { Mark } from './growth.js';
import { spreadOf } from './rounds.js';
import type { Scale } from './scale.js';
import { type Line, measured, millions, reasonOf, type Target, type Unit, unmeasured } from './table.js';

/** Steps a second that a walk should take, by the number of servers. */
const WALK_TARGETS: readonly (readonly [servers: number, rate: number])[] = [
  [3, 3_000_000],
  [5, 1_500_000],
];

/** A row that is measured by itself. */
export interface Alone {
  readonly what: string;
  measure(): Promise<Line>;
}

/** The rows of random walks: in each round a fresh process. */
export const walks = ({ rounds }: Scale, note: (what: string) => void): readonly Alone[] =>
  WALK_TARGETS.map(([servers, least]) => {
    const what = `random walk of ${servers} servers, steps/s of CPU time`;
    return {
      what,
      async measure() {
        const rates: number[] = [];
        try {
          for (let round = 0; round < rounds; round++) {
            note(`round ${round + 1} of ${rounds}, ${servers} servers walk`);
            rates.push(await child<number>('walk', servers));
          }
        } catch (error) {
          return unmeasured(what, reasonOf(error), { least }, millions, true);
        }
        return measured(what, spreadOf(rates), millions, { least });
      },
    };
  });

const GROWTH_TARGET: Target = { least: 0.6 };
const ratio: Unit = (value) => value.toFixed(2);

/** The row of the long search, and its marks once it has been measured. */
export class Growth implements Alone {
  readonly what: string;
  /** How the search stood at each mark. */
  marks: readonly Mark[] = [];
  readonly #scale: Scale;
  readonly #wanted: boolean;

  constructor(scale: Scale, wanted: boolean) {
    const { rounds, crashes } = scale.long;
    const [first, last] = [scale.marks[0], scale.marks[scale.marks.length - 1]].map(inMillions);
    this.what = `states/s at ${last} M states against ${first} M, bare, CPU time (${rounds},${crashes})`;
    this.#scale = scale;
    this.#wanted = wanted;
  }

  async measure(): Promise<Line> {
    if (!this.#wanted) return unmeasured(this.what, 'run with --growth', GROWTH_TARGET, ratio);
    const { long, marks } = this.#scale;
    try {
      this.marks = await child<readonly Mark[]>('growth', long.rounds, long.crashes, ...marks);
    } catch (error) {
      return unmeasured(this.what, reasonOf(error), GROWTH_TARGET, ratio, true);
    }
    const [first, last] = [this.marks[0], this.marks[this.marks.length - 1]];
    const figure = last.statesPerSecond / first.statesPerSecond;
    const also = `one run; ${millions(last.statesPerSecond)} against ${millions(first.statesPerSecond)} states/s`;
    return measured(this.what, spreadOf([figure]), ratio, GROWTH_TARGET, also);
  }

  /** The marks as a table, with a heading. */
  get table(): readonly (readonly string[])[] {
    return [
      ['M states', 'depth', 'states/s', 'transitions/s', 'bytes a state', 'RSS, MiB'],
      ...this.marks.map((mark) => [
        inMillions(mark.states),
        String(mark.depth),
        millions(mark.statesPerSecond),
        millions(mark.transitionsPerSecond),
        (mark.bytes / mark.states).toFixed(1),
        (mark.resident / 1024 ** 2).toFixed(0),
      ]),
    ];
  }
}

const inMillions = (states: number): string => String(states / 1e6);
