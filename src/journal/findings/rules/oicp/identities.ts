import {
  canonicalOperatorId,
  canonicalProviderId,
  operationRow,
  operatorOfEvseId,
  providerOfEvcoId,
  sameOperatorId,
  sameProviderId,
} from '../../../../protocols/oicp/index.ts';
import { isOperationName, type OperationName } from '../../../../protocols/oicp/operations.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { listAt, textAt } from '../../payload-reader.ts';

const JSON_TYPE = /^application\/json\b/i;

/** Rules about who asks, and whose things are talked about. */
export const identities: readonly ExchangeRule[] = oicpFamily('conformance', [
  {
    id: 'oicp.http.path',
    severity: 'error',
    fault: 'caller',
    title: 'A request goes by POST to the path of an operation',
    clause: 'OICP 2.3 operations; GEN-01',
    causes: [
      'The path is of OICP 2.1 or 2.2',
      'The base address holds a part of the path already',
      'A pull is sent as GET',
    ],
    next: ['Compare the path with the table of operations: each part has its own version'],
    peer: 'rejects',
    on: ['*.request'],
    check: ({ x, report }) => {
      if (x.link.protocol !== 'oicp' || isOperationName(x.operation)) {
        if (x.method !== undefined && x.method !== 'POST')
          report({ text: `${x.operation} came by ${x.method}, not by POST` });
        return;
      }
      report({ text: `${x.method ?? 'POST'} ${x.path || x.operation} is no operation of OICP 2.3` });
    },
  },
  {
    id: 'oicp.http.content-type',
    severity: 'warning',
    fault: 'sender',
    title: 'Bodies are application/json',
    clause: 'OICP 2.3 §2.1; GEN-01, SRV-08',
    causes: ['The HTTP library’s own default is kept', 'A proxy answers in the place of the partner'],
    next: ['Look at the header Content-Type'],
    peer: 'tolerates',
    on: ['*.request', '*.answer'],
    check: ({ x, report }) => {
      const half = x.answer ?? x;
      const type = half.header('content-type');
      if (!half.hasHeaders || half.raw === '' || (type !== undefined && JSON_TYPE.test(type))) return;
      // Gateways refuse in their own form: what the answer says counts more than its type.
      if (x.answer !== null && (x.answer.status ?? 200) >= 400) return;
      report({
        text: `the content type is “${type ?? ''}”, not application/json`,
        fault: x.answer === null ? 'caller' : 'server',
      });
    },
  },
  {
    id: 'oicp.id.path-body',
    axis: 'security',
    severity: 'error',
    fault: 'caller',
    title: 'Path and body name the same partner',
    clause: 'OICP 2.3 OperatorID and ProviderID; GEN-02, SRV-02, HUB-02',
    causes: ['The path is built from the configuration, the body from the data', 'A sub-operator stands in the body'],
    next: ['Send the id of the partner that talks to the hub in both places'],
    peer: 'rejects',
    on: ['*.request'],
    check: ({ x, report }) => {
      const ids = idsOf(x);
      if (ids === undefined || ids.same) return;
      report({
        text: `The path says ${ids.path}, the body says ${ids.body}`,
        pointer: ids.pointer,
        expected: ids.path,
        actual: ids.body,
      });
    },
  },
  {
    id: 'oicp.id.path-spelling',
    axis: 'compatibility',
    severity: 'info',
    fault: 'caller',
    title: 'Path and body write the partner’s id alike',
    clause: 'OICP 2.3 identifiers; SRV-06, GEN-12',
    causes: ['One of them is written with separators, the other without'],
    next: ['Write it as it was registered: some hubs compare the texts'],
    peer: 'tolerates',
    on: ['*.request'],
    check: ({ x, report }) => {
      const ids = idsOf(x);
      if (ids === undefined || !ids.same || ids.path === ids.body) return;
      report({ text: `The path writes ${ids.path}, the body ${ids.body}`, pointer: ids.pointer });
    },
  },
  {
    id: 'oicp.evse.foreign',
    axis: 'consistency',
    severity: 'error',
    fault: 'caller',
    title: 'An operator speaks about EVSEs of its own or of its sub-operators only',
    clause: 'OICP 2.3 status code 018; CPO-PD-02, CPO-PR-02, HUB-28',
    causes: ['A sub-operator is not registered at the hub', 'Stations were taken over and kept their ids'],
    next: ['Register the operator of the EVSE, or give it an id of one’s own'],
    peer: 'rejects',
    on: ['PushEvseData.answer', 'PushEvseStatus.answer', 'PushEVSEPricing.answer', 'ChargeDetailRecord.answer'],
    check: (c) => {
      if (c.answer.statusCode !== '018') return;
      const [evse, pointer] = foreignEvse(c) ?? ['an EVSE', ''];
      c.report({
        text: `The hub says that ${evse} does not belong to ${c.x.pathId ?? 'the operator'}`,
        pointer,
        seq: c.x.seq,
        evidence: [{ seq: c.answer.seq, pointer: '/StatusCode', label: 'the answer' }],
      });
    },
  },
  {
    id: 'oicp.evco.foreign',
    axis: 'consistency',
    severity: 'error',
    fault: 'caller',
    title: 'A provider uploads contracts of its own or of its sub-providers only',
    clause: 'OICP 2.3 status code 019; EMP-PA-01, HUB-29',
    causes: ['A sub-provider is not registered at the hub', 'Test contracts of another provider are in the list'],
    next: ['Register the provider of the contract'],
    peer: 'rejects',
    on: ['PushAuthenticationData.answer'],
    check: (c) => {
      if (c.answer.statusCode !== '019') return;
      const { x } = c;
      const own = canonicalProviderId(x.pathId ?? '');
      const records = listAt(x.payload, 'ProviderAuthenticationData', 'AuthenticationDataRecord');
      const at = records.findIndex((record) => {
        const evco = evcoIn(record);
        return evco !== undefined && providerOfEvcoId(evco) !== own;
      });
      const which = at < 0 ? 'a contract' : `the contract ${evcoIn(records[at]) ?? ''}`;
      c.report({
        text: `The hub says that ${which} does not belong to ${x.pathId ?? 'the provider'}`,
        pointer: at < 0 ? '' : `/ProviderAuthenticationData/AuthenticationDataRecord/${at}`,
        seq: x.seq,
        evidence: [{ seq: c.answer.seq, pointer: '/StatusCode', label: 'the answer' }],
      });
    },
  },
]);

