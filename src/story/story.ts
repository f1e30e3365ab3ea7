/**
 * A trace as the data of a picture: at each step every server, what changed and why, and each message from
 * its sending to its end. It uses only the states of the trace, so it also shows, as far as it can, a trace
 * that today's models cannot take.
 */
import type { Bounds, ModelFamily } from '../../models/index.js';
import {
  BARE,
  type Picture,
  type PicturedServer,
  type Role,
  type Traffic,
} from '../../models/model/drawing.js';
import { reasonOf } from '../../models/votes/reasons.js';
import type { Plain } from '../language/index.js';
import { type Difference, differences } from '../trace/difference.js';
import type { Trace } from '../trace/schema.js';
import { type Arrow, arrowsOf } from './arrows.js';

export type { Arrow } from './arrows.js';

/** One server after a step. */
export interface Part {
  readonly picture: PicturedServer;
  /** The step changed something of it. */
  readonly changed: boolean;
  /** The step wrote something that outlives a crash. */
  readonly wrote: boolean;
  /** Its quorum has become a majority in this step. */
  readonly formed: boolean;
  /** Why its vote or its role changed; null if neither did. */
  readonly because: string | null;
}

/** The state after a step; that of step 0 is the start. */
export interface Frame {
  readonly step: number;
  readonly words: string;
  readonly state: Plain;
  readonly servers: readonly Part[];
  /** Servers that act, change, or send or read something. */
  readonly concerns: ReadonlySet<number>;
}

export interface Story {
  readonly frames: readonly Frame[];
  readonly arrows: readonly Arrow[];
  /** How many servers there are. */
  readonly servers: number;
}

/** The model of a story, if there is one, with its bounds. */
export interface Setting {
  readonly family: ModelFamily | undefined;
  readonly bounds: Bounds;
}

/** The story of a trace; `words` for each step. */
export function storyOf({ family, bounds }: Setting, trace: Trace, words: readonly string[]): Story {
  const states = [trace.initial.state, ...trace.steps.map(({ state }) => state)];
  const pictures = ofOneSize(states.map((state) => pictureOf(family, bounds, state)));
  const traffic = trace.steps.map((_, i) => trafficOf(family, bounds, trace, i + 1));
  const arrows = arrowsOf(trace, pictures, (i) => traffic[i - 1]);
  const frames = pictures.map((picture, i) => {
    const servers = partsOf(trace, states, pictures, traffic, i);
    const own = arrows.filter(({ sent, ended }) => i > 0 && (sent === i || ended === i));
    const acting = i === 0 ? [] : actors(trace.steps[i - 1].args, picture.servers.length);
    const changed = servers.flatMap((part, k) => (part.changed && i > 0 ? [k] : []));
    const concerns = new Set([...acting, ...changed, ...own.flatMap(({ from, to }) => [from, to])]);
    return {
      step: i,
      words: i === 0 ? startOf(family, states[0], picture.servers.length) : (words[i - 1] ?? ''),
      state: states[i],
      servers,
      concerns,
    };
  });
  return { frames, arrows, servers: pictures[0].servers.length };
}

/** `The start: s1 e0 zxid 0x1, s2 e0 zxid 0x0`, if the servers do not all have the same. */
function startOf(family: ModelFamily | undefined, state: Plain, servers: number): string {
  try {
    const each = Array.from({ length: servers }, (_, k) => family?.describeStart?.(state, k) ?? '');
    if (each.every((words) => words === '')) return 'The start';
    return `The start: ${each.map((words, k) => `s${k + 1} ${words}`).join(', ')}`;
  } catch {
    return 'The start';
  }
}

/** Makes all pictures have as many servers as the largest: a trace may come from no model. */
function ofOneSize(pictures: readonly Picture[]): readonly Picture[] {
  const most = Math.max(...pictures.map(({ servers }) => servers.length));
  return pictures.map((picture) => {
    const missing = Array.from({ length: most - picture.servers.length }, () => NOT_THERE);
    return missing.length === 0 ? picture : { ...picture, servers: [...picture.servers, ...missing] };
  });
}

const NO_PICTURE: Picture = { servers: [], messages: [] };

function pictureOf(family: ModelFamily | undefined, bounds: Bounds, state: Plain): Picture {
  try {
    if (family?.draws !== undefined) return family.draws.picture(state, bounds);
  } catch {
    // The state is of another, older model.
  }
  return {
    ...NO_PICTURE,
    servers: serversIn(state).map(({ state: role }) => ({ ...BARE, role: roleOf(role) })),
  };
}

function trafficOf(family: ModelFamily | undefined, bounds: Bounds, trace: Trace, i: number) {
  const before = i === 1 ? trace.initial.state : trace.steps[i - 2].state;
  const { action, args, state } = trace.steps[i - 1];
  try {
    return family?.draws?.traffic({ action, args }, before, state, bounds) ?? {};
  } catch {
    return {};
  }
}

const NOT_THERE: PicturedServer = { ...BARE, role: 'OFF' };
const ROLES: readonly Role[] = ['OFF', 'LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];
const roleOf = (text: Plain | undefined): Role => ROLES.find((role) => role === text) ?? 'OFF';

/** The structs of the array `server`; none if there is no such array. */
export function serversIn(state: Plain): readonly { readonly [field: string]: Plain }[] {
  const { server } = (state ?? {}) as { readonly server?: Plain };
  const isStruct = (value: Plain) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Array.isArray(server) && server.every(isStruct) ? (server as never) : [];
}

/** Indices of the servers among the arguments of a step. */
const actors = (args: readonly string[], servers: number): readonly number[] =>
  args.flatMap((arg) => {
    const index = /^s\d+$/.test(arg) ? Number(arg.slice(1)) - 1 : servers;
    return index < servers ? [index] : [];
  });

function partsOf(
  { steps }: Trace,
  states: readonly Plain[],
  pictures: readonly Picture[],
  traffic: readonly Traffic[],
  i: number,
): readonly Part[] {
  return pictures[i].servers.map((picture, k) => {
    const before = i === 0 ? undefined : pictures[i - 1].servers[k];
    if (before === undefined) return { picture, changed: false, wrote: false, formed: false, because: null };
    return {
      picture,
      changed: changesOf(states[i - 1], states[i], k).length > 0,
      wrote: differences(before.durable, picture.durable).length > 0,
      formed: hasFormed(before, picture),
      because: reasonOf(before, picture, {
        action: steps[i - 1].action,
        heard: traffic[i - 1].heard ?? null,
        roleOf: (sid) => pictures[i - 1].servers[Number(sid.slice(1)) - 1]?.role ?? 'OFF',
      }),
    };
  });
}

const hasQuorum = ({ quorum }: PicturedServer): boolean =>
  quorum !== null && quorum.members.length >= quorum.needed;

/** Whether a quorum has become a majority by this step. A quorum for another vote is a new one. */
const hasFormed = (before: PicturedServer, after: PicturedServer): boolean =>
  after.role !== 'FOLLOWING' &&
  hasQuorum(after) &&
  !(hasQuorum(before) && before.quorum?.what === after.quorum?.what);

/** The fields of a server that differ between two states. */
export const changesOf = (before: Plain, after: Plain, server: number): readonly Difference[] =>
  differences(serversIn(before)[server], serversIn(after)[server]);
