import { describeRules } from '../../testing/rule-cases.ts';

const BOOT = '{"chargePointVendor":"ACME","chargePointModel":"AC22"}';
const BOOT2 = '{"reason":"PowerUp","chargingStation":{"vendorName":"ACME","model":"AC22"}}';
const ACCEPTED = '{"status":"Accepted","currentTime":"@","interval":86400}';
const PENDING = '{"status":"Pending","currentTime":"@","interval":60}';
const REJECTED = '{"status":"Rejected","currentTime":"@","interval":60}';
const BEAT = 'S> Heartbeat {} = {"currentTime":"@"}';
const STATUS = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Available"} = {}';
const ZERO = 'S> StatusNotification {"connectorId":0,"errorCode":"NoError","status":"Available"} = {}';
const STATUS2 = 'S> StatusNotification {"evseId":1,"connectorId":1,"connectorStatus":"Available","timestamp":"@"} = {}';
const V16 = '1.6\nopen\nboot\n';
const V201 = '2.0.1\nopen\nboot\n';
const IS_PENDING = `1.6\nopen\nS> BootNotification ${BOOT} = ${PENDING}\n`;
const IS_REJECTED = `1.6\nopen\nS> BootNotification ${BOOT} = ${REJECTED}\n`;

describeRules('F3 boot and heartbeat', {
  'OCPP-BOOT-001': {
    passes: `${V16}C> Reset {"type":"Soft"} = {"status":"Accepted"}\nclose\n+20 open\nboot`,
    fails: [
      `${V16}C> Reset {"type":"Soft"} = {"status":"Accepted"}\nclose\n+20 open\n${BEAT}`,
      `${V201}C> Reset {"type":"Immediate"} = {"status":"Accepted"}\nclose\n+20 open\n${BEAT}`,
    ],
    says: /Reset (Soft|Immediate) was accepted/,
  },
  'OCPP-BOOT-002': {
    passes: `1.6\nopen\nS> [2,"1","BootNotification",${BOOT}]\nC> [3,"1",${ACCEPTED}]\n${ZERO}\n${STATUS}`,
    fails: `1.6\nopen\nS> [2,"1","BootNotification",${BOOT}]\nS> [2,"2","Heartbeat",{}]\nC> [4,"2","SecurityError","",{}]\nC> [3,"1",${ACCEPTED}]\n${ZERO}\n${STATUS}`,
    with: ['OCPPJ-RPC-010'],
  },
  'OCPP-BOOT-003': {
    passes: `${IS_PENDING}C> TriggerMessage {"requestedMessage":"StatusNotification","connectorId":1} = {"status":"Accepted"}\n${STATUS}`,
    fails: `${IS_PENDING}S> Heartbeat {} = !SecurityError`,
    with: ['OCPPJ-RPC-024'],
  },
  'OCPP-BOOT-004': {
    passes: `${IS_REJECTED}+60 S> BootNotification ${BOOT} = ${ACCEPTED}\n${ZERO}\n${STATUS}`,
    fails: `${IS_REJECTED}+10 S> Heartbeat {} = !SecurityError`,
  },
  'OCPP-BOOT-005': {
    passes: [
      `${IS_PENDING}+60 S> BootNotification ${BOOT} = ${PENDING}`,
      `${IS_PENDING}C> TriggerMessage {"requestedMessage":"BootNotification"} = {"status":"Accepted"}\nS> BootNotification ${BOOT} = ${PENDING}`,
    ],
    fails: `${IS_PENDING}+10 S> BootNotification ${BOOT} = ${PENDING}`,
    says: 'interval of 60 s',
  },
  'OCPP-BOOT-006': {
    passes: `${IS_PENDING}C> GetConfiguration {} = {"configurationKey":[]}`,
    fails: `${IS_PENDING}C> RemoteStartTransaction {"idTag":"A","connectorId":1} = {"status":"Rejected"}`,
  },
  'OCPP-BOOT-007': {
    passes: `${IS_PENDING}C> ClearCache {} = {"status":"Accepted"}`,
    fails: `${IS_REJECTED}C> ClearCache {}`,
  },
  'OCPP-BOOT-008': {
    passes: `${IS_PENDING}C> ClearCache {} = {"status":"Accepted"}`,
    fails: `${IS_REJECTED}C> ClearCache {} = {"status":"Accepted"}`,
    with: ['OCPP-BOOT-007'],
  },
  'OCPP-BOOT-009': {
    passes: V16 + BEAT,
    fails: `${IS_PENDING}${BEAT}`,
    with: ['OCPP-BOOT-003'],
  },
  'OCPP-BOOT-010': {
    passes: `${V16}wait 70`,
    fails: [
      `1.6\nopen\nS> BootNotification ${BOOT} = ${ACCEPTED}\n${ZERO}\nwait 70`,
      `1.6\nopen\nS> BootNotification ${BOOT} = ${ACCEPTED}\n${STATUS}\nwait 70`,
    ],
    says: /connector [01] within/,
  },
  'OCPP-BOOT-011': {
    passes: [`${V201}wait 70`, '2.1\nopen\nboot 2\nwait 70'],
    fails: [
      `2.0.1\nopen\nS> BootNotification ${BOOT2} = ${ACCEPTED}\nwait 70`,
      `2.0.1\nopen\nboot 2\nclose 1006\n+30 open\nS> BootNotification ${BOOT2} = ${ACCEPTED}\n${STATUS2}\nwait 70`,
    ],
  },
  'OCPP-BOOT-012': {
    passes: [`${V16}close 1006\n+60 open\nboot`, `${V16}close 1006\n+2 open\n${BEAT}`],
    fails: `${V16}close 1006\n+2 open\nboot`,
  },
  'OCPP-BOOT-013': {
    passes: `${V16}C> TriggerMessage {"requestedMessage":"Heartbeat"} = {"status":"Accepted"}\n${BEAT}`,
    fails: `${V16}C> TriggerMessage {"requestedMessage":"BootNotification"} = {"status":"Rejected"}`,
  },
  'OCPP-BOOT-014': {
    passes: `${IS_PENDING}C> TriggerMessage {"requestedMessage":"BootNotification"} = {"status":"Accepted"}\nS> BootNotification ${BOOT} = ${PENDING}`,
    fails: `${V16}C> TriggerMessage {"requestedMessage":"BootNotification"} = {"status":"Accepted"}`,
    with: ['OCPP-BOOT-013'],
  },
  'OCPP-BOOT-015': {
    passes: V16 + BEAT,
    fails: [
      `${V16}S> Heartbeat {} = {"currentTime":"@+3600"}`,
      `1.6\nopen\nS> BootNotification ${BOOT} = {"status":"Accepted","currentTime":"@","interval":0}\n${ZERO}\n${STATUS}`,
    ],
    says: /3600 s off|interval is 0/,
  },
  'OCPP-BOOT-016': {
    passes: `1.6\nopen\nS> BootNotification ${BOOT} = {"status":"Accepted","currentTime":"@","interval":300}\n${ZERO}\n${STATUS}\nwait 200\n${BEAT}\nwait 200\n${BEAT}\nwait 290\n${BEAT}`,
    fails: `1.6\nopen\nS> BootNotification ${BOOT} = {"status":"Accepted","currentTime":"@","interval":300}\n${ZERO}\n${STATUS}\nwait 200\n${BEAT}\nwait 200\nwait 200`,
    says: /heartbeat interval is 300 s/,
  },
  'OCPP-BOOT-017': {
    passes: `${V201}C> Reset {"type":"Immediate"} = {"status":"Accepted"}\nclose\n+20 open\nS> BootNotification ${BOOT2.replace('PowerUp', 'RemoteReset')} = ${ACCEPTED}\n${STATUS2}`,
    fails: `${V201}C> Reset {"type":"Immediate"} = {"status":"Accepted"}\nclose\n+20 open\nS> BootNotification ${BOOT2} = ${ACCEPTED}\n${STATUS2}`,
    says: 'PowerUp, but Reset was accepted',
  },
  'OCPP-BOOT-018': {
    passes: `${IS_PENDING}close 1006`,
    fails: `${IS_PENDING}close 1000`,
  },
  'OCPP-BOOT-019': {
    passes: `2.0.1\nopen tls=TLSv1.3 clientCn=SN-1\nS> BootNotification ${BOOT2.replace('"model"', '"serialNumber":"SN-1","model"')} = ${ACCEPTED}\n${STATUS2}\nwait 10`,
    fails: `2.0.1\nopen tls=TLSv1.3 clientCn=SN-1\nS> BootNotification ${BOOT2.replace('"model"', '"serialNumber":"SN-2","model"')} = ${ACCEPTED}\n${STATUS2}\nwait 10`,
    says: 'SN-2 is not the name SN-1',
  },
});
