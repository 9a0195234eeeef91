import { describeExchangeRules } from '../../testing/exchange-cases.ts';

const FORWARDED = '$as{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"}';
const ASKED = `HUB>EMP AuthorizeStart ${FORWARDED}`;
const OTHER = '11111111-2222-3333-4444-555555555555';

describeExchangeRules('answers', {
  'oicp.answer.http-status': {
    passes: [`${ASKED} = $denied102`, 'CPO>HUB AuthorizeStart $as = 403 $fault210'],
    fails: `${ASKED} = 404 $fault102`,
    says: 'HTTP 404',
  },
  'oicp.answer.missing': {
    passes: [`${ASKED} = $denied102`, `${ASKED} = unreachable`],
    fails: `HUB>EMP AuthorizeStart slow=8 ${FORWARDED} = timeout`,
  },
  'oicp.answer.slow': {
    passes: [`${ASKED} = $denied102`, 'CPO>HUB AuthorizeStart slow=8 $as = $denied102'],
    fails: [
      `HUB>EMP AuthorizeStart slow=7 ${FORWARDED} = $denied102`,
      'HUB>CPO AuthorizeRemoteStart slow=12 $rsf = $oks',
    ],
  },
  'oicp.answer.session-echo': {
    passes: [`${ASKED} = $yes`, `${ASKED} = $denied102`],
    fails: `${ASKED} = $yes{"SessionID":"${OTHER}"}`,
    says: OTHER,
  },
  'oicp.answer.partner-echo': {
    passes: 'CPO>HUB AuthorizeStart $as = $yes',
    fails: 'CPO>HUB AuthorizeStart $as = $yes{"CPOPartnerSessionID":"emp-9"}',
    says: 'emp-9',
  },
  'oicp.answer.code-author': {
    passes: [
      `${ASKED} = $denied102`,
      'HUB>CPO AuthorizeRemoteStart $rsf = $no602',
      'HUB>CPO AuthorizeRemoteStop $rt = $no400',
    ],
    fails: [`${ASKED} = $denied602`, 'HUB>CPO AuthorizeRemoteStart $rsf = $no102'],
  },
  'oicp.answer.process-id': {
    passes: [
      'CPO>HUB AuthorizeStart $as = $denied102',
      'CPO>HUB AuthorizeStart bare $as = $denied102',
      `${ASKED} = $denied102`,
    ],
    fails: 'CPO>HUB AuthorizeStart anonymous $as = $denied102',
  },
  'oicp.answer.bad-accepted': {
    passes: 'CPO>HUB PushEvseStatus $status = $ok',
    fails:
      'CPO>HUB PushEvseStatus {"ActionType":"replace","OperatorEvseStatus":{"OperatorID":"DE*ABC","EvseStatusRecord":[]}} = $ok',
    with: ['oicp.body.enum'],
  },
  'oicp.answer.other-message': {
    passes: 'CPO>HUB AuthorizeStart $as = $denied210',
    fails: 'CPO>HUB AuthorizeStart $as = $no210',
    with: ['oicp.body.required', 'oicp.body.unknown-member'],
  },
});
