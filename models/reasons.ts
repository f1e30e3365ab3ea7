/**
 * Why a server votes as it does after a step, in words: which comparison of `totalOrderPredicate` decided, or
 * that none did.
 */
import type { PicturedServer, PicturedVote } from './picture.js';
import { printZxid } from './zxid.js';

/**
 * The reason for what a step changed of a server's role or vote; null if it changed neither. `wasLed`: the
 * server it votes for afterwards was LEADING before.
 */
export function reasonOf(before: PicturedServer, after: PicturedServer, wasLed: boolean): string | null {
  if (after.role === 'OFF')
    return before.role === 'OFF' ? null : 'It is down: its clock and what it had heard are gone.';
  if (before.role === 'OFF') return started(after, wasLed);
  if (after.role === 'LOOKING') return before.role === 'LOOKING' ? looking(before, after) : looksAgain(after);
  return before.role === after.role ? null : left(before, after, wasLed);
}

function started({ role, vote, own, quorum }: PicturedServer, wasLed: boolean): string {
  if (vote === null || own === null) return 'It starts again with what it has written.';
  if (vote.leader === own.leader) {
    const won = role === 'LEADING' ? `, and so does a quorum: ${quorum?.members.join(', ')}` : '';
    return `It starts, and votes for itself${won}.`;
  }
  if (wasLed) return `It starts, and follows ${vote.leader}, which a quorum has chosen already.`;
  return `It starts with a vote for itself, and takes ${vote.leader}: ${comparison(vote, own)}`;
}

function looksAgain({ clock, vote, own }: PicturedServer): string {
  const begins = clock === null ? 'It looks for a leader anew' : `It begins round ${clock}`;
  if (vote === null || own === null) return `${begins}.`;
  if (vote.leader === own.leader) return `${begins} with a vote for itself.`;
  return `${begins} with a vote for ${vote.leader}: ${comparison(vote, own)}`;
}

/** Still LOOKING. */
function looking(before: PicturedServer, after: PicturedServer): string | null {
  const [from, to] = [before.vote, after.vote];
  if (from === null || to === null) return null;
  const changed = !isSame(from, to);
  if (before.clock !== after.clock) return jumped(before, after, to);
  if (changed) return `${to.leader} beats ${from.leader}: ${comparison(to, from)}`;
  if (!before.waits && after.waits && after.quorum !== null) {
    return `A quorum votes for ${to.leader}: ${after.quorum.members.join(', ')}. It waits for a better vote.`;
  }
  return null;
}

function jumped(before: PicturedServer, { clock, own }: PicturedServer, vote: PicturedVote): string {
  const later = `Round ${clock} is later than its ${before.clock}: it forgets what it had heard, and compares with its own vote anew.`;
  if (own === null) return later;
  if (vote.leader === own.leader) return `${later} It votes for itself.`;
  return `${later} ${vote.leader} beats ${own.leader}: ${comparison(vote, own)}`;
}

/** It has left the election. */
function left(before: PicturedServer, after: PicturedServer, wasLed: boolean): string | null {
  if (before.role !== 'LOOKING' || before.vote === null || after.vote === null) return null;
  const { leader } = after.vote;
  if (before.waits && before.vote.leader === leader) {
    return `No better vote came: ${before.quorum?.members.join(', ')} voted for ${leader}.`;
  }
  // Where votes settle at once, those of the others are counted in the same step.
  if (!wasLed && after.quorum?.what === `votes for ${leader}`) {
    const voters = `A quorum votes for ${leader}: ${after.quorum.members.join(', ')}.`;
    if (isSame(before.vote, after.vote)) return voters;
    return `${leader} beats ${before.vote.leader}: ${comparison(after.vote, before.vote)} ${voters}`;
  }
  return after.role === 'LEADING'
    ? 'Others say that it leads, in this round.'
    : `It joins ${leader}, of which a quorum says that it leads: no votes are compared.`;
}

const isSame = (a: PicturedVote, b: PicturedVote): boolean =>
  a.leader === b.leader && a.zxid === b.zxid && a.peerEpoch === b.peerEpoch;

const number = (sid: string): number => Number(sid.slice(1));

/** Which comparison decided for `a`; or that the order of ZooKeeper decides for `b`. */
function comparison(a: PicturedVote, b: PicturedVote): string {
  const compared = [
    { name: 'peerEpoch', a: a.peerEpoch, b: b.peerEpoch },
    { name: 'zxid', a: a.zxid, b: b.zxid },
    { name: 'sid', a: number(a.leader), b: number(b.leader) },
  ].filter((each): each is { name: string; a: number; b: number } => each.a !== null && each.b !== null);
  const decides = compared.findIndex((each) => each.a !== each.b);
  if (decides < 0) return 'the two are equal.';
  const { name, a: ours, b: theirs } = compared[decides];
  const equal = compared.slice(0, decides).map((each) => `${each.name} ${printed(each.name, each.a)}`);
  const same = equal.length === 0 ? '' : `both have ${equal.join(' and ')}, and `;
  if (ours > theirs) return `${same}${name} ${printed(name, ours)} is above ${printed(name, theirs)}.`;
  return `though ${same}${name} ${printed(name, ours)} is below ${printed(name, theirs)}: these rules order votes otherwise.`;
}

const printed = (name: string, value: number): string => (name === 'zxid' ? printZxid(value) : String(value));
