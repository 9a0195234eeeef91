import { SECOND_MS } from '../../../../core/time.ts';
import type { Observation } from '../../observation.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';

const TRIGGER_MS = 30 * SECOND_MS;
const TRIGGERS = ['TriggerMessage.response', 'ExtendedTriggerMessage.response'] as const;

/** Triggered messages of 1.6 (§5.17). */
export const f7Triggers: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-RC-007',
    severity: 'error',
    fault: 'station',
    title: 'A trigger is answered before its message is sent',
    clause: '1.6 §5.17',
    causes: ['The message is sent by the handler of the trigger'],
    next: ['Answer first, then send'],
    peer: 'tolerates',
    on: TRIGGERS,
    check(c) {
      const trigger = acceptedTrigger(c);
      const early = trigger === undefined ? undefined : earlyMessage(c, trigger.requested);
      if (trigger === undefined || early === undefined) return;
      // A message may cross the trigger by chance; then another one follows.
      c.expect({
        withinMs: TRIGGER_MS,
        object: c.o.seq,
        by: (o) => isTriggered(o, trigger.actions),
        otherwise: () => ({
          text: `${trigger.requested} was sent before the trigger was answered, and not after`,
          object: trigger.requested,
          evidence: [{ seq: early, label: 'the message' }],
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-008',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A triggered message comes',
    clause: '1.6 §5.17',
    causes: ['The station answers Accepted to every trigger'],
    next: ['Trigger another message'],
    peer: 'unknown',
    on: TRIGGERS,
    check(c) {
      const trigger = acceptedTrigger(c);
      if (trigger === undefined || earlyMessage(c, trigger.requested) !== undefined) return;
      c.expect({
        withinMs: TRIGGER_MS,
        object: c.o.seq,
        by: (o) => isTriggered(o, trigger.actions),
        otherwise: () => ({
          text: `${trigger.requested} was triggered and accepted, and did not come within 30 s`,
          object: trigger.requested,
        }),
      });
    },
  },
  {
    id: 'OCPP16-RC-009',
    severity: 'warning',
    fault: 'station',
    title: 'A status trigger without connector brings the status of all',
    clause: '1.6 §5.17',
    causes: ['Only connector 0 is reported'],
    next: ['Trigger each connector by its number'],
    peer: 'tolerates',
    quirk: 'chattyStatusZero',
    on: TRIGGERS,
    check(c) {
      const trigger = acceptedTrigger(c);
      if (trigger?.requested !== 'StatusNotification' || trigger.connector !== undefined) return;
      const { station } = c;
      const seen = new Set<number>();
      c.expect({
        withinMs: TRIGGER_MS,
        object: c.o.seq,
        by(o) {
          if (o.action === 'StatusNotification' && o.kind === 'request')
            seen.add(numberAt(o.payload, 'connectorId') ?? -1);
          return false;
        },
        otherwise() {
          if (seen.size === 0) return undefined;
          const missing = Array.from({ length: station.connectorCount + 1 }, (_, connector) => connector).filter(
            (each) => !seen.has(each),
          );
          return missing.length === 0
            ? undefined
            : { text: `The triggered StatusNotification did not come for connector ${missing.join(', ')}` };
        },
      });
    },
  },
]);

/** The trigger that this message accepts. */
function acceptedTrigger(
  c: RuleContext,
): { requested: string; actions: readonly string[]; connector: number | undefined } | undefined {
  if (textAt(c.o.payload, 'status') !== 'Accepted') return undefined;
  const trigger = c.station.triggers.all.findLast(({ seq }) => seq === c.o.request?.seq);
  return trigger === undefined || trigger.actions.includes('*') ? undefined : trigger;
}

function isTriggered(o: Observation, actions: readonly string[]): boolean {
  return o.kind === 'request' && o.fromStation && actions.includes(o.action);
}

/** A message of that kind that came between the trigger and its answer. */
function earlyMessage(c: RuleContext, requested: string): number | undefined {
  const since = c.o.request?.seq ?? 0;
  const { connectors, boot, lastHeartbeatSeq } = c.station;
  if (requested === 'Heartbeat') return lastHeartbeatSeq > since ? lastHeartbeatSeq : undefined;
  if (requested === 'BootNotification') return boot.lastSeq > since ? boot.lastSeq : undefined;
  if (requested !== 'StatusNotification') return undefined;
  for (const [, status] of connectors.entries()) if (status.seq > since) return status.seq;
  return undefined;
}
