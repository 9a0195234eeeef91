import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const AS =
  '10:00:00 CPO>HUB AuthorizeStart $as\nHUB>EMP AuthorizeStart $as{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"} = $yes\nanswer $yes';
const CDR = `${AS}\n10:30:00 CPO>HUB ChargeDetailRecord $fixed = $ok`;
const RS = 'EMP>HUB AuthorizeRemoteStart $rs\nHUB>CPO AuthorizeRemoteStart $rsf';

describeExchangeRules('both sides of a hub', {
  'oicp.hub.cdr-changed': {
    passes: `${CDR}\nHUB>EMP ChargeDetailRecord $fixed = $ok`,
    fails: [
      `${CDR}\nHUB>EMP ChargeDetailRecord $fixed{"SessionEnd":"2026-03-01T11:30:00+01:00"} = $ok`,
      `${CDR}\nHUB>EMP ChargeDetailRecord $fixed{"MeterValueStart":"-","MeterValueEnd":"-"} = $ok`,
    ],
  },
  'oicp.hub.session-changed': {
    passes: `${RS} = $ok\nanswer $oks`,
    fails: `${RS} = $ok\nanswer $oks{"SessionID":"11111111-2222-3333-4444-555555555555"}`,
  },
  'oicp.hub.notification-changed': {
    passes: [
      `${AS}\nCPO>HUB ChargingNotifications $start = $ok\nHUB>EMP ChargingNotifications $start = $ok`,
      // The hub knows the partner ids, and fills them in.
      `${AS}\nCPO>HUB ChargingNotifications $start = $ok\nHUB>EMP ChargingNotifications $start{"CPOPartnerSessionID":"cpo-1"} = $ok`,
    ],
    fails: [
      `${AS}\nCPO>HUB ChargingNotifications $start = $ok\nHUB>EMP ChargingNotifications $start{"EvseID":"DE*ABC*E1*2"} = $ok`,
      `${AS}\nCPO>HUB ChargingNotifications $start{"SessionStart":"2026-03-01T10:00:00+00:00"} = $ok\nHUB>EMP ChargingNotifications $start = $ok`,
    ],
    with: ['oicp.session.evse'],
  },
  'oicp.hub.unasked': {
    passes: [`${CDR}\nHUB>EMP ChargeDetailRecord $fixed = $ok`, `${RS} = $ok\nanswer $oks`],
    fails: [
      `${AS}\n10:30:00 CPO>HUB ChargeDetailRecord $fixed{"SessionID":"11111111-2222-3333-4444-555555555555"} = 404 $fault400\nHUB>EMP ChargeDetailRecord $fixed = $ok`,
      `${RS} = $ok\nanswer $oks\n10:10:00 HUB>CPO AuthorizeRemoteStart $rsf{"Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C99999999-0"}},"EvseID":"DE*ABC*E2*1"} = $ok`,
    ],
    with: ['oicp.session.unknown'],
    cannotTell: '10:00:00 HUB>EMP AuthorizeStart $as{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"} = $yes',
  },
  'oicp.hub.partner-changed': {
    passes: [
      AS,
      AS.replace('= $yes', '= $yes{"EMPPartnerSessionID":"e-1"}').replace(
        /\$yes$/,
        '$yes{"EMPPartnerSessionID":"e-1"}',
      ),
      '10:00:00 CPO>HUB AuthorizeStart $as = $yes{"EMPPartnerSessionID":"e-1"}',
    ],
    fails: AS.replace('= $yes', '= $yes{"EMPPartnerSessionID":"e-1"}').replace(
      /\$yes$/,
      '$yes{"EMPPartnerSessionID":"e-2"}',
    ),
    says: 'e-2',
  },
  'oicp.hub.refusal-changed': {
    passes: [`${RS} = $no602\nanswer $no602`, `${RS} = $ok\nanswer $oks`],
    fails: `${RS} = $no602\nanswer $no310`,
    says: '602',
  },
  'oicp.hub.cdr-kept': {
    passes: `${CDR}\nHUB>EMP ChargeDetailRecord $fixed = $ok\nwait 120`,
    fails: `${CDR}\nwait 120`,
  },
});
