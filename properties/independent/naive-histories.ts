/** The state of the naive synchronization model, and what it asks of sets of transactions. */

/** A set of sids or of indices of txns, ascending, so that equal sets have equal texts. */
export type Numbers = readonly number[];

export interface Server {
  state: 'OFF' | 'LOOKING' | 'FOLLOWING' | 'LEADING';
  acceptedEpoch: number;
  currentEpoch: number;
  /** The log. A crash leaves it. */
  disk: Numbers;
  /** The database. */
  memory: Numbers;
  leader: number | null;
  stage: 'NONE' | 'JOINED' | 'SYNCING' | 'NEWLEADER_1' | 'NEWLEADER_2' | 'SYNCED' | 'SERVING';
  /** Its leader has closed the connection. */
  broken: boolean;
  syncMode: 'NONE' | 'DIFF' | 'TRUNC' | 'SNAP';
  /** The transactions that it has read over this connection and that its database has not processed. */
  pending: Numbers;
  /** Those of them whose COMMIT it read before UPTODATE. */
  commits: Numbers;
  /** The queue of its log. Its order is that of the txns. */
  unlogged: Numbers;
  newLeaderAcks: Numbers;
  serves: boolean;
}

export interface Txn {
  /** 0 until a leader proposes it. */
  epoch: number;
  /** The servers whose ACK is on its way to the leader that proposed it. */
  inFlight: Numbers;
  /** The servers whose ACK that leader has counted. */
  acks: Numbers;
}

export interface Ensemble {
  server: Server[];
  txn: Txn[];
  crashesLeft: number;
  abandonsLeft: number;
  /** What any leader ever committed. */
  committed: Numbers;
}

/** The order of txns: by epoch, then by index; every txn is after none. */
export function isAfter({ txn }: Ensemble, one: number, other: number | null): boolean {
  if (other === null) return true;
  return txn[one].epoch === txn[other].epoch ? one > other : txn[one].epoch > txn[other].epoch;
}

export function last(ensemble: Ensemble, set: Numbers): number | null {
  return set.find((one) => !set.some((other) => isAfter(ensemble, other, one))) ?? null;
}

/** Whether the first history has a last txn, and it is after all of the second. */
export function endsAfter(ensemble: Ensemble, set: Numbers, other: Numbers): boolean {
  const latest = last(ensemble, set);
  return latest !== null && isAfter(ensemble, latest, last(ensemble, other));
}

export function allAfter(ensemble: Ensemble, set: Numbers, bound: number | null): Numbers {
  return set.filter((txn) => isAfter(ensemble, txn, bound));
}

export function firstAfter(ensemble: Ensemble, set: Numbers, bound: number | null): number | null {
  const later = allAfter(ensemble, set, bound);
  return later.find((one) => !later.some((other) => isAfter(ensemble, one, other))) ?? null;
}

export function union(one: Numbers, other: Numbers): Numbers {
  return [...new Set([...one, ...other])].sort((a, b) => a - b);
}

export function common(one: Numbers, other: Numbers): Numbers {
  return one.filter((member) => other.includes(member));
}

export function without(one: Numbers, other: Numbers): Numbers {
  return one.filter((member) => !other.includes(member));
}

export function subsets(numbers: Numbers): Numbers[] {
  let all: Numbers[] = [[]];
  for (const one of numbers) all = [...all, ...all.map((set) => [...set, one])];
  return all;
}
