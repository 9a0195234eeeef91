import {
  canonicalEvseId,
  canonicalOperatorId,
  canonicalProviderId,
  canonicalSessionId,
  operatorOfEvseId,
} from '../../../../protocols/oicp/index.ts';
import { type ExchangeContext, type ExchangeRule, oicpFamily } from '../../exchange/exchange-rule.ts';
import { booleanAt, isObject, listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';

const PAGED = ['PullEvseData', 'GetChargeDetailRecords'];
const PAGED_REQUEST = PAGED.map((name) => `${name}.request` as const);
const PAGED_ANSWER = PAGED.map((name) => `${name}.answer` as const);
const PULL_WINDOW_MS = 30 * 60_000;

interface PullNote {
  readonly seq: number;
  readonly at: number;
  readonly page: number;
  readonly last: boolean;
  readonly body: string;
  readonly lastCall: string | undefined;
}

/** Rules about pulls: pages, deltas, filters, and that an answer holds what was asked for. */
export const pulls: readonly ExchangeRule[] = oicpFamily('conformance', [
  {
    id: 'oicp.page.gap',
    severity: 'warning',
    fault: 'caller',
    title: 'Pages are asked for one after another, from 0 on',
    clause: 'OICP 2.3 paging; EMP-PD-01, EMP-GC-02',
    causes: ['Pages are counted from 1', 'A page that failed is left out', 'Workers ask for pages at the same time'],
    next: ['Ask for page 0, then for each next one until last is true'],
    on: [...PAGED_REQUEST, ...PAGED_ANSWER],
    check: (c) => {
      const { x } = c;
      const key = pullKey(c);
      if (x.target === '') return;
      const page = pageOf(c);
      const before = c.note<PullNote>(key);
      if (x.answer !== null) {
        if (x.answer.granted || listAt(x.answer.payload, 'content').length > 0) c.setNote(key, noteOf(c, page));
        return;
      }
      const fresh = before === undefined || x.time - before.at > PULL_WINDOW_MS || before.last;
      if (page === 0 || (!fresh && page <= before.page + 1)) return;
      // A log may begin in the middle of a pull.
      if (before === undefined && page > 1) return c.notEvaluable();
      c.report({
        text: fresh
          ? `${x.operation} begins with page ${page}: page 0 is never asked for`
          : `${x.operation} asks for page ${page} after page ${before.page}`,
        ...(fresh || before === undefined ? {} : { evidence: [{ seq: before.seq, label: `page ${before.page}` }] }),
      });
    },
  },
  {
    id: 'oicp.page.counters',
    severity: 'warning',
    fault: 'server',
    title: 'The counters of a page fit its content',
    clause: 'OICP 2.3 page envelope; HUB-25',
    causes: ['Counters are of the unfiltered list'],
    next: ['Compare number, size, numberOfElements, totalElements, last with the content'],
    peer: 'tolerates',
    on: PAGED_ANSWER,
    check: (c) => {
      const { answer, x } = c;
      if (!isObject(answer.payload) || !('content' in answer.payload)) return;
      const { payload } = answer;
      const content = listAt(payload, 'content').length;
      const [number, size, total, pages] = ['number', 'size', 'totalElements', 'totalPages'].map((name) =>
        numberAt(payload, name),
      );
      const wrong = (name: string, text: string): void => c.report({ text, pointer: `/${name}` });
      const counted = numberAt(payload, 'numberOfElements');
      if (counted !== undefined && counted !== content)
        wrong('numberOfElements', `numberOfElements is ${counted}, the page holds ${content}`);
      if (size !== undefined && content > size)
        wrong('content', `The page holds ${content} records, its size is ${size}`);
      if (number !== undefined && x.target !== '' && number !== pageOf(c))
        wrong('number', `Page ${pageOf(c)} was asked for, ${number} came`);
      if (number === undefined || pages === undefined) return;
      const last = booleanAt(payload, 'last');
      if (last !== undefined && last !== number >= pages - 1)
        wrong('last', `last is ${last} on page ${number} of ${pages}`);
      if (size !== undefined && total !== undefined && size > 0 && pages !== Math.ceil(total / size))
        wrong('totalPages', `${total} records on pages of ${size} are ${Math.ceil(total / size)} pages, not ${pages}`);
    },
  },
  {
    id: 'oicp.page.last-call',
    axis: 'consistency',
    severity: 'warning',
    fault: 'caller',
    title: 'All pages of one pull have the same filters',
    clause: 'OICP 2.3 LastCall, paging; EMP-PD-02, EMP-PD-04',
    causes: ['LastCall is the time of the request, anew on each page'],
    next: ['Keep LastCall for all pages, and remember the start of the first one for the next pull'],
    peer: 'tolerates',
    on: [...PAGED_REQUEST],
    check: (c) => {
      const page = pageOf(c);
      const key = pullKey(c);
      const before = c.note<PullNote>(key);
      c.setNote(key, noteOf(c, page));
      if (page === 0 || before === undefined || before.page !== page - 1 || c.x.raw === before.body) return;
      c.report({
        text: `Page ${page} is asked for with other filters than page ${before.page}`,
        pointer: textAt(c.x.payload, 'LastCall') === before.lastCall ? '' : '/LastCall',
        evidence: [{ seq: before.seq, label: `page ${before.page}` }],
      });
    },
  },
  {
    id: 'oicp.delta.type',
    severity: 'warning',
    fault: 'server',
    title: 'The records of a delta say what happened to them',
    clause: 'OICP 2.3 deltaType; HUB-30, EMP-PD-02',
    causes: ['The hub answers a delta with the whole list'],
    next: ['Send deltaType and lastUpdate with each record of a pull with LastCall'],
    on: ['PullEvseData.answer'],
    check: (c) => {
      const { x, answer } = c;
      const delta = textAt(x.payload, 'LastCall') !== undefined;
      for (const [at, record] of listAt(answer.payload, 'content').entries()) {
        const type = textAt(record, 'deltaType');
        if (delta ? type !== undefined : type !== 'delete') continue;
        const id = textAt(record, 'EvseID') ?? 'A record';
        c.report({
          text: delta
            ? `${id} has no deltaType in a delta`
            : `${id} is deleted by an answer that holds the valid records`,
          pointer: `/content/${at}/deltaType`,
        });
        return;
      }
    },
  },
  {
    id: 'oicp.pull.twice',
    axis: 'consistency',
    severity: 'warning',
    fault: 'server',
    title: 'A page holds each EVSE once',
    clause: 'OICP 2.3 eRoamingEVSEData; HUB-30',
    causes: ['Two operators have uploaded the same EVSE', 'Each change of an EVSE is told'],
    next: ['A delta tells the net change between two instants'],
    peer: 'tolerates',
    on: ['PullEvseData.answer'],
    check: (c) => {
      const seen = new Set<string>();
      for (const [at, record] of listAt(c.answer.payload, 'content').entries()) {
        const id = textAt(record, 'EvseID');
        if (id === undefined) continue;
        const key = canonicalEvseId(id);
        if (seen.has(key))
          return c.report({ text: `${id} stands twice on one page`, pointer: `/content/${at}/EvseID` });
        seen.add(key);
      }
    },
  },
  {
    id: 'oicp.pull.filter',
    axis: 'consistency',
    severity: 'warning',
    fault: 'server',
    title: 'A pull brings what its filters ask for',
    clause: 'OICP 2.3 eRoamingPullEvseData filters; EMP-PD-02',
    causes: ['The hub ignores the filter', 'The name of the filter is spelt differently'],
    next: ['Compare the filter’s name with the table: OperatorIds, CountryCodes'],
    peer: 'tolerates',
    on: ['PullEvseData.answer'],
    check: (c) => {
      const { x, answer } = c;
      const operators = idsAt(x.payload, 'OperatorIds');
      const countries = idsAt(x.payload, 'CountryCodes');
      if (operators.size === 0 && countries.size === 0) return;
      for (const [at, record] of listAt(answer.payload, 'content').entries()) {
        const operator = textAt(record, 'OperatorID');
        const country = textAt(record, 'Address', 'Country');
        if (operators.size > 0 && operator !== undefined && !operators.has(canonicalOperatorId(operator)))
          return c.report({
            text: `A record of ${operator} came, which was not asked for`,
            pointer: `/content/${at}/OperatorID`,
          });
        if (countries.size > 0 && country !== undefined && !countries.has(country.toUpperCase()))
          return c.report({
            text: `A record in ${country} came, which was not asked for`,
            pointer: `/content/${at}/Address/Country`,
          });
      }
    },
  },
  {
    id: 'oicp.pull.geo-format',
    severity: 'warning',
    fault: 'server',
    title: 'Coordinates come in the format that was asked for',
    clause: 'OICP 2.3 GeoCoordinatesResponseFormat; HUB-32, EMP-PD-05',
    causes: ['The hub passes on what was uploaded'],
    next: ['Convert the coordinates'],
    on: ['PullEvseData.answer'],
    check: (c) => {
      const format = textAt(c.x.payload, 'GeoCoordinatesResponseFormat');
      const member = format === undefined ? undefined : GEO_MEMBERS[format];
      if (member === undefined) return;
      for (const [at, record] of listAt(c.answer.payload, 'content').entries()) {
        const coordinates = valueAt(record, 'GeoCoordinates');
        if (!isObject(coordinates) || (coordinates[member] ?? null) !== null) continue;
        return c.report({
          text: `${format ?? ''} was asked for, ${Object.keys(coordinates).join(', ') || 'nothing'} came`,
          pointer: `/content/${at}/GeoCoordinates`,
        });
      }
    },
  },
  {
    id: 'oicp.pull.by-id',
    severity: 'warning',
    fault: 'server',
    title: 'Each EVSE that is asked for by its id is in the answer',
    clause: 'OICP 2.3 eRoamingPullEvseStatusByID; HUB-33, EMP-PS-02',
    causes: ['Unknown EVSEs are left out'],
    next: ['Answer EvseNotFound for them'],
    peer: 'tolerates',
    on: ['PullEvseStatusByID.answer'],
    check: (c) => {
      const { x, answer } = c;
      if (!isObject(valueAt(answer.payload, 'EVSEStatusRecords'))) return;
      const told = new Set<string>();
      for (const record of listAt(answer.payload, 'EVSEStatusRecords', 'EvseStatusRecord')) {
        const id = textAt(record, 'EvseID');
        if (id !== undefined) told.add(canonicalEvseId(id));
      }
      const missing = listAt(x.payload, 'EvseID').find(
        (id) => typeof id === 'string' && !told.has(canonicalEvseId(id)),
      );
      if (missing === undefined) return;
      c.report({
        text: `The answer says nothing of ${String(missing)}`,
        pointer: '/EVSEStatusRecords/EvseStatusRecord',
      });
    },
  },
  {
    id: 'oicp.pull.status-stale',
    axis: 'consistency',
    severity: 'error',
    fault: 'server',
    title: 'The status that is pulled is the one that was pushed last',
    clause: 'OICP 2.3 EvseStatus; HUB-27, CPO-PS-04',
    causes: ['The hub answers from a cache', 'A later push was overtaken'],
    next: ['Compare the times of push and pull'],
    on: ['PullEvseStatusByID.answer', 'PullEvseStatus.answer', 'PullEvseStatusByOperatorID.answer'],
    check: (c) => {
      const { answer, x } = c;
      const check = (operatorId: string, record: unknown, pointer: string): boolean => {
        const [id, status] = [textAt(record, 'EvseID'), textAt(record, 'EvseStatus')];
        if (id === undefined || status === undefined) return false;
        const pushed = c.oicp.operator(operatorId)?.statuses.get(canonicalEvseId(id));
        // A push on its way may be seen or not.
        if (pushed === undefined || pushed.status === status || pushed.at > x.time - 2_000) return false;
        c.report({
          text: `${id} was pushed as ${pushed.status} and is pulled as ${status}`,
          pointer,
          expected: pushed.status,
          actual: status,
          evidence: [{ seq: pushed.seq, label: 'the push' }],
        });
        return true;
      };
      for (const [at, group] of listAt(answer.payload, 'EvseStatuses', 'OperatorEvseStatus').entries()) {
        const operator = textAt(group, 'OperatorID');
        if (operator === undefined) continue;
        for (const [index, record] of listAt(group, 'EvseStatusRecord').entries())
          if (check(operator, record, `/EvseStatuses/OperatorEvseStatus/${at}/EvseStatusRecord/${index}/EvseStatus`))
            return;
      }
      for (const [index, record] of listAt(answer.payload, 'EVSEStatusRecords', 'EvseStatusRecord').entries()) {
        const operator = operatorOfEvseId(textAt(record, 'EvseID') ?? '') ?? '';
        if (check(operator, record, `/EVSEStatusRecords/EvseStatusRecord/${index}/EvseStatus`)) return;
      }
    },
  },
  {
    id: 'oicp.pull.records',
    axis: 'consistency',
    severity: 'error',
    fault: 'server',
    title: 'Records that are pulled are those that were asked for',
    clause: 'OICP 2.3 eRoamingGetChargeDetailRecords; HUB-24',
    causes: ['The hub ignores the filter'],
    next: ['Compare SessionID and OperatorID of the request with the records'],
    on: ['GetChargeDetailRecords.answer'],
    check: (c) => {
      const wanted = new Set(
        listAt(c.x.payload, 'SessionID').flatMap((id) => (typeof id === 'string' ? [canonicalSessionId(id)] : [])),
      );
      if (wanted.size === 0) return;
      for (const [at, record] of listAt(c.answer.payload, 'content').entries()) {
        const id = textAt(record, 'SessionID');
        if (id === undefined || wanted.has(canonicalSessionId(id))) continue;
        return c.report({
          text: `The record of session ${id} came, which was not asked for`,
          pointer: `/content/${at}/SessionID`,
        });
      }
    },
  },
  {
    id: 'oicp.pull.prices',
    axis: 'security',
    severity: 'error',
    fault: 'hub',
    title: 'A provider sees prices for itself or for all, no others',
    clause: 'OICP 2.3 dynamic pricing; HUB-38, EMP-PR-01',
    causes: ['The hub does not look at ProviderID'],
    next: ['Look at the ProviderID of each price in the answer'],
    on: ['PullPricingProductData.answer', 'PullEVSEPricing.answer'],
    check: (c) => {
      const { x, answer } = c;
      if (x.pathId === undefined) return;
      const own = canonicalProviderId(x.pathId);
      const foreign = (record: unknown): string | undefined => {
        const provider = textAt(record, 'ProviderID');
        return provider === undefined || provider === '*' || canonicalProviderId(provider) === own
          ? undefined
          : provider;
      };
      for (const [at, data] of listAt(answer.payload, 'PricingProductData').entries()) {
        const provider = foreign(data);
        if (provider !== undefined)
          return c.report({
            text: `Prices for ${provider} were told to ${x.pathId}`,
            pointer: `/PricingProductData/${at}/ProviderID`,
          });
      }
      for (const [at, group] of listAt(answer.payload, 'EVSEPricing').entries())
        for (const [index, entry] of listAt(group, 'EVSEPricing').entries()) {
          const provider = foreign(entry);
          if (provider !== undefined)
            return c.report({
              text: `Prices for ${provider} were told to ${x.pathId}`,
              pointer: `/EVSEPricing/${at}/EVSEPricing/${index}/ProviderID`,
            });
        }
    },
  },
]);

const GEO_MEMBERS: Readonly<Record<string, string>> = {
  Google: 'Google',
  DecimalDegree: 'DecimalDegree',
  DegreeMinuteSeconds: 'DegreeMinuteSeconds',
};

function pullKey({ x }: ExchangeContext): string {
  return `${x.from.id} ${x.pathId ?? ''} ${x.operation}`;
}

function pageOf({ x }: ExchangeContext): number {
  const page = Number(x.query.get('page') ?? '0');
  return Number.isInteger(page) ? page : 0;
}

function noteOf({ x }: ExchangeContext, page: number): PullNote {
  const last = x.answer === null ? undefined : booleanAt(x.answer.payload, 'last');
  return { seq: x.seq, at: x.time, page, last: last === true, body: x.raw, lastCall: textAt(x.payload, 'LastCall') };
}

function idsAt(payload: unknown, name: string): ReadonlySet<string> {
  const ids = listAt(payload, name).flatMap((id) => (typeof id === 'string' ? [id] : []));
  return new Set(ids.map((id) => (name === 'OperatorIds' ? canonicalOperatorId(id) : id.toUpperCase())));
}
