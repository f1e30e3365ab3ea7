/**
 * Compares real ZooKeeper with `fle-faithful`: in random schedules, and on every transition within small
 * bounds.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import type { Bounds, Rules } from '../../models/index.js';
import { decodeStep, encodeStep, type Model } from '../language/index.js';
import type { Trace } from '../trace/trace.js';
import { type Answering, type Difference, difference, sentence, type Taken, takeRandom } from './beside.js';
import { exploring, type Graph, type Path, pathsOf } from './coverage.js';
import { randomSchedules } from './random-steps.js';
import { stepBehind, Twin } from './twin.js';

/** The first difference, with the steps to it in sentences. */
export interface Mismatch {
  readonly servers: number;
  readonly steps: readonly string[];
  readonly difference: Difference;
}

export interface RandomConformance {
  readonly schedules: number;
  readonly steps: number;
  readonly mismatch: Mismatch | null;
}

/** The most steps of a schedule; half as many on average. */
const LENGTH = 400;
/** Schedules between two looks at the number of steps taken. */
const SCHEDULES_A_ROUND = 10;
/** Makes the rounds of one seed differ from those of the next. */
const SEEDS_APART = 7919;

export interface Progress {
  /** Steps so far. */
  readonly onSteps?: (steps: number) => void;
  /** Asked now and then whether to stop. */
  readonly stopped?: () => boolean;
}

/**
 * Takes random schedules until this number of steps has been taken, or one schedule shows a difference.
 * Shrinks that schedule, unless `shrink` is false.
 */
export async function conformAtRandom(
  real: Answering,
  rules: Rules,
  { seed, steps: wanted, shrink = true }: { seed: number; steps: number; shrink?: boolean },
  { onSteps, stopped }: Progress = {},
): Promise<RandomConformance> {
  let [schedules, steps, differs] = [0, 0, false];
  const property = fc.asyncProperty(randomSchedules(LENGTH), async (schedule) => {
    // Stopped in the middle of a round, or while a difference was shrunk.
    if (stopped?.()) return true;
    const taken = takeRandom(rules, schedule);
    const found = await difference(real, taken);
    if (differs) return found === null;
    schedules++;
    steps += found === null ? taken.steps.length : found.step;
    onSteps?.(steps);
    differs = found !== null;
    return !differs;
  });
  for (let round = 0; steps < wanted && !stopped?.(); round++) {
    const { counterexample } = await fc.check(property, {
      seed: seed + round * SEEDS_APART,
      numRuns: SCHEDULES_A_ROUND,
      endOnFailure: !shrink,
    });
    if (counterexample === null) continue;
    const [schedule] = counterexample;
    const mismatch = await mismatchOf(real, takeRandom(rules, schedule), schedule.servers);
    return { schedules, steps, mismatch };
  }
  return { schedules, steps, mismatch: null };
}

async function mismatchOf(real: Answering, taken: Taken, servers: number): Promise<Mismatch> {
  const found = await difference(real, taken);
  if (found === null) throw new Error('real ZooKeeper answers otherwise when it is asked again');
  return { servers, steps: taken.steps.slice(0, found.step).map(({ says }) => says), difference: found };
}

export interface Coverage {
  readonly states: number;
  /** The transitions reachable in the model, and the number that real servers have taken. */
  readonly transitions: number;
  readonly covered: number;
  readonly paths: number;
  readonly steps: number;
  readonly mismatch: Mismatch | null;
}

const BATCH = 16;

/** Takes every transition of the bounds on real servers. Throws TooLarge if there are too many to keep. */
export async function conformEverywhere(
  real: Answering,
  bounds: Bounds,
  rules: Rules,
  { onSteps, stopped }: Progress = {},
): Promise<Coverage> {
  const twin = new Twin(bounds, rules, null);
  const graph = await graphUnless(stopped, twin.model);
  if (graph === null) return { states: 0, transitions: 0, covered: 0, paths: 0, steps: 0, mismatch: null };
  const sum = { paths: 0, steps: 0, covered: 0 };
  const paths = pathsOf(graph);
  /** The real servers work on a batch while the twin prepares the next. */
  const ask = () =>
    Array.from(take(paths, BATCH), (path) => {
      const taken = takePath(twin, path);
      return { path, taken, found: difference(real, taken) };
    });
  let mismatch: Mismatch | null = null;
  for (let batch = ask(); batch.length > 0 && mismatch === null; ) {
    const next = stopped?.() ? [] : ask();
    for (const { path, taken, found } of batch) {
      if ((await found) !== null) mismatch ??= await mismatchOf(real, taken, bounds.servers);
      sum.paths++;
      sum.steps += path.steps.length;
      sum.covered += path.fresh;
    }
    onSteps?.(sum.steps);
    batch = next;
    if (mismatch !== null) await Promise.all(next.map(({ found }) => found));
  }
  const { states, transitions } = graph;
  return { states, transitions, ...sum, mismatch };
}

/** The graph of a model; null if an end was asked for meanwhile. */
async function graphUnless(stopped: Progress['stopped'], model: Model): Promise<Graph | null> {
  const exploration = exploring(model);
  for (let turn = exploration.next(); ; turn = exploration.next()) {
    if (turn.done === true) return turn.value;
    await nextTurn();
    if (stopped?.()) return null;
  }
}

function* take<T>(from: Generator<T>, count: number): Generator<T> {
  for (let i = 0; i < count; i++) {
    const { done, value } = from.next();
    if (done) return;
    yield value;
  }
}

/** The steps of a trace of `fle-faithful` on a twin, up to one that it does not admit. */
export function takeFaithful(rules: Rules, bounds: Bounds, { initial, steps }: Trace): Taken {
  const twin = new Twin(bounds, rules, null);
  const { model } = twin;
  const begin = encodeStep([model.initial], model.initial.name, initial.args);
  const codes = steps.map(({ action, args }) => encodeStep(model.actions, action, args));
  const known = codes.includes(null) ? codes.slice(0, codes.indexOf(null)) : codes;
  return takePath(twin, { initial: begin ?? 0, steps: known as number[], fresh: 0 });
}

/** A path on the twin, up to the first step that the model does not admit. */
function takePath(twin: Twin, { initial, steps }: Path): Taken {
  const { model } = twin;
  const opening = twin.start(decodeStep([model.initial], initial).args);
  const taken: Taken['steps'][number][] = [];
  for (const code of steps) {
    const step = stepBehind(model, code);
    if (!twin.admits(step)) break;
    taken.push({ step, says: sentence(twin, step), exchanges: twin.take(step) });
  }
  return { opening, steps: taken };
}
