/**
 * A notification as bytes on an election connection: as `FastLeaderElection.buildMsg` writes it, as older
 * versions did, and malformed.
 */

/** Sids count from 1, as ZooKeeper's do. */
export interface Notification {
  readonly leader: number;
  readonly zxid: number;
  readonly electionEpoch: number;
  readonly peerEpoch: number;
  /** As on the wire: 0 LOOKING, 1 FOLLOWING, 2 LEADING, 3 OBSERVING; others are no state. */
  readonly state: number;
}

/**
 * The format: today's, version 2 with a configuration; a version without a configuration; the 40 bytes of
 * 3.4, whose version is not read; the 28 bytes from before epochs.
 */
export type Format = 'today' | 'noConfig' | '40 bytes' | '28 bytes';

/** A configuration of version 0: no server reconfigures itself because of it. */
const CONFIG = 'server.1=127.0.0.1:2888:3888:participant\nversion=0';

/** The payload of a notification, without the length before it, in hexadecimal. */
export function encode(heard: Notification, format: Format): string {
  const head = int(heard.state) + long(heard.leader) + long(heard.zxid) + long(heard.electionEpoch);
  switch (format) {
    case '28 bytes':
      return head;
    case '40 bytes':
      return head + long(heard.peerEpoch) + int(1);
    case 'noConfig':
      return `${head}${long(heard.peerEpoch)}${int(1)}${int(0)}`;
    case 'today': {
      const config = Buffer.from(CONFIG);
      return head + long(heard.peerEpoch) + int(2) + int(config.length) + config.toString('hex');
    }
  }
}

/** Payloads that `WorkerReceiver.run` must pass over. */
export const MALFORMED: readonly { readonly says: string; readonly hex: string }[] = [
  { says: 'one byte', hex: '00' },
  { says: '27 bytes', hex: '00'.repeat(27) },
  { says: 'an epoch cut short', hex: '00'.repeat(33) },
  { says: '36 bytes, without a version', hex: '00'.repeat(36) },
  { says: 'state 9', hex: `${int(9)}${'00'.repeat(36)}` },
  { says: 'a configuration of -1 bytes', hex: `${'00'.repeat(36)}${int(2)}${int(-1)}` },
  { says: 'a configuration longer than the message', hex: `${'00'.repeat(36)}${int(2)}${int(5000)}` },
  { says: 'half the length of a configuration', hex: `${'00'.repeat(36)}${int(2)}0000` },
];

function int(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

function long(value: number): string {
  return BigInt.asUintN(64, BigInt(value)).toString(16).padStart(16, '0');
}
