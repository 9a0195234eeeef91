import { SECOND_MS } from '../../../../core/time.ts';
import { availabilityStates } from '../../model/connectors.ts';
import { numberAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, V2X, V16 } from '../../rule.ts';
import { seconds } from './time-text.ts';

const STATUS_BURST_MS = 60 * SECOND_MS;
const HEARTBEAT_GRACE_MS = 10 * SECOND_MS;

/** What a station sends once it was accepted: the status of its connectors, and heartbeats (1.6 §4.2, §4.6; 2.x B01, G02). */
export const f3AfterBoot: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-BOOT-010',
    versions: V16,
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'After Accepted the status of connector 0 and of every connector is sent',
    clause: '1.6 errata 3.22',
    causes: ['Only connectors whose status changed are reported', 'Only connector 0 is reported'],
    next: ['Trigger StatusNotification and compare'],
    peer: 'tolerates',
    quirk: 'noZeroStatus',
    on: ['BootNotification.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { station } = c;
      const seen = new Set<number>();
      c.expect({
        withinMs: STATUS_BURST_MS,
        // A further boot begins anew.
        unless(o) {
          if (o.action === 'StatusNotification' && o.kind === 'request')
            seen.add(numberAt(o.payload, 'connectorId') ?? -1);
          return o.action === 'BootNotification' && o.kind === 'request';
        },
        otherwise() {
          const wanted = Array.from({ length: Math.max(1, station.connectorCount) + 1 }, (_, connector) => connector);
          const missing = wanted.filter((connector) => !seen.has(connector));
          if (missing.length === 0) return undefined;
          const text = `No StatusNotification for connector ${missing.join(', ')} within 60 s of Accepted`;
          return { text, expected: wanted, actual: [...seen] };
        },
      });
    },
  },
  {
    id: 'OCPP-BOOT-011',
    versions: V2X,
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'After Accepted the status of every connector is sent',
    clause: 'B01.FR.05',
    causes: ['Only connectors whose status changed are reported'],
    next: ['Ask for AvailabilityState of each connector'],
    peer: 'tolerates',
    on: ['BootNotification.response'],
    check(c) {
      if (textAt(c.o.payload, 'status') !== 'Accepted') return;
      const wanted = c.station.connectors.keys;
      const seen = new Set<string>();
      c.expect({
        withinMs: STATUS_BURST_MS,
        unless(o) {
          if (o.kind === 'request' && o.action === 'StatusNotification')
            seen.add(`${numberAt(o.payload, 'evseId')}/${numberAt(o.payload, 'connectorId')}`);
          if (o.kind === 'request' && o.action === 'NotifyEvent')
            for (const [key] of availabilityStates(o.payload)) seen.add(key);
          return o.action === 'BootNotification' && o.kind === 'request';
        },
        otherwise() {
          const missing = wanted.filter((key) => !seen.has(key));
          if (missing.length === 0 && seen.size > 0) return undefined;
          const which = wanted.length === 0 ? 'of any connector' : `of connector ${missing.join(', ')}`;
          return {
            text: `The status ${which} was not sent within 60 s of Accepted`,
            expected: wanted,
            actual: [...seen],
          };
        },
      });
    },
  },
  {
    id: 'OCPP-BOOT-016',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A connected station is heard within the heartbeat interval',
    clause: '1.6 §4.6, G02.FR.02',
    causes: ['The heartbeat timer does not run', 'The connection is half open'],
    next: ['Look at whether pings are still answered'],
    peer: 'tolerates',
    on: ['BootNotification.response', 'open'],
    check(c) {
      const { o, station, link } = c;
      const answered = o.kind === 'response';
      const accepted = answered ? textAt(o.payload, 'status') : station.boot.registration;
      const interval = (answered ? numberAt(o.payload, 'interval') : station.boot.interval) ?? 0;
      if (accepted !== 'Accepted' || interval <= 0) return;
      const limitMs = (): number =>
        (station.configuration.number('HeartbeatInterval') ?? interval) * SECOND_MS + HEARTBEAT_GRACE_MS;
      c.expect({
        withinMs: limitMs(),
        unless: (o) => o.action === 'BootNotification' && o.kind === 'response',
        otherwise(now) {
          const silent = now - station.lastFromStationAt;
          if (link.closed || silent < limitMs()) return Math.max(SECOND_MS, limitMs() - silent);
          const text = `Nothing came from the station for ${seconds(silent)}; the heartbeat interval is ${(limitMs() - HEARTBEAT_GRACE_MS) / SECOND_MS} s`;
          return { text };
        },
      });
    },
  },
]);
