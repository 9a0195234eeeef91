import { isStatusCode, STATUS_CODES, sameSessionId } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { isObject, textAt } from '../../payload-reader.ts';

/** How long each may take at most (OICP 2.3, and what the digests of hub and EMP tests ask). */
const DEADLINES: Readonly<
  Record<string, { readonly toCpo?: number; readonly toEmp?: number; readonly toHub?: number }>
> = {
  AuthorizeStart: { toEmp: 5_000 },
  AuthorizeRemoteStart: { toCpo: 10_000 },
  AuthorizeRemoteStop: { toCpo: 60_000 },
  ChargeDetailRecord: { toEmp: 30_000 },
};

/** Rules about answers. */
export const answers: readonly ExchangeRule[] = oicpFamily('conformance', [
  {
    id: 'oicp.answer.http-status',
    severity: 'warning',
    fault: 'server',
    title: 'A partner answers with HTTP 200, also when it refuses',
    clause: 'OICP 2.3 §2.1; SRV-08, EMP-CD-04',
    causes: ['The outcome is mapped to HTTP as in a REST API', 'The partner has an exception'],
    next: ['Answer 200 with Result false and the code: a hub takes 4xx and 5xx for silence (310)'],
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      const { status } = answer;
      // A hub may refuse by HTTP.
      if (x.oicp === undefined || x.toHub || status === undefined || status < 300) return;
      if (x.refusedBySchema && status < 500) return;
      report({ text: `${x.to.id} answered ${x.operation} with HTTP ${status}` });
    },
  },
  {
    id: 'oicp.answer.missing',
    axis: 'timing',
    severity: 'error',
    fault: 'server',
    title: 'Every request is answered',
    clause: 'OICP 2.3 §2.1; SRV-03, HUB-10, HUB-19',
    causes: ['The partner waits for a station before it answers', 'A connection was closed in between'],
    next: ['Answer first, and tell what happens later by a notification'],
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      const { failure } = answer;
      // Who cannot be reached has not been asked.
      if (failure !== 'timeout' && failure !== 'broken') return;
      report({ text: `${x.operation} was not answered: ${textAt(answer.payload, 'text') ?? failure}` });
    },
  },
  {
    id: 'oicp.answer.slow',
    axis: 'timing',
    severity: 'warning',
    fault: 'server',
    title: 'Answers come in time',
    clause: 'OICP 2.3 processes; CPO-RS-01, EMP-AS-01, EMP-CD-01',
    causes: ['The answer waits for a station or for another system'],
    next: ['Acknowledge what will be done; 10 s for a remote start, 5 s for an authorization, 30 s for a record'],
    on: [
      'AuthorizeStart.answer',
      'AuthorizeRemoteStart.answer',
      'AuthorizeRemoteStop.answer',
      'ChargeDetailRecord.answer',
    ],
    check: ({ x, answer, toleranceMs, report }) => {
      const deadlines = DEADLINES[x.operation] ?? {};
      const { to } = x.ends ?? {};
      const limit = to === 'CPO' ? deadlines.toCpo : to === 'EMP' ? deadlines.toEmp : deadlines.toHub;
      const took = answer.time - x.time;
      if (limit === undefined || answer.failure !== undefined || took <= limit + toleranceMs) return;
      report({
        text: `${x.operation} was answered after ${(took / 1_000).toFixed(1)} s, ${limit / 1_000} s are allowed`,
      });
    },
  },
  {
    id: 'oicp.answer.session-echo',
    severity: 'warning',
    fault: 'server',
    title: 'An answer speaks of the session that it was asked about',
    clause: 'OICP 2.3 SessionID; SRV-08, HUB-17',
    causes: ['The partner answers with an id of its own', 'Two answers were mixed up'],
    next: ['Send the SessionID of the request, or none'],
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      const asked = textAt(x.payload, 'SessionID');
      const said = textAt(answer.payload, 'SessionID');
      if (asked === undefined || said === undefined || sameSessionId(asked, said)) return;
      // A start with an old SessionID gets a new one.
      if (x.toHub && (x.operation === 'AuthorizeStart' || x.operation.endsWith('Start'))) return;
      report({
        text: `It was asked about session ${asked} and answers with ${said}`,
        pointer: '/SessionID',
        expected: asked,
        actual: said,
      });
    },
  },
  {
    id: 'oicp.answer.partner-echo',
    severity: 'warning',
    fault: 'server',
    title: 'An answer brings back the partner’s own session id',
    clause: 'OICP 2.3 CPOPartnerSessionID, EMPPartnerSessionID; SRV-08, HUB-40',
    causes: ['The ids of CPO and EMP are mixed up', 'The id is cut or made anew'],
    next: ['Send each id as it came'],
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      for (const name of ['CPOPartnerSessionID', 'EMPPartnerSessionID'] as const) {
        const asked = textAt(x.payload, name);
        const said = textAt(answer.payload, name);
        if (asked === undefined || said === undefined || asked === said) continue;
        report({
          text: `${name} was ${asked} and came back as ${said}`,
          pointer: `/${name}`,
          expected: asked,
          actual: said,
        });
      }
    },
  },
  {
    id: 'oicp.answer.code-author',
    severity: 'warning',
    fault: 'server',
    title: 'A partner refuses with codes of its own range',
    clause: 'OICP 2.3 status codes; SRV-08, EMP-AS-02, CPO-RS-02',
    causes: ['The code of a hub was copied', 'One code serves all refusals'],
    next: ['EMP: 100 to 200; CPO: 500 to 700; both: 021, 022, 400'],
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      const code = answer.statusCode;
      const author = x.ends?.to === 'EMP' ? 'emp' : x.ends?.to === 'CPO' ? 'cpo' : undefined;
      if (code === undefined || author === undefined || !isStatusCode(code)) return;
      const authors: readonly string[] = STATUS_CODES[code].authors;
      if (authors.includes(author)) return;
      report({
        text: `${code} is not a code of ${author === 'emp' ? 'an EMP' : 'a CPO'}`,
        pointer: '/StatusCode/Code',
      });
    },
  },
  {
    id: 'oicp.answer.process-id',
    axis: 'compatibility',
    severity: 'info',
    fault: 'hub',
    title: 'A hub names its processing in every answer',
    clause: 'Header Process-ID; HUB-40',
    causes: ['A proxy strips the header', 'The hub does not know it'],
    next: ['Look at the answer before the proxy'],
    peer: 'tolerates',
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      if (!x.toHub || !answer.hasHeaders || answer.header('process-id') !== undefined) return;
      // A gateway before a hub that is down knows nothing of processings.
      if (answer.failure !== undefined || x.oicp === undefined || (answer.status ?? 200) >= 500) return;
      report({ text: `${x.to.id} answered without the header Process-ID` });
    },
  },
  {
    id: 'oicp.answer.bad-accepted',
    severity: 'warning',
    fault: 'server',
    title: 'What breaks its schema is refused',
    clause: 'OICP 2.3 §2.1; SRV-04, HUB-05',
    causes: ['The body is not checked', 'The check reads the examples, which break the rules themselves'],
    next: ['Look at the error on the request'],
    peer: 'tolerates',
    on: ['*.answer'],
    check: ({ x, answer, report }) => {
      if (!x.refusedBySchema || !answer.granted) return;
      report({
        text: `${x.operation} breaks its schema and was accepted`,
        evidence: [{ seq: x.seq, label: 'the request' }],
      });
    },
  },
  {
    id: 'oicp.answer.other-message',
    severity: 'warning',
    fault: 'server',
    title: 'An authorization is answered by an authorization',
    clause: 'OICP 2.3 eRoamingAuthorizationStart and -Stop; CPO-AS-04, HUB-04',
    causes: ['Refusals are made in one place for all operations'],
    next: ['Answer NotAuthorized with the same code'],
    peer: 'tolerates',
    on: ['AuthorizeStart.answer', 'AuthorizeStop.answer'],
    check: (c) => {
      const { answer } = c;
      if ((answer.status ?? 200) >= 300 || !isObject(answer.payload)) return;
      if (!('Result' in answer.payload) || 'AuthorizationStatus' in answer.payload) return;
      c.report({ text: `${c.x.operation} was answered with an acknowledgement${codeText(c)}` });
    },
  },
]);

function codeText({ answer }: ExchangeContext): string {
  return answer.statusCode === undefined ? '' : ` of code ${answer.statusCode}`;
}
