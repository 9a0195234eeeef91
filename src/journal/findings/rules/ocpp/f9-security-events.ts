import { DAY_MS, MINUTE_MS } from '../../../../core/time.ts';
import { textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, V16 } from '../../rule.ts';
import { isCritical, isListed } from './security-event-types.ts';

/** Security events (whitepaper and 2.x A04). */
export const f9SecurityEvents: readonly Rule[] = family({ versions: ALL, axis: 'security' }, [
  {
    id: 'OCPP-SE-005',
    severity: 'warning',
    fault: 'station',
    title: 'A station that tells security events tells that it has started',
    clause: 'A04.FR.01',
    causes: ['The event is raised before the station is accepted, and is lost'],
    next: ['Look into the security log of the station (GetLog)'],
    peer: 'tolerates',
    on: ['BootNotification.response'],
    check(c) {
      const { security } = c.station.management;
      if (textAt(c.o.payload, 'status') !== 'Accepted' || !security.hasSentEvents) return;
      // A boot message that was only asked for, or sent again on the same connection, is no start.
      if (c.station.triggers.cause('BootNotification', c.o.time) !== undefined) return;
      if (c.station.boot.registration === 'Accepted' && c.station.boot.answeredAt >= c.link.openedAt) return;
      c.expect({
        withinMs: MINUTE_MS,
        by: (o) =>
          o.action === 'SecurityEventNotification' &&
          o.kind === 'request' &&
          /^(StartupOfTheDevice|ResetOrReboot)$/.test(textAt(o.payload, 'type') ?? ''),
        otherwise: () => ({
          text: 'The station has started, and neither StartupOfTheDevice nor ResetOrReboot came within 60 s; it tells other security events',
          object: c.o.seq,
        }),
      });
    },
  },
  {
    id: 'OCPP-SE-006',
    severity: 'info',
    fault: 'station',
    title: 'Security events have the types of the list',
    clause: 'Security whitepaper, 2.x appendix 1: security events',
    causes: ['An event of the vendor', 'The name of the other OCPP generation'],
    next: ['Compare with the list of security events'],
    peer: 'tolerates',
    on: ['SecurityEventNotification.request'],
    check(c) {
      const type = textAt(c.o.payload, 'type');
      if (type === undefined || isListed(type, c.link.version)) return;
      c.report({ text: `The security event ${type} is not in the list of OCPP ${c.link.version}`, object: type });
    },
  },
  {
    id: 'OCPP-SE-008',
    versions: V16,
    severity: 'warning',
    fault: 'station',
    title: 'A message that the CSMS does not know is not sent again and again',
    clause: 'ours',
    causes: ['The CSMS does not know the security whitepaper, and the station keeps its message in the queue'],
    next: ['Look at whether other messages of the station come late'],
    peer: 'tolerates',
    on: [
      ...['SecurityEventNotification.request' as const, 'SignCertificate.request' as const],
      ...['LogStatusNotification.request' as const, 'SignedFirmwareStatusNotification.request' as const],
    ],
    check(c) {
      const refusals = c.station.management.security.refusals(c.o);
      // Sent, and three times again.
      if (refusals < 4) return;
      c.report({
        text: `The CSMS does not know ${c.o.action}, and the same message is sent for the ${refusals + 1}th time`,
        object: c.o.action,
      });
    },
  },
  {
    id: 'OCPP-SE-010',
    severity: 'warning',
    fault: 'station',
    title: 'A critical security event reaches the CSMS, and reaches it once',
    clause: 'A04.FR.02',
    causes: ['The queue of events is lost with the connection', 'An answered event stays in the queue'],
    next: ['Compare with the security log of the station (GetLog)'],
    peer: 'tolerates',
    on: ['SecurityEventNotification.request', 'close'],
    check(c) {
      const { station } = c;
      if (c.o.kind === 'request') {
        const before = station.management.security.delivered(c.o);
        const type = textAt(c.o.payload, 'type') ?? '';
        if (before === undefined || !isCritical(type, c.link.version)) return;
        return c.report({
          text: `The security event ${type} of ${textAt(c.o.payload, 'timestamp') ?? ''} was answered, and comes again`,
          object: `twice ${type}`,
          evidence: [{ seq: before.seq, label: 'the event before' }],
        });
      }
      const lostAt = c.o.time;
      for (const call of c.link.outstanding.values()) {
        const type = textAt(call.payload, 'type') ?? '';
        if (call.action !== 'SecurityEventNotification' || !isCritical(type, c.link.version)) continue;
        const timestamp = textAt(call.payload, 'timestamp') ?? '';
        c.expect({
          withinMs: 2 * MINUTE_MS,
          survivesClose: true,
          object: `${type} ${timestamp}`,
          by: (o) =>
            o.action === call.action &&
            textAt(o.payload, 'type') === type &&
            textAt(o.payload, 'timestamp') === timestamp,
          // It can only come while there is a connection on which the station is accepted.
          otherwise(now) {
            if (now - lostAt > DAY_MS) return 'not evaluable';
            const [link] = station.connections.open;
            if (link === undefined || station.boot.registration !== 'Accepted') return 2 * MINUTE_MS;
            if (now - link.openedAt < MINUTE_MS) return MINUTE_MS;
            return {
              text: `The security event ${type} of ${timestamp} was not answered before the connection was lost, and did not come again`,
              object: `lost ${type}`,
              seq: call.seq,
            };
          },
        });
      }
    },
  },
]);
