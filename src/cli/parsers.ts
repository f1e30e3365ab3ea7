/** Values on the command line. Each parser returns the value or throws commander's InvalidArgumentError. */
import { InvalidArgumentError } from 'commander';
import { MOST_ZXID, parseZxid, printZxid } from '../../models/votes/zxid.js';

const MOST_SERVERS_LISTED = 30;

/** A whole number from 0. */
export function parseWhole(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It takes a whole number.');
  return Number(text);
}

/** A number of servers for which all states are explored in minutes. */
export function parseServers(text: string): number {
  const value = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (value < 2 || value > 5) throw new InvalidArgumentError('It takes a number from 2 to 5.');
  return value;
}

/** More threads would find no work: a block of states has 16 chunks, and the seen-set 16 tables. */
export const MOST_WORKERS = 16;

/** A number of threads, from 1. */
export function parseWorkers(text: string): number {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > MOST_WORKERS) {
    throw new InvalidArgumentError(`It takes a number from 1 to ${MOST_WORKERS}.`);
  }
  return value;
}

/** A whole number with an optional k, m or g for thousands, millions or milliards: `10m`. At least 1. */
export const parseCount = (text: string): number => parseScaled(text, 1000, 'a count such as 500k or 10m');

/** Bytes with an optional k, m or g in powers of 1024: `2g`. At least 1. */
export const parseBytes = (text: string): number => parseScaled(text, 1024, 'a size such as 512m or 2g');

function parseScaled(text: string, base: number, what: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?)([kmg]?)$/i.exec(text);
  const value = match === null ? 0 : Math.round(Number(match[1]) * base ** ' kmg'.indexOf(unit(match[2])));
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError(`It takes ${what}.`);
  return value;
}

const unit = (letter: string): string => (letter === '' ? ' ' : letter.toLowerCase());

const MILLISECONDS: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** A time in milliseconds: `500ms`, `30s`, `5m`, `1h`. More than 0. */
export function parseTime(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)$/.exec(text);
  const value = match === null ? 0 : Number(match[1]) * MILLISECONDS[match[2]];
  if (value <= 0) throw new InvalidArgumentError('It takes a time such as 500ms, 30s or 5m.');
  return value;
}

/** `every`, `ranks`, or a zxid for each server, each in any of its three forms: `0,0x100000001,1.1`. */
export function parseZxids(text: string): readonly number[] | 'every' | 'ranks' {
  if (text === 'every' || text === 'ranks') return text;
  const parts = text.split(',');
  if (parts.length > MOST_SERVERS_LISTED) throw new InvalidArgumentError(ZXIDS);
  return parts.map(zxidIn);
}

const ZXIDS =
  'It takes a zxid for each server, in decimal (4294967297), in hex (0x100000001) or as epoch.counter (1.1), ' +
  'such as 0,0x100000001,1.1; or every, or ranks.';

function zxidIn(text: string): number {
  const zxid = parseZxid(text);
  if (zxid !== null) return zxid;
  const [, epoch, counter] = /^(?:0x[\da-f]+|(\d+)(?:\.(\d+))?)$/i.exec(text) ?? [null, null, null];
  if (epoch === null) throw new InvalidArgumentError(ZXIDS);
  if (Number(counter ?? 0) >= 2 ** 32) {
    throw new InvalidArgumentError(
      `The counter of ${text} has more than 32 bits: then the next epoch begins.`,
    );
  }
  throw new InvalidArgumentError(
    `${text} is more than ${printZxid(MOST_ZXID)}, the largest zxid that a number holds exactly: only the order ` +
      'of zxids counts, so give smaller ones in the same order.',
  );
}

/** Names separated by commas. */
export function parseNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('It takes names separated by commas.');
  return [...new Set(names)];
}

/** A seed: a whole number of 32 bits, possibly negative. */
export function parseSeed(text: string): number {
  const value = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value !== (value | 0)) throw new InvalidArgumentError('It takes a whole number from -2³¹ to 2³¹ - 1.');
  return value;
}
