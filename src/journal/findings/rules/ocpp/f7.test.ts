import { describeRules } from '../../testing/rule-cases.ts';
import { CORE_KEYS } from './keys-16.ts';

const ON = '1.6\nopen\nboot\n';
const TWO = '1.6\nopen\nboot 2\n';
const item = ([key, value, readonly]: [string, string, string?]) =>
  `{"key":"${key}","readonly":${readonly ?? 'false'},"value":"${value}"}`;
const keys = (...pairs: [string, string, string?][]) =>
  `C> GetConfiguration {} = {"configurationKey":[${pairs.map(item).join(',')}]}\n`;
const read = (key: string, value: string) =>
  `C> GetConfiguration {"key":["${key}"]} = {"configurationKey":[${item([key, value])}]}\n`;
const set = (key: string, value: string, status = 'Accepted') =>
  `C> ChangeConfiguration {"key":"${key}","value":"${value}"} = {"status":"${status}"}\n`;
const st = (status: string, connector = 1) =>
  `S> StatusNotification {"connectorId":${connector},"errorCode":"NoError","status":"${status}"} = {}\n`;
const AUTH = 'S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted"}}\n';
const START =
  'S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}\n';
const BEGIN = AUTH + st('Preparing') + START + st('Charging');
const stop = (reason: string) =>
  `S> StopTransaction {"transactionId":7,"meterStop":200,"timestamp":"@","reason":"${reason}"} = {}\n`;
const WHOLE_CONFIGURATION: [string, string][] = CORE_KEYS.map((key) => [
  key,
  key === 'SupportedFeatureProfiles'
    ? 'Core'
    : /Data$|Rotation$/.test(key)
      ? 'x'
      : /Remote|Local|OnInvalid|OnEV/.test(key)
        ? 'true'
        : '5',
]);
const remoteStart = (status = 'Accepted', more = '') =>
  `C> RemoteStartTransaction {"connectorId":1,"idTag":"A"${more}} = {"status":"${status}"}\n`;
const reserve = (connector = 1, status = 'Accepted', expiry = '@+600') =>
  `C> ReserveNow {"connectorId":${connector},"expiryDate":"${expiry}","idTag":"A","reservationId":5} = {"status":"${status}"}\n`;
const profile = (purpose: string, more = '') =>
  `,"chargingProfile":{"chargingProfileId":1,"stackLevel":0,"chargingProfilePurpose":"${purpose}","chargingProfileKind":"Relative"${more},"chargingSchedule":{"chargingRateUnit":"A","chargingSchedulePeriod":[{"startPeriod":0,"limit":16}]}}`;
const trigger = (message: string, more = '') =>
  `C> TriggerMessage {"requestedMessage":"${message}"${more}} = {"status":"Accepted"}\n`;

describeRules('F7 configuration', {
  'OCPP16-CF-001': {
    passes: ON + set('HeartbeatInterval', '600') + read('HeartbeatInterval', '600'),
    fails: ON + set('HeartbeatInterval', '600') + read('HeartbeatInterval', '300'),
  },
  'OCPP16-CF-002': {
    passes: ON + keys(['NumberOfConnectors', '1', 'true']),
    fails: [ON + read('NumberOfConnectors', '1'), ON + set('NumberOfConnectors', '3')],
  },
  'OCPP16-CF-003': {
    passes: `${ON}C> GetConfiguration {"key":["HeartbeatInterval","Xyz"]} = {"configurationKey":[${item(['HeartbeatInterval', '86400'])}],"unknownKey":["Xyz"]}`,
    fails: [
      `${ON}C> GetConfiguration {"key":["Xyz"]} = {"configurationKey":[]}`,
      `${ON}C> GetConfiguration {"key":["Xyz"]} = {"configurationKey":[${item(['Xyz', '1'])}],"unknownKey":["Xyz"]}`,
    ],
    says: /in the answer [02] times/,
  },
  'OCPP16-CF-004': {
    passes: ON + keys(...WHOLE_CONFIGURATION.map(([key, value]): [string, string, string] => [key, value, 'true'])),
    fails:
      ON + keys(...WHOLE_CONFIGURATION.slice(1).map(([key, value]): [string, string, string] => [key, value, 'true'])),
    says: 'lacks AuthorizeRemoteTxRequests',
  },
  'OCPP16-CF-005': {
    passes: ON + set('AuthorizationKey', '000102030405060708090a0b0c0d0e0f') + read('AuthorizationKey', ''),
    fails:
      ON +
      set('AuthorizationKey', '000102030405060708090a0b0c0d0e0f') +
      read('AuthorizationKey', '000102030405060708090a0b0c0d0e0f'),
  },
  'OCPP16-CF-006': {
    passes: ON + read('Xyz', '1') + set('Xyz', '2', 'Rejected'),
    fails: ON + read('Xyz', '1') + set('Xyz', '2', 'NotSupported'),
  },
  'OCPP16-CF-007': {
    passes: `${ON}${keys(['GetConfigurationMaxKeys', '1', 'true'])}${read('Xyz', '1')}`,
    fails: `${ON}${keys(['GetConfigurationMaxKeys', '1', 'true'])}C> GetConfiguration {"key":["A1","A2"]} = {"configurationKey":[],"unknownKey":["A1","A2"]}`,
  },
  'OCPP16-CF-008': {
    passes: `${ON}${read('SecurityProfile', '1')}${set('SecurityProfile', '2')}close\n+5 open`,
    fails: `${ON}${read('SecurityProfile', '2')}${set('SecurityProfile', '1')}close\n+5 open`,
  },
  'OCPP16-CF-009': {
    passes: ON + set('WebSocketPingInterval', '-1', 'Rejected'),
    fails: ON + set('WebSocketPingInterval', '-1'),
  },
  'OCPP16-CF-010': {
    passes: ON + read('LocalPreAuthorize', 'TRUE'),
    fails: [ON + read('LocalPreAuthorize', 'yes'), ON + read('ConnectionTimeOut', '60 s')],
  },
  'OCPP16-CF-011': {
    passes: ON + set('MeterValuesSampledData', 'SoC,Voltage') + read('MeterValuesSampledData', 'SoC, Voltage'),
    fails: ON + set('MeterValuesSampledData', 'SoC,Voltage') + read('MeterValuesSampledData', 'Voltage'),
  },
  'OCPP16-CF-012': {
    passes: ON + set('AuthorizationKey', '000102030405060708090a0b0c0d0e0f'),
    fails: [ON + set('AuthorizationKey', 'a plain password'), ON + set('AuthorizationKey', '0011')],
    says: /not hexadecimal|4 hexadecimal digits/,
  },
  'OCPP16-CF-013': {
    passes: `${ON}${set('SecurityProfile', '2')}close\n+5 open\nwait 200`,
    fails: `${ON}${set('SecurityProfile', '2')}wait 200`,
  },
});

