import type { FilterRow, Path } from './filter/index.ts';
import { traceIn } from './hop-text.ts';
import { type MessageIndex, SLOW_MS } from './message-index.ts';
import type { StoredMessage } from './message-store.ts';
import { BITS, flagBit, flagsOfBits, KINDS, kindOfBits, originOfBits, RecordReader } from './packed-entry.ts';
import { type Payload, payloadOf, statusesOf } from './payload.ts';
import { isPayloadField, payloadFieldValues } from './payload-fields.ts';
import { receiver, sender, stationsOf } from './routes.ts';

const KIND_NAMES: readonly string[] = KINDS;

const PARTS: Readonly<Record<string, RegExp>> = {
  customData: /"customData"\s*:/,
  signature:
    /"(signature|signedMeterData|signedMeterValue|signedMeteringValues?|SignedMeteringValues?|signatureValue)"\s*:/i,
  certificate: /-----BEGIN CERTIFICATE|"(certificate|certificateChain|csr|contractSignatureCertChain)"\s*:/,
};

/** What a message can ask about others. */
export interface MessageSource {
  readonly index: MessageIndex;
  readonly epoch: string;
  get(seq: number): StoredMessage | undefined;
}

/** One message with everything about it; nothing is decoded before it is asked for. */
export class MessageView implements FilterRow {
  readonly seq: number;
  readonly source: MessageSource;
  readonly reader = new RecordReader();
  readonly raw: Buffer;
  readonly #exchange: boolean;
  #text: string | undefined;
  #payload: Payload | undefined;
  #answer: MessageView | null | undefined;
  #request: MessageView | null | undefined;

  /** @param exchange whether a request stands for its answer too. */
  constructor(source: MessageSource, stored: StoredMessage, exchange = false) {
    this.seq = stored.seq;
    this.source = source;
    this.reader.moveTo(stored.record);
    this.raw = this.reader.raw();
    this.#exchange = exchange;
  }

  get kind(): ReturnType<typeof kindOfBits> {
    return kindOfBits(this.reader.bits);
  }

  get rawText(): string {
    this.#text ??= this.raw.toString('utf8');
    return this.#text;
  }

  get payload(): unknown {
    this.#payload ??= payloadOf(this.link.protocol, this.kind, this.rawText);
    return this.#payload.payload;
  }

  get answer(): MessageView | undefined {
    if (this.#answer === undefined) {
      const place = this.source.index.columns.find(this.seq);
      const distance = place === undefined ? 0 : (place.chunk.answer[place.row] ?? 0);
      this.#answer = distance === 0 ? null : this.#other(this.seq + distance);
    }
    return this.#answer ?? undefined;
  }

