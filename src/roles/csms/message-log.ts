import type { LinkDescription, LinkNumber, NewEntry, NewFinding, Recorder } from '../../journal/entry.ts';
import type { Log } from '../../platform/logging/log.ts';

/**
 * The recorder, with a line in the log for what is recorded: errors and unreadable messages as warnings, connections as
 * information, every other message for debugging. Lines carry the message id, by which the log is grouped.
 */
export class MessageLog implements Recorder {
  readonly #recorder: Recorder;
  readonly #log: Log;
  readonly #stations = new Map<LinkNumber, string>();

  constructor(recorder: Recorder, log: Log) {
    this.#recorder = recorder;
    this.#log = log;
  }

  openLink(description: LinkDescription): LinkNumber {
    const link = this.#recorder.openLink(description);
    const station = description.a.id;
    this.#stations.set(link, station);
    const { version, conn } = description;
    this.#log.info(
      { station, version, conn },
      `${station} connected${version === undefined ? '' : ` with OCPP ${version}`}`,
    );
    return link;
  }

  closeLink(link: LinkNumber): void {
    this.#stations.delete(link);
    this.#recorder.closeLink(link);
  }

  record(entry: NewEntry): number {
    const seq = this.#recorder.record(entry);
    const { kind, action, messageId, code, flags, toClient } = entry;
    const station = this.#stations.get(entry.link) ?? '';
    const way = toClient ? `to ${station}` : `from ${station}`;
    if (kind === 'event') {
      this.#log.info({ station, seq, event: action }, `${station} ${action}`);
    } else if (kind === 'error' || flags?.includes('malformed') === true || flags?.includes('invalid') === true) {
      const what = kind === 'error' ? `${code ?? 'unreadable message'}` : `${flags?.join(', ') ?? ''} ${kind}`;
      this.#log.warn(
        { station, seq, messageId, action, code, flags },
        `${what} ${way}${action === '' ? '' : `: ${action}`}`,
      );
    } else {
      this.#log.debug({ station, seq, messageId, action }, `${kind} ${way}: ${action}`);
    }
    return seq;
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
