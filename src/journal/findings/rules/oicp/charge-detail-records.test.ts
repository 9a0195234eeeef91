import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const SESSION = `
  CPO>HUB AuthorizeStart $as = $yes
  CPO>HUB ChargingNotifications $start = $ok
  +1800 CPO>HUB ChargingNotifications $end = $ok`;

describeExchangeRules('charge detail records', {
  'oicp.cdr.second': {
    passes: [
      `${SESSION}
       CPO>HUB ChargeDetailRecord $cdr = $ok`,
      `${SESSION}
       CPO>HUB ChargeDetailRecord $cdr = 500
       CPO>HUB ChargeDetailRecord $cdr = $ok`,
    ],
    fails: `${SESSION}
      CPO>HUB ChargeDetailRecord $cdr = $ok
      CPO>HUB ChargeDetailRecord $cdr{"ConsumedEnergy":2.2,"MeterValueEnd":1002.7} = 404 $fault400`,
    says: 'has a charge detail record already',
  },
});
