/**
 * A server that leaves its leader or its followers completes its log, and keeps or mends its database:
 * `Learner.shutdown`, `Leader.shutdown`, `ZooKeeperServer.shutdown`, `SyncRequestProcessor.shutdown`.
 */
import type { Bounds } from '../model/bounds.js';
import { LEADING, LOOKING, OFF } from '../model/server-state.js';
import type { Rules } from '../rules.js';
import { afterTxn, lastOf } from './histories.js';
import type { leadingOf } from './leading.js';
import { Stage, type SynchronizationState, type SynchronizationView, SyncMode } from './state.js';

const { SERVING } = Stage.values;

type State = SynchronizationState;
type View = SynchronizationView;

export function leavingOf(_bounds: Bounds, rules: Rules, { stopLeading }: ReturnType<typeof leadingOf>) {
  return { leave, crash };

  /** The queue of the log is written first, then the database is brought up to the log. */
  function leave(s: View, me: number): void {
    const self = s.server[me];
    const runs = self.serves || self.stage === SERVING;
    if (rules.logWriterSurvives && self.state !== LEADING) self.orphaned = self.orphaned | self.unlogged;
    else self.disk = self.disk | self.unlogged;
    const { SNAP, TRUNC } = SyncMode.values;
    const after = rules.databaseAfterLeaving(runs, self.syncMode === SNAP, self.syncMode === TRUNC);
    if (after === 'reloaded') self.memory = self.disk;
    if (after === 'fastForwarded') {
      const { txn } = s as unknown as State;
      self.memory = self.memory | afterTxn(txn, self.disk, lastOf(txn, self.memory));
    }
    detach(s, me);
  }

  /** The process dies; its next start reads the disk. */
  function crash(s: View, me: number): void {
    detach(s, me);
    const self = s.server[me];
    self.state = OFF;
    self.orphaned = 0;
    self.memory = self.disk;
  }

  function detach(s: View, me: number): void {
    const self = s.server[me];
    if (self.state === LEADING) stopLeading(s, me);
    self.state = LOOKING;
    self.leader = -1;
    self.stage = Stage.values.NONE;
    self.broken = false;
    self.syncMode = SyncMode.values.NONE;
    self.pending = 0;
    self.commits = 0;
    self.missed = 0;
    self.unlogged = 0;
  }
}
