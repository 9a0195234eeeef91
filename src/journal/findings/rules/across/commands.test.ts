import { describeAcrossRules } from '../../testing/exchange-cases.ts';

const TAG = 'DE-DCB-C12345678-X';
const START = `CPO>CS-1 RemoteStartTransaction {"idTag":"${TAG}","connectorId":1}`;
const ACCEPTED = '{"status":"Accepted"}';
/** The hub asks for a start, the station says yes, the CPO acknowledges. */
const ASKED = `10:00:00 HUB>CPO AuthorizeRemoteStart $rsf\n${START} = ${ACCEPTED}\nanswer $oks`;
const BEGAN = `CS-1>CPO StartTransaction {"connectorId":1,"idTag":"${TAG}","meterStart":0,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}`;
const STOPPED = '+5 CS-1>CPO StopTransaction {"transactionId":7,"meterStop":100,"timestamp":"@"} = {}';
const STOP = `10:05:00 HUB>CPO AuthorizeRemoteStop $rt\nCPO>CS-1 RemoteStopTransaction {"transactionId":7} = ${ACCEPTED}\nanswer $oks`;
const SWIPE = '10:00:00 CS-1>CPO Authorize {"idTag":"044A2DAA856280"}';
const yes = '{"idTagInfo":{"status":"Accepted"}}';
const no = '{"idTagInfo":{"status":"Invalid"}}';

describeAcrossRules('promises over OICP against stations', {
  'across.remote.not-started': {
    passes: [
      `${ASKED}\n${BEGAN}\nwait 900`,
      `${ASKED}\nCPO>HUB ChargingNotifications $error = $ok\nwait 900`,
      `10:00:00 HUB>CPO AuthorizeRemoteStart $rsf = $no510\nwait 900`,
    ],
    fails: `${ASKED}\nwait 900`,
    cannotTell: '10:00:00 HUB>CPO AuthorizeRemoteStart $rsf = $oks\nwait 900',
    says: 'CS-1 started nothing',
  },
  'across.remote.refused': {
    passes: `10:00:00 HUB>CPO AuthorizeRemoteStart $rsf\n${START} = {"status":"Rejected"}\nanswer $no602`,
    fails: `10:00:00 HUB>CPO AuthorizeRemoteStart $rsf\n${START} = {"status":"Rejected"}\nanswer $oks`,
  },
  'across.reservation.refused': {
    passes: `10:00:00 HUB>CPO AuthorizeRemoteReservationStart $rr{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"}\nCPO>CS-1 ReserveNow {"connectorId":1,"expiryDate":"2026-03-01T11:00:00Z","idTag":"${TAG}","reservationId":4} = {"status":"Occupied"}\nanswer $no601`,
    fails: `10:00:00 HUB>CPO AuthorizeRemoteReservationStart $rr{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"}\nCPO>CS-1 ReserveNow {"connectorId":1,"expiryDate":"2026-03-01T11:00:00Z","idTag":"${TAG}","reservationId":4} = {"status":"Occupied"}\nanswer $oks`,
  },
  'across.stop.ignored': {
    passes: [
      `${ASKED}\n${BEGAN}\n${STOP}\n${STOPPED}\nwait 300`,
      `${ASKED}\n${BEGAN}\n10:05:00 HUB>CPO AuthorizeRemoteStop $rt = $no501\nwait 300`,
    ],
    fails: `${ASKED}\n${BEGAN}\n${STOP}\nwait 300`,
  },
  'across.notification.no-transaction': {
    passes: `${ASKED}\n${BEGAN}\nCPO>HUB ChargingNotifications $start = $ok`,
    fails: `${ASKED}\nCPO>HUB ChargingNotifications $start = $ok`,
    cannotTell: '10:00:00 CPO>HUB AuthorizeStart $as = $yes\nCPO>HUB ChargingNotifications $start = $ok',
  },
  'across.authorised.anyway': {
    passes: [
      `${SWIPE}\nCPO>HUB AuthorizeStart $as = $yes\nanswer ${yes}`,
      `${SWIPE}\nCPO>HUB AuthorizeStart $as = $denied102\nanswer ${no}`,
    ],
    fails: `${SWIPE}\nCPO>HUB AuthorizeStart $as = $denied102\nanswer ${yes}`,
    says: '102',
  },
  'across.authorise.token': {
    passes: [`${SWIPE}\nCPO>HUB AuthorizeStart $as = $denied102\nanswer ${no}`],
    fails: [
      `10:00:00 CS-1>CPO Authorize {"idTag":"805628AA2D4A04"}\nCPO>HUB AuthorizeStart $as = $denied102\nanswer ${no}`,
      `10:00:00 CS-1>CPO Authorize {"idToken":{"idToken":"DEDCBC12345678","type":"eMAID"}}\nCPO>HUB AuthorizeStart $as{"Identification":{"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C99999999-0"}}} = $denied105\nanswer {"idTokenInfo":{"status":"Invalid"}}`,
    ],
    cannotTell: 'CPO>HUB AuthorizeStart $as = $denied102',
  },
});