describeRules('F7 commands', {
  'OCPP16-RC-001': {
    passes: ON + remoteStart('Accepted', profile('TxProfile')),
    fails: [
      ON + remoteStart('Rejected', profile('TxDefaultProfile')),
      ON + remoteStart('Rejected', profile('TxProfile', ',"transactionId":1')),
    ],
  },
  'OCPP16-RC-002': {
    passes: ON + remoteStart(),
    fails: `${ON}C> RemoteStartTransaction {"connectorId":0,"idTag":"A"} = {"status":"Rejected"}`,
  },
  'OCPP16-RC-003': {
    passes: `${ON}${read('ConnectionTimeOut', '30')}${remoteStart()}${st('Preparing')}wait 100`,
    fails: `${ON}${read('ConnectionTimeOut', '30')}${remoteStart()}wait 100`,
  },
  'OCPP16-RC-004': {
    passes: [
      ON + read('AuthorizeRemoteTxRequests', 'true') + remoteStart() + AUTH + st('Preparing') + START,
      ON + read('AuthorizeRemoteTxRequests', 'false') + remoteStart() + st('Preparing') + START,
    ],
    fails: [
      ON + read('AuthorizeRemoteTxRequests', 'false') + remoteStart() + AUTH,
      ON +
        read('AuthorizeRemoteTxRequests', 'true') +
        read('AuthorizationCacheEnabled', 'false') +
        remoteStart() +
        st('Preparing') +
        START,
    ],
  },
  'OCPP16-RC-005': {
    passes: ON + read('LocalPreAuthorize', 'false') + remoteStart() + st('Preparing') + START,
    fails:
      ON +
      read('LocalPreAuthorize', 'false') +
      remoteStart() +
      st('Preparing') +
      START.replace('"idTag":"A"', '"idTag":"DEFAULT"'),
    says: 'started with DEFAULT',
  },
  'OCPP16-RC-006': {
    passes: `${ON}${BEGIN}+60 C> RemoteStopTransaction {"transactionId":99} = {"status":"Rejected"}`,
    fails: [
      `${ON}${BEGIN}+60 C> RemoteStopTransaction {"transactionId":7} = {"status":"Rejected"}`,
      `${ON}${BEGIN}+60 ${st('Finishing')}${stop('Local')}+10 C> RemoteStopTransaction {"transactionId":7} = {"status":"Accepted"}`,
    ],
  },
  'OCPP16-RC-007': {
    passes: `${ON}${trigger('Heartbeat')}S> Heartbeat {} = {"currentTime":"@"}\nwait 60`,
    fails: `${ON}C> [2,"t","TriggerMessage",{"requestedMessage":"Heartbeat"}]\nS> Heartbeat {} = {"currentTime":"@"}\nS> [3,"t",{"status":"Accepted"}]\nwait 60`,
  },
  'OCPP16-RC-008': {
    passes: `${ON}${trigger('Heartbeat')}S> Heartbeat {} = {"currentTime":"@"}\nwait 60`,
    fails: `${ON}${trigger('Heartbeat')}wait 60`,
  },
  'OCPP16-RC-009': {
    passes: `${ON}${trigger('StatusNotification')}${st('Available', 0)}${st('Available')}wait 60`,
    fails: `${ON}${trigger('StatusNotification')}${st('Available', 0)}wait 60`,
    says: 'connector 1',
  },
  'OCPP16-RC-010': {
    passes: `${ON}C> Reset {"type":"Hard"} = {"status":"Accepted"}\nclose\n+30 open\nboot\nwait 400`,
    fails: `${ON}C> Reset {"type":"Hard"} = {"status":"Accepted"}\nwait 400`,
  },
  'OCPP16-RC-011': {
    passes: `${ON}${BEGIN}+60 C> Reset {"type":"Soft"} = {"status":"Accepted"}\n${stop('SoftReset')}${st('Finishing')}close\n+30 open\nboot\nwait 400`,
    fails: `${ON}${BEGIN}+60 C> Reset {"type":"Soft"} = {"status":"Accepted"}\nclose\n+30 open\nboot\nwait 400`,
    with: ['OCPP16-ST-010'],
  },
  'OCPP16-RC-012': {
    passes: `${ON}${BEGIN}+60 C> UnlockConnector {"connectorId":1} = {"status":"Unlocked"}\n${stop('UnlockCommand')}${st('Finishing')}wait 40`,
    fails: `${ON}${BEGIN}+60 C> UnlockConnector {"connectorId":1} = {"status":"Unlocked"}\nwait 40`,
  },
  'OCPP16-RC-013': {
    passes: `${ON}${keys(['NumberOfConnectors', '1', 'true'])}C> UnlockConnector {"connectorId":9} = {"status":"NotSupported"}`,
    fails: `${ON}${keys(['NumberOfConnectors', '1', 'true'])}C> UnlockConnector {"connectorId":9} = {"status":"UnlockFailed"}`,
  },
  'OCPP16-RC-014': {
    passes: `${ON}${BEGIN}+60 C> ChangeAvailability {"connectorId":1,"type":"Inoperative"} = {"status":"Scheduled"}`,
    fails: `${ON}${BEGIN}+60 C> ChangeAvailability {"connectorId":1,"type":"Inoperative"} = {"status":"Accepted"}`,
  },
  'OCPP16-RC-015': {
    passes: `${ON}C> ChangeAvailability {"connectorId":1,"type":"Inoperative"} = {"status":"Accepted"}\n${st('Unavailable')}wait 100`,
    fails: `${ON}C> ChangeAvailability {"connectorId":1,"type":"Inoperative"} = {"status":"Accepted"}\nwait 100`,
  },
  'OCPP16-RC-016': {
    passes: `${ON}${read('AuthorizationCacheEnabled', 'true')}C> ClearCache {} = {"status":"Accepted"}`,
    fails: `${ON}C> GetConfiguration {"key":["AuthorizationCacheEnabled"]} = {"configurationKey":[],"unknownKey":["AuthorizationCacheEnabled"]}\nC> ClearCache {} = {"status":"Accepted"}`,
  },
});

