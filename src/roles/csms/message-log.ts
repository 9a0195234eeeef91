import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from '../../journal/entry.ts';
import type { Log } from '../../platform/logging/log.ts';

/**
 * The recorder, with a line in the log for what is recorded: errors, invalid and unreadable messages as warnings,
 * connections as information, and every other message where the log is written for debugging. Lines carry the message id,
 * by which the log is grouped.
 */
export class MessageLog implements Recorder {
  readonly #recorder: Recorder;
  readonly #log: Log;
  /** Every message gets a line: a text that nobody writes is not even made. */
  everyMessage: boolean;
  readonly #stations = new Map<LinkNumber, string>();

  constructor(recorder: Recorder, log: Log, everyMessage: boolean) {
    this.#recorder = recorder;
    this.#log = log;
    this.everyMessage = everyMessage;
  }

  openLink(description: LinkDescription): LinkNumber {
    const link = this.#recorder.openLink(description);
    const { a, version, conn } = description;
    this.#stations.set(link, a.id);
    // A link without a version is only there to hold a refusal.
    if (version !== undefined)
      this.#log.info({ station: a.id, version, conn }, `${a.id} speaks OCPP ${version} (${conn})`);
    return link;
  }

  closeLink(link: LinkNumber): void {
    this.#stations.delete(link);
    this.#recorder.closeLink(link);
  }

  record(entry: NewEntry): number {
    const seq = this.#recorder.record(entry);
    const { kind, flags } = entry;
    if (kind === 'error' || kind === 'event' || flags !== undefined || this.everyMessage) this.#write(entry, seq);
    return seq;
  }

  #write({ link, kind, action, messageId, code, flags, toClient, trace }: NewEntry, seq: number): void {
    const station = this.#stations.get(link) ?? '';
    const place = { station, seq, messageId, ...(trace === undefined ? {} : { traceId: trace }) };
    const way = toClient ? `to ${station}` : `from ${station}`;
    const isWrong = flags?.includes('malformed') === true || flags?.includes('invalid') === true;
    if (kind === 'event') this.#log.info({ station, seq, event: action }, `${station} ${action}`);
    else if (kind === 'error' || isWrong) {
      const what = kind === 'error' ? (code ?? 'unreadable message') : `${flags?.join(', ') ?? ''} ${kind}`;
      const text = `${what} ${way}${action === '' ? '' : `: ${action}`}`;
      this.#log.warn({ ...place, action, code, flags }, text);
    } else this.#log.debug({ ...place, action }, `${kind} ${way}: ${action}`);
  }

  finding(finding: NewFinding): void {
    this.#recorder.finding(finding);
  }

  get full(): boolean {
    return this.#recorder.full;
  }

  onceDrained(resume: () => void): void {
    this.#recorder.onceDrained(resume);
  }
}
