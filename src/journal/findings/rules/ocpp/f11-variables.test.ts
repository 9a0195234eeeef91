import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const name = (variable: string, instance = '', component = 'TxCtrlr', evse = '') =>
  `"component":{"name":"${component}"${evse}},"variable":{"name":"${variable}"${instance === '' ? '' : `,"instance":"${instance}"`}}`;
const EV = name('EVConnectionTimeOut');
const get = (asked: string, results: string) =>
  `C> GetVariables {"getVariableData":[${asked}]} = {"getVariableResult":[${results}]}\n`;
const set = (asked: string, results: string) =>
  `C> SetVariables {"setVariableData":[${asked}]} = {"setVariableResult":[${results}]}\n`;
const is = (what: string, value: string) =>
  `{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}",${what}}`;
const status = (what: string, word: string) => `{"attributeStatus":"${word}","attributeType":"Actual",${what}}`;
const to = (what: string, value: string) => `{"attributeValue":"${value}",${what}}`;
const setTo = (what: string, value: string, word = 'Accepted') => set(to(what, value), status(what, word));
const report = (what: string, attribute: string, characteristics: string) =>
  `C> GetReport {"requestId":1} = {"status":"Accepted"}\nS> NotifyReport {"requestId":1,"generatedAt":"@","seqNo":0,"reportData":[{${what},"variableAttribute":[{${attribute}}],"variableCharacteristics":{"supportsMonitoring":false,${characteristics}}}]} = {}\n`;
const TIMEOUT = report(
  EV,
  '"value":"60","mutability":"ReadWrite"',
  '"dataType":"integer","minLimit":10,"maxLimit":600',
);
const START = report(
  name('TxStartPoint'),
  '"value":"PowerPathClosed","mutability":"ReadWrite"',
  '"dataType":"MemberList","valuesList":"EVConnected,Authorized,PowerPathClosed"',
);
const PASSWORD = name('BasicAuthPassword', '', 'SecurityCtrlr');
const LIMIT = get(
  `{${name('ItemsPerMessage', 'GetVariables', 'DeviceDataCtrlr')}}`,
  is(name('ItemsPerMessage', 'GetVariables', 'DeviceDataCtrlr'), '1'),
);

describeRules('F11 variables', {
  'OCPP2-DM-001': {
    passes: [
      ON + get(`{${EV}},{${name('TxStartPoint')}}`, `${is(name('TxStartPoint'), 'Authorized')},${is(EV, '60')}`),
      ON + setTo(EV, '60'),
    ],
    fails: [
      ON + get(`{${EV}},{${name('TxStartPoint')}}`, is(EV, '60')),
      ON + get(`{${EV}}`, is(name('TxStopPoint'), 'Authorized')),
      ON + get(`{${name('Available', '', 'EVSE', ',"evse":{"id":1}')}}`, is(name('Available', '', 'EVSE'), 'true')),
    ],
    says: /has 1 results|has no result for/,
  },
  'OCPP2-DM-002': {
    passes: [
      ON + get(`{${EV}}`, is(EV, '60')),
      ON + get(`{"attributeType":"MaxSet",${EV}}`, is(EV, '60').replace('Actual', 'MaxSet')),
    ],
    fails: [
      ON + get(`{"attributeType":"MaxSet",${EV}}`, is(EV, '60')),
      ON + get(`{${EV}}`, is(EV, '60').replace('"attributeType":"Actual",', '')),
    ],
    says: /\(MaxSet\) names another attribute|does not say which attribute it is/,
  },
  'OCPP2-DM-003': {
    passes: [
      ON + LIMIT + get(`{${EV}}`, is(EV, '60')),
      ON +
        set(
          `${to(EV, '60')},${to(name('TxStartPoint'), 'Authorized')}`,
          `${status(EV, 'Accepted')},${status(name('TxStartPoint'), 'Accepted')}`,
        ),
    ],
    fails: [
      ON +
        LIMIT +
        get(`{${EV}},{${name('TxStartPoint')}}`, `${is(EV, '60')},${is(name('TxStartPoint'), 'Authorized')}`),
      ON + set(`${to(EV, '60')},${to(EV, '70')}`, `${status(EV, 'Accepted')},${status(EV, 'Accepted')}`),
    ],
    cannotTell: ON + get(`{${EV}}`, is(EV, '60')),
    says: /names 2 variables|more than once/,
  },
  'OCPP2-DM-004': {
    passes: [ON + get(`{${EV}}`, is(EV, '')), ON + get(`{${EV}}`, status(EV, 'UnknownVariable'))],
    fails: [
      ON + get(`{${EV}}`, status(EV, 'Accepted')),
      ON + get(`{${EV}}`, is(EV, '').replace('Accepted', 'UnknownVariable')),
    ],
    says: /has (no|a) value/,
  },
});

describeRules('F11 values', {
  'OCPP2-DM-005': {
    passes: [
      ON + get(`{${PASSWORD}}`, status(PASSWORD, 'Rejected')),
      ON + report(PASSWORD, '"mutability":"WriteOnly"', '"dataType":"string"'),
    ],
    fails: [
      ON + get(`{${PASSWORD}}`, is(PASSWORD, 'secret-secret')),
      ON + report(PASSWORD, '"value":"secret-secret","mutability":"WriteOnly"', '"dataType":"string"'),
      ON +
        report(name('Pin', '', 'Modem'), '"mutability":"WriteOnly"', '"dataType":"string"') +
        get(`{${name('Pin', '', 'Modem')}}`, is(name('Pin', '', 'Modem'), '1234')),
    ],
    says: /^(?!.*(secret|1234)).*is WriteOnly/,
  },
  'OCPP2-DM-006': {
    passes: [
      ON + TIMEOUT + setTo(EV, '70'),
      ON + TIMEOUT.replace('ReadWrite', 'ReadOnly') + setTo(EV, '70', 'Rejected'),
    ],
    fails: ON + TIMEOUT.replace('ReadWrite', 'ReadOnly') + setTo(EV, '70'),
    cannotTell: ON + setTo(EV, '70'),
    says: 'TxCtrlr.EVConnectionTimeOut was reported as ReadOnly',
  },
  'OCPP2-DM-007': {
    passes: [
      ON + setTo(EV, '70') + get(`{${EV}}`, is(EV, '70')),
      ON +
        setTo(name('TxStartPoint'), 'Authorized,EVConnected') +
        get(`{${name('TxStartPoint')}}`, is(name('TxStartPoint'), 'EVConnected, Authorized')),
      ON + setTo(EV, '70', 'Rejected') + get(`{${EV}}`, is(EV, '60')),
    ],
    fails: ON + setTo(EV, '70') + get(`{${EV}}`, is(EV, '60')),
    says: 'was set to 70, and is read as 60',
  },
  'OCPP2-DM-008': {
    passes: [
      ON + TIMEOUT + setTo(EV, '600'),
      ON + TIMEOUT + setTo(EV, '601', 'Rejected'),
      ON + START + setTo(name('TxStartPoint'), 'Authorized,EVConnected'),
    ],
    fails: [
      ON + TIMEOUT + setTo(EV, '601'),
      ON + TIMEOUT + setTo(EV, '9'),
      ON + TIMEOUT + setTo(EV, 'soon'),
      ON + START + setTo(name('TxStartPoint'), 'Authorized,Parked'),
    ],
    cannotTell: ON + setTo(EV, '601'),
    says: /above its maxLimit 600|below its minLimit 10|is no integer|names Parked/,
  },
});