/** The id of the path beside the one in the body; undefined where one of them is missing. */
function idsOf(x: ExchangeContext['x']): { path: string; body: string; pointer: string; same: boolean } | undefined {
  const { pathId: path, oicp } = x;
  // On the forwarded leg the path names the caller of the first leg: that is what the body says too.
  if (path === undefined || oicp === undefined) return undefined;
  const operator = operationRow(oicp).pathId === 'operatorID';
  const [body, pointer] = operator ? operatorIn(oicp, x.payload) : providerIn(oicp, x.payload);
  if (body === undefined) return undefined;
  return { path, body, pointer, same: operator ? sameOperatorId(path, body) : sameProviderId(path, body) };
}

function operatorIn(operation: OperationName, payload: unknown): [string | undefined, string] {
  switch (operation) {
    case 'PushEvseData':
      return [textAt(payload, 'OperatorEvseData', 'OperatorID'), '/OperatorEvseData/OperatorID'];
    case 'PushEvseStatus':
      return [textAt(payload, 'OperatorEvseStatus', 'OperatorID'), '/OperatorEvseStatus/OperatorID'];
    case 'PushPricingProductData':
      return [textAt(payload, 'PricingProductData', 'OperatorID'), '/PricingProductData/OperatorID'];
    default:
      return [textAt(payload, 'OperatorID'), '/OperatorID'];
  }
}

function providerIn(operation: OperationName, payload: unknown): [string | undefined, string] {
  return operation === 'PushAuthenticationData'
    ? [textAt(payload, 'ProviderAuthenticationData', 'ProviderID'), '/ProviderAuthenticationData/ProviderID']
    : [textAt(payload, 'ProviderID'), '/ProviderID'];
}

function foreignEvse({ x }: ExchangeContext): [string, string] | undefined {
  const own = canonicalOperatorId(x.pathId ?? '');
  const lists: readonly (readonly [readonly unknown[], string])[] = [
    [[x.payload], ''],
    [listAt(x.payload, 'OperatorEvseData', 'EvseDataRecord'), '/OperatorEvseData/EvseDataRecord'],
    [listAt(x.payload, 'OperatorEvseStatus', 'EvseStatusRecord'), '/OperatorEvseStatus/EvseStatusRecord'],
    [listAt(x.payload, 'EVSEPricing'), '/EVSEPricing'],
  ];
  for (const [records, place] of lists) {
    for (const [at, record] of records.entries()) {
      const evse = textAt(record, 'EvseID');
      if (evse === undefined || operatorOfEvseId(evse) === own) continue;
      return [evse, place === '' ? '/EvseID' : `${place}/${at}/EvseID`];
    }
  }
  return undefined;
}

function evcoIn(record: unknown): string | undefined {
  for (const kind of [
    'QRCodeIdentification',
    'PlugAndChargeIdentification',
    'RemoteIdentification',
    'RFIDIdentification',
  ]) {
    const evco = textAt(record, 'Identification', kind, 'EvcoID');
    if (evco !== undefined) return evco;
  }
  return undefined;
}
