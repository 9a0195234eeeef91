import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const AS = 'CPO>HUB AuthorizeStart';
const NO = '= 401 $fault017';
const STATUS = 'CPO>HUB PushEvseStatus $status';

describeExchangeRules('what a caller does after a refusal or a failure', {
  'oicp.retry.unauthorised': {
    passes: `${AS} $as ${NO}\n${AS} $as ${NO}\n+90 ${AS} $as ${NO}`,
    fails: `${AS} $as ${NO}\n${AS} $as ${NO}\n${AS} $as ${NO}`,
  },
  'oicp.retry.same-body': {
    passes: `${STATUS} = $no022\n${STATUS}{"ActionType":"fullLoad"} = $ok`,
    fails: `${STATUS} = $no022\n${STATUS} = $no022`,
  },
  'oicp.retry.no-backoff': {
    passes: `${AS} $as = 429\n+5 ${AS} $as{"CPOPartnerSessionID":"cpo-2"} = $denied102`,
    fails: `${AS} $as = 429\n+0.02 ${AS} $as{"CPOPartnerSessionID":"cpo-2"} = 429\n+0.02 ${AS} $as = 429`,
  },
  'oicp.retry.start': {
    passes: [
      `${AS} $as = unreachable\n${AS} $as = $denied102`,
      `${AS} $as = 503\n+60 ${AS} $as = $denied102`,
      `${STATUS} = 503\n${STATUS} = $ok`,
    ],
    fails: [
      `${AS} $as = 503\n${AS} $as = $denied102`,
      `EMP>HUB AuthorizeRemoteStart $rs = broken\nEMP>HUB AuthorizeRemoteStart $rs = $no602`,
    ],
    with: ['oicp.answer.missing'],
  },
  'oicp.rate-limit': {
    passes: Array.from(
      { length: 6 },
      () => 'EMP>HUB PullEvseStatus {"ProviderID":"DE-DCB"} = {"EvseStatuses":{"OperatorEvseStatus":[]}}',
    ).join('\n'),
    fails: Array.from(
      { length: 7 },
      () => 'EMP>HUB PullEvseStatus {"ProviderID":"DE-DCB"} = {"EvseStatuses":{"OperatorEvseStatus":[]}}',
    ).join('\n'),
    says: 'more than 6',
  },
});
