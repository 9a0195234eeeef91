import { describeAcrossRules } from '../../testing/exchange-cases.ts';

const place = (station: string, connector: number): string => `
  CPO>HUB AuthorizeStart $as = $yes
  ${station}>CPO StartTransaction {"connectorId":${connector},"idTag":"044A2DAA856280","meterStart":1000500,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}
  ${station}>CPO StopTransaction {"transactionId":7,"meterStop":1002750,"timestamp":"@"} = {}
  CPO>HUB ChargeDetailRecord $fixed{"SessionStart":"@","ChargingStart":"@","ChargingEnd":"@","SessionEnd":"@"} = $ok`;
const KNOWN = `10:00:00 CS-1>CPO Heartbeat {} = {"currentTime":"@"}\n${place('CS-1', 1)}`;
const status = (word: string): string =>
  `CS-1>CPO StatusNotification {"connectorId":1,"errorCode":"NoError","status":"${word}"} = {}`;
const pushed = (word: string): string =>
  `CPO>HUB PushEvseStatus {"ActionType":"update","OperatorEvseStatus":{"OperatorID":"DE*ABC","EvseStatusRecord":[{"EvseID":"DE*ABC*E1*1","EvseStatus":"${word}"}]}} = $ok`;

describeAcrossRules('one EVSE over both protocols', {
  'across.status.differs': {
    passes: [
      `${KNOWN}\n${status('Charging')}\n${pushed('Occupied')}\nwait 120`,
      `${KNOWN}\n${status('Finishing')}\n${pushed('Occupied')}\n${status('Available')}\n${pushed('Available')}\nwait 120`,
      `${KNOWN}\n${status('Available')}\nwait 120`,
    ],
    fails: [
      `${KNOWN}\n${status('Charging')}\n${pushed('Available')}\n+20 CS-1>CPO Heartbeat {} = {"currentTime":"@"}\nwait 120`,
      `${KNOWN}\n${status('Charging')}\n${pushed('Occupied')}\n+60 ${status('Available')}\nwait 120`,
    ],
    cannotTell: `${KNOWN}\n${status('Available')}\n${pushed('OutOfService')}\nwait 120`,
    says: /is pushed as/,
  },
  'across.evse.place': {
    passes: KNOWN,
    fails: `${KNOWN}\n10:10:00 CPO>HUB AuthorizeStart $as{"CPOPartnerSessionID":"cpo-2"} = $yes{"CPOPartnerSessionID":"cpo-2","SessionID":"11111111-2222-3333-4444-555555555555"}
      CS-2>CPO StartTransaction {"connectorId":1,"idTag":"044A2DAA856280","meterStart":1000500,"timestamp":"@"} = {"transactionId":8,"idTagInfo":{"status":"Accepted"}}
      CS-2>CPO StopTransaction {"transactionId":8,"meterStop":1002750,"timestamp":"@"} = {}
      CPO>HUB ChargeDetailRecord $fixed{"SessionID":"11111111-2222-3333-4444-555555555555","SessionStart":"@","ChargingStart":"@","ChargingEnd":"@","SessionEnd":"@"} = $ok`,
    says: 'CS-2',
  },
  'across.clock': {
    passes: [
      KNOWN,
      `${KNOWN}\nCS-1>CPO StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"@-3600"} = {}`,
    ],
    fails: [
      'CS-1>CPO Heartbeat {} = {"currentTime":"@+3600"}',
      'CS-1>CPO Heartbeat {} = {"currentTime":"@-3600"}',
      'CS-1>CPO StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Available","timestamp":"@+45"} = {}',
    ],
    says: /45 s|3600 s/,
  },
});
