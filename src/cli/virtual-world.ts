import { SeededIds } from '../core/ids.ts';
import { Random } from '../core/random.ts';
import { VirtualClock } from '../core/virtual-clock.ts';
import { watchedJournal } from '../journal/findings/watched-recorder.ts';
import { type Journal, openMemoryJournal } from '../journal/index.ts';
import { OcppSchemaSet } from '../protocols/ocpp/schemas.ts';
import type { OcppVersion } from '../protocols/ocpp/versions.ts';
import { DEFAULT_CSMS_CONFIG } from '../roles/csms/config.ts';
import { Csms } from '../roles/csms/csms.ts';
import { CsmsState } from '../roles/csms/state/csms-state.ts';
import { tokenOf } from '../roles/csms/state/token-input.ts';
import { type Dialer, loopbackDialer } from '../roles/station/dialer.ts';
import { CommitGroup } from '../storage/commit-group.ts';
import { Database } from '../storage/database.ts';

/** A fixed moment, so that the same seed gives the same day: 2026-01-01T06:00:00Z. */
const START_MS = 1_767_247_200_000;

/** The CSMS in this process, in memory and in virtual time, for scenarios that need no sockets. */
export interface VirtualWorld {
  readonly clock: VirtualClock;
  readonly dialer: Dialer;
  /** What the CSMS could not do: defects of ours. */
  readonly defects: readonly string[];
  /** What was said and found, where rules run. */
  readonly journal: Journal | undefined;
  stop(): void;
}

/** @param rules what the CSMS records is judged by all rules; it costs time and memory */
export function virtualWorld(version: OcppVersion, seed: string, { rules = false } = {}): VirtualWorld {
  const clock = new VirtualClock(START_MS);
  const defects: string[] = [];
  const group = new CommitGroup(clock, (cause) => {
    throw cause;
  });
  const journal = rules
    ? watchedJournal(openMemoryJournal({ clock, group }), {
        clock,
        defect: (where, thrown) => void defects.push(`${where}: ${String(thrown)}`),
      })
    : undefined;
  const database = new Database({ path: ':memory:', group });
  const state = new CsmsState(database);
  state.tokens.put(tokenOf({ idToken: '0BADCA4D', type: 'ISO14443', status: 'Invalid' }));
  const csms = new Csms({
    // Cards of a scenario are nobody's: all are taken but 0BADCA4D, the one that scenarios use for a refused card.
    config: {
      ...DEFAULT_CSMS_CONFIG,
      authorization: { ...DEFAULT_CSMS_CONFIG.authorization, unknownTokens: 'accept' },
    },
    state,
    schemas: new OcppSchemaSet(),
    clock,
    ids: new SeededIds(new Random(`${seed}/csms`)),
    recorder: journal?.recorder ?? null,
    afterCommit: (task) => group.afterCommit(task),
    defect: (where, thrown) => void defects.push(`${where}: ${String(thrown)}`),
  });
  return {
    clock,
    defects,
    dialer: loopbackDialer(
      clock,
      (server, identity) => csms.connections.connectInProcess(server, identity, version)?.reason,
    ),
    journal,
    stop: () => database.close(),
  };
}
