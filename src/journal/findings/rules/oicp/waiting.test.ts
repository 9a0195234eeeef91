import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const STATUS = 'CPO>HUB PushEvseStatus $status';

describeExchangeRules('waiting for answers, and asking twice', {
  'oicp.answer.lost': {
    passes: [`${STATUS} = $ok\nwait 120`, `${STATUS} = unreachable\nwait 120`],
    fails: `${STATUS}\nwait 120`,
    says: 'has no answer',
  },
  'oicp.answer.timeout': {
    passes: `CPO>HUB PushEvseStatus slow=20 $status = $ok`,
    fails: `CPO>HUB PushEvseStatus slow=40 $status = $ok`,
    says: 'was answered after 40',
  },
  'oicp.request.twice': {
    passes: [
      `${STATUS} = $ok\n+5 ${STATUS} = $ok`,
      // A retry after a failure.
      `${STATUS} = 503\n+0.2 ${STATUS} = $ok`,
      `${STATUS} = $ok\n+0.2 ${STATUS}{"ActionType":"fullLoad"} = $ok`,
    ],
    passesWith: ['oicp.status.repeated'],
    fails: `${STATUS} = $ok\n+0.2 ${STATUS} = $ok`,
    with: ['oicp.status.repeated'],
    says: 'is sent twice within',
  },
});
