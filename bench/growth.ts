/**
 * One long search of the peer model, bare, and how fast it is when it knows many states. Prints its marks as
 * JSON; the search is not complete, it ends after the last mark.
 *
 *     node dist/bench/growth.js <rounds> <crashes> <states of a mark>...
 */
import { BreadthFirst } from '../src/engine/breadth-first.js';
import { inlineMore } from '../src/engine/inlining.js';
import { peer } from './peer-source.js';

/** How the search stands when it knows so many states. */
export interface Mark {
  readonly states: number;
  readonly depth: number;
  /** Distinct states, and transitions, a second of CPU time, in a window around the mark. */
  readonly statesPerSecond: number;
  readonly transitionsPerSecond: number;
  readonly bytes: number;
  /** Bytes of the process that are resident. */
  readonly resident: number;
}

/** States expanded between two looks at the clock. */
const SLICE = 5_000;
const MEMORY = 4 * 1024 ** 3;
/** Windows reach so far to each side: wide at the first mark, which is small. */
const FIRST_WINDOW = 0.5;
const WINDOW = 0.05;

const searchOf = (rounds: number, crashes: number) => {
  const { model, expectations } = peer({ rounds, crashes }, false);
  return new BreadthFirst(model, expectations, { memory: MEMORY });
};

type Search = ReturnType<typeof searchOf>;

/** Goes on until so many states are known. Throws if the search ends before. */
function reach(search: Search, states: number): void {
  while (search.store.distinct < states) {
    if (search.advance(SLICE)) continue;
    const { distinct, reason } = search.outcome();
    throw new RangeError(`the search ended at ${distinct} states, before ${states}: ${reason ?? 'no more'}`);
  }
}

function measure(search: Search, states: number, window: number): Mark {
  reach(search, states * (1 - window));
  const [from, cpu] = [search.progress(), process.cpuUsage()];
  reach(search, states);
  const at = { depth: search.progress().level, bytes: search.progress().bytes };
  const resident = process.memoryUsage.rss();
  reach(search, states * (1 + window));
  const { user, system } = process.cpuUsage(cpu);
  const [to, seconds] = [search.progress(), (user + system) / 1e6];
  return {
    ...at,
    states,
    statesPerSecond: (to.distinct - from.distinct) / seconds,
    transitionsPerSecond: (to.generated - from.generated) / seconds,
    resident,
  };
}

inlineMore();
const [rounds, crashes, ...marks] = process.argv.slice(2).map(Number);
const search = searchOf(rounds, crashes);
const measured = marks.map((states, i) => measure(search, states, i === 0 ? FIRST_WINDOW : WINDOW));
console.log(JSON.stringify(measured));
