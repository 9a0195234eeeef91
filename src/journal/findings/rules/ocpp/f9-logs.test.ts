import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const DIAGNOSTICS = 'C> GetDiagnostics {"location":"ftp://logs.test/"} = {"fileName":"diag.zip"}\n';
const NOTHING = 'C> GetDiagnostics {"location":"ftp://logs.test/"} = {}\n';
const GET_LOG =
  'C> GetLog {"logType":"DiagnosticsLog","requestId":3,"log":{"remoteLocation":"https://logs.test/"}} = {"status":"Accepted","filename":"log.zip"}\n';
const status = (...statuses: string[]) =>
  statuses.map((each) => `S> DiagnosticsStatusNotification {"status":"${each}"} = {}\n`).join('');
const log = (...statuses: string[]) =>
  statuses.map((each) => `S> LogStatusNotification {"status":"${each}","requestId":3} = {}\n`).join('');
const IDLE = 'S> LogStatusNotification {"status":"Idle"} = {}\n';
const TRIGGER = 'C> TriggerMessage {"requestedMessage":"DiagnosticsStatusNotification"} = {"status":"Accepted"}\n';
const TRIGGER2 = TRIGGER.replace('Diagnostics', 'Log');

describeRules('F9 logs', {
  'OCPP-LG-001': {
    passes: [
      `${ON + DIAGNOSTICS + status('Uploading', 'Uploaded')}wait 400`,
      `${ON + NOTHING}wait 400`,
      ON + TRIGGER + status('Idle'),
    ],
    fails: [`${ON + DIAGNOSTICS}wait 400`, ON + NOTHING + status('Uploading'), ON + status('Uploading')],
    cannotTell: [`${ON + DIAGNOSTICS}close\nwait 400`, `1.6\nopen\n${status('Uploading')}`],
    says: /diag\.zip|no diagnostics to upload|Nobody has asked/,
  },
  'OCPP-LG-002': {
    passes: [
      `${ON2 + GET_LOG + log('Uploading', 'Uploaded')}wait 400`,
      `${ON + GET_LOG + log('Uploading', 'UploadFailure')}wait 400`,
      `${ON2 + GET_LOG.replace('"Accepted"', '"Rejected"')}wait 400`,
      ON2 + TRIGGER2 + IDLE,
    ],
    fails: [
      `${ON2 + GET_LOG}wait 400`,
      `${ON + GET_LOG}wait 400`,
      ON2 + GET_LOG + log('Uploading') + log('Uploading').replace(':3', ':4'),
      ON2 + GET_LOG + log('Uploading') + log('UploadFailure').replace(',"requestId":3', ''),
    ],
    cannotTell: `2.0.1\nopen\n${log('Uploading')}`,
    says: /request [34]|has no requestId/,
  },
  'OCPP-LG-003': {
    passes: [
      ON + DIAGNOSTICS + status('Uploading', 'Uploaded'),
      ON2 + GET_LOG + log('Uploading', 'Uploaded'),
      ON2 + TRIGGER2 + IDLE,
    ],
    fails: [
      ON + status('Idle'),
      ON2 + IDLE,
      ON2 + GET_LOG + log('Uploaded'),
      ON + DIAGNOSTICS + status('Uploaded'),
      ON2 + GET_LOG + log('Uploading', 'UploadFailure', 'Uploaded'),
    ],
    cannotTell: [
      `1.6\nopen\n${status('Idle')}`,
      `${ON + DIAGNOSTICS}close\n+60 open\n${status('Uploaded')}`,
      `1.6\nopen\n${status('Uploaded')}`,
    ],
    says: /nobody had triggered it|The station has Uploaded/,
  },
});
