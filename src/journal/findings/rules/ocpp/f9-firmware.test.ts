import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const CLASSIC = 'C> UpdateFirmware {"location":"ftp://fw.test/a.bin","retrieveDate":"@"} = {}\n';
const firmware = (more = '', at = '@') => `{"location":"https://fw.test/a.bin","retrieveDateTime":"${at}"${more}}`;
const SIGNATURE = ',"signingCertificate":"PEM","signature":"c2ln"';
const SIGNED = `C> SignedUpdateFirmware {"requestId":7,"firmware":${firmware(SIGNATURE)}} = {"status":"Accepted"}\n`;
const UPDATE2 = `C> UpdateFirmware {"requestId":7,"firmware":${firmware()}} = {"status":"Accepted"}\n`;
const SIGNED2 = UPDATE2.replace(firmware(), firmware(SIGNATURE));
const AGAIN2 = UPDATE2.replace('"requestId":7', '"requestId":8').replace('"Accepted"', '"AcceptedCanceled"');
const event = (type: string) => `S> SecurityEventNotification {"type":"${type}","timestamp":"@"} = {}\n`;
const UPDATED = event('FirmwareUpdated');
const says = (...statuses: string[]) =>
  statuses.map((status) => `S> FirmwareStatusNotification {"status":"${status}"} = {}\n`).join('');
const says7 = (...statuses: string[]) =>
  statuses.map((status) => `S> FirmwareStatusNotification {"status":"${status}","requestId":7} = {}\n`).join('');
const signed7 = (...statuses: string[]) => says7(...statuses).replaceAll('> Firmware', '> SignedFirmware');
const TRIGGER = 'C> TriggerMessage {"requestedMessage":"FirmwareStatusNotification"} = {"status":"Accepted"}\n';
const EXTENDED = TRIGGER.replace('TriggerMessage', 'ExtendedTriggerMessage');
const WHOLE = ['Downloading', 'Downloaded', 'Installing', 'Installed'] as const;
const VERIFIED = ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'Installed'] as const;
const bootWith = (version: string) =>
  `S> BootNotification {"chargePointVendor":"ACME","chargePointModel":"AC22","firmwareVersion":"${version}"} = {"status":"Accepted","currentTime":"@","interval":86400}\nS> StatusNotification {"connectorId":0,"errorCode":"NoError","status":"Available"} = {}\nS> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Available"} = {}\n`;
const bootWith2 = (version: string, reason: string) =>
  `S> BootNotification {"reason":"${reason}","chargingStation":{"vendorName":"ACME","model":"AC22","firmwareVersion":"${version}"}} = {"status":"Accepted","currentTime":"@","interval":86400}\nS> StatusNotification {"timestamp":"@","connectorStatus":"Available","evseId":1,"connectorId":1} = {}\n`;

