import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const event = (type: string, answer = '{}') =>
  `S> SecurityEventNotification {"type":"${type}","timestamp":"2026-03-01T10:00:30Z"} = ${answer}\n`;
const START = event('StartupOfTheDevice').replace('2026-03-01T10:00:30Z', '@');
const boot2 = (reason: string) =>
  `S> BootNotification {"reason":"${reason}","chargingStation":{"vendorName":"ACME","model":"AC22"}} = {"status":"Accepted","currentTime":"@","interval":86400}\nS> StatusNotification {"timestamp":"@","connectorStatus":"Available","evseId":1,"connectorId":1} = {}\n`;
const RESET = 'C> Reset {"type":"Hard"} = {"status":"Accepted"}\n';
const LOST =
  '10:00:31 S> [2,"e1","SecurityEventNotification",{"type":"MemoryExhaustion","timestamp":"2026-03-01T10:00:30Z"}]\n';

describeRules('F9 security events', {
  'OCPP-SE-005': {
    passes: [
      `${ON + START + RESET}close\n+60 open\nboot\n${START}wait 70`,
      `${ON2 + START}close\n+60 open\n${boot2('PowerUp')}${START}wait 70`,
      // A station without security events.
      `${ON + RESET}close\n+60 open\nboot\nwait 70`,
    ],
    passesWith: ['OCPP-BOOT-012'],
    fails: [
      `${ON + START + RESET}close\n+60 open\nboot\nwait 70`,
      `${ON2 + START}close\n+60 open\n${boot2('Watchdog')}wait 70`,
    ],
    with: ['OCPP-BOOT-012'],
    cannotTell: `${ON + START + RESET}close\n+60 open\nboot\nclose\nwait 70`,
  },
  'OCPP-SE-006': {
    passes: [
      ON + event('InvalidChargePointCertificate'),
      ON2 + event('InvalidChargingStationCertificate'),
      ON2 + event('MaintenanceLoginFailed'),
    ],
    fails: [ON + event('InvalidCsmsCertificate'), ON2 + event('DoorOpened')],
    says: /(InvalidCsmsCertificate|DoorOpened) is not in the list/,
  },
  'OCPP-SE-008': {
    passes: [
      ON + event('MemoryExhaustion', '!NotImplemented').repeat(4),
      ON +
        event('MemoryExhaustion', '!NotImplemented').repeat(3) +
        event('FirmwareUpdated', '!NotImplemented').repeat(2),
    ],
    fails: ON + event('MemoryExhaustion', '!NotImplemented').repeat(5),
    says: '5th time',
  },
  'OCPP-SE-010': {
    passes: [
      `${ON + LOST}close 1006\n+60 open\n${event('MemoryExhaustion')}wait 300`,
      ON2 + event('MemoryExhaustion') + event('FirmwareUpdated'),
      ON2 + event('InvalidMessages').repeat(2),
    ],
    fails: [
      `${ON + LOST}close 1006\n+60 open\nwait 300`,
      `${ON + LOST}close 1006\n+600 open\nwait 300\nwait 300`,
      ON2 + event('MemoryExhaustion').repeat(2),
    ],
    cannotTell: `${ON + LOST}close 1006\nwait 600`,
    says: /did not come again|was answered, and comes again/,
  },
});
