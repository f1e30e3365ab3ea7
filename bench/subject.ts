/**
 * One search of the peer model, cold, as a program of its own: compilation and memory of one never help or
 * hurt another. Prints its Sample as JSON.
 *
 *     node dist/bench/subject.js <claims | bare | hand-written> <rounds> <crashes> <workers>
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BreadthFirst } from '../src/engine/breadth-first.js';
import { Crew } from '../src/engine/crew.js';
import { inlineMore } from '../src/engine/inlining.js';
import type { StructType } from '../src/language/index.js';
import { handWritten } from './hand-written/search.js';
import { type Bounds, peer, peerSource } from './peer-source.js';
import type { Sample } from './rounds.js';

/** As in src/search/search.ts. */
const SLICE = 20_000;
const STATES_WORTH_WORKERS = 50_000;

type Counted = Pick<Sample, 'distinct' | 'generated' | 'bytes'>;

/** Workers that start while the search goes on. */
interface Start {
  ready: Crew<StructType> | null;
}

/** Alone at first, then with all workers, as the command does. */
async function search(bounds: Bounds, claims: boolean, workers: number): Promise<Counted> {
  const { model, expectations } = peer(bounds, claims);
  const run = new BreadthFirst(model, expectations);
  let crew: Start | null = null;
  while (!crew?.ready && run.advance(SLICE)) {
    if (workers > 1 && run.store.distinct >= STATES_WORTH_WORKERS)
      crew ??= start(run, bounds, claims, workers);
    await nextTurn();
  }
  await crew?.ready?.run();
  const { verdict, reason, distinct, generated, bytes } = run.outcome();
  if (verdict !== 'holds') throw new Error(`the search says ${verdict}: ${reason}`);
  return { distinct, generated, bytes };
}

function start(run: BreadthFirst<StructType>, bounds: Bounds, claims: boolean, workers: number): Start {
  const starting: Start = { ready: null };
  void Crew.start(run, peerSource(bounds, claims), workers).then((crew) => {
    starting.ready = crew;
  });
  return starting;
}

async function count(what: string, bounds: Bounds, workers: number): Promise<Counted> {
  if (what === 'claims' || what === 'bare') return search(bounds, what === 'claims', workers);
  if (what !== 'hand-written') throw new Error(`no subject is called ${what}`);
  const { distinct, generated } = handWritten(bounds.rounds, bounds.crashes);
  return { distinct, generated, bytes: null };
}

async function measure(what: string, bounds: Bounds, workers: number): Promise<Sample> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  const counted = await count(what, bounds, workers);
  const { user, system } = process.cpuUsage(cpu);
  return {
    ...counted,
    cpuSeconds: (user + system) / 1e6,
    wallSeconds: (performance.now() - wall) / 1e3,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

inlineMore();
const [what, rounds, crashes, workers] = process.argv.slice(2);
const sample = await measure(what, { rounds: Number(rounds), crashes: Number(crashes) }, Number(workers));
// The workers wait for more to do: they end with the process.
process.stdout.write(`${JSON.stringify(sample)}\n`, () => process.exit());
