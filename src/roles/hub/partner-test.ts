import type { OicpOutcome } from '../../link/oicp-client.ts';
import { type OicpRole, type OperationName, operationRow } from '../../protocols/oicp/index.ts';
import type { PartnerCalls } from './partner-calls.ts';
import type { PartnerRecord } from './state/records.ts';

/** What a try to reach a partner showed, in words for a person. */
export interface PartnerTest {
  readonly ok: boolean;
  /** As which role it was tried. */
  readonly role: 'CPO' | 'EMP';
  readonly operation: OperationName;
  readonly address?: string;
  /** What happened. */
  readonly text: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly ms: number;
  /** Of the exchange in the journal, when this side records it. */
  readonly seq?: number;
}

/** A stop with an empty body does nothing anywhere: whoever speaks OICP refuses it with a code. */
const PROBES = { CPO: 'AuthorizeRemoteStop', EMP: 'AuthorizeStop' } as const satisfies Record<
  Exclude<OicpRole, 'HUB'>,
  OperationName
>;

/** Calls a partner with a body that nobody can carry out, once for each role that it has. */
export function testPartner(calls: PartnerCalls, partner: PartnerRecord): Promise<PartnerTest[]> {
  const roles = [
    ...(partner.operatorIds.length > 0 ? (['CPO'] as const) : []),
    ...(partner.providerIds.length > 0 ? (['EMP'] as const) : []),
  ];
  return Promise.all(roles.map((role) => probe(calls, partner, role)));
}

async function probe(calls: PartnerCalls, partner: PartnerRecord, role: 'CPO' | 'EMP'): Promise<PartnerTest> {
  const operation = PROBES[role];
  const address = calls.addressFor(partner, operation);
  if (address === undefined) {
    const hint = 'Give it a baseUrl with PUT /api/v1/hub/partners/{id}.';
    return { ok: false, role, operation, text: 'The partner has no address.', hint, ms: 0 };
  }
  const { example } = operationRow(operation);
  const { OperatorID, ProviderID } = example.request as { OperatorID?: string; ProviderID?: string };
  const pathId = role === 'CPO' ? ProviderID : OperatorID;
  const outcome = await calls.call({ partner: partner.key, operation, pathId, text: '{}' }, { trace: undefined });
  const { ms, seq } = outcome;
  return { role, operation, address, ms, ...(seq === undefined ? {} : { seq }), ...verdictOf(outcome, address) };
}

/** Words for what stops a call before OICP is spoken: the system's own text, what it means, what to do. */
const FAILURES: readonly (readonly [RegExp, string, string])[] = [
  [/ECONNREFUSED/, 'Nobody listens at', 'Start the partner’s server, or correct the port in its baseUrl.'],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'There is no machine of the name in',
    'Correct the host in its baseUrl, or the name service.',
  ],
  [/EHOSTUNREACH|ENETUNREACH/, 'No way leads to', 'Look at the network, the proxy and the firewall between the two.'],
  [
    /wrong version number|EPROTO|SSL routines/i,
    'TLS could not begin with',
    'The server may speak plain HTTP there: use http:// in its baseUrl, or the port of its HTTPS.',
  ],
  [
    /self[- ]signed|unable to verify|unable to get|DEPTH_ZERO/i,
    'The certificate is from an authority that the hub does not know, at',
    'Put the authority’s PEM file into hub.client.ca.',
  ],
  [/has expired|CERT_HAS_EXPIRED/i, 'The server’s certificate has expired, at', 'Renew it on the partner’s side.'],
  [
    /altnames|ERR_TLS_CERT_ALTNAME/i,
    'The certificate is for another host name than that of',
    'Use the certificate’s name in its baseUrl, or issue one for this host.',
  ],
  [
    /certificate required|bad certificate|alert|handshake/i,
    'The server refused the TLS handshake, at',
    'It may want a client certificate: give the hub one with hub.client.cert and hub.client.key.',
  ],
  [/Invalid URL|invalid/i, 'There is no usable address in', 'Correct its baseUrl.'],
];

function verdictOf(outcome: OicpOutcome, address: string): Pick<PartnerTest, 'ok' | 'text' | 'hint'> {
  const { kind, status } = outcome;
  const reason = 'reason' in outcome ? outcome.reason : '';
  switch (kind) {
    case 'refused':
      if (outcome.code === '017' || status === 401) {
        const hint = 'It does not believe that the hub calls: agree on a certificate or a key.';
        return { ok: false, text: `It answers, but refuses the hub itself: ${reason || outcome.code}.`, hint };
      }
      return {
        ok: true,
        text: `It answers in OICP: the empty message was refused with ${outcome.code}, as it must be.`,
      };
    case 'ok': {
      const hint = 'It should validate what it gets (SRV-04).';
      return { ok: false, text: 'It answers in OICP, but said yes to an empty message.', hint };
    }
    case 'busy':
      return { ok: false, text: `It answers, but cannot serve now: ${reason}.`, hint: 'Try again later.' };
    case 'timeout':
      return { ok: false, text: `It took the call and never answered: ${reason}.`, hint: 'Look at the partner’s log.' };
    case 'invalid': {
      const hint =
        status === 404
          ? 'Its baseUrl is what stands before /api/oicp; something else serves this address.'
          : status === 401 || status === 403
            ? 'It, or a proxy before it, does not let the hub in: agree on a certificate, a key or the source address.'
            : 'Something else than an OICP server answers at this address.';
      return { ok: false, text: `Something answers, but not in OICP: ${reason}.`, hint };
    }
    case 'unreachable':
    case 'broken': {
      const known = FAILURES.find(([pattern]) => pattern.test(reason));
      if (known === undefined) {
        const text = kind === 'broken' ? 'The connection ended before an answer came from' : 'It could not be reached:';
        return { ok: false, text: `${text} ${address} (${reason}).` };
      }
      const [, text, hint] = known;
      return { ok: false, text: `${text} ${address} (${reason}).`, hint };
    }
  }
}