describeRules('F9 firmware', {
  'OCPP-FW-001': {
    passes: [
      ON + CLASSIC + says(...WHOLE),
      ON + CLASSIC + says('Downloading', 'DownloadFailed', 'Downloading', 'Downloaded', 'Downloaded', 'Installing'),
      ON + CLASSIC + says('Downloading') + CLASSIC + says('Downloading'),
      ON + TRIGGER + says('Idle'),
    ],
    fails: [
      ON + CLASSIC + says('Downloading', 'Installing'),
      ON + CLASSIC + says('Installed'),
      ON + CLASSIC + says(...WHOLE, 'Installing'),
      ON + CLASSIC + says(...WHOLE, 'Installed'),
    ],
    cannotTell: [ON + says('Installed'), `${ON + CLASSIC + says('Downloading')}close\n+60 open\n${says('Installing')}`],
    says: /A firmware update is Install/,
  },
  'OCPP-FW-002': {
    passes: [
      ON + SIGNED + signed7(...VERIFIED) + UPDATED,
      ON2 + UPDATE2 + says7(...WHOLE) + UPDATED,
      ON2 + SIGNED2 + says7('DownloadScheduled', ...VERIFIED) + UPDATED,
      // A newer request cancels the first one.
      ON2 + UPDATE2 + says7('Downloading') + AGAIN2 + says7('Downloading').replaceAll(':7', ':8'),
      ON2 + UPDATE2 + says7(...WHOLE) + UPDATED + TRIGGER + says('Idle'),
    ],
    fails: [
      ON + SIGNED + signed7('Downloading', 'Downloaded', 'Installing'),
      ON2 + SIGNED2 + says7('Downloading', 'Downloaded', 'Installing'),
      ON2 + UPDATE2 + says7('Downloaded'),
      ON2 + UPDATE2 + says7('Downloading', 'DownloadFailed', 'Downloading'),
    ],
    cannotTell: ON2 + says7('Installed'),
    says: /A firmware update is \w+, and before/,
  },
  'OCPP-FW-003': {
    passes: [ON + TRIGGER + says('Idle'), ON + EXTENDED + says('Idle').replace('> F', '> SignedF')],
    fails: [ON + says('Idle'), ON2 + says('Idle'), ON + says('Idle').replace('> F', '> SignedF')],
    cannotTell: `1.6\nopen\n${says('Idle')}`,
  },
  'OCPP-FW-004': {
    passes: [
      ON + SIGNED + signed7('Downloading'),
      ON2 + UPDATE2 + says7('Downloading') + AGAIN2 + says7('DownloadFailed'),
    ],
    fails: [
      ON + SIGNED + signed7('Downloading').replace(':7', ':6'),
      ON2 + UPDATE2 + says('Downloading'),
      ON2 + UPDATE2 + says7('Downloading').replace(':7', ':9'),
    ],
    cannotTell: ON2 + says7('Downloading'),
    says: /names update [69], and update 7 runs|has no requestId/,
  },
  'OCPP-FW-005': {
    passes: [
      `${ON + CLASSIC.replace('"@"', '"@+60"')}+60 ${says('Downloading')}`,
      `${ON2 + UPDATE2.replace('"@"}', '"@","installDateTime":"@+120"}') + says7('Downloading', 'Downloaded')}+120 ${says7('Installing')}`,
    ],
    fails: [
      ON + CLASSIC.replace('"@"', '"@+60"') + says('Downloading'),
      ON2 +
        UPDATE2.replace('"@"}', '"@","installDateTime":"@+120"}') +
        says7('Downloading', 'Downloaded', 'Installing'),
    ],
    cannotTell: ON + says('Downloading'),
    says: /(59|117) s before/,
  },
  'OCPP-FW-006': {
    passes: [
      `${ON + CLASSIC + says('Downloading')}wait 400`,
      `${ON2 + UPDATE2.replace('"@"', '"@+600"') + says7('DownloadScheduled')}wait 1000`,
    ],
    fails: [`${ON + CLASSIC}wait 400`, `${ON + SIGNED}wait 400`, `${ON2 + UPDATE2.replace('"@"', '"@+600"')}wait 1000`],
    cannotTell: `${ON + CLASSIC}close\nwait 400`,
  },
  'OCPP-FW-007': {
    passes: [
      `${ON + SIGNED + signed7(...VERIFIED) + UPDATED}wait 70`,
      `${ON2 + UPDATE2 + says7('Downloading', 'Downloaded', 'Installing') + UPDATED + says7('Installed')}wait 70`,
    ],
    fails: [`${ON + SIGNED + signed7(...VERIFIED)}wait 70`, `${ON2 + UPDATE2 + says7(...WHOLE)}wait 70`],
    cannotTell: `${ON2 + UPDATE2 + says7(...WHOLE)}close\nwait 70`,
  },
  'OCPP-FW-008': {
    passes: [
      `${ON + SIGNED + signed7('Downloading', 'Downloaded', 'InvalidSignature') + event('InvalidFirmwareSignature')}wait 70`,
      `${ON2 + SIGNED2.replace('"Accepted"', '"InvalidCertificate"') + event('InvalidFirmwareSigningCertificate')}wait 70`,
    ],
    fails: [
      `${ON + SIGNED + signed7('Downloading', 'Downloaded', 'InvalidSignature')}wait 70`,
      `${ON2 + SIGNED2.replace('"Accepted"', '"InvalidCertificate"')}wait 70`,
      `${ON + SIGNED.replace('"Accepted"', '"InvalidCertificate"')}wait 70`,
    ],
    says: /InvalidFirmwareSign(ature|ingCertificate) did not come/,
  },
  'OCPP-FW-009': {
    passes: [
      `1.6\nopen\n${bootWith('1.0')}${CLASSIC}${says(...WHOLE)}close\nopen\n${bootWith('1.1')}`,
      `1.6\nopen\n${bootWith('1.0')}${CLASSIC}${says('Downloading', 'Downloaded', 'Installing')}close\nopen\n${bootWith('1.1')}${says('Installed')}`,
    ],
    fails: [
      `1.6\nopen\n${bootWith('1.0')}${CLASSIC}${says(...WHOLE)}close\nopen\n${bootWith('1.0')}`,
      `2.0.1\nopen\n${bootWith2('1.0', 'PowerUp')}${UPDATE2}${says7(...WHOLE)}${UPDATED}close\nopen\n${bootWith2('1.0', 'FirmwareUpdate')}`,
    ],
    with: ['OCPP-BOOT-012'],
    cannotTell: `${ON + CLASSIC + says(...WHOLE)}close\nopen\n${bootWith('1.1')}`,
    says: 'boots with 1.0 as before',
  },
  'OCPP-FW-010': {
    passes: [ON + SIGNED + CLASSIC.replace('= {}', '= !NotSupported'), ON + CLASSIC],
    fails: ON + SIGNED + CLASSIC,
  },
});
