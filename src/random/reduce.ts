/**
 * Shortens a walk that violates a claim. It works on the steps taken, not on choices. Steps that are not
 * enabled are passed over, so any subset of a list of steps is a walk again.
 */
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import { decodeStep, type Model } from '../language/model.js';
import type { Built, DrawnBounds, Space, Subject } from './schedule.js';
import { Walker } from './walk.js';

/** A schedule that violates the claim, and the bounds at which it does. */
export interface Counterexample {
  readonly bounds: DrawnBounds;
  readonly schedule: Schedule;
}

/** The bound whose value is the number of servers, and the domain of arguments that name one. */
const SERVERS = 'servers';
export const SID = 'sid';
/** The number of initial states tried when a change of bounds renumbers them. */
const MOST_INITIALS = 1024;

/** The model with one claim alone, so that a search for it meets nothing else. */
export function narrow({ model, expectations }: Built, claim: string): Built {
  const claims = expectations.claims
    .filter(({ name, kind }) => name === claim && kind !== 'scenario')
    .map((kept) => ({ ...kept, witness: '' }));
  const terminal = claim === DEADLOCK ? model.terminal : () => true;
  return { model: { ...model, terminal }, expectations: { claims, witnesses: [] } };
}

/** Leaves out steps, lowers bounds, and leaves out steps again. Deterministic; each bound is tried once. */
export function reduce(subject: Subject, claim: string, found: Counterexample): Counterexample {
  const build = (bounds: DrawnBounds) => narrow(subject.build(bounds), claim);
  let kept = withFewerSteps(build(found.bounds), found);
  for (let fewer = withoutServer(subject.space, build, kept); fewer !== null; ) {
    kept = fewer;
    fewer = withoutServer(subject.space, build, kept);
  }
  for (const name of Object.keys(subject.space)) kept = withLowerBound(subject.space, build, kept, name);
  return withFewerSteps(build(kept.bounds), kept);
}

type Build = (bounds: DrawnBounds) => Built;

function withFewerSteps(built: Built, { bounds, schedule }: Counterexample): Counterexample {
  const walker = new Walker(built);
  return { bounds, schedule: ddmin(schedule, (candidate) => walker.replay(candidate)) };
}

/**
 * Delta debugging: leaves out ever smaller chunks, down to single steps, as long as `replay` still finds the
 * violation; what it returns are the steps really taken.
 */
export function ddmin(schedule: Schedule, replay: (candidate: Schedule) => Schedule | null): Schedule {
  let kept = replay(schedule) ?? schedule;
  let size = Math.ceil(kept.steps.length / 2);
  while (size >= 1) {
    let lessened = false;
    for (let to = kept.steps.length; to > 0; to -= size) {
      const steps = [...kept.steps.slice(0, Math.max(0, to - size)), ...kept.steps.slice(to)];
      const shorter = replay({ initial: kept.initial, steps });
      if (shorter === null) continue;
      kept = shorter;
      to = Math.min(to, kept.steps.length + size);
      lessened = true;
    }
    if (size === 1 && !lessened) break;
    size = size === 1 ? 1 : Math.floor(size / 2);
  }
  return kept;
}

/**
 * The same with one server fewer: a server that takes no part is left out, and those above it move down by
 * one.
 */
function withoutServer(
  space: Space,
  build: Build,
  { bounds, schedule }: Counterexample,
): Counterexample | null {
  const servers = bounds[SERVERS];
  const least = leastOf(space, SERVERS);
  if (typeof servers !== 'number' || least === null || servers <= least) return null;
  const fewer = { ...bounds, [SERVERS]: servers - 1 };
  const { model } = build(bounds);
  const walker = new Walker(build(fewer));
  for (let dropped = servers - 1; dropped >= 0; dropped--) {
    const reduced = carryOver(model, walker, schedule, dropped);
    if (reduced !== null) return { bounds: fewer, schedule: reduced };
  }
  return null;
}

/** The same, or the same without one of its steps, with one bound at the least value that still admits it. */
function withLowerBound(space: Space, build: Build, kept: Counterexample, name: string): Counterexample {
  const value = kept.bounds[name];
  const least = leastOf(space, name);
  if (typeof value !== 'number' || least === null) return kept;
  const { model } = build(kept.bounds);
  const { initial, steps } = kept.schedule;
  const candidates = [steps, ...steps.map((_, i) => steps.filter((_, k) => k !== i))];
  for (let lower = least; lower < value; lower++) {
    const bounds = { ...kept.bounds, [name]: lower };
    const walker = new Walker(build(bounds));
    for (const candidate of candidates) {
      const schedule = carryOver(model, walker, { initial, steps: candidate }, null);
      if (schedule !== null) return { bounds, schedule };
    }
  }
  return kept;
}

/** The least value to which a numeric bound may be reduced. */
function leastOf(space: Space, name: string): number | null {
  const draw = space[name];
  if (draw === undefined) return null;
  return draw.least ?? Math.min(...draw.values.filter((value) => typeof value === 'number'));
}

/**
 * The steps of a schedule at other bounds, without those of a dropped server; null if they violate nothing
 * there.
 */
function carryOver(
  from: Model,
  walker: Walker,
  { initial, steps }: Schedule,
  dropped: number | null,
): Schedule | null {
  const { model, initials } = walker.machine;
  const codes = steps.flatMap((code) => translate(from, model, code, dropped));
  const sameInitials = dropped === null && initials === from.initial.instances;
  const candidates = sameInitials
    ? [initial]
    : Array.from({ length: Math.min(initials, MOST_INITIALS) }).keys();
  for (const candidate of candidates) {
    const reduced = walker.replay({ initial: candidate, steps: codes });
    if (reduced !== null) return reduced;
  }
  return null;
}

/** The code of a step in another model; empty if it does not exist there. */
function translate(from: Model, to: Model, code: number, dropped: number | null): number[] {
  const { action, args } = decodeStep(from.actions, code);
  const target = to.actions.find(({ name }) => name === action.name);
  if (target === undefined || target.over.length !== args.length) return [];
  let translated = 0;
  for (const [i, { name, lo, hi }] of target.over.entries()) {
    let value = args[i];
    if (dropped !== null && name === SID) {
      if (value === dropped) return [];
      if (value > dropped) value--;
    }
    if (value < lo || value > hi) return [];
    translated = translated * (hi - lo + 1) + (value - lo);
  }
  return [target.first + translated];
}
