/**
 * A state as a picture shows it: the role of each server, its vote, the servers that agree with it, the
 * messages in flight. Each model draws its own states (drawing.ts in its folder), so that a page can show any
 * model.
 */
import type { Plain } from '../../src/language/index.js';
import type { Bounds } from './bounds.js';

export type Role = 'OFF' | 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';

/** The keys by which votes are compared. */
export interface PicturedVote {
  /** `s2`. */
  readonly leader: string;
  /** null if the model has no epochs. */
  readonly peerEpoch: number | null;
  readonly zxid: number;
}

/** The servers that agree on something, and the size of a majority. */
export interface PicturedQuorum {
  /** What they agree on, as in `votes for s2`. */
  readonly what: string;
  readonly members: readonly string[];
  readonly needed: number;
}

export interface PicturedServer {
  readonly role: Role;
  /** Its round or epoch, and its leader, in a dozen letters: `c1→s2`. */
  readonly label: string;
  /** Its logical clock; null if the model has none. */
  readonly clock: number | null;
  /** The server that it votes for or follows; null if there is none. */
  readonly vote: PicturedVote | null;
  /** Its vote for itself; null if the model compares no votes. */
  readonly own: PicturedVote | null;
  /** In finalizeWait. */
  readonly waits: boolean;
  readonly quorum: PicturedQuorum | null;
  /** What it has written and keeps over a crash, by the names of its fields. */
  readonly durable: { readonly [field: string]: Plain };
}

/** A server of which nothing but its role is shown. */
export const BARE: Omit<PicturedServer, 'role'> = {
  label: '',
  clock: null,
  vote: null,
  own: null,
  waits: false,
  quorum: null,
  durable: {},
};

/** From one server to another; indices from 0. */
export interface Link {
  readonly from: number;
  readonly to: number;
  /** The kind of message, if a link has several queues. */
  readonly kind?: string;
}

export interface PicturedMessage extends Link {
  readonly kind: string;
  readonly text: string;
}

export interface Picture {
  readonly servers: readonly PicturedServer[];
  /** The messages sent and not yet read, the oldest first on each link. */
  readonly messages: readonly PicturedMessage[];
}

/** The effects of a step on messages that the states before and after it do not show. */
export interface Traffic {
  /** The link whose oldest message it reads. */
  readonly reads?: Link;
  /** Links on which everything is lost before anything is sent. */
  readonly cuts?: readonly Link[];
  /**
   * The server that sends to all, and overwrites its last message if there is no room, even with an equal
   * one.
   */
  readonly sends?: number;
  /** The messages that are sent and read in the step itself. */
  readonly instant?: readonly PicturedMessage[];
  /** The notification that it handles. */
  readonly heard?: Notified;
}

/** A notification in words: its sender with its role, and whom it votes for or follows. */
export interface Notified {
  readonly from: string;
  readonly role: Role;
  readonly leader: string;
}

/** A step by its name and printed arguments. */
export interface PicturedStep {
  readonly action: string;
  readonly args: readonly string[];
}

/** How a model draws its states. Both functions throw for a state of another model. */
export interface Draws {
  picture(state: Plain, bounds: Bounds): Picture;
  traffic(step: PicturedStep, before: Plain, after: Plain, bounds: Bounds): Traffic;
}

/** The servers that agree on something, with the size of a majority of all voters. */
export const quorumOf = (
  what: string,
  members: readonly string[],
  { servers }: Pick<Bounds, 'servers'>,
): PicturedQuorum => ({ what, members, needed: Math.floor(servers / 2) + 1 });
