import { booleanAt, listAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, type RuleContext, V16 } from '../../rule.ts';
import { isAccepted } from './f7-key-change.ts';
import { CORE_KEYS, KEY_TYPES, PROFILE_KEYS, READ_ONLY_KEYS } from './keys-16.ts';

const LISTS = /^(MeterValues(Aligned|Sampled)Data|StopTxn(Aligned|Sampled)Data)$/i;

/** Configuration keys of 1.6: what is asked, set and read back (§5.3, §5.8, chapter 9). */
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
]);

function isSubset(value: string, of: string): boolean {
  const all = plain(of).split(',');
  const some = plain(value)
    .split(',')
    .filter((item) => item !== '');
  return some.length < all.length && some.every((item) => all.includes(item));
}

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
