import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.1\nopen\nboot\n';
const BEAT = 'S> [2,"h1","Heartbeat",{}]\n';
const GOOD = 'C> [3,"h1",{"currentTime":"@"}]\n';
const BAD = 'C> [3,"h1",{"currentTime":5}]\n';
const REFUSED = 'S> [5,"h1","FormatViolation","currentTime",{}]\n';

describeRules('F12 answers that are refused', {
  'OCPP21-CRE-002': {
    passes: [`${ON}${BEAT}${GOOD}wait 40`, `${ON}${BEAT}${GOOD}${REFUSED.replace('FormatViolation', 'InternalError')}`],
    // A refusal of a bad answer is as it should be: only the answer itself is wrong.
    fails: ON + BEAT + GOOD + REFUSED,
    says: 'fits its schema and was refused with FormatViolation',
  },
  'OCPP21-CRE-003': {
    passes: `${ON}${BEAT}${BAD}${REFUSED}wait 40`,
    passesWith: ['OCPPJ-RPC-021'],
    fails: [`${ON}${BEAT}${BAD}wait 40`, `${ON}C> [2,"c1","ClearCache",{}]\nS> [3,"c1",{"status":"Yes"}]\nwait 40`],
    with: ['OCPPJ-RPC-021'],
    cannotTell: ON + BEAT + BAD,
    says: /The answer to (Heartbeat|ClearCache) breaks its schema/,
  },
});
