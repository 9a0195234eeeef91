import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const START = 'CPO>HUB AuthorizeStart $as = $yes\n';
const NOTIFIED = 'CPO>HUB ChargingNotifications $start = $ok\n';

describeExchangeRules('the order of what is said about a session', {
  'oicp.session.before-start': {
    passes: [
      START + NOTIFIED,
      // A log that begins in the middle shows no start.
      NOTIFIED,
      // Who starts from afar may hear of it before he has the answer.
      'EMP>HUB AuthorizeRemoteStart $rs\nHUB>EMP ChargingNotifications $start = $ok\nanswer $oks',
    ],
    fails: [NOTIFIED + START, `CPO>HUB AuthorizeStart $as\n${NOTIFIED}answer $yes`],
    says: 'ChargingNotifications of session 3b129fb6-c4af-476e-8bec-6e307c8e5d25 came before AuthorizeStart had begun it',
  },
});
