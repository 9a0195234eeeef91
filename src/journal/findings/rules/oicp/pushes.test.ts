import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const DATA = 'CPO>HUB PushEvseData $data';
const STATUS = 'CPO>HUB PushEvseStatus $status';
const status = (action: string, ...ids: string[]): string =>
  `CPO>HUB PushEvseStatus {"ActionType":"${action}","OperatorEvseStatus":{"OperatorID":"DE*ABC","EvseStatusRecord":${JSON.stringify(ids.map((EvseID) => ({ EvseID, EvseStatus: 'Available' })))}}}`;
const products = (id: string): string =>
  `CPO>HUB PushPricingProductData {"ActionType":"fullLoad","PricingProductData":{"OperatorID":"DE*ABC","ProviderID":"*","PricingDefaultPrice":0,"PricingDefaultPriceCurrency":"EUR","PricingDefaultReferenceUnit":"KILOWATT_HOUR","PricingProductDataRecords":[{"ProductID":"${id}","ReferenceUnit":"KILOWATT_HOUR","ProductPriceCurrency":"EUR","PricePerReferenceUnit":0.39,"MaximumProductChargingPower":22,"IsValid24hours":true,"ProductAvailabilityTimes":[]}]}} = $ok`;
const PRICED =
  'CPO>HUB PushEVSEPricing {"ActionType":"fullLoad","EVSEPricing":[{"EvseID":"DE*ABC*E1*1","ProviderID":"*","EvseIDProductList":["AC3"]}]} = $ok';

describeExchangeRules('uploads', {
  'oicp.push.parallel': {
    passes: [`${STATUS} = $ok\n${status('update', 'DE*ABC*E1*1')} = $ok`, `${STATUS}\n${DATA}\nanswer $ok\nanswer $ok`],
    fails: `${STATUS}\n${status('update', 'DE*ABC*E1*1')} = $no009\nanswer $ok`,
  },
  'oicp.push.twice': {
    passes: `${status('update', 'DE*ABC*E1*1', 'DE*ABC*E1*2')} = $ok`,
    fails: `${status('update', 'DE*ABC*E1*1', 'DEABCE11')} = $no009`,
  },
  'oicp.push.insert-known': {
    passes: `${DATA} = $ok\n${DATA}{"ActionType":"insert"} = $no009\n${DATA}{"ActionType":"update"} = $ok`,
    fails: [
      `${DATA} = $ok\n${DATA}{"ActionType":"insert"} = $ok`,
      `${DATA} = $ok\n${DATA}{"ActionType":"update","EvseID":"DE*ABC*E9*9"} = $ok`,
    ],
  },
  'oicp.push.insert-again': {
    passes: `${DATA} = $ok\n${DATA}{"ActionType":"insert"} = $no009\n${DATA} = $ok`,
    fails: `${DATA} = $ok\n${DATA}{"ActionType":"insert"} = $no009\n${DATA}{"ActionType":"insert"} = $no009`,
  },
  'oicp.push.remote-mode': {
    passes: `${DATA}{"IsHubjectCompatible":false,"AuthenticationModes":["NFC RFID Classic"]} = $ok`,
    fails: `${DATA}{"IsHubjectCompatible":false} = $ok`,
  },
  'oicp.status.before-data': {
    passes: [`${DATA} = $ok\n${STATUS} = $ok`, `${STATUS} = $ok`],
    fails: `${DATA} = $ok\n${status('update', 'DE*ABC*E9*9')} = $no009`,
  },
  'oicp.status.incomplete': {
    passes: `${DATA} = $ok\n${status('fullLoad', 'DE*ABC*E1*1')} = $ok`,
    fails: `${DATA} = $ok\n${status('fullLoad')} = $ok`,
    says: '1 of 1',
  },
  'oicp.status.repeated': {
    passes: [
      `${STATUS} = $ok\n${status('update', 'DE*ABC*E1*1')} = $ok`,
      // A whole upload says it all again.
      `${STATUS} = $ok\n${STATUS}{"ActionType":"fullLoad"} = $ok`,
    ],
    fails: `${STATUS} = $ok\n10:00:10 ${STATUS} = $ok`,
  },
  'oicp.status.dynamic': {
    passes: [`${DATA}{"DynamicInfoAvailable":"true"} = $ok\n${STATUS} = $ok\nwait 7200`, `${DATA} = $ok\nwait 7200`],
    fails: `${DATA}{"DynamicInfoAvailable":"true"} = $ok\nwait 7200`,
    cannotTell: `${DATA}{"DynamicInfoAvailable":"true"} = $ok\nwait 60`,
  },
  'oicp.pricing.product': {
    passes: [`${products('AC3')}\n${PRICED}`, PRICED],
    fails: `${products('DC')}\n${PRICED}`,
    says: 'AC3',
  },
});
