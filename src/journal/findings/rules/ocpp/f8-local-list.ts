import { hasInfo, versionOf } from '../../model/local-list.ts';
import { listAt, textAt } from '../../payload-reader.ts';
import { ALL, family, type Rule } from '../../rule.ts';

/** The local authorization list (1.6 §5.10, §5.15, §6.41; 2.x D01, D02). */
export const f8LocalList: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-LL-001',
    severity: 'error',
    fault: 'csms',
    title: 'A list that is sent has a version above 0',
    clause: '1.6 errata 3.52, D01.FR.18',
    causes: ['The version counter was never set: 0 means that there is no list, and -1 that lists are not supported'],
    next: ['Number lists from 1'],
    peer: 'rejects',
    on: ['SendLocalList.request'],
    check(c) {
      const version = versionOf(c.o.payload);
      if (version === undefined || version > 0) return;
      c.report({ text: `A local list is sent with version ${version}`, expected: 'above 0', actual: version });
    },
  },
  {
    id: 'OCPP-LL-002',
    severity: 'error',
    fault: 'csms',
    title: 'Each entry of a full list says what its token may do',
    clause: '1.6 §7.1, 2.x §2.7',
    causes: ['Deletions of a differential list are sent with updateType Full'],
    next: ['Leave deleted tokens out of a full list'],
    peer: 'rejects',
    on: ['SendLocalList.request'],
    check(c) {
      if (textAt(c.o.payload, 'updateType') !== 'Full') return;
      const index = listAt(c.o.payload, 'localAuthorizationList').findIndex((entry) => !hasInfo(entry));
      if (index < 0) return;
      const info = c.link.version === '1.6' ? 'idTagInfo' : 'idTokenInfo';
      c.report({
        text: `Entry ${index + 1} of a full list has no ${info}`,
        pointer: `/localAuthorizationList/${index}`,
      });
    },
  },
  {
    id: 'OCPP-LL-003',
    severity: 'error',
    fault: 'csms',
    title: 'A token stands once in a list',
    clause: '1.6 §6.41, D01.FR.06',
    causes: ['Tokens are compared with upper and lower case', 'Several sources are put together'],
    next: ['Look for the token in the source of the list'],
    peer: 'rejects',
    on: ['SendLocalList.request'],
    check(c) {
      const places = new Map<string, number>();
      for (const [index, entry] of listAt(c.o.payload, 'localAuthorizationList').entries()) {
        const token = tokenOf(entry);
        if (token === undefined) continue;
        const first = places.get(token);
        if (first === undefined) {
          places.set(token, index);
          continue;
        }
        return c.report({
          text: `Entries ${first + 1} and ${index + 1} of a list are the same token`,
          pointer: `/localAuthorizationList/${index}`,
        });
      }
    },
  },
  {
    id: 'OCPP-LL-004',
    severity: 'error',
    fault: 'station',
    title: 'An update to a version that the list already has is refused',
    clause: '1.6 §7.47, D01.FR.19',
    causes: ['The station does not compare versions'],
    next: ['Read the version with GetLocalListVersion before and after'],
    peer: 'tolerates',
    on: ['SendLocalList.response'],
    check(c) {
      const request = c.o.request?.payload;
      const version = versionOf(request);
      if (textAt(request, 'updateType') !== 'Differential' || textAt(c.o.payload, 'status') !== 'Accepted') return;
      const { current } = c.station.management.localList;
      if (current === undefined || version === undefined) return c.notEvaluable();
      if (version > current.version) return;
      c.report({
        text: `The list has version ${current.version}, and an update to version ${version} was accepted`,
        object: version,
        evidence: [{ seq: current.seq, label: `version ${current.version}` }],
        expected: 'VersionMismatch',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP-LL-005',
    severity: 'error',
    fault: 'station',
    title: 'A station tells the version of the list that it took last',
    clause: 'D02.FR.01, 1.6 §5.10',
    causes: ['The version is not stored with the list', 'The list was lost at a reboot'],
    next: ['Send the full list again'],
    peer: 'tolerates',
    on: ['GetLocalListVersion.response'],
    check(c) {
      const told = versionOf(c.o.payload);
      const { accepted, unanswered, mayBeEmpty } = c.station.management.localList;
      if (told === undefined) return;
      if (accepted === undefined || unanswered !== undefined) return c.notEvaluable();
      if (told === accepted.version) return;
      const { configuration } = c.station;
      const enabled =
        configuration.boolean('LocalAuthListEnabled') ?? configuration.boolean('LocalAuthListCtrlr.Enabled');
      if (told === 0 && (mayBeEmpty || enabled === false)) return;
      c.report({
        text: `The station took version ${accepted.version} of the list, and says that it has ${told}`,
        object: accepted.version,
        evidence: [{ seq: accepted.seq, label: 'the accepted list' }],
        expected: accepted.version,
        actual: told,
      });
    },
  },
  {
    id: 'OCPP-LL-006',
    severity: 'warning',
    fault: 'csms',
    title: 'After an update that failed the whole list is sent',
    clause: '1.6 §5.15, D01.FR.03',
    causes: ['The answer to SendLocalList is not looked at'],
    next: ['Send the list with updateType Full'],
    peer: 'rejects',
    on: ['SendLocalList.request'],
    check(c) {
      const { failed } = c.station.management.localList;
      if (failed === undefined || textAt(c.o.payload, 'updateType') !== 'Differential') return;
      c.report({
        text: `The last update of the list was answered ${failed.status}, and another update follows instead of the full list`,
        object: failed.seq,
        evidence: [{ seq: failed.seq, label: failed.status }],
        expected: 'Full',
        actual: 'Differential',
      });
    },
  },
  {
    id: 'OCPP-LL-007',
    severity: 'warning',
    fault: 'csms',
    title: 'A list message has no more entries than the station takes',
    clause: '1.6 §9.3, D01.FR.11',
    causes: ['The limit of the station is not read'],
    next: ['Send the list in several messages: Full first, then Differential'],
    peer: 'rejects',
    on: ['SendLocalList.request'],
    check(c) {
      const entries = listAt(c.o.payload, 'localAuthorizationList').length;
      if (entries === 0) return;
      const key = c.link.version === '1.6' ? 'SendLocalListMaxLength' : 'LocalAuthListCtrlr.ItemsPerMessage';
      const limit = c.station.configuration.number(key);
      if (limit === undefined) return c.notEvaluable();
      if (entries <= limit) return;
      c.report({
        text: `A list message has ${entries} entries, and ${key} is ${limit}`,
        pointer: '/localAuthorizationList',
        expected: limit,
        actual: entries,
      });
    },
  },
]);

/** Value and type of a token, for comparison. */
function tokenOf(entry: unknown): string | undefined {
  const tag = textAt(entry, 'idTag');
  if (tag !== undefined) return tag.toLowerCase();
  const token = textAt(entry, 'idToken', 'idToken');
  return token === undefined ? undefined : `${token.toLowerCase()} ${textAt(entry, 'idToken', 'type') ?? ''}`;
}
