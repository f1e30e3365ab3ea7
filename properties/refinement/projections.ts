/**
 * Checks the ladder: projects a model onto the one below, and asks whether each step above is a step or a
 * stutter below. A shadow is the projection of a whole reachable graph.
 */

import { LEAVING } from '../../models/fle-faithful/state.js';
import { ServerState } from '../../models/model/server-state.js';
import type { DiscoveryState } from '../../models/zab-discovery/state.js';
import {
  type Claim,
  type Expectations,
  everyStep,
  Machine,
  type Model,
  type Reading,
  type StructType,
  sometimes,
} from '../../src/language/index.js';

/** The part of a state that two models share, as text; null for a state that one of them does not have. */
export type Projection = (state: Reading<StructType>) => string | null;

/** The fields that projections read; of a model's servers some are there. */
interface Server {
  readonly state: number;
  readonly leader: number;
  readonly proposal: number;
  readonly vote: number;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
}
interface Ensemble {
  readonly server: readonly Server[];
  readonly crashesLeft: number;
}
const ensemble = (state: Reading<StructType>) => state as unknown as Ensemble;

/** The first four are those of every model that has servers, in this order. */
const { names: ROLES, values } = ServerState;
const { OFF, LOOKING, FOLLOWING, LEADING } = values;

/**
 * The leader of each server, and its epochs: the state that `zab-synchronization` and `zab-discovery` share.
 */
export const epochsAndRoles: Projection = (state) => {
  const { server, crashesLeft } = ensemble(state);
  let text = `${crashesLeft}`;
  for (let i = 0; i < server.length; i++) {
    const { state: role, leader, acceptedEpoch, currentEpoch } = server[i];
    text += `, ${ROLES[role]} ${role === FOLLOWING ? `s${leader + 1} ` : ''}a${acceptedEpoch} c${currentEpoch}`;
  }
  return text;
};

/** The state of `zab-discovery` without the election itself, under any election. */
export const discovery: Projection = (state) => {
  const { server, toLeader, history, crashesLeft, abandonsLeft } = state as unknown as DiscoveryState;
  let text = `${crashesLeft} ${abandonsLeft}`;
  for (let i = 0; i < server.length; i++) {
    const { state: role, acceptedEpoch, currentEpoch, leader, connection, epoch } = server[i];
    const { connectingFollowers, electingFollowers } = server[i];
    text += `, ${role} a${acceptedEpoch} c${currentEpoch} ${leader} ${connection} e${epoch}`;
    text += ` ${connectingFollowers} ${electingFollowers}`;
    for (let j = 0; j < server.length; j++) {
      if (j !== i) text += ` ${toLeader[i][j].info} ${toLeader[i][j].ack}`;
    }
  }
  for (let e = 0; e < history.length; e++) {
    const { established, twice, acked } = history[e];
    text += `, ${established} ${twice} ${acked}`;
  }
  return text;
};

/**
 * The role of each server and its leader: the state that `zab-discovery` and `fast-leader-election` share.
 */
export const roles =
  (followed: 'leader' | 'proposal'): Projection =>
  (state) => {
    const { server } = ensemble(state);
    let text = '';
    for (let i = 0; i < server.length; i++) {
      const role = server[i].state;
      text += `${i === 0 ? '' : ', '}${ROLES[role]}${role === FOLLOWING ? ` s${server[i][followed] + 1}` : ''}`;
    }
    return text;
  };

/**
 * The servers that are up, and the leader of all, once an election has ended: the state that
 * `fast-leader-election` and `tutorial` share. Null if a running server has not decided, if two lead or none,
 * or if a minority is up.
 */
export const settled =
  (followed: 'proposal' | 'vote'): Projection =>
  (state) => {
    const { server } = ensemble(state);
    let leader = -1;
    for (let i = 0; i < server.length; i++) {
      if (server[i].state !== LEADING) continue;
      if (leader >= 0) return null;
      leader = i;
    }
    const up: string[] = [];
    for (let i = 0; i < server.length; i++) {
      const { state: role } = server[i];
      if (role !== OFF && i !== leader && (role !== FOLLOWING || server[i][followed] !== leader)) return null;
      if (role !== OFF) up.push(`s${i + 1}`);
    }
    if (up.length === 0) return 'nobody is up';
    return leader < 0 || up.length * 2 <= server.length ? null : `up ${up.join(' ')}, s${leader + 1} leads`;
  };

/** A reachable graph as its projection shows it. */
export interface Shadow {
  readonly states: ReadonlySet<string>;
  /** The states after each, stutters left out. */
  readonly steps: ReadonlyMap<string, ReadonlySet<string>>;
  /** By action: each step with the states before and after, stutters included. */
  readonly byAction: ReadonlyMap<string, ReadonlySet<string>>;
}

const ARROW = ' → ';
const endsOf = (step: string): readonly [from: string, to: string] =>
  step.split(ARROW) as unknown as readonly [string, string];

