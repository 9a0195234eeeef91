import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const START = 'CPO>HUB AuthorizeStart $as';
const NOTE = 'CPO>HUB ChargingNotifications';
const STOP = 'CPO>HUB AuthorizeStop';
const GRANTED =
  '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}';
const REFUSED = '$denied102{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"}';
const SETTLED = `10:00:00 ${START} = $yes\n10:30:00 CPO>HUB ChargeDetailRecord $cdr = $ok`;
const OTHER_CARD = '{"Identification":{"RFIDMifareFamilyIdentification":{"UID":"99887766"}}}';

describeExchangeRules('the SessionID', {
  'oicp.session.refused': {
    passes: `${START} = $yes\n${NOTE} $start = $ok`,
    fails: [
      `HUB>EMP AuthorizeStart $as{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"} = $denied102\nHUB>EMP ChargingNotifications $start = $no400`,
      `${START} = ${REFUSED}\n${NOTE} $start = 404 $fault400`,
    ],
    with: ['oicp.session.of-refusal'],
    says: /refused with 102/,
  },
  'oicp.session.after-cdr': {
    passes: SETTLED,
    fails: [`${SETTLED}\n${NOTE} $end = 404 $fault400`, `${SETTLED}\n${STOP} $stop = 404 $fault400`],
  },
  'oicp.session.unknown': {
    passes: `${START} = $yes\n${STOP} $stop = ${GRANTED}`,
    fails: [
      `${NOTE} $start = 404 $fault400`,
      `${START} = $yes\n${STOP} $stop = 404 $fault400`,
      'EMP>HUB AuthorizeRemoteStop $rt = 404 $fault400',
    ],
    says: 'does not know session',
  },
  'oicp.session.foreign': {
    passes: `${START} = $yes\n10:30:00 CPO>HUB ChargeDetailRecord $cdr = $ok`,
    fails: `${START} = $yes\n10:30:00 CPO>HUB ChargeDetailRecord id=DE*XYZ $cdr = 404 $fault400`,
    with: ['oicp.session.unknown'],
    says: 'DE*XYZ',
  },
  'oicp.session.evse': {
    passes: [`${START} = $yes\n${NOTE} $start = $ok`, `${START} = $yes\n${NOTE} $start{"EvseID":"DEABCE11"} = $ok`],
    fails: `${START} = $yes\n${NOTE} $start{"EvseID":"DE*ABC*E2*1"} = $ok`,
  },
  'oicp.session.reused': {
    passes: `${START} = $yes\n${START} = $yes{"SessionID":"11111111-2222-3333-4444-555555555555"}`,
    fails: `${START} = $yes\n${START} = $yes`,
  },
  'oicp.session.missing': {
    passes: [`${START} = $yes`, 'EMP>HUB AuthorizeRemoteStart $rs = $oks'],
    fails: [`${START} = $yes{"SessionID":"-"}`, 'EMP>HUB AuthorizeRemoteStart $rs = $ok'],
    with: ['oicp.leg.required'],
  },
  'oicp.session.of-refusal': {
    passes: `${START} = $denied102`,
    fails: `${START} = ${REFUSED}`,
  },
  'oicp.session.form': {
    passes: `${START} = $yes`,
    fails: `${START} = $yes{"SessionID":"SESSION1-0000-0000-0000-000000000001"}`,
  },
  'oicp.session.stop-medium': {
    passes: [
      `${START} = $yes\n${STOP} $stop = ${GRANTED}`,
      `${START} = $yes{"AuthorizationStopIdentifications":[{"RFIDMifareFamilyIdentification":{"UID":"99887766"}}]}\n${STOP} $stop${OTHER_CARD} = ${GRANTED}`,
      `${START} = $yes\n${STOP} $stop${OTHER_CARD} = $denied102`,
    ],
    fails: `${START} = $yes\n${STOP} $stop${OTHER_CARD} = ${GRANTED}`,
  },
});
