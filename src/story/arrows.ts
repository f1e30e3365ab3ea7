/**
 * Follows messages from their sending to their end. Compares the messages in flight before and after each
 * step, link by link, using what the step is known to do.
 */
import type { Link, Picture, PicturedMessage, Traffic } from '../../models/model/drawing.js';
import type { Trace } from '../trace/schema.js';

export interface Arrow extends PicturedMessage {
  readonly id: number;
  /** The step that sent it; 0 if it is there from the start. */
  readonly sent: number;
  /** The step that ended it; null while it is under way. */
  readonly ended: number | null;
  readonly end: 'read' | 'lost' | 'overwritten' | 'under way';
}

type Open = PicturedMessage & { readonly id: number; readonly sent: number };

/**
 * All arrows of a trace in the order of their sending. `trafficOf`: what each step, from 1, does to messages.
 */
export function arrowsOf(
  { steps }: Trace,
  pictures: readonly Picture[],
  trafficOf: (step: number) => Traffic,
): readonly Arrow[] {
  const arrows: Arrow[] = [];
  let [id, links] = [0, new Map<string, readonly Open[]>()];
  const opened = (messages: readonly PicturedMessage[], sent: number): readonly Open[] =>
    messages.map((message) => ({ ...message, id: id++, sent }));
  const close = (open: readonly Open[], ended: number | null, end: Arrow['end']) =>
    arrows.push(...open.map((one) => ({ ...one, ended, end })));
  for (const [key, messages] of linksOf(pictures[0])) links.set(key, opened(messages, 0));
  for (let i = 1; i <= steps.length; i++) {
    const traffic = trafficOf(i);
    const after = linksOf(pictures[i]);
    const next = new Map<string, readonly Open[]>();
    for (const key of new Set([...links.keys(), ...after.keys()])) {
      const [before, now] = [links.get(key) ?? [], after.get(key) ?? []];
      const { read, lost, overwritten, kept } = fateOf(key, before, now, traffic);
      close(read, i, 'read');
      close(lost, i, 'lost');
      close(overwritten, i, 'overwritten');
      next.set(key, [...kept, ...opened(now.slice(kept.length), i)]);
    }
    links = next;
    close(opened(traffic.instant ?? [], i), i, 'read');
  }
  for (const open of links.values()) close(open, null, 'under way');
  return arrows.filter(({ from, to }) => from !== to).sort((a, b) => a.id - b.id);
}

const keyOf = ({ from, to, kind }: Link): string => `${from} ${to} ${kind ?? 'notification'}`;

/** What is on its way, by link. */
function linksOf({ messages }: Picture): Map<string, readonly PicturedMessage[]> {
  const links = new Map<string, PicturedMessage[]>();
  for (const message of messages) {
    const key = keyOf(message);
    const queue = links.get(key);
    if (queue === undefined) links.set(key, [message]);
    else queue.push(message);
  }
  return links;
}

/** What a step does to the messages of a link: it reads the head, loses all, or overwrites the last. */
function fateOf(key: string, before: readonly Open[], now: readonly PicturedMessage[], traffic: Traffic) {
  const none: readonly Open[] = [];
  const isCut = (traffic.cuts ?? []).some((link) => keyOf(link) === key);
  if (isCut) return { read: none, lost: before, overwritten: none, kept: none };
  const isRead = traffic.reads !== undefined && keyOf(traffic.reads) === key;
  const rest = isRead ? before.slice(1) : before;
  let same = 0;
  while (same < rest.length && same < now.length && rest[same].text === now[same].text) same++;
  // Sent again with no room left: the last is another, even if it says the same.
  if (traffic.sends === before[0]?.from && same === now.length && same === rest.length) same--;
  const gone = rest.slice(same);
  const isReplaced = now.length > same;
  return {
    read: isRead ? before.slice(0, 1) : none,
    lost: isReplaced ? none : gone,
    overwritten: isReplaced ? gone : none,
    kept: rest.slice(0, same),
  };
}
