import { actionRow } from '../../protocols/ocpp/actions.ts';
import { CALL, type Frame, parseFrame, SEND, type Unreadable } from '../../protocols/ocpp/frame.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../protocols/ocpp/versions.ts';
import type { LinkDescription } from '../entry.ts';
import { ownClockFacts } from '../own-clock.ts';
import { isObject, type Members } from '../sessions/members.ts';
import type { LogFrame } from './log-message.ts';

/** A frame of a log with what the log does not say: which version, who sent it, what it answers. */
export interface PlacedFrame {
  readonly parsed: Frame | Unreadable;
  readonly conversation: Conversation;
  readonly fromStation: boolean;
  /** The action; an answer bears that of its call. Empty when unknown. */
  readonly action: string;
  readonly payload: Members;
  /** The call that it answers. */
  readonly asked: Asked | undefined;
}

interface Asked {
  readonly fromStation: boolean;
  readonly action: string;
  readonly seq: number;
  readonly time: number;
}

export interface Conversation {
  readonly station: string;
  readonly csms: string;
  readonly version: OcppVersion;
  readonly link: number;
  /** Calls that wait, by their id. */
  readonly waiting: Map<string, Asked>;
}

export interface ConversationOptions {
  /** For frames that do not say their version; else it is found out from the actions. */
  readonly version?: OcppVersion | undefined;
  readonly opened: (link: number, description: LinkDescription, time: number) => void;
  readonly closed: (link: number, time: number) => void;
}

const LIMIT = 50_000;
const WAITING = 64;
const NO_MEMBERS: Members = {};

/** Who talks to whom in a log, one conversation for each station and CSMS; the one that was silent longest is forgotten. */
export class LogConversations {
  readonly #options: ConversationOptions;
  readonly #byParties = new Map<string, Conversation>();
  readonly #stations = new Set<string>();
  #lastLink = 0;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** Stations that were seen; counted up to a limit that no log reaches by honest means. */
  get stations(): number {
    return this.#stations.size;
  }

  place(frame: LogFrame, seq: number, time: number): PlacedFrame {
    const parsed = parseFrame(frame.raw);
    const conversation = this.#conversation(frame, parsed, time);
    const { waiting } = conversation;
    const isCall = parsed.type === CALL || parsed.type === SEND;
    const id = parsed.id ?? '';
    const answered = isCall ? undefined : waiting.get(id);
    const fromStation = frame.fromStation ?? directionOf(conversation.version, parsed, answered);
    if (isCall) {
      waiting.set(id, { fromStation, action: parsed.action, seq, time });
      if (waiting.size > WAITING) removeFirst(waiting);
    } else if (answered !== undefined) {
      waiting.delete(id);
    }
    const action = isCall ? parsed.action : (answered?.action ?? '');
    return { parsed, conversation, fromStation, action, payload: membersOf(parsed), asked: answered };
  }

  #conversation(frame: LogFrame, parsed: Frame | Unreadable, time: number): Conversation {
    const { station = 'station', csms = 'csms' } = frame;
    // No identity holds a line end.
    const key = `${station}\n${csms}`;
    const known = this.#byParties.get(key);
    if (known !== undefined && (frame.version === undefined || frame.version.includes(known.version))) return known;
    const named = OCPP_VERSIONS.find((each) => frame.version?.includes(each) === true);
    const version = named ?? known?.version ?? this.#options.version ?? versionOf(parsed) ?? '1.6';
    if (known?.version === version) return known;
    if (known !== undefined) this.#end(key, known, time);
    const conversation = { station, csms, version, link: ++this.#lastLink, waiting: new Map<string, Asked>() };
    this.#byParties.set(key, conversation);
    if (this.#stations.size < LIMIT) this.#stations.add(station);
    if (this.#byParties.size > LIMIT)
      for (const [oldest, each] of this.#byParties) {
        this.#end(oldest, each, time);
        break;
      }
    const description = {
      a: { id: station, role: 'cs' },
      b: { id: csms, role: 'csms' },
      protocol: 'ocpp',
      version,
      transport: 'file',
      conn: `log ${station}`,
      tap: 'import',
      ...ownClockFacts(frame.clock),
    } as const;
    this.#options.opened(conversation.link, description, time);
    return conversation;
  }

  #end(key: string, { link }: Conversation, time: number): void {
    this.#byParties.delete(key);
    this.#options.closed(link, time);
  }
}

/** Who sent it, where the log does not tell: the action says it for a call, the call for its answer. */
function directionOf(version: OcppVersion, parsed: Frame | Unreadable, asked: Asked | undefined): boolean {
  if (parsed.type === CALL || parsed.type === SEND) return actionRow(version, parsed.action)?.sender !== 'csms';
  if (asked !== undefined) return !asked.fromStation;
  if (parsed.type !== 0) return false;
  return parsed.action === undefined || actionRow(version, parsed.action)?.sender !== 'csms';
}

function versionOf(parsed: Frame | Unreadable): OcppVersion | undefined {
  if (parsed.type !== CALL) return undefined;
  if (parsed.action === 'BootNotification') return 'chargingStation' in membersOf(parsed) ? '2.0.1' : '1.6';
  return OCPP_VERSIONS.find((version) => actionRow(version, parsed.action) !== undefined);
}

function membersOf(parsed: Frame | Unreadable): Members {
  if (parsed.type === 0) return NO_MEMBERS;
  const payload = 'payload' in parsed ? parsed.payload : parsed.details;
  return isObject(payload) ? payload : NO_MEMBERS;
}

function removeFirst<K>(map: Map<K, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
