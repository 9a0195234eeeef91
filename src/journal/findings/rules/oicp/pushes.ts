import { canonicalEvseId } from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { booleanAt, listAt, textAt } from '../../payload-reader.ts';

const PUSHES = [
  'PushEvseData',
  'PushEvseStatus',
  'PushAuthenticationData',
  'PushPricingProductData',
  'PushEVSEPricing',
];
const PUSHED_REQUEST = PUSHES.map((name) => `${name}.request` as const);
const PUSHED_ANSWER = PUSHES.map((name) => `${name}.answer` as const);
const STATUS_WITHIN_MS = 3_600_000;

/** Rules about uploads: what is there, what is missing, what may not be done at once. */
export const pushes: readonly ExchangeRule[] = oicpFamily('consistency', [
  {
    id: 'oicp.push.parallel',
    axis: 'conformance',
    severity: 'error',
    fault: 'caller',
    title: 'One push at a time: the next one waits for the answer',
    clause: 'OICP 2.3 status code 009; CPO-PD-08, CPO-PS-04, EMP-PA-03',
    causes: ['Each status change is sent by a worker of its own', 'The client gave up waiting and sends again'],
    next: ['Queue the pushes of one kind'],
    peer: 'rejects',
    on: [...PUSHED_REQUEST, ...PUSHED_ANSWER],
    check: (c) => {
      const { x } = c;
      const key = `${x.from.id} ${x.to.id} ${x.operation}`;
      const open = c.note<{ readonly seq: number; readonly open: boolean }>(key);
      if (x.answer !== null) {
        if (open?.seq === x.seq) c.setNote(key, { seq: x.seq, open: false });
        return;
      }
      c.setNote(key, { seq: x.seq, open: true });
      if (open?.open !== true) return;
      c.report({
        text: `a ${x.operation} while the one before is not answered yet`,
        evidence: [{ seq: open.seq, label: 'the one before' }],
      });
    },
  },
  {
    id: 'oicp.push.twice',
    axis: 'conformance',
    severity: 'error',
    fault: 'caller',
    title: 'A push names each EVSE once',
    clause: 'OICP 2.3 ActionType; CPO-PD-11, HUB-26',
    causes: ['One record per connector is sent', 'The same EVSE is written in two ways'],
    next: ['Compare the ids without their separators'],
    peer: 'rejects',
    on: ['PushEvseData.request', 'PushEvseStatus.request'],
    check: (c) => {
      const seen = new Map<string, number>();
      const [holder, list] =
        c.x.operation === 'PushEvseData'
          ? ['OperatorEvseData', 'EvseDataRecord']
          : ['OperatorEvseStatus', 'EvseStatusRecord'];
      for (const [at, record] of listAt(c.x.payload, holder, list).entries()) {
        const id = textAt(record, 'EvseID');
        if (id === undefined) continue;
        const key = canonicalEvseId(id);
        const first = seen.get(key);
        if (first !== undefined)
          return c.report({
            text: `${id} stands twice, in records ${first} and ${at}`,
            pointer: `/${holder}/${list}/${at}/EvseID`,
          });
        seen.set(key, at);
      }
    },
  },
  {
    id: 'oicp.push.insert-known',
    severity: 'warning',
    fault: 'hub',
    title: 'A push that cannot be executed as a whole is refused (009)',
    clause: 'OICP 2.3 ActionType; HUB-26, CPO-PD-09',
    causes: ['The hub takes insert and update for the same'],
    next: ['Refuse inserts of known and updates of unknown records: the two sides differ otherwise without knowing'],
    peer: 'tolerates',
    on: ['PushEvseData.answer'],
    check: (c) => {
      const { x, answer } = c;
      const action = textAt(x.payload, 'ActionType');
      const data = c.oicp.operator(x.pathId);
      if (
        data?.complete !== true ||
        !answer.granted ||
        (action !== 'insert' && action !== 'update' && action !== 'delete')
      )
        return;
      for (const [at, id] of evseIds(c)) {
        const known = data.evses.has(canonicalEvseId(id));
        if (known === (action !== 'insert')) continue;
        c.report({
          text: `${action} of ${id} was accepted, and it is ${known ? 'there already' : 'not there'}`,
          evidence: [{ seq: x.seq, pointer: `/OperatorEvseData/EvseDataRecord/${at}/EvseID`, label: 'the record' }],
        });
        return;
      }
    },
  },
  {
    id: 'oicp.push.insert-again',
    severity: 'warning',
    fault: 'caller',
    title: 'After 009 a push is not repeated with the same action',
    clause: 'OICP 2.3 status code 009; CPO-PD-09',
    causes: ['Every refusal is taken for a failure of the network'],
    next: ['Send a fullLoad: it puts both sides in step'],
    peer: 'rejects',
    on: [...PUSHED_REQUEST, ...PUSHED_ANSWER],
    check: (c) => {
      const { x } = c;
      const key = `${x.from.id} ${x.operation}`;
      if (x.answer !== null) {
        // Another push was running: this one may come again.
        const busy = /progress/i.test(textAt(x.answer.payload, 'StatusCode', 'AdditionalInfo') ?? '');
        return c.setNote(key, x.answer.statusCode === '009' && !busy ? { raw: x.raw, seq: x.answer.seq } : undefined);
      }
      const before = c.note<{ readonly raw: string; readonly seq: number }>(key);
      if (before?.raw !== x.raw) return;
      c.report({
        text: `${x.operation} is sent again as it was, although it could not be executed (009)`,
        evidence: [{ seq: before.seq, pointer: '/StatusCode', label: '009' }],
      });
    },
  },
  {
    id: 'oicp.status.before-data',
    severity: 'error',
    fault: 'caller',
    title: 'Status is pushed for EVSEs whose data is uploaded',
    clause: 'OICP 2.3 eRoamingPushEvseStatus; CPO-PS-02',
    causes: ['New stations push before they are in the upload', 'The upload was refused'],
    next: ['Upload the data first'],
    peer: 'rejects',
    on: ['PushEvseStatus.request'],
    check: (c) => {
      const data = c.oicp.operator(c.x.pathId);
      if (data?.complete !== true || textAt(c.x.payload, 'ActionType') === 'delete') return;
      for (const [at, record] of listAt(c.x.payload, 'OperatorEvseStatus', 'EvseStatusRecord').entries()) {
        const id = textAt(record, 'EvseID');
        if (id === undefined || data.evses.has(canonicalEvseId(id))) continue;
        c.report({
          text: `The status of ${id} is pushed, and its data is not uploaded`,
          pointer: `/OperatorEvseStatus/EvseStatusRecord/${at}/EvseID`,
        });
        return;
      }
    },
  },
  {
    id: 'oicp.status.incomplete',
    severity: 'warning',
    fault: 'caller',
    title: 'A fullLoad of the status covers all EVSEs',
    clause: 'OICP 2.3 eRoamingPushEvseStatus; CPO-PS-03',
    causes: ['Only EVSEs that changed are sent', 'Offline stations are left out'],
    next: ['Send Unknown for EVSEs whose status is not known'],
    peer: 'tolerates',
    on: ['PushEvseStatus.request'],
    check: (c) => {
      const data = c.oicp.operator(c.x.pathId);
      if (data?.complete !== true || textAt(c.x.payload, 'ActionType') !== 'fullLoad') return;
      const told = new Set<string>();
      for (const record of listAt(c.x.payload, 'OperatorEvseStatus', 'EvseStatusRecord')) {
        const id = textAt(record, 'EvseID');
        if (id !== undefined) told.add(canonicalEvseId(id));
      }
      const missing = [...data.evses.keys()].filter((id) => !told.has(id));
      if (missing.length === 0) return;
      c.report({
        text: `The fullLoad says nothing of ${missing.length} of ${data.evses.size} EVSEs, for example ${missing[0] ?? ''}`,
        pointer: '/OperatorEvseStatus/EvseStatusRecord',
      });
    },
  },
  {
    id: 'oicp.status.repeated',
    severity: 'info',
    fault: 'caller',
    title: 'A push of a status tells a change',
    clause: 'OICP 2.3 eRoamingPushEvseStatus, one push per change; CPO-PS-01, CPO-PS-04',
    causes: [
      'A change was not pushed, or its push was lost',
      'Pushes overtake each other',
      'The status is pushed by a timer',
    ],
    next: ['Compare what the station told between the two pushes'],
    peer: 'tolerates',
    on: ['PushEvseStatus.request'],
    check: (c) => {
      const { x } = c;
      const known = c.oicp.operator(x.pathId)?.statuses;
      if (known === undefined || x.isRetry || !x.toHub || textAt(x.payload, 'ActionType') !== 'update') return;
      for (const [at, record] of listAt(x.payload, 'OperatorEvseStatus', 'EvseStatusRecord').entries()) {
        const id = textAt(record, 'EvseID');
        const before = id === undefined ? undefined : known.get(canonicalEvseId(id));
        if (before === undefined || before.status !== textAt(record, 'EvseStatus')) continue;
        return c.report({
          text: `${id ?? ''} is pushed as ${before.status}, as it was before`,
          pointer: `/OperatorEvseStatus/EvseStatusRecord/${at}/EvseStatus`,
          evidence: [{ seq: before.seq, label: 'the push before' }],
        });
      }
    },
  },
  {
    id: 'oicp.status.dynamic',
    axis: 'timing',
    severity: 'warning',
    fault: 'caller',
    title: 'Who promises dynamic status pushes one',
    clause: 'OICP 2.3 DynamicInfoAvailable; CPO-PS-03, HUB-34',
    causes: ['DynamicInfoAvailable is true by default'],
    next: ['Push the status, or say "auto"'],
    peer: 'tolerates',
    on: ['PushEvseData.answer', 'PushEvseStatus.answer'],
    check: (c) => {
      const { x, answer } = c;
      const operator = x.pathId ?? '';
      if (x.operation === 'PushEvseStatus') {
        if (answer.granted) c.fulfil(operator);
        return;
      }
      const promised = listAt(x.payload, 'OperatorEvseData', 'EvseDataRecord').some(
        (record) => textAt(record, 'DynamicInfoAvailable') === 'true',
      );
      if (!promised || !answer.granted || (c.oicp.operator(operator)?.statuses.size ?? 0) > 0) return;
      c.expect({
        key: operator,
        withinMs: STATUS_WITHIN_MS,
        otherwise: () => ({
          text: `${operator} promises dynamic status and has pushed none within an hour`,
          seq: x.seq,
        }),
      });
    },
  },
  {
    id: 'oicp.pricing.product',
    severity: 'error',
    fault: 'caller',
    title: 'EVSE prices name products that were pushed',
    clause: 'OICP 2.3 eRoamingPushEVSEPricing; CPO-PR-02',
    causes: ['The products are pushed afterwards', 'The product id is written differently'],
    next: ['Push the products first'],
    on: ['PushEVSEPricing.request'],
    check: (c) => {
      const data = c.oicp.operator(c.x.pathId);
      if (data?.productsComplete !== true) return;
      for (const [at, entry] of listAt(c.x.payload, 'EVSEPricing').entries()) {
        const products = listAt(entry, 'EvseIDProductList');
        const unknown = products.findIndex((product) => typeof product === 'string' && !data.products.has(product));
        if (unknown < 0) continue;
        c.report({
          text: `${textAt(entry, 'EvseID') ?? 'An EVSE'} names the product ${String(products[unknown])}, which was not pushed`,
          pointer: `/EVSEPricing/${at}/EvseIDProductList/${unknown}`,
        });
        return;
      }
    },
  },
  {
    id: 'oicp.push.remote-mode',
    severity: 'warning',
    fault: 'caller',
    title: 'An EVSE that is not compatible offers no remote start',
    clause: 'OICP 2.3 IsHubjectCompatible, AuthenticationModes; CPO-PD-03',
    causes: ['The flag is false by default'],
    next: ['Set the flag, or leave REMOTE out'],
    peer: 'tolerates',
    on: ['PushEvseData.request'],
    check: (c) => {
      for (const [at, record] of listAt(c.x.payload, 'OperatorEvseData', 'EvseDataRecord').entries()) {
        if (booleanAt(record, 'IsHubjectCompatible') !== false) continue;
        if (!listAt(record, 'AuthenticationModes').includes('REMOTE')) continue;
        c.report({
          text: `${textAt(record, 'EvseID') ?? 'An EVSE'} lists REMOTE and is not compatible: the hub will refuse remote starts (604)`,
          pointer: `/OperatorEvseData/EvseDataRecord/${at}/IsHubjectCompatible`,
        });
        return;
      }
    },
  },
]);

function* evseIds({ x }: ExchangeContext): Generator<[number, string]> {
  for (const [at, record] of listAt(x.payload, 'OperatorEvseData', 'EvseDataRecord').entries()) {
    const id = textAt(record, 'EvseID');
    if (id !== undefined) yield [at, id];
  }
}
