import { SECOND_MS } from '../../../../core/time.ts';
import { listAt, textAt } from '../../payload-reader.ts';
import { family, type Rule, V16 } from '../../rule.ts';
import { isAccepted } from './f7-key-change.ts';

/** AuthorizationKey and SecurityProfile of 1.6 (1.6J §6.2, whitepaper A01, A05). */
export const f7SecurityKeys: readonly Rule[] = family({ versions: V16, axis: 'conformance' }, [
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
