import { describeAcrossRules } from '../../testing/exchange-cases.ts';

const ACCEPTED = '{"idTagInfo":{"status":"Accepted"}}';
/** A foreign card: asked about, started at 10:00:00 with 1000.5 kWh, stopped at 10:30:00 with 1002.75 kWh. */
const CHARGED = `
  10:00:00 CS-1>CPO Authorize {"idTag":"044A2DAA856280"}
  CPO>HUB AuthorizeStart $as = $yes
  answer ${ACCEPTED}
  CS-1>CPO StartTransaction {"connectorId":1,"idTag":"044A2DAA856280","meterStart":1000500,"timestamp":"2026-03-01T10:00:00Z"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}
  CPO>HUB ChargingNotifications $start = $ok`;
const STOP =
  '10:30:00 CS-1>CPO StopTransaction {"transactionId":7,"meterStop":1002750,"timestamp":"2026-03-01T10:30:00Z"} = {}';
const ENDED = `${CHARGED}\n${STOP}`;
const CDR = 'CPO>HUB ChargeDetailRecord';
const GOOD = `${ENDED}\n${CDR} $fixed = $ok`;

describeAcrossRules('records against transactions', {
  'across.cdr.energy': {
    passes: [GOOD, `${ENDED}\n${CDR} $fixed{"ConsumedEnergy":2.253} = $ok`],
    fails: [
      `${ENDED}\n${CDR} $fixed{"ConsumedEnergy":3.25} = $ok`,
      `${ENDED}\n${CDR} $fixed{"ConsumedEnergy":2250} = $ok`,
    ],
    says: 'the station counted 2.25 kWh',
  },
  'across.cdr.meter': {
    passes: GOOD,
    fails: `${ENDED}\n${CDR} $fixed{"MeterValueStart":0,"MeterValueEnd":2.25} = $ok`,
  },
  'across.cdr.times': {
    passes: GOOD,
    fails: [
      `${ENDED}\n${CDR} $fixed{"ChargingStart":"2026-03-01T09:00:00+00:00"} = $ok`,
      `${ENDED}\n${CDR} $fixed{"ChargingEnd":"2026-03-01T10:29:00+01:00"} = $ok`,
    ],
  },
  'across.cdr.early': {
    passes: GOOD,
    fails: `${CHARGED}\n${CDR} $fixed = $ok`,
    with: ['across.clock'],
    cannotTell: `${CHARGED}\n10:30:00 ${CDR} $fixed = $ok`,
  },
  'across.cdr.no-transaction': {
    passes: GOOD,
    fails: `10:00:00 CS-1>CPO Authorize {"idTag":"044A2DAA856280"}
      CPO>HUB AuthorizeStart $as = $yes
      answer ${ACCEPTED}
      10:30:00 ${CDR} $fixed = $ok`,
    cannotTell: `10:00:00 CPO>HUB AuthorizeStart $as = $yes\n10:30:00 ${CDR} $fixed = $ok`,
  },
  'across.cdr.missing': {
    passes: [`${GOOD}\nwait 1200`, `${ENDED}\nwait 60`],
    fails: `${ENDED}\nwait 1200`,
    cannotTell: `${ENDED}\nwait 60`,
  },
  'across.cdr.contract': {
    passes: GOOD,
    fails: `${ENDED}\n${CDR} $fixed{"Identification":{"RFIDMifareFamilyIdentification":{"UID":"99887766"}}} = $ok`,
    says: '99887766',
  },
});
