import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const AS = 'CPO>HUB AuthorizeStart';
const CDR = 'CPO>HUB ChargeDetailRecord';
const NOTE = 'CPO>HUB ChargingNotifications';
const DATA = 'CPO>HUB PushEvseData';
const AUTH = 'EMP>HUB PushAuthenticationData';
const PRICES = 'CPO>HUB PushPricingProductData';
const REFUSED = '= 400 $unreadable';
const evse = (changes: string): string => `${DATA} $data${changes}`;
const product = (changes: string): string =>
  `${PRICES} {"ActionType":"fullLoad","PricingProductData":{"OperatorID":"DE*ABC","ProviderID":"*","PricingDefaultPrice":0,"PricingDefaultPriceCurrency":"EUR","PricingDefaultReferenceUnit":"KILOWATT_HOUR","PricingProductDataRecords":[{"ProductID":"AC3","ReferenceUnit":"KILOWATT_HOUR","ProductPriceCurrency":"EUR","PricePerReferenceUnit":0.39,"MaximumProductChargingPower":22,${changes}}]}}`;
const AC3 =
  '{"ProductID":"AC3","ReferenceUnit":"KILOWATT_HOUR","ProductPriceCurrency":"EUR","PricePerReferenceUnit":0.39,"MaximumProductChargingPower":22,"IsValid24hours":true,"ProductAvailabilityTimes":[]}';
const qr = (members: string): string =>
  `{"OperatorID":"DE*ABC","Identification":{"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X",${members}}}}`;
const card = (identification: string): string =>
  `${AUTH} {"ActionType":"insert","ProviderAuthenticationData":{"ProviderID":"DE-DCB","AuthenticationDataRecord":[{"Identification":{${identification}}}]}}`;
const GOOD = `${AS} $as = $denied102`;

