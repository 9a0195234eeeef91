import { parseTime } from '../../core/time.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { EntryFlag, EntryKind, LinkDescription, LinkNumber, Party } from '../entry.ts';
import type { FrameWatcher } from './frame-watcher.ts';
import type { RegisterValue } from './model/registers.ts';
import type { StationModel } from './model/station-model.ts';
import type { OutstandingRequests } from './outstanding.ts';
import { textAt } from './payload-reader.ts';
import { contentOf } from './text-content.ts';

/** One connection between a station and its CSMS, as the rules see it. */
export interface WatchedLink {
  readonly number: LinkNumber;
  readonly description: LinkDescription;
  readonly version: OcppVersion;
  readonly station: Party;
  readonly csms: Party;
  /** True when the station is the client side: `toClient` then means from the CSMS. */
  readonly stationIsClient: boolean;
  readonly model: StationModel;
  /** The station's time stamps say nothing about the times of its messages. */
  readonly ownClock: boolean;
  readonly openedAt: number;
  readonly outstanding: OutstandingRequests;
  /** Reads and judges the frames itself; null where the link's own RPC engine has done so. */
  readonly frames: FrameWatcher | null;
  /** CALLs of the station seen on this connection. */
  stationCalls: number;
  /** When the latest message of it was seen; 0 before the first. */
  lastMessageAt: number;
  /** A rule has found a CALL on it that came too early. */
  hadPremature: boolean;
  closed: boolean;
}

/** One journal entry of a watched link. */
export class Observation {
  readonly seq: number;
  /** Epoch milliseconds at the tap. */
  readonly time: number;
  readonly link: WatchedLink;
  readonly fromStation: boolean;
  readonly kind: EntryKind;
  /** The action; an answer bears that of its request. Empty when unknown. */
  readonly action: string;
  readonly messageId: string;
  readonly payload: unknown;
  readonly raw: string;
  /** The request of an answer, when it is known. */
  readonly request: Observation | null;
  /** CALLERROR code, or the HTTP status of a refused connection. */
  readonly code: string;
  readonly flags: readonly EntryFlag[];
  /** For a request: how it ended. */
  outcome: 'open' | 'answered' | 'refused' | 'timeout' | 'lost' = 'open';
  /** For a request: the rule that says it should not have been sent (OCPP-BOOT-009 asks what its answer was). */
  premature = '';

  constructor(fields: ObservationFields) {
    this.seq = fields.seq;
    this.time = fields.time;
    this.link = fields.link;
    this.fromStation = fields.fromStation;
    this.kind = fields.kind;
    this.action = fields.action;
    this.messageId = fields.messageId;
    this.payload = fields.payload;
    this.raw = fields.raw;
    this.request = fields.request;
    this.code = fields.code;
    this.flags = fields.flags;
  }

  /** What a family of rules has worked out of it, for the next of its rules. */
  facts: unknown = undefined;
  /** The values of registers in it, once somebody has asked (`registersIn`). */
  registers: readonly RegisterValue[] | undefined = undefined;
  #content: number | undefined = undefined;
  #timestamp: number | undefined | null = null;

  /** The payload's own `timestamp`, in epoch milliseconds. */
  get timestamp(): number | undefined {
    if (this.#timestamp === null) {
      const text = textAt(this.payload, 'timestamp');
      this.#timestamp = text === undefined ? undefined : parseTime(text);
    }
    return this.#timestamp;
  }

  /** Stands for the payload as it was written: the same text under another message id is equal. */
  get content(): number {
    this.#content ??= contentOf(this.raw.slice(Math.max(0, this.raw.indexOf('{'))));
    return this.#content;
  }

  get sender(): Party {
    return this.fromStation ? this.link.station : this.link.csms;
  }

  /** A CALLRESULTERROR of 2.1: the journal knows it as an error, and only its frame says of which kind. */
  get isResultError(): boolean {
    return this.kind === 'error' && /^\s*\[\s*5\b/.test(this.raw);
  }

  get latencyMs(): number | undefined {
    return this.request === null ? undefined : this.time - this.request.time;
  }
}

export type ObservationFields = Omit<
  Observation,
  'outcome' | 'premature' | 'facts' | 'registers' | 'content' | 'timestamp' | 'sender' | 'isResultError' | 'latencyMs'
>;