  get request(): MessageView | undefined {
    if (this.#request === undefined) this.#request = this.reader.partner > 0 ? this.#other(this.reader.partner) : null;
    return this.#request ?? undefined;
  }

  values(field: string): readonly (string | number)[] {
    const own = this.#ownValues(field);
    if (!this.#exchange || this.answer === undefined) return own;
    if (field === 'latency' || field === 'code' || field === 'http' || field === 'status') {
      return [...own, ...this.answer.values(field)];
    }
    return isPayloadField(field) || field === 'text' ? [...own, ...this.answer.values(field)] : own;
  }

  flag(set: 'is' | 'has', flag: string): boolean {
    const reader = this.reader;
    if (set === 'has') {
      const pattern = PARTS[flag];
      if (pattern !== undefined)
        return pattern.test(this.rawText) || (this.#exchange && this.answer?.flag(set, flag) === true);
      if (flag === 'finding') return this.source.index.findingsOn(this.seq).length > 0;
      if (flag === 'trace') return reader.trace !== '';
      if (flag === 'session') return this.source.index.sessionOf(this.seq) !== undefined;
      if (flag === 'note') return (this.source.index.annotationOn(this.seq)?.note ?? '') !== '';
      return flag === 'response' && this.answer !== undefined;
    }
    if (flag === this.kind) return true;
    // In exchanges the answer's other kinds say nothing about the request: only that it was an error.
    if (flag !== 'error' && KIND_NAMES.includes(flag)) return false;
    switch (flag) {
      case 'live':
        return (reader.bits & flagBit('imported')) === 0;
      case 'marked':
        return this.source.index.annotationOn(this.seq)?.marked === true;
      case 'unanswered':
        return this.kind === 'request' && this.answer === undefined;
      case 'slow':
        return reader.latencyMs > SLOW_MS || (this.#exchange && this.answer?.flag(set, flag) === true);
      default: {
        const own = flagsOfBits(reader.bits).some((known) => known === flag);
        return own || (this.#exchange && this.answer?.flag(set, flag) === true);
      }
    }
  }

  payloads(side: Path['side']): readonly unknown[] {
    if (side === 'request')
      return present(this.kind === 'request' || this.kind === 'send' ? this.payload : this.request?.payload);
    if (side === 'response') return present(isAnswer(this.kind) ? this.payload : this.answer?.payload);
    const own = present(this.payload);
    return this.#exchange ? [...own, ...present(this.answer?.payload)] : own;
  }

  texts(): readonly string[] {
    const { a, b } = this.link;
    const own = [this.reader.action, a.id, b.id, this.rawText];
    return this.#exchange && this.answer !== undefined ? [...own, this.answer.rawText] : own;
  }

  get link() {
    return this.source.index.routes.link(this.reader.link);
  }

  #other(seq: number): MessageView | null {
    const stored = this.source.get(seq);
    return stored === undefined ? null : new MessageView(this.source, stored);
  }

  #ownValues(field: string): readonly (string | number)[] {
    const reader = this.reader;
    const link = this.link;
    const toClient = (reader.bits & BITS.toClient) !== 0;
    const findings = this.source.index.findingsOn(this.seq);
    switch (field) {
      case 'proto':
        return [link.protocol];
      case 'ver':
        return link.version === undefined ? [] : [link.version];
      case 'action':
        return [reader.action];
      case 'topic':
        return link.protocol === 'mqtt' ? [reader.action] : [];
      case 'kind':
        return [this.kind];
      case 'text':
        return [this.rawText];
      case 'size':
        return [reader.rawLength];
      case 'code':
        return reader.code === '' ? [] : [reader.code];
      case 'http': {
        const status = Number(/"status"\s*:\s*"?(\d{3})\b/.exec(reader.detail)?.[1] ?? 0);
        return status === 0 ? [] : [status];
      }
      case 'status':
        return isAnswer(this.kind) ? statusesOf(this.payload) : [];
      case 'from':
        return [sender(link, toClient).id];
      case 'to':
        return [receiver(link, toClient).id];
      case 'party':
        return [link.a.id, link.b.id];
      case 'role':
        return [link.a.role, link.b.role];
      case 'station':
        return stationsOf(link);
      case 'source': {
        const imported = (reader.bits & flagBit('imported')) !== 0;
        return imported ? [originOfBits(reader.bits)] : [originOfBits(reader.bits), 'live'];
      }
      case 'session': {
        const session = this.source.index.sessionOf(this.seq);
        return session === undefined ? [] : [session];
      }
      case 'trace':
        return reader.trace === '' ? [] : [traceIn(reader.trace)];
      case 'id':
        return reader.messageId === '' ? [] : [reader.messageId];
      case 'seq':
        return [this.seq];
      case 'time':
        return [reader.time];
      case 'latency':
        return Number.isNaN(reader.latencyMs) ? [] : [reader.latencyMs];
      case 'rule':
        return findings.map((finding) => finding.rule);
      case 'severity':
        return findings.map((finding) => finding.severity);
      case 'axis':
        return findings.map((finding) => finding.axis);
      case 'note': {
        const note = this.source.index.annotationOn(this.seq)?.note;
        return note === undefined ? [] : [note];
      }
      default:
        return payloadFieldValues(this.payload, field, link.version);
    }
  }
}

function isAnswer(kind: string): boolean {
  return kind === 'response' || kind === 'error';
}

function present(payload: unknown): readonly unknown[] {
  return payload === undefined ? [] : [payload];
}
