import type { HopSpan } from '../core/trace-context.ts';

/**
 * One message that crossed between two parties, as every reader of the journal sees it, and the narrow door through which
 * links write it. UI, statistics, traces, exports, checks and replay read the journal and nothing else.
 */

/** Who can stand at an end of a link. */
export type PartyRole = 'ev' | 'cs' | 'csms' | 'hub' | 'emp' | 'pnc' | 'everest' | 'ext' | 'ui';

export interface Party {
  /** Stable id, for example `CS-DEMO-1`, `csms`, `hub`, `emp`. */
  readonly id: string;
  readonly role: PartyRole;
}

/** The protocol family; the version stands beside it. */
export type Protocol = 'ocpp' | 'oicp' | 'pnc' | 'mqtt' | 'api';

/**
 * What kind of message: `send` expects no answer (OCPP 2.1 type 6, MQTT publish), `event` is something that happened to a
 * link (opened, closed, refused), `mark` is a person's note in the stream.
 */
export type EntryKind = 'request' | 'response' | 'error' | 'send' | 'event' | 'mark';

/** Who caused a message of ours. `peer`: it came from outside and was not ours to cause. */
export type Origin = 'peer' | 'system' | 'sim' | 'user' | 'rule' | 'import' | 'replay' | 'proxy';

export type TransportType = 'ws' | 'http' | 'mqtt' | 'inproc' | 'file';

/** Properties of a message that a filter can ask for by `is:`. */
export type EntryFlag =
  | 'malformed' // not readable as a frame of its protocol
  | 'invalid' // does not fit its schema
  | 'duplicate' // an id or a message seen before
  | 'retry' // sent again by its sender
  | 'late' // an answer after its deadline
  | 'unexpected' // an answer that nobody waited for
  | 'synthetic' // handed in by "simulate inbound": it never crossed the wire
  | 'modified' // changed by an interception
  | 'intercepted' // delayed, dropped or answered by an interception
  | 'replayed'
  | 'imported'
  | 'cut'; // the raw text is longer than the journal keeps

/** What is the same for all messages of a link. `a` is the client side (the one that connected), `b` the server side. */
export interface LinkDescription {
  readonly a: Party;
  readonly b: Party;
  readonly protocol: Protocol;
  /** `1.6`, `2.0.1`, `2.1` for OCPP, `2.3` for OICP. */
  readonly version?: string;
  readonly transport: TransportType;
  /** Names the connection, for example `ws-17 127.0.0.1:51234`; further facts (TLS, subprotocol) as text values. */
  readonly conn: string;
  readonly facts?: Readonly<Record<string, string>>;
  /** Which of our taps saw it (design: server side first): `csms`, `hub`, `station`, `import`. */
  readonly tap: string;
}

/** A link as the recorder knows it: small and dense, valid for this process only. */
export type LinkNumber = number;

/** A message as a link hands it to the recorder. */
export interface NewEntry {
  readonly link: LinkNumber;
  /** True when it went from `b` (server side) to `a` (client side). */
  readonly toClient: boolean;
  /** Epoch milliseconds, with fractions. */
  readonly time: number;
  readonly kind: EntryKind;
  /** OCPP action, OICP operation, MQTT topic, or what happened for `event`. Empty when unreadable. */
  readonly action: string;
  /** The wire's own correlation id (OCPP message id, HTTP request id); empty when it has none. */
  readonly messageId: string;
  /** The exact text or bytes that crossed the wire. Bytes where the text is not valid UTF-8. */
  readonly raw: string | Uint8Array;
  /** What `raw` says, where the link has parsed it already: for watchers on the way. Not stored. */
  readonly payload?: unknown;
  /** How many bytes there were, when `raw` holds only the beginning (a frame too big to be read, an import). */
  readonly rawBytes?: number | undefined;
  /** The request's sequence number, for its answer. */
  readonly partner?: number | undefined;
  /** Milliseconds between request and answer. */
  readonly latencyMs?: number | undefined;
  /** CALLERROR code, OICP status code, HTTP status: the wire's own word. */
  readonly code?: string | undefined;
  readonly flags?: readonly EntryFlag[] | undefined;
  readonly origin?: Origin | undefined;
  /** W3C trace id (32 hex digits). */
  readonly trace?: string | undefined;
  /** The span of this side of the hop. */
  readonly hop?: HopSpan | undefined;
  /** Facts of this message that the raw text does not hold, as JSON text: HTTP method, path, status, headers (masked). */
  readonly detail?: string | undefined;
}

export type Severity = 'error' | 'warning' | 'info';
export type FindingAxis = 'conformance' | 'compatibility' | 'consistency' | 'timing' | 'security';

/** What a peer that is kind to others would do with such a message; never a part of the verdict. */
export type PeerReaction = 'rejects' | 'tolerates' | 'ignores' | 'unknown';

/** Something that is wrong, or worth a look, on a message. Rules and links write them. */
export interface NewFinding {
  /** Stable rule id, for example `OCPPJ-RPC-003`. */
  readonly rule: string;
  readonly severity: Severity;
  readonly axis: FindingAxis;
  /** The party at fault. */
  readonly party: string;
  /** The message it stands on, with a JSON pointer into its payload (empty: the whole message). */
  readonly seq?: number;
  readonly pointer?: string;
  /** A sentence for a person, with the values in it. */
  readonly text: string;
  readonly clause?: string;
  readonly time: number;
  /** Further messages that prove it. */
  readonly evidence?: readonly { readonly seq: number; readonly pointer?: string; readonly label: string }[];
  readonly expected?: unknown;
  readonly actual?: unknown;
  /** The other axis, beside the verdict of the specification. */
  readonly peer?: PeerReaction;
}

/**
 * The writing side of the journal. `record` only copies into memory; what was recorded is durable once the commit group
 * of this turn has committed (the recorder is one of its participants).
 */
export interface Recorder {
  openLink(description: LinkDescription): LinkNumber;
  closeLink(link: LinkNumber): void;
  /** Returns the entry's sequence number: positive, growing by one, also across restarts. */
  record(entry: NewEntry): number;
  finding(finding: NewFinding): void;
  /** True while the reader side is behind: links should stop reading from their sockets. */
  readonly full: boolean;
  /** Calls back once when `full` has ended. */
  onceDrained(resume: () => void): void;
}
