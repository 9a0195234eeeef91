import { SECOND_MS } from '../../../../core/time.ts';
import { booleanAt, listAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';
import { CORE_KEYS, KEY_TYPES, PROFILE_KEYS, READ_ONLY_KEYS } from './keys-16.ts';

const LISTS = /^(MeterValues(Aligned|Sampled)Data|StopTxn(Aligned|Sampled)Data)$/i;

/** GetConfiguration and ChangeConfiguration (1.6 §5.3, §5.8, chapter 9, security whitepaper). */
export const f7Configuration: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
  {
    id: 'OCPP16-CF-001',
    severity: 'error',
    fault: 'station',
    axis: 'consistency',
    title: 'What was accepted is in force',
    clause: '1.6 §5.3',
    causes: ['The station answers Accepted before it looks', 'The value is cut or rounded'],
    next: ['Change the key again and read it back at once'],
    peer: 'tolerates',
    on: ['GetConfiguration.response'],
    check(c) {
      for (const { key, value, before } of changedKeys(c)) {
        if (LISTS.test(key) && isSubset(value, before.value)) continue;
        // The secret must not stand in a finding, and is not read back (CF-005).
        if (/^AuthorizationKey$/i.test(key)) continue;
        c.report({
          text: `${key} was set to ${JSON.stringify(before.value)} and reads ${JSON.stringify(value)}`,
          object: key,
          pointer: '/configurationKey',
          evidence: [{ seq: before.seq, label: 'the accepted change' }],
          expected: before.value,
          actual: value,
        });
      }
    },
  },
  {
    id: 'OCPP16-CF-002',
    severity: 'warning',
    fault: 'station',
    title: 'Read-only keys are read-only',
    clause: '1.6 chapter 9',
    causes: ['The flag is the same for all keys'],
    next: ['Try to change the key'],
    peer: 'tolerates',
    on: ['GetConfiguration.response', 'ChangeConfiguration.response'],
    check(c) {
      const writable =
        c.o.action === 'ChangeConfiguration'
          ? textAt(c.o.payload, 'status') === 'Accepted'
            ? [textAt(c.o.request?.payload, 'key')]
            : []
          : listAt(c.o.payload, 'configurationKey')
              .filter((item) => booleanAt(item, 'readonly') === false)
              .map((item) => textAt(item, 'key'));
      for (const key of writable) {
        if (key === undefined || !READ_ONLY_KEYS.has(key.toLowerCase())) continue;
        const how = c.o.action === 'ChangeConfiguration' ? 'was changed' : 'is reported as writable';
        c.report({ text: `${key} is a read-only key, and it ${how}`, object: key });
      }
    },
  },
  {
    id: 'OCPP16-CF-003',
    severity: 'error',
    fault: 'station',
    title: 'Every requested key is answered once',
    clause: '1.6 §5.8',
    causes: ['Unknown keys are left out'],
    next: ['Look at unknownKey'],
    peer: 'tolerates',
    on: ['GetConfiguration.response'],
    check(c) {
      const asked = listAt(c.o.request?.payload, 'key').filter((key) => typeof key === 'string');
      if (asked.length === 0) return;
      const max = c.station.configuration.number('GetConfigurationMaxKeys');
      // More keys than allowed: a station may cut them.
      if (max !== undefined && asked.length > max) return;
      const answered = [
        ...listAt(c.o.payload, 'configurationKey').map((item) => textAt(item, 'key')),
        ...listAt(c.o.payload, 'unknownKey'),
      ].map((key) => String(key).toLowerCase());
      const wrong = [...new Set(asked)].find(
        (key) => answered.filter((each) => each === key.toLowerCase()).length !== 1,
      );
      if (wrong === undefined) return;
      const times = answered.filter((each) => each === wrong.toLowerCase()).length;
      c.report({ text: `${wrong} was asked for, and is in the answer ${times} times`, object: wrong });
    },
  },
  {
    id: 'OCPP16-CF-004',
    severity: 'warning',
    fault: 'station',
    title: 'The whole configuration holds the required keys',
    clause: '1.6 chapter 9',
    causes: ['The firmware does not have the key'],
    next: ['Ask for the key by name'],
    peer: 'tolerates',
    on: ['GetConfiguration.response'],
    check(c) {
      if (listAt(c.o.request?.payload, 'key').length > 0) return;
      const values = new Map(
        listAt(c.o.payload, 'configurationKey').map((item) => [
          textAt(item, 'key')?.toLowerCase() ?? '',
          textAt(item, 'value') ?? '',
        ]),
      );
      const max = Number(values.get('getconfigurationmaxkeys') ?? Number.NaN);
      if (values.size < 10 || values.size === max) return c.notEvaluable();
      const profiles = (values.get('supportedfeatureprofiles') ?? 'Core').split(',').map((name) => name.trim());
      const wanted = [...CORE_KEYS, ...profiles.flatMap((name) => PROFILE_KEYS[name] ?? [])];
      const missing = wanted.filter((key) => !values.has(key.toLowerCase()));
      if (missing.length > 0) c.report({ text: `The configuration lacks ${missing.join(', ')}`, expected: wanted });
    },
  },
  {
    id: 'OCPP16-CF-005',
    severity: 'error',
    fault: 'station',
    axis: 'security',
    title: 'The password is not given away',
    clause: '1.6J §6.2.2, whitepaper 7.2',
    causes: ['AuthorizationKey is handled like any other key'],
    next: ['Change the password: it has been in the answer'],
    peer: 'tolerates',
    on: ['GetConfiguration.response'],
    check(c) {
      const set = c.station.configuration.get('AuthorizationKey');
      const item = listAt(c.o.payload, 'configurationKey').find(
        (each) => textAt(each, 'key')?.toLowerCase() === 'authorizationkey',
      );
      const value = textAt(item, 'value');
      if (value === undefined || value === '' || set?.how !== 'set' || set.value !== value) return;
      c.report({
        text: 'AuthorizationKey was read, and it is the one that was set',
        evidence: [{ seq: set.seq, label: 'the change' }],
      });
    },
  },
  {
    id: 'OCPP16-CF-006',
    severity: 'warning',
    fault: 'station',
    title: 'NotSupported means an unknown key, Rejected a bad value',
    clause: '1.6 §5.3',
    causes: ['One status is used for every refusal'],
    next: ['Ask for the key by name'],
    peer: 'tolerates',
    on: ['ChangeConfiguration.response'],
    check(c) {
      const key = textAt(c.o.request?.payload, 'key') ?? '';
      const status = textAt(c.o.payload, 'status');
      const { configuration } = c.station;
      const known = configuration.get(key);
      const wrong =
        (status === 'NotSupported' && known?.how === 'read') || (status === 'Rejected' && configuration.absent(key));
      if (!wrong) return;
      const text = `${key} ${known === undefined ? 'is unknown' : 'is known'} to the station, and its change was answered ${status}`;
      c.report({ text, object: key, actual: status });
    },
  },
  {
    id: 'OCPP16-CF-007',
    severity: 'warning',
    fault: 'csms',
    title: 'No more keys are asked for than the station takes',
    clause: '1.6 §5.8',
    causes: ['The CSMS does not read GetConfigurationMaxKeys'],
    next: ['Ask in several messages'],
    peer: 'unknown',
    on: ['GetConfiguration.request'],
    check(c) {
      const asked = listAt(c.o.payload, 'key').length;
      const max = c.station.configuration.number('GetConfigurationMaxKeys');
      if (max === undefined || asked <= max) return;
      c.report({
        text: `${asked} keys are asked for, and GetConfigurationMaxKeys is ${max}`,
        expected: max,
        actual: asked,
      });
    },
  },
  {
    id: 'OCPP16-CF-008',
    severity: 'error',
    fault: 'station',
    axis: 'security',
    title: 'The security profile only goes up',
    clause: 'A05.FR.01',
    causes: ['SecurityProfile is handled like any other key'],
    next: ['Look at the profile of the next connection'],
    peer: 'tolerates',
    on: ['ChangeConfiguration.response'],
    check(c) {
      if (!isAccepted(c, 'SecurityProfile')) return;
      const wanted = Number(textAt(c.o.request?.payload, 'value'));
      const current = c.station.configuration.number('SecurityProfile');
      if (current === undefined) return c.notEvaluable();
      if (wanted > current) return;
      c.report({
        text: `SecurityProfile ${wanted} was accepted, and it is ${current}`,
        expected: 'Rejected',
        actual: 'Accepted',
      });
    },
  },
  {
    id: 'OCPP16-CF-009',
    severity: 'error',
    fault: 'station',
    title: 'A negative ping interval is refused',
    clause: '1.6J §7',
    causes: ['The value is not checked'],
    next: ['Read the key back'],
    peer: 'tolerates',
    on: ['ChangeConfiguration.response'],
    check(c) {
      if (!isAccepted(c, 'WebSocketPingInterval')) return;
      const wanted = Number(textAt(c.o.request?.payload, 'value'));
      if (wanted >= 0 || Number.isNaN(wanted)) return;
      c.report({ text: `WebSocketPingInterval ${wanted} was accepted`, expected: 'Rejected', actual: 'Accepted' });
    },
  },
  {
    id: 'OCPP16-CF-010',
    severity: 'warning',
    fault: 'station',
    title: 'A value is of the type of its key',
    clause: '1.6 chapter 9',
    causes: ['True or yes for a boolean', 'A unit behind a number'],
    next: ['Look at how the value is turned into text'],
    peer: 'tolerates',
    quirk: 'boolUpper',
    on: ['GetConfiguration.response'],
    check(c) {
      for (const item of listAt(c.o.payload, 'configurationKey')) {
        const key = textAt(item, 'key');
        const value = textAt(item, 'value');
        const type = key === undefined ? undefined : KEY_TYPES.get(key.toLowerCase());
        if (key === undefined || value === undefined || value === '' || type === undefined) continue;
        if (type === 'boolean' ? /^(true|false)$/i.test(value.trim()) : /^\s*-?\d+\s*$/.test(value)) continue;
        c.report({
          text: `${key} reads ${JSON.stringify(value)}, which is no ${type}`,
          object: key,
          expected: type,
          actual: value,
        });
      }
    },
  },
  {
    id: 'OCPP16-CF-011',
    severity: 'error',
    fault: 'station',
    title: 'A list of measurands is accepted as a whole or not at all',
    clause: '1.6 §3.16.4',
    causes: ['Measurands that are not supported are dropped'],
    next: ['Set the list with fewer measurands'],
    peer: 'tolerates',
    quirk: 'rejectMeasurands',
    on: ['GetConfiguration.response'],
    check(c) {
      for (const { key, value, before } of changedKeys(c)) {
        if (!LISTS.test(key) || !isSubset(value, before.value)) continue;
        c.report({
          text: `${key} was set to ${before.value} and reads ${value}: measurands were dropped`,
          object: key,
          evidence: [{ seq: before.seq, label: 'the accepted change' }],
          expected: before.value,
          actual: value,
        });
      }
    },
  },
  {
    id: 'OCPP16-CF-012',
    severity: 'error',
    fault: 'csms',
    axis: 'security',
    title: 'AuthorizationKey is sent as 32 to 40 hexadecimal digits',
    clause: 'A00.FR.205',
    causes: ['The password is sent as plain text'],
    next: ['Send the hexadecimal form of the bytes'],
    peer: 'rejects',
    quirk: 'keyAsPlain',
    on: ['ChangeConfiguration.request'],
    check(c) {
      const value = textAt(c.o.payload, 'value');
      if (textAt(c.o.payload, 'key')?.toLowerCase() !== 'authorizationkey' || value === undefined) return;
      if (/^[0-9a-f]{32,40}$/i.test(value) && value.length % 2 === 0) return;
      const what = /^[0-9a-f]*$/i.test(value) ? `${value.length} hexadecimal digits` : 'not hexadecimal';
      c.report({ text: `The new AuthorizationKey is ${what}`, pointer: '/value' });
    },
  },
  {
    id: 'OCPP16-CF-013',
    severity: 'error',
    fault: 'station',
    axis: 'timing',
    title: 'A new security profile is used at once',
    clause: 'A05.FR.06, A05.FR.07',
    causes: ['The station waits for its next boot'],
    next: ['Look at the profile of the next connection'],
    peer: 'tolerates',
    on: ['ChangeConfiguration.response'],
    check(c) {
      if (!isAccepted(c, 'SecurityProfile')) return;
      c.expect({
        withinMs: 120 * SECOND_MS,
        survivesClose: true,
        by: (o) => o.kind === 'event' && o.action === 'open',
        otherwise: () => ({ text: 'SecurityProfile was accepted, and the station did not connect anew within 120 s' }),
      });
    },
  },
]);

/** Keys that read differently from what an accepted change set. */
function* changedKeys(
  c: RuleContext,
): Generator<{ key: string; value: string; before: { value: string; seq: number } }> {
  for (const item of listAt(c.o.payload, 'configurationKey')) {
    const key = textAt(item, 'key');
    const value = textAt(item, 'value');
    const before = key === undefined ? undefined : c.station.configuration.get(key);
    if (key === undefined || value === undefined || before?.how !== 'set' || before.value === undefined) continue;
    if (plain(value) !== plain(before.value)) yield { key, value, before: { value: before.value, seq: before.seq } };
  }
}

/** Without what may differ: case, spaces of lists, leading zeros. */
function plain(value: string): string {
  const text = value.toLowerCase().replaceAll(/\s/g, '');
  return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text;
}

function isSubset(value: string, of: string): boolean {
  const all = plain(of).split(',');
  const some = plain(value)
    .split(',')
    .filter((item) => item !== '');
  return some.length < all.length && some.every((item) => all.includes(item));
}

function isAccepted(c: RuleContext, key: string): boolean {
  return (
    textAt(c.o.request?.payload, 'key')?.toLowerCase() === key.toLowerCase() &&
    textAt(c.o.payload, 'status') === 'Accepted'
  );
}
