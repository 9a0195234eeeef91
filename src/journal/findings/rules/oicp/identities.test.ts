import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const AS = 'CPO>HUB AuthorizeStart';
const CERT = '{"StatusCode":{"Code":"018"},"Result":false}';

describeExchangeRules('who asks, and about whose things', {
  'oicp.http.path': {
    passes: `${AS} $as = $denied102`,
    fails: [
      `CPO>HUB /api/oicp/evsepush/v21/operators/DE*ABC/data-records {} = 404`,
      `EMP>HUB PullEvseData method=GET page=0 $pull = 405`,
    ],
  },
  'oicp.http.content-type': {
    passes: [`${AS} $as = $denied102`, `${AS} bare $as = $denied102`],
    fails: `${AS} type=text/html $as = $denied102`,
  },
  'oicp.id.path-body': {
    passes: [
      `${AS} $as = $denied102`,
      'CPO>HUB PushEvseData $data = $ok',
      'HUB>EMP AuthorizeStart $as{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"} = $denied102',
    ],
    fails: [
      `${AS} id=DE*XYZ $as = 401 $fault017`,
      'CPO>HUB PushEvseData $data{"OperatorID":"DE*XYZ"} = $no022',
      'EMP>HUB AuthorizeRemoteStart id=DE-XYZ $rs = 401 $fault017',
    ],
    says: 'The path says',
  },
  'oicp.id.path-spelling': {
    passes: `${AS} $as = $denied102`,
    fails: `${AS} id=DEABC $as = $denied102`,
  },
  'oicp.evse.foreign': {
    passes: ['CPO>HUB PushEvseData $data = $ok', 'CPO>HUB PushEvseData $data{"EvseID":"DE*SUB*E1"} = $ok'],
    fails: [
      `CPO>HUB PushEvseData $data{"EvseID":"DE*XYZ*E1"} = ${CERT}`,
      `10:30:00 CPO>HUB ChargeDetailRecord $cdr{"EvseID":"DE*XYZ*E1"} = ${CERT}`,
    ],
    says: 'DE*XYZ*E1',
  },
  'oicp.evco.foreign': {
    passes: `EMP>HUB PushAuthenticationData {"ActionType":"insert","ProviderAuthenticationData":{"ProviderID":"DE-DCB","AuthenticationDataRecord":[{"Identification":{"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}}]}} = $ok`,
    fails: `EMP>HUB PushAuthenticationData {"ActionType":"insert","ProviderAuthenticationData":{"ProviderID":"DE-DCB","AuthenticationDataRecord":[{"Identification":{"PlugAndChargeIdentification":{"EvcoID":"DE-XYZ-C12345678-X"}}}]}} = $no019`,
    says: 'DE-XYZ-C12345678-X',
  },
});
