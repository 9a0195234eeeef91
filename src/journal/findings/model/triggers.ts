import { MINUTE_MS } from '../../../core/time.ts';
import type { Observation } from '../observation.ts';
import { numberAt, textAt } from '../payload-reader.ts';

/** A message that the CSMS asked for. */
export interface Trigger {
  readonly requested: string;
  /** The actions that may answer it; `*` for a custom trigger. */
  readonly actions: readonly string[];
  readonly seq: number;
  readonly at: number;
  /** Undefined while the station has not answered. */
  accepted: boolean | undefined;
  readonly connector: number | undefined;
}

const LIMIT = 32;
/** How long a trigger explains a message: several may come, and one may have to wait for others. */
const OPEN_MS = 5 * MINUTE_MS;

/** Triggers and report requests: they allow a station what it may not do otherwise. */
export class Triggers {
  #open: Trigger[] = [];

  get all(): readonly Trigger[] {
    return this.#open;
  }

  /** A trigger that may have caused `action` at this time: accepted, or not answered yet. */
  cause(action: string, now: number): Trigger | undefined {
    return this.#open.findLast(
      (trigger) =>
        trigger.accepted !== false &&
        now - trigger.at <= OPEN_MS &&
        (trigger.actions.includes(action) || trigger.actions.includes('*')),
    );
  }

  update(o: Observation): void {
    if (o.kind === 'request') {
      const requested = textAt(o.payload, 'requestedMessage') ?? o.action;
      const actions = actionsFor(o.action, requested);
      const connector = numberAt(o.payload, 'connectorId') ?? numberAt(o.payload, 'evse', 'connectorId');
      this.#open.push({ requested, actions, seq: o.seq, at: o.time, accepted: undefined, connector });
      if (this.#open.length > LIMIT) this.#open.shift();
      return;
    }
    const trigger = this.#open.findLast(({ seq }) => seq === o.request?.seq);
    if (trigger !== undefined) trigger.accepted = o.kind === 'response' && textAt(o.payload, 'status') === 'Accepted';
  }
}

function actionsFor(action: string, requested: string): readonly string[] {
  if (action === 'GetBaseReport' || action === 'GetReport') return ['NotifyReport'];
  if (/^Sign.*Certificate$/.test(requested)) return ['SignCertificate'];
  if (requested === 'CustomTrigger') return ['*'];
  if (requested === 'FirmwareStatusNotification')
    return ['FirmwareStatusNotification', 'SignedFirmwareStatusNotification'];
  if (requested === 'StatusNotification') return ['StatusNotification', 'NotifyEvent'];
  return [requested];
}
