/**
 * Why a server votes as it does after a step, in words: which comparison of ZooKeeper's order decides between
 * two votes, whether a quorum is at hand, which servers' words let a server join a leader. A reason says only
 * what the states show, since the rules of the run may be any.
 */
import type { Notified, PicturedQuorum, PicturedServer, PicturedVote, Role } from '../model/drawing.js';
import { printZxid } from './zxid.js';

/** The step that changed a server, and the servers before it. */
export interface Cause {
  /** The action of the step. */
  readonly action: string;
  /** The notification that it handled; null if none. */
  readonly heard: Notified | null;
  /** The role that each server had before, by its sid. */
  readonly roleOf: (sid: string) => Role;
}

/** The reason for what a step changed of a server's role or vote; null if it changed neither. */
export function reasonOf(before: PicturedServer, after: PicturedServer, cause: Cause): string | null {
  if (after.role === 'OFF') return before.role === 'OFF' ? null : 'It is down: what it had heard is gone.';
  if (before.role === 'OFF') return started(after, cause);
  if (after.role === 'LOOKING')
    return before.role === 'LOOKING' ? looking(before, after) : looksAgain(before, after);
  return before.role === after.role ? null : left(before, after, cause);
}

function started({ role, vote, own, quorum }: PicturedServer, { roleOf }: Cause): string {
  if (vote === null || own === null) return 'It starts again with what it has written.';
  if (vote.leader === own.leader) {
    const won = role === 'LEADING' && quorum !== null ? `. ${votersInWords(quorum)}` : '';
    return `It starts, and votes for itself${won === '' ? '.' : won}`;
  }
  if (roleOf(vote.leader) === 'LEADING') return `It starts, and follows ${vote.leader}, which leads already.`;
  return `It starts with a vote for itself, and takes ${vote.leader}: ${comparison(vote, own)}`;
}

function looksAgain(before: PicturedServer, { clock, vote, own }: PicturedServer): string {
  const looks = `It looks for a leader again${clock === null ? '' : `, in round ${clock}`}`;
  if (vote === null || own === null) return `${looks}.`;
  if (vote.leader === own.leader) return `${looks}, with a vote for itself.`;
  if (vote.leader === before.vote?.leader) return `${looks}, and still votes for ${vote.leader}.`;
  return `${looks}, with a vote for ${vote.leader}: ${comparison(vote, own)}`;
}

/** Still LOOKING. */
function looking(before: PicturedServer, after: PicturedServer): string | null {
  const [from, to] = [before.vote, after.vote];
  if (from === null || to === null) return null;
  if (before.clock !== after.clock) return jumped(before, after, to);
  if (!isSame(from, to)) return `It takes ${to.leader} in place of ${from.leader}: ${comparison(to, from)}`;
  if (!before.waits && after.waits && after.quorum !== null)
    return `${votersInWords(after.quorum)} It waits for a better vote.`;
  return null;
}

function jumped(before: PicturedServer, { clock, own }: PicturedServer, vote: PicturedVote): string {
  const jumps = `It goes from round ${before.clock} to round ${clock}.`;
  if (own === null) return jumps;
  if (vote.leader === own.leader) return `${jumps} It votes for itself.`;
  return `${jumps} It votes for ${vote.leader}, and not for itself: ${comparison(vote, own)}`;
}

/** It has left the election. */
function left(before: PicturedServer, after: PicturedServer, cause: Cause): string | null {
  if (before.role !== 'LOOKING' || before.vote === null || after.vote === null) return null;
  const { leader } = after.vote;
  if (cause.action === 'EndFinalizeWait' && before.quorum !== null)
    return `No better vote came. ${votersInWords(before.quorum)}`;
  // Where votes settle at once, those of the others are counted in the same step.
  if (after.quorum?.what === `votes for ${leader}`) {
    const voters = votersInWords(after.quorum);
    if (isSame(before.vote, after.vote)) return voters;
    return `It takes ${leader} in place of ${before.vote.leader}: ${comparison(after.vote, before.vote)} ${voters}`;
  }
  return joined(after, leader, cause);
}

/** It leads or follows because others say that they have decided. */
function joined({ role }: PicturedServer, leader: string, { heard, roleOf }: Cause): string | null {
  if (heard === null || heard.leader !== leader) return null;
  const says = `is ${heard.role}, with a vote for ${leader}`;
  if (role === 'LEADING') return `${heard.from} says that it ${says}: so ${leader} leads.`;
  const of = heard.from === leader ? 'leads' : says;
  const leads = roleOf(leader);
  const but = leads === 'LEADING' ? '' : `; ${leader} itself is ${leads === 'OFF' ? 'off' : leads}`;
  return `It joins ${leader} on the word of ${heard.from}, which says that it ${of}${but}.`;
}

/** `A quorum votes for s3: s1, s3.`; fewer are called so. */
function votersInWords({ what, members, needed }: PicturedQuorum): string {
  const voters = members.join(', ');
  const leader = what.replace(/^votes for /, '');
  return members.length >= needed
    ? `A quorum votes for ${leader}: ${voters}.`
    : `No majority votes for ${leader}: ${voters}, where ${needed} are needed.`;
}

const isSame = (a: PicturedVote, b: PicturedVote): boolean =>
  a.leader === b.leader && a.zxid === b.zxid && a.peerEpoch === b.peerEpoch;

const number = (sid: string): number => Number(sid.slice(1));

/** Which comparison decides for `a`; or that it decides for `b`, in the order that ZooKeeper has. */
function comparison(a: PicturedVote, b: PicturedVote): string {
  const compared = [
    { name: 'peerEpoch', a: a.peerEpoch, b: b.peerEpoch, print: String },
    { name: 'zxid', a: a.zxid, b: b.zxid, print: printZxid },
    { name: 'sid', a: number(a.leader), b: number(b.leader), print: String },
  ].flatMap(({ name, a: ours, b: theirs, print }) =>
    ours === null || theirs === null ? [] : [{ name, ours, theirs, print }],
  );
  const decides = compared.findIndex(({ ours, theirs }) => ours !== theirs);
  if (decides < 0) return 'the two are equal.';
  const { name, ours, theirs, print } = compared[decides];
  const equal = compared.slice(0, decides).map((each) => `${each.name} ${each.print(each.ours)}`);
  const same = equal.length === 0 ? '' : `both have ${equal.join(' and ')}, and `;
  if (ours > theirs) return `${same}${name} ${print(ours)} is above ${print(theirs)}.`;
  const lower = `${same}${name} ${print(ours)} is below ${print(theirs)}`;
  return `${lower}: in ZooKeeper's order ${b.leader} ranks higher.`;
}