/** Claims that see every state and step of a search, and the shadow that they fill. */
export function observe(
  model: Model,
  project: Projection,
): { readonly shadow: Shadow; readonly expectations: Expectations<Reading<StructType>> } {
  const states = new Set<string>();
  const steps = new Map<string, Set<string>>();
  const byAction = new Map<string, Set<string>>();
  const claims = model.actions.map(({ name }): Claim<Reading<StructType>> => {
    const taken = new Set<string>();
    byAction.set(name, taken);
    const holds = (pre: Reading<StructType>, post: Reading<StructType>) => {
      const [from, to] = [project(pre), project(post)];
      if (from !== null) states.add(from);
      if (to !== null) states.add(to);
      if (from === null || to === null) return true;
      taken.add(from + ARROW + to);
      if (from !== to) steps.set(from, (steps.get(from) ?? new Set()).add(to));
      return true;
    };
    const explain = () => 'Every step is noted.';
    return everyStep({ name, says: '', source: '', witness: 'reached', on: [name], holds, explain });
  });
  const reached = sometimes<Reading<StructType>>({
    name: 'reached',
    says: '',
    source: '',
    shows: () => true,
  });
  return { shadow: { states, steps, byAction }, expectations: { claims, witnesses: [reached] } };
}

/**
 * A reachable graph without the states that the projection does not show: a step leads from one shown state
 * to the next, over any number of others.
 */
export function contracted(model: Model, project: Projection): Omit<Shadow, 'byAction'> {
  const graph = graphOf(model, project);
  const states = new Set<string>();
  const steps = new Map<string, Set<string>>();
  for (const { text, next } of graph) {
    if (text === null) continue;
    states.add(text);
    const reached = new Set<number>(next);
    for (const at of reached) {
      const { text: shown, next: further } = graph[at];
      if (shown === null) for (const one of further) reached.add(one);
      else if (shown !== text) steps.set(text, (steps.get(text) ?? new Set()).add(shown));
    }
  }
  return { states, steps };
}

/** Every reachable state, with its projection and the indices of its successors. */
function graphOf(model: Model, project: Projection) {
  const machine = new Machine(model);
  const { memory, words } = machine;
  const graph: { readonly text: string | null; readonly next: number[] }[] = [];
  const indices = new Map<string, number>();
  const packed: Int32Array[] = [];
  const indexOf = (): number => {
    const key = memory.subarray(0, words).join();
    const known = indices.get(key);
    if (known !== undefined) return known;
    indices.set(key, graph.length);
    packed.push(memory.slice(0, words));
    return graph.push({ text: project(machine.pre), next: [] }) - 1;
  };
  for (let code = 0; code < machine.initials; code++) if (machine.start(code)) indexOf();
  const enabled = new Uint16Array(model.instances);
  for (let at = 0; at < graph.length; at++) {
    machine.load(packed[at], 0);
    const codes = enabled.slice(0, machine.enabled(enabled));
    for (const code of codes) {
      machine.load(packed[at], 0);
      machine.apply(code);
      machine.advance();
      graph[at].next.push(indexOf());
    }
  }
  return graph;
}

/**
 * The number of steps of a shadow from one state to another; null if there is no way, or it needs more than
 * `most`.
 */
export function pathLength(
  { steps }: Pick<Shadow, 'steps'>,
  from: string,
  to: string,
  most: number,
): number | null {
  let reached = new Set([from]);
  for (let length = 0; length <= most; length++) {
    if (reached.has(to)) return length;
    reached = new Set([...reached].flatMap((state) => [...(steps.get(state) ?? [])]));
  }
  return null;
}

/**
 * For each action of the model above, the most steps of the model below that one step of it is: 0 if all are
 * stutters; null if one has no counterpart below.
 */
export function climb(
  upper: Shadow,
  lower: Shadow,
  most: number,
): { readonly [action: string]: number | null } {
  const longest = (steps: ReadonlySet<string>): number | null => {
    let sofar = 0;
    for (const step of steps) {
      const length = pathLength(lower, ...endsOf(step), most);
      if (length === null) return null;
      sofar = Math.max(sofar, length);
    }
    return sofar;
  };
  return Object.fromEntries([...upper.byAction].map(([action, steps]) => [action, longest(steps)]));
}

/** The changes of role in a shadow of `roles`, a server each: `LOOKING → LEADING`, `LOOKING → FOLLOWING`. */
export function rolesTaken({ steps }: Shadow): ReadonlySet<string> {
  const kinds = (state: string) => state.split(', ');
  const taken = new Set<string>();
  for (const [from, all] of steps) {
    for (const to of all) {
      const changes = kinds(from).flatMap((role, i) =>
        role === kinds(to)[i] ? [] : [`${role.split(' ')[0]}${ARROW}${kinds(to)[i].split(' ')[0]}`],
      );
      taken.add(changes.join(' and '));
    }
  }
  return taken;
}

/**
 * The role, the clock and the vote of each running server: the state that `fle-faithful` and
 * `fast-leader-election` share. The vote is the proposal while LOOKING, and afterwards the decision, even if
 * no other server knows it yet.
 */
export const votes: Projection = (state) => {
  const { server } = state as unknown as { readonly server: readonly Voter[] };
  let text = '';
  for (let i = 0; i < server.length; i++) {
    const { state: role, logicalclock, proposal, endVote, currentVote, place } = server[i];
    if (i > 0) text += ', ';
    text += ROLES[role];
    if (role === OFF) continue;
    const vote =
      typeof proposal === 'number'
        ? proposal
        : (role === LOOKING ? proposal : place === LEAVING ? endVote : currentVote).leader;
    text += ` c${logicalclock} s${vote + 1}`;
  }
  return text;
};

interface Voter {
  readonly state: number;
  readonly logicalclock: number;
  readonly proposal: number | { readonly leader: number };
  readonly endVote: { readonly leader: number };
  readonly currentVote: { readonly leader: number };
  readonly place: number;
}