describeRules('F7 reservations', {
  'OCPP16-RS-001': {
    passes: ON + keys(['ReserveConnectorZeroSupported', 'true', 'true']) + reserve(0),
    fails: ON + keys(['ReserveConnectorZeroSupported', 'false', 'true']) + reserve(0),
  },
  'OCPP16-RS-002': { passes: ON + reserve() + st('Reserved'), fails: ON + st('Preparing') + reserve() },
  'OCPP16-RS-003': { passes: `${TWO}${reserve()}${st('Reserved')}wait 60`, fails: `${TWO}${reserve()}wait 60` },
  'OCPP16-RS-004': {
    passes: [
      `${ON}${reserve()}${st('Reserved')}+600 ${st('Available')}wait 100`,
      `${ON}${reserve()}${st('Reserved')}C> CancelReservation {"reservationId":5} = {"status":"Accepted"}\n${st('Available')}wait 100`,
    ],
    fails: [
      `${ON}${reserve()}${st('Reserved')}wait 700`,
      `${ON}${reserve()}${st('Reserved')}C> CancelReservation {"reservationId":5} = {"status":"Accepted"}\nwait 100`,
    ],
    says: /has expired|was cancelled/,
  },
  'OCPP16-RS-005': {
    passes: `${ON}+20 C> CancelReservation {"reservationId":5} = {"status":"Rejected"}`,
    fails: [
      `${ON}+20 C> CancelReservation {"reservationId":5} = {"status":"Accepted"}`,
      `${ON}${reserve()}${st('Reserved')}C> CancelReservation {"reservationId":5} = {"status":"Rejected"}`,
    ],
  },
  'OCPP16-RS-006': { passes: ON + reserve() + st('Reserved'), fails: ON + reserve(1, 'Rejected', '@-60') },
});
