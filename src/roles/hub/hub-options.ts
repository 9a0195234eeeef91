import type { Clock } from '../../core/clock.ts';
import type { Ids } from '../../core/ids.ts';
import type { Random } from '../../core/random.ts';
import type { Recorder } from '../../journal/entry.ts';
import type { BackoffPolicy } from '../../link/backoff.ts';
import type { HttpPort } from '../../link/http-port.ts';
import type { AnswerProfile, Strength } from '../../protocols/oicp/index.ts';
import type { Database } from '../../storage/database.ts';
import type { CallerRules } from './callers.ts';
import type { Changed } from './changes.ts';

export interface HubConfig {
  readonly profile: AnswerProfile;
  readonly content: Strength;
  readonly callers: CallerRules;
  readonly strictIdSpelling: boolean;
  readonly evseVersions: number;
  readonly deadlines: {
    readonly authorizeMs: number;
    readonly remoteMs: number;
    readonly cdrMs: number;
    readonly notificationMs: number;
  };
  readonly cdrForwarding: BackoffPolicy & { readonly attempts: number };
  readonly rateLimits: { readonly enabled: boolean; readonly perMinute: Readonly<Record<string, number>> };
}

export interface HubOptions {
  readonly config: HubConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: Random;
  readonly recorder: Recorder;
  readonly port: HttpPort;
  readonly afterCommit: (task: () => void) => void;
  /** Where the partners `csms` and `emp` are, when they have no address of their own. */
  addressOf(partner: string): string | undefined;
  isOurs(baseUrl: string): boolean;
  /** What happened to a call, in a line. Never with secrets. */
  log(facts: Readonly<Record<string, unknown>>, text: string): void;
  defect(where: string, thrown: unknown): void;
  /** Something that others may watch has changed. */
  changed(what: Changed, id: string): void;
}
