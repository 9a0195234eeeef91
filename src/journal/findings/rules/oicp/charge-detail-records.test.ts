import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const SESSION = `
  10:00:00 CPO>HUB AuthorizeStart $as = $yes
  CPO>HUB ChargingNotifications $start = $ok
  10:30:00 CPO>HUB ChargingNotifications $end = $ok`;
const CDR = 'CPO>HUB ChargeDetailRecord';
const RECORD = `${SESSION}\n${CDR} $cdr`;
/** The same text again. */
const FIXED = '$cdr{"SessionEnd":"2026-03-01T10:30:01+00:00"}';
const signed = (...states: string[]): string =>
  JSON.stringify(states.map((MeteringStatus) => ({ SignedMeteringValue: 'OCMF|{}|{}', MeteringStatus })));

describeExchangeRules('charge detail records', {
  'oicp.cdr.second': {
    passes: [`${RECORD} = $ok`, `${SESSION}\n${CDR} ${FIXED} = 500\n${CDR} ${FIXED} = $ok`],
    fails: `${RECORD} = $ok
      ${CDR} $cdr{"ConsumedEnergy":2.2,"MeterValueEnd":1002.7} = 404 $fault400`,
    says: 'has a charge detail record already',
  },
  'oicp.cdr.resent': {
    passes: `${SESSION}\n${CDR} ${FIXED} = $ok\n${CDR} ${FIXED} = 404 $fault400`,
    fails: `${SESSION}\n${CDR} ${FIXED} = $ok\n${CDR} ${FIXED} = 404 $fault400\n${CDR} ${FIXED} = 404 $fault400`,
  },
  'oicp.cdr.changed': {
    passes: [
      `${SESSION}\n${CDR} ${FIXED} = 500\n${CDR} ${FIXED} = $ok`,
      `${SESSION}\n${CDR} ${FIXED} = $no022\n${CDR} $cdr = $ok`,
    ],
    fails: `${SESSION}\n${CDR} ${FIXED} = 500\n${CDR} $cdr = $ok`,
  },
  'oicp.cdr.late': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n10:45:00 ${CDR} ${FIXED} = $ok`,
    says: '899 s',
  },
  'oicp.cdr.missing': {
    passes: [`${RECORD} = $ok\nwait 90000`, `${SESSION}\nwait 3600`],
    fails: `${SESSION}\nwait 90000`,
    cannotTell: `${SESSION}\nwait 3600`,
  },
  'oicp.cdr.before-session': {
    passes: `${RECORD} = $ok`,
    fails: `${CDR.replace('ChargeDetailRecord', 'AuthorizeStart')} $as = $yes
      11:00:00 ${CDR} $cdr{"SessionStart":"2026-03-01T08:00:00+00:00","ChargingStart":"2026-03-01T08:00:00+00:00","ChargingEnd":"2026-03-01T08:30:00+00:00","SessionEnd":"2026-03-01T08:30:00+00:00"} = $ok`,
    with: ['oicp.cdr.late'],
  },
  'oicp.cdr.notifications': {
    passes: `${RECORD} = $ok`,
    fails: [
      `${SESSION}\n${CDR} $cdr{"ChargingEnd":"2026-03-01T10:25:00+00:00"} = $ok`,
      `${SESSION}\n${CDR} $cdr{"ChargingStart":"2026-03-01T10:05:00+00:00"} = $ok`,
      `10:00:00 CPO>HUB AuthorizeStart $as = $yes
       CPO>HUB ChargingNotifications $start = $ok
       10:30:00 CPO>HUB ChargingNotifications $end{"ConsumedEnergy":3.5} = $ok
       ${CDR} $cdr = $ok`,
    ],
  },
  'oicp.cdr.power': {
    passes: `CPO>HUB PushEvseData $data = $ok\n${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T11:00:00+01:00"} = $ok`,
    fails: `CPO>HUB PushEvseData $data = $ok\n${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T11:00:00+01:00","MeterValueEnd":1050.5,"ConsumedEnergy":50} = $ok`,
    says: '22 kW',
  },
  'oicp.cdr.signed-order': {
    passes: `${SESSION}\n${CDR} $cdr{"SignedMeteringValues":${signed('Start', 'Progress', 'End')}} = $ok`,
    fails: [
      `${SESSION}\n${CDR} $cdr{"SignedMeteringValues":${signed('End', 'Start')}} = $ok`,
      `${SESSION}\n${CDR} $cdr{"SignedMeteringValues":${signed('End')}} = $ok`,
    ],
  },
  'oicp.cdr.offset': {
    passes: [
      `CPO>HUB PushEvseData $data = $ok\n${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T11:00:00+01:00"} = $ok`,
      `CPO>HUB PushEvseData $data = $ok\n${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T12:00:00+02:00"} = $ok`,
      `${RECORD} = $ok`,
    ],
    fails: `CPO>HUB PushEvseData $data = $ok\n${RECORD} = $ok`,
  },
  'oicp.cdr.unanswered': {
    passes: [`${SESSION}\n${CDR} ${FIXED} = 500\n${CDR} ${FIXED} = $ok\nwait 7200`, `${RECORD} = $ok\nwait 7200`],
    fails: `${SESSION}\n${CDR} ${FIXED} = 500\nwait 7200`,
  },
});

describeExchangeRules('whether a record can be true', {
  'oicp.cdr.energy-unit': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"ConsumedEnergy":2250,"MeterValueStart":1000,"MeterValueEnd":3250} = $no022`,
  },
  'oicp.cdr.charging-order': {
    passes: `${RECORD} = $ok`,
    fails: `10:30:00 ${CDR} $cdr{"ChargingStart":"2026-03-01T10:30:00+00:00","ChargingEnd":"2026-03-01T10:00:00+00:00"} = $no022`,
  },
  'oicp.cdr.session-in-future': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"SessionEnd":"2026-03-01T12:30:00+00:00"} = $no022`,
  },
  'oicp.cdr.energy-negative': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"ConsumedEnergy":-2.25,"MeterValueStart":"-","MeterValueEnd":"-"} = $no022`,
  },
  'oicp.cdr.meter-negative': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"ConsumedEnergy":-2.25,"MeterValueStart":1002.75,"MeterValueEnd":1000.5} = $no022`,
    with: ['oicp.cdr.energy-negative'],
  },
  'oicp.cdr.signed-values-missing': {
    passes: `CPO>HUB PushEvseData $data = $ok\n${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T11:00:00+01:00"} = $ok`,
    fails: `CPO>HUB PushEvseData $data{"CalibrationLawDataAvailability":"External"} = $ok\n${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T11:00:00+01:00"} = $no022`,
  },
  'oicp.cdr.time-order': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"SessionStart":"2026-03-01T10:05:00+00:00"} = $ok`,
  },
  'oicp.cdr.energy-mismatch': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"ConsumedEnergy":2.5} = $ok`,
  },
  'oicp.cdr.meter-between': {
    passes: `${SESSION}\n${CDR} $cdr{"MeterValueInBetween":{"meterValues":[1001.5]}} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"MeterValueInBetween":{"meterValues":[1.5]}} = $ok`,
  },
  'oicp.cdr.evse-mismatch': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"EvseID":"DE*ABC*E2*1"} = $ok`,
  },
  'oicp.cdr.medium-mismatch': {
    passes: `${RECORD} = $ok`,
    fails: `${SESSION}\n${CDR} $cdr{"Identification":{"RFIDMifareFamilyIdentification":{"UID":"99887766"}}} = $ok`,
  },
});
