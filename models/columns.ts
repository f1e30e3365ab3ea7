/** A server in a few words, for the columns of a trace. */
import type { Plain } from '../src/spec/index.js';

type Fields = { readonly [field: string]: Plain };

/** The record of one server in a state of any rung. */
const serverOf = (state: Plain, index: number): Fields =>
  (state as { server: readonly Fields[] }).server[index];

const vote = (c: Plain, leader: Plain): string => `c${c} → ${leader}`;

/** `LOOKING c1 → s2`, `LEADING c1`. Of `tutorial`. */
export function tutorialColumn(state: Plain, index: number): string {
  const { state: role, logicalclock, vote: leader } = serverOf(state, index);
  if (role === 'OFF') return 'off';
  return role === 'LEADING' ? `LEADING c${logicalclock}` : `${role} ${vote(logicalclock, leader)}`;
}

/** The same, with the votes it has recorded and whether it is in finalizeWait. Of `fast-leader-election`. */
export function fastLeaderElectionColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  if (self.state === 'OFF') return 'off';
  if (self.state === 'LEADING') return `LEADING c${self.logicalclock}`;
  const recorded = [...votesIn(self.recvset, ''), ...votesIn(self.outofelection, '!')];
  return [
    `${self.state} ${vote(self.logicalclock, self.proposal)}`,
    ...(recorded.length > 0 ? [`has ${recorded.join(' ')}`] : []),
    ...(self.finalizing ? ['waits'] : []),
  ].join(', ');
}

/** `s1:s2` for a vote of s1 for s2; `mark` sets those out of the election apart. */
const votesIn = (votes: Plain, mark: string): readonly string[] =>
  (votes as readonly (Fields | null)[]).flatMap((entry, j) =>
    entry === null || entry.state === 'OFF' ? [] : [`s${j + 1}:${entry.leader}${mark}`],
  );

/**
 * `LOOKING c1 → s2, has s1:s2, queue 2, waits`; `FOLLOWING c1 → s1, unknown yet` between state and vote.
 * Of `fle-faithful`.
 */
export function fleFaithfulColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  if (self.state === 'OFF') return 'off';
  const told = (self[self.place === 'LEAVING' ? 'endVote' : 'currentVote'] as Fields).leader;
  const leaving = self.place === 'LEAVING' ? ['unknown yet'] : [];
  if (self.state !== 'LOOKING')
    return [`${self.state} ${vote(self.logicalclock, told)}`, ...leaving].join(', ');
  const recorded = [...votesIn(self.recvset, ''), ...votesIn(self.outofelection, '!')];
  const queue = (self.recvqueue as readonly Plain[]).length;
  return [
    `LOOKING ${vote(self.logicalclock, (self.proposal as Fields).leader)}`,
    ...(recorded.length > 0 ? [`has ${recorded.join(' ')}`] : []),
    ...(queue > 0 ? [`queue ${queue}`] : []),
    ...(self.place === 'FINALIZE_WAIT' ? ['waits'] : []),
  ].join(', ');
}

/**
 * `LEADING e2 {s1 s3}, a2 c1`: epoch, who acknowledged it, the two durable epochs; the vote, where votes
 * elect. Of `zab-discovery`.
 */
export function discoveryColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  const durable = `a${self.acceptedEpoch} c${self.currentEpoch}`;
  if (self.state === 'OFF') return `off, ${durable}`;
  if (self.state === 'LOOKING') {
    const proposal = 'proposal' in self ? ` ${vote(self.logicalclock, self.proposal)}` : '';
    return `LOOKING${proposal}${self.finalizing ? ' waits' : ''}, ${durable}`;
  }
  if (self.state !== 'LEADING') {
    const connection = self.connection === 'NONE' ? '' : ` ${String(self.connection).toLowerCase()}`;
    return `${self.state} ${self.leader}${connection}, ${durable}`;
  }
  return `LEADING e${self.epoch} ${self.electingFollowers}, ${durable}`;
}

/** `FOLLOWING s1 synced, c1 {t1}`: the disk, and the memory if it differs. Of `zab-synchronization`. */
export function synchronizationColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  const memory = self.memory === self.disk ? '' : ` memory ${self.memory}`;
  const durable = `c${self.currentEpoch} ${self.disk}${memory}`;
  if (self.state === 'OFF') return `off, ${durable}`;
  if (self.state === 'LOOKING') return `LOOKING, ${durable}`;
  if (self.state === 'LEADING') return `LEADING${self.serves === true ? ' serves' : ''}, ${durable}`;
  const stage = self.broken === true ? 'broken' : String(self.stage).toLowerCase();
  return `${self.state} ${self.leader} ${stage}, ${durable}`;
}