describeExchangeRules('bodies against their schemas', {
  'oicp.body.not-json': { passes: GOOD, fails: `${AS} {"OperatorID": ${REFUSED}`, says: 'JSON' },
  'oicp.body.required': { passes: GOOD, fails: `${AS} $as{"Identification":"-"} ${REFUSED}`, says: 'Identification' },
  'oicp.body.type': { passes: GOOD, fails: `${CDR} $cdr{"ConsumedEnergy":true} ${REFUSED}` },
  'oicp.body.pattern': { passes: GOOD, fails: `${AS} $as{"EvseID":"station-7"} ${REFUSED}` },
  'oicp.body.enum': {
    passes: evse('{"Plugs":["Type 2 Outlet"]} = $ok'),
    fails: evse(`{"Plugs":["Unspecified"]} ${REFUSED}`),
  },
  'oicp.body.length': {
    passes: evse('{"HardwareManufacturer":"ACME"} = $ok'),
    fails: evse(`{"HardwareManufacturer":"${'A'.repeat(51)}"} ${REFUSED}`),
  },
  'oicp.body.range': { passes: GOOD, fails: `${CDR} $cdr{"ConsumedEnergy":2.2500001,"MeterValueEnd":"-"} ${REFUSED}` },
  'oicp.body.items': { passes: GOOD, fails: evse(`{"Plugs":[]} ${REFUSED}`) },
  'oicp.body.unknown-member': { passes: GOOD, fails: `${AS} $as{"Colour":"red"} = $denied102` },
  'oicp.body.member-spelling': {
    passes: evse('{"ChargingStationID":"CS1"} = $ok'),
    fails: evse('{"ChargingStationID":"-","ChargingStationId":"CS1"} = $ok'),
  },
  'oicp.body.value-spelling': {
    passes: `${NOTE} $error = $ok`,
    fails: `${NOTE} $error{"ErrorType":"Connector Error"} = $ok`,
  },
  'oicp.body.number-as-text': {
    passes: `10:30:00 ${CDR} $cdr = $ok`,
    fails: `10:30:00 ${CDR} $cdr{"ConsumedEnergy":"2.25"} = $ok`,
  },
  'oicp.body.single-for-list': {
    passes: 'EMP>HUB GetChargeDetailRecords page=0 $records{"OperatorID":["DE*ABC"]} = $none',
    fails: 'EMP>HUB GetChargeDetailRecords page=0 $records{"OperatorID":"DE*ABC"} = $none',
  },
  'oicp.body.several-members': {
    passes: GOOD,
    fails: `${AS} $as{"Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"},"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}} ${REFUSED}`,
  },
  'oicp.body.no-member': { passes: GOOD, fails: `${AS} $as{"Identification":{}} ${REFUSED}` },
  'oicp.leg.required': {
    passes: 'HUB>CPO AuthorizeRemoteStart $rsf = $ok',
    fails: 'HUB>CPO AuthorizeRemoteStart $rs = $no022',
    says: 'SessionID',
  },
  'oicp.leg.absent': {
    passes: 'EMP>HUB AuthorizeRemoteStart $rs = $no602',
    fails: 'EMP>HUB AuthorizeRemoteStart $rsf = $no602',
  },
  'oicp.identification.kind': {
    passes: 'EMP>HUB AuthorizeRemoteStart $rs = $no602',
    fails: `EMP>HUB AuthorizeRemoteStart $rs{"Identification":{"PlugAndChargeIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}} ${REFUSED}`,
  },
  'oicp.identification.hashed-pin': {
    passes: `${AS} ${qr('"PIN":"1234"')} = $denied101`,
    fails: `${AS} ${qr('"HashedPIN":{"Function":"Bcrypt","Value":"$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"}')} ${REFUSED}`,
  },
  'oicp.identification.pin': {
    passes: `${card('"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X","PIN":"1234"}')} = $ok`,
    fails: `${card('"QRCodeIdentification":{"EvcoID":"DE-DCB-C12345678-X","PIN":"1234","HashedPIN":{"Function":"Bcrypt","Value":"$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"}}')} ${REFUSED}`,
  },
  'oicp.status.result-mismatch': {
    passes: `${NOTE} $error = $ok`,
    fails: `${NOTE} $error = {"Result":true,"StatusCode":{"Code":"320"}}`,
  },
  'oicp.status.provider-missing': {
    passes: `${AS} $as = $yes`,
    fails: `${AS} $as = $yes{"ProviderID":"-"}`,
  },
  'oicp.status.description': {
    passes: `${NOTE} $error = {"Result":true,"StatusCode":{"Code":"000","Description":"Success"}}`,
    fails: `${NOTE} $error = {"Result":true,"StatusCode":{"Code":"000","Description":"All is well"}}`,
  },
  'oicp.time.calendar': {
    passes: `10:30:00 ${CDR} $cdr = $ok`,
    fails: `${NOTE} $start{"ChargingStart":"2026-02-30T10:00:00+00:00"} ${REFUSED}`,
  },
  'oicp.time.order': {
    passes: 'EMP>HUB GetChargeDetailRecords page=0 $records = $none',
    fails: `EMP>HUB GetChargeDetailRecords page=0 $records{"To":"2026-01-01T00:00:00+00:00"} ${REFUSED}`,
  },
  'oicp.time.range': {
    passes: 'EMP>HUB GetChargeDetailRecords page=0 $records = $none',
    fails: `EMP>HUB GetChargeDetailRecords page=0 $records{"To":"2026-06-30T00:00:00+00:00"} ${REFUSED}`,
  },
  'oicp.geo.range': {
    passes: evse('{"GeoCoordinates":{"DecimalDegree":{"Latitude":"52.480495","Longitude":"13.356465"}}} = $ok'),
    fails: evse(`{"GeoCoordinates":{"DecimalDegree":{"Latitude":"113.356465","Longitude":"52.480495"}}} ${REFUSED}`),
  },
  'oicp.geo.swapped': {
    passes: evse('{"GeoCoordinates":{"DecimalDegree":{"Latitude":"52.480495","Longitude":"13.356465"}}} = $ok'),
    fails: evse('{"GeoCoordinates":{"DecimalDegree":{"Latitude":"13.356465","Longitude":"52.480495"}}} = $ok'),
  },
  'oicp.evse.opening-times': {
    passes: evse('{"IsOpen24Hours":true} = $ok'),
    fails: evse(`{"IsOpen24Hours":false} ${REFUSED}`),
  },
  'oicp.evse.alone': {
    passes: evse('{"PaymentOptions":["No Payment"]} = $ok'),
    fails: evse(`{"PaymentOptions":["No Payment","Contract"]} ${REFUSED}`),
  },
  'oicp.evse.amperage': {
    passes: evse('{"ChargingFacilities":[{"PowerType":"DC","Power":22,"Amperage":63}]} = $ok'),
    fails: evse('{"ChargingFacilities":[{"PowerType":"DC","Power":150,"Amperage":400}]} = $ok'),
  },
  'oicp.evse.energy-source': {
    passes: evse('{"EnergySource":[{"Energy":"Wind","Percentage":60},{"Energy":"Solar","Percentage":40}]} = $ok'),
    fails: evse('{"EnergySource":[{"Energy":"Coal","Percentage":60},{"Energy":"Solar","Percentage":40}]} = $ok'),
  },
  'oicp.evse.not-found-pushed': {
    passes: 'CPO>HUB PushEvseStatus $status = $ok',
    fails:
      'CPO>HUB PushEvseStatus {"ActionType":"update","OperatorEvseStatus":{"OperatorID":"DE*ABC","EvseStatusRecord":[{"EvseID":"DE*ABC*E1*1","EvseStatus":"EvseNotFound"}]}} = $ok',
  },
  'oicp.list.duplicate': {
    passes: `${product('"IsValid24hours":true,"ProductAvailabilityTimes":[]')} = $ok`,
    fails: `${PRICES} {"ActionType":"fullLoad","PricingProductData":{"OperatorID":"DE*ABC","ProviderID":"*","PricingDefaultPrice":0,"PricingDefaultPriceCurrency":"EUR","PricingDefaultReferenceUnit":"KILOWATT_HOUR","PricingProductDataRecords":[${AC3},${AC3}]}} = $no009`,
  },
  'oicp.delta.filter': {
    passes: 'EMP>HUB PullEvseData page=0 $pull{"LastCall":"2026-03-01T00:00:00+00:00"} = $none',
    fails: `EMP>HUB PullEvseData page=0 $pull{"LastCall":"2026-03-01T00:00:00+00:00","CountryCodes":["DEU"]} ${REFUSED}`,
  },
  'oicp.pricing.availability': {
    passes: `${product('"IsValid24hours":true,"ProductAvailabilityTimes":[]')} = $ok`,
    fails: `${product('"IsValid24hours":false,"ProductAvailabilityTimes":[]')} ${REFUSED}`,
  },
  'oicp.pricing.fixed-fee': {
    passes: `${product('"IsValid24hours":true,"ProductAvailabilityTimes":[]')} = $ok`,
    fails: `${product('"IsValid24hours":true,"ProductAvailabilityTimes":[],"AdditionalReferences":[{"AdditionalReference":"FIXED FEE","AdditionalReferenceUnit":"HOUR","PricePerAdditionalReferenceUnit":2}]')} = $ok`,
  },
  'oicp.notification.progress': {
    passes: `${NOTE} $progress = $ok`,
    fails: `${NOTE} $progress{"ConsumedEnergyProgress":"-"} = $no022`,
  },
  'oicp.notification.duration': {
    passes: `10:05:00 ${NOTE} $progress{"ChargingDuration":300000} = $ok`,
    fails: `10:05:00 ${NOTE} $progress{"ChargingDuration":300} = $ok`,
  },
  'oicp.page.size': {
    passes: 'EMP>HUB PullEvseData page=0 size=2000 $pull = $none{"size":2000}',
    fails: `EMP>HUB PullEvseData page=0 size=5000 $pull = $none`,
  },
});
