/**
 * The search that the naive models share: a state is plain data, its identity is its JSON text, and every
 * step starts from a fresh copy. It shares no line with the engine.
 */

export interface NaiveStep<Ensemble, Action> {
  readonly action: Action;
  readonly take: (ensemble: Ensemble) => void;
}

export interface NaiveCounts<Action extends string> {
  readonly distinct: number;
  /** Each enabled action with its arguments, in each distinct state. */
  readonly generated: number;
  /** The greatest distance from the initial state. */
  readonly depth: number;
  readonly actions: Record<Action, number>;
}

/**
 * Visits every reachable state breadth first and counts. `look` sees each step, and whether the state after
 * it is reached for the first time.
 */
export function searchNaively<Ensemble, Action extends string>(
  start: Ensemble,
  names: readonly Action[],
  enabledSteps: (now: Ensemble) => readonly NaiveStep<Ensemble, Action>[],
  look: (before: Ensemble, after: Ensemble, isNew: boolean) => void = () => {},
): NaiveCounts<Action> {
  const initial = JSON.stringify(start);
  const seen = new Set([initial]);
  const actions = Object.fromEntries(names.map((name) => [name, 0])) as Record<Action, number>;
  let generated = 0;
  let depth = 0;
  for (let level = [initial]; ; depth += 1) {
    const next: string[] = [];
    for (const text of level) {
      const now: Ensemble = JSON.parse(text);
      for (const { action, take } of enabledSteps(now)) {
        const after: Ensemble = JSON.parse(text);
        take(after);
        generated += 1;
        actions[action] += 1;
        const reached = JSON.stringify(after);
        const isNew = !seen.has(reached);
        look(now, after, isNew);
        if (!isNew) continue;
        seen.add(reached);
        next.push(reached);
      }
    }
    if (next.length === 0) return { distinct: seen.size, generated, depth, actions };
    level = next;
  }
}
