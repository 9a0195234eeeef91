import type { Observation } from '../observation.ts';
import { listAt, numberAt, textAt } from '../payload-reader.ts';

export interface ListVersion {
  readonly version: number;
  readonly seq: number;
}

/** The local authorization list of a station as the traffic shows it (1.6 §5.10, §5.15; 2.x D01, D02). */
export class LocalList {
  /** The last list that the station took. */
  accepted: ListVersion | undefined;
  /** What the station has by the last message that says so: a list it took, or the version it told. */
  current: ListVersion | undefined;
  /** The list may have no entries: nothing was added since it was cleared, or something was deleted. */
  mayBeEmpty = true;
  /** A list whose answer has not come: it may have been taken. */
  unanswered: number | undefined;
  /** The last Differential, when the station did not take it. */
  failed: { readonly status: string; readonly seq: number } | undefined;

  update(o: Observation): void {
    if (o.action === 'GetLocalListVersion') {
      const version = versionOf(o.payload);
      if (o.kind === 'response' && version !== undefined) this.current = { version, seq: o.seq };
    } else if (o.kind === 'request') {
      this.unanswered = o.seq;
      if (textAt(o.payload, 'updateType') === 'Full') this.failed = undefined;
    } else {
      if (this.unanswered === o.request?.seq) this.unanswered = undefined;
      if (o.kind === 'response' && o.request !== null) this.#answered(o, o.request.payload);
    }
  }

  #answered(o: Observation, request: unknown): void {
    const status = textAt(o.payload, 'status') ?? '';
    const isFull = textAt(request, 'updateType') === 'Full';
    const version = versionOf(request);
    if (status === 'Accepted' && version !== undefined) {
      this.accepted = { version, seq: o.seq };
      this.current = this.accepted;
      this.failed = undefined;
      const entries = listAt(request, 'localAuthorizationList');
      const deletions = entries.filter((entry) => !hasInfo(entry)).length;
      if (isFull) this.mayBeEmpty = deletions === entries.length;
      else if (entries.length > 0) this.mayBeEmpty = deletions > 0;
    } else if (!isFull && (status === 'Failed' || status === 'VersionMismatch')) {
      this.failed = { status, seq: o.seq };
    }
  }
}

/** `listVersion` of 1.6, `versionNumber` of 2.x. */
export function versionOf(payload: unknown): number | undefined {
  return numberAt(payload, 'listVersion') ?? numberAt(payload, 'versionNumber');
}

/** An entry without it deletes its token. */
export function hasInfo(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && ('idTagInfo' in entry || 'idTokenInfo' in entry);
}
