import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const DATA = 'CPO>HUB PushEvseData $data = $ok';
const RS = 'EMP>HUB AuthorizeRemoteStart $rs';
const OTHER = '{"SessionID":"11111111-2222-3333-4444-555555555555"}';
const CHARGING = 'HUB>CPO AuthorizeRemoteStart $rsf = $ok\nCPO>HUB ChargingNotifications $start = $ok';
const elsewhere = '$rs{"EvseID":"DE*ABC*E9*9"}';

describeExchangeRules('remote commands and reservations', {
  'oicp.remote.second': {
    passes: [CHARGING, `${CHARGING}\nHUB>CPO AuthorizeRemoteStart $rsf${OTHER} = $no602`],
    fails: `${CHARGING}\nHUB>CPO AuthorizeRemoteStart $rsf${OTHER} = $ok`,
  },
  'oicp.remote.evse-unknown': {
    passes: [
      `${DATA}\n${RS} = $oks`,
      `${DATA}\nEMP>HUB AuthorizeRemoteStart ${elsewhere} = $no603`,
      `EMP>HUB AuthorizeRemoteStart ${elsewhere} = $oks`,
    ],
    fails: `${DATA}\nEMP>HUB AuthorizeRemoteStart ${elsewhere} = $oks`,
  },
  'oicp.remote.not-compatible': {
    passes: `CPO>HUB PushEvseData $data{"IsHubjectCompatible":false,"AuthenticationModes":["NFC RFID Classic"]} = $ok\n${RS} = $no604`,
    fails: `CPO>HUB PushEvseData $data{"IsHubjectCompatible":false,"AuthenticationModes":["NFC RFID Classic"]} = $ok\n${RS} = $oks`,
  },
  'oicp.remote.out-of-service': {
    passes: `${DATA}\nCPO>HUB PushEvseStatus $status = $ok\n${RS} = $oks`,
    fails: `${DATA}\nCPO>HUB PushEvseStatus {"ActionType":"fullLoad","OperatorEvseStatus":{"OperatorID":"DE*ABC","EvseStatusRecord":[{"EvseID":"DE*ABC*E1*1","EvseStatus":"OutOfService"}]}} = $ok\n${RS} = $oks`,
  },
  'oicp.reservation.offered': {
    passes: `${DATA}\nEMP>HUB AuthorizeRemoteReservationStart $rr = $oks`,
    fails: `CPO>HUB PushEvseData $data{"ValueAddedServices":["None"]} = $ok\nEMP>HUB AuthorizeRemoteReservationStart $rr = $no320`,
  },
  'oicp.reservation.status': {
    passes: [
      `${DATA}\nCPO>HUB PushEvseStatus $status = $ok\nEMP>HUB AuthorizeRemoteReservationStart $rr = $oks\nCPO>HUB PushEvseStatus {"ActionType":"update","OperatorEvseStatus":{"OperatorID":"DE*ABC","EvseStatusRecord":[{"EvseID":"DE*ABC*E1*1","EvseStatus":"Reserved"}]}} = $ok\nwait 120`,
      `EMP>HUB AuthorizeRemoteReservationStart $rr = $oks\nwait 120`,
    ],
    fails: `${DATA}\nCPO>HUB PushEvseStatus $status = $ok\nEMP>HUB AuthorizeRemoteReservationStart $rr = $oks\nwait 120`,
  },
});
