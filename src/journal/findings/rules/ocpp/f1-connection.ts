import { DAY_MS } from '../../../../core/time.ts';
import { shownProfile } from '../../model/connections.ts';
import { ALL, family, type Rule, V2X, WARNING_16 } from '../../rule.ts';

/** Handshake and socket (OCPP-J §3, 2.x Part 4 §3 and §5, A00). Those without a check are reported by the server itself. */
export const f1Connection: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPPJ-HS-001',
    severity: 'error',
    fault: 'station',
    title: 'An upgrade request offers a subprotocol',
    clause: 'OCPP-J §3.1.2',
    causes: ['The firmware does not send the header', 'A proxy strips it'],
    next: ['Look at the request without the proxy'],
    peer: 'rejects',
    quirk: 'noSubprotocol',
    on: [],
  },
  {
    id: 'OCPPJ-HS-003',
    severity: 'warning',
    fault: 'station',
    title: 'An offered subprotocol is one that exists',
    clause: 'OCPP-J §3.1.2',
    causes: ['A typing error in the configuration'],
    next: ['Write it in lower case: ocpp1.6, ocpp2.0.1, ocpp2.1'],
    peer: 'rejects',
    on: [],
  },
  {
    id: 'OCPPJ-HS-004',
    severity: 'warning',
    fault: 'station',
    title: 'The path ends with the encoded identity',
    clause: 'OCPP-J §3.1.1',
    causes: ['The address was pasted with a slash at its end'],
    next: ['Look at the configured address'],
    peer: 'unknown',
    on: [],
  },
  {
    id: 'OCPPJ-HS-005',
    versions: V2X,
    severity: 'error',
    fault: 'station',
    title: 'An identity is an identifierString of at most 48 characters without a colon',
    clause: '2.x Part 4 §3.1.1',
    causes: ['A serial number is used as identity'],
    next: ['Choose another identity'],
    peer: 'unknown',
    on: [],
  },
  {
    id: 'OCPPJ-HS-010',
    severity: 'error',
    fault: 'station',
    axis: 'security',
    title: 'With security profile 1 or 2 a station shows its password, under its identity',
    clause: 'A00.FR.203, A00.FR.204, A00.FR.302, A00.FR.303',
    causes: ['The password is not configured', 'The user name is configured on its own, and is not the identity'],
    next: ['Read the security profile of the station'],
    peer: 'rejects',
    on: ['open', 'refused'],
    check(c) {
      if (c.link.description.facts?.['basicUser'] === 'other')
        return c.report({
          text: `The user of the Authorization header is not the identity ${c.link.station.id}`,
          object: 'user',
          expected: c.link.station.id,
        });
      const profile =
        c.station.configuration.number('SecurityProfile') ??
        c.station.configuration.number('SecurityCtrlr.SecurityProfile');
      const shown = c.link.description.facts?.['authorization'];
      if (profile !== 1 && profile !== 2) return;
      if (shown === undefined) return c.notEvaluable();
      if (shown === 'basic') return;
      const letIn = c.o.action === 'open';
      c.report({
        text: `The station has security profile ${profile}, and its request had ${shown === 'none' ? 'no' : 'an unusable'} Authorization header${letIn ? '; it was let in' : ''}`,
        // 2.x has no profile 0: a station that is tried without passwords says 1 all the same.
        ...(letIn && profile === 1 && c.link.version !== '1.6' ? { severity: 'info' as const } : {}),
      });
    },
  },
  {
    id: 'OCPPJ-HS-014',
    severity: WARNING_16,
    fault: 'sender',
    axis: 'security',
    title: 'TLS is 1.2 or newer',
    clause: 'A00.FR.312, A00.FR.313',
    causes: ['An old TLS stack'],
    next: ['Update the firmware'],
    peer: 'rejects',
    on: ['open'],
    check(c) {
      const tls = c.link.description.facts?.['tls'];
      if (tls === undefined || !/^(SSLv|TLSv1(\.1)?( |$))/.test(tls)) return;
      c.report({ text: `The connection uses ${tls}`, expected: 'TLSv1.2', actual: tls });
    },
  },
  {
    id: 'OCPPJ-HS-015',
    severity: 'warning',
    fault: 'station',
    axis: 'security',
    title: 'With a client certificate there is no password',
    clause: 'A00.FR.401',
    causes: ['Two security profiles are mixed'],
    next: ['Read the security profile of the station'],
    peer: 'tolerates',
    on: ['open'],
    check(c) {
      const { facts } = c.link.description;
      if (facts?.['clientCn'] === undefined || facts['authorization'] !== 'basic') return;
      c.report({ text: `The station showed the certificate ${facts['clientCn']} and a password` });
    },
  },
  {
    id: 'OCPPJ-HS-018',
    severity: 'error',
    fault: 'csms',
    axis: 'security',
    title: 'After a higher security profile a lower one is not let in',
    clause: 'A05.FR.07, A05.FR.09',
    causes: ['The CSMS does not remember the profile'],
    next: ['Look at the connection before'],
    peer: 'tolerates',
    on: ['open'],
    check(c) {
      const profile = shownProfile(c.link);
      if (profile === undefined) return;
      const { highestProfile } = c.station.connections;
      if (highestProfile === undefined || profile >= highestProfile) return;
      c.report({
        text: `The station is let in with security profile ${profile}, and it has used ${highestProfile}`,
        expected: highestProfile,
        actual: profile,
      });
    },
  },
  {
    id: 'OCPPJ-WS-003',
    severity: 'warning',
    fault: 'station',
    axis: 'timing',
    title: 'A connected station sends a Heartbeat a day',
    clause: '1.6J §5.3, G02.FR.07',
    causes: ['The clock is set from another source'],
    next: ['Look at the clock of the station'],
    peer: 'tolerates',
    quirk: 'heartbeatOnly',
    on: ['BootNotification.response', 'open'],
    check(c) {
      if (c.o.kind === 'event' && c.station.boot.registration !== 'Accepted') return;
      const { station, o } = c;
      c.expect({
        withinMs: DAY_MS,
        otherwise(now) {
          const since = Math.max(station.lastHeartbeatAt, o.time, station.boot.answeredAt);
          if (station.boot.registration !== 'Accepted') return undefined;
          if (now - since < DAY_MS) return DAY_MS - (now - since);
          return { text: 'The station is connected for more than 24 hours without a Heartbeat' };
        },
      });
    },
  },
  {
    id: 'OCPPJ-WS-004',
    severity: 'info',
    fault: 'sender',
    title: 'A connection ends with a closing handshake',
    clause: 'RFC 6455 §7',
    causes: ['A crash, a lost network, an idle time-out of a proxy'],
    next: ['Look at whether pings are shorter than the time-out of the proxy'],
    peer: 'tolerates',
    on: ['close'],
    check(c) {
      if (!/^(1002|1006|1007|1009|1011)$/.test(c.o.code)) return;
      c.report({
        text: `The connection ended with code ${c.o.code}${c.o.code === '1006' ? ': no close frame' : ''}`,
        object: c.o.code,
      });
    },
  },
  {
    id: 'OCPPJ-WS-005',
    severity: 'error',
    fault: 'sender',
    title: 'Frames are text in UTF-8',
    clause: 'OCPP-J §4.1.2',
    causes: ['The library is used wrongly'],
    next: ['Send text frames'],
    peer: 'rejects',
    on: [],
  },
]);
