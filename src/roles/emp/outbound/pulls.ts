import type { OicpOutcome } from '../../../link/oicp-client.ts';
import {
  type ChargeDetailRecord,
  dateTimeText,
  type EvseStatusRecord,
  findingsByItem,
  type OperationName,
  type PagedOperation,
  type PullEvseDataRecord,
  type RequestOf,
} from '../../../protocols/oicp/index.ts';
import type { Emp } from '../emp.ts';
import { applyDelta, applyFull, applyStatuses, isInDoubt, knownOperators } from '../state/catalogue.ts';
import { takeCdr } from '../state/charge-detail-records.ts';
import { type ActionStep, stepOf } from './charging.ts';

/** What a pull did. `done` false: the hub did not give everything, and nothing was changed unless it says so. */
export interface PullResult {
  readonly done: boolean;
  readonly steps: readonly ActionStep[];
  /** In a line, for people. */
  readonly summary: string;
}

const PAGE_SIZE = 1_000;
/** A hub whose last page never comes is left alone after so many. */
const MAX_PAGES = 5_000;
/** Deltas overlap a little, for clocks that differ; applying a change twice does no harm, and what is in doubt is seen. */
const OVERLAP_MS = 5_000;

interface Pages<Item> {
  readonly ok: boolean;
  readonly items: readonly Item[];
  readonly skipped: number;
  readonly steps: readonly ActionStep[];
}

/** EVSE data: everything, or the changes since the last successful pull. Filters make it a look, which changes nothing else. */
export function pullEvseData(emp: Emp, mode: 'full' | 'delta', filter: EvseFilter = {}): Promise<PullResult> {
  // Two at a time would overwrite each other's newer half.
  return emp.inTurn('evse-data', () => pullInTurn(emp, mode, filter));
}

async function pullInTurn(emp: Emp, mode: 'full' | 'delta', filter: EvseFilter): Promise<PullResult> {
  const { state, config } = emp;
  const last = state.pulls.get('evse-data')?.lastCall;
  const filtered = Object.keys(filter).length > 0;
  const delta = mode === 'delta' && last !== undefined && !filtered;
  const beganMs = emp.nowMs();
  const pages = await pullPages<'PullEvseData', PullEvseDataRecord>(emp, 'PullEvseData', {
    ProviderID: config.providerId,
    GeoCoordinatesResponseFormat: config.geoFormat,
    ...filter,
    ...(delta ? { LastCall: last } : {}),
  });
  if (!pages.ok)
    return { done: false, steps: pages.steps, summary: 'the hub did not give all pages; the catalogue is as it was' };
  if (delta && isInDoubt(pages.items, last, state)) {
    const whole = await pullInTurn(emp, 'full', filter);
    return { ...whole, steps: [...pages.steps, ...whole.steps] };
  }
  const nowMs = emp.nowMs();
  // A filtered pull knows nothing of what it did not ask for.
  const { changed, removed } =
    delta || filtered ? applyDelta(pages.items, state, nowMs) : applyFull(pages.items, state, nowMs);
  if (!filtered) emp.notePull('evse-data', { lastCall: dateTimeText(beganMs - OVERLAP_MS, 0) });
  emp.changed('evses', '');
  const skipped = pages.skipped === 0 ? '' : `, ${pages.skipped} unreadable ones skipped`;
  return {
    done: true,
    steps: pages.steps,
    summary: `${delta ? 'changes' : 'all'}: ${changed} EVSEs, ${removed} removed${skipped}`,
  };
}

export type EvseFilter = Partial<
  Pick<
    RequestOf<'PullEvseData'>,
    'CountryCodes' | 'OperatorIds' | 'SearchCenter' | 'Accessibility' | 'AuthenticationModes'
  >
>;

/** Status of all EVSEs, of some by id (in blocks of 100), or of some operators. */
export async function pullStatuses(
  emp: Emp,
  wish: { readonly evseIds?: readonly string[] | undefined; readonly operatorIds?: readonly string[] | undefined } = {},
): Promise<PullResult> {
  const { providerId: ProviderID } = emp.config;
  const params = { providerID: ProviderID };
  const steps: ActionStep[] = [];
  const records: EvseStatusRecord[] = [];
  const take = (operation: OperationName, outcome: OicpOutcome): boolean => {
    steps.push(stepOf(operation, outcome));
    return outcome.kind === 'ok';
  };
  if (wish.evseIds !== undefined) {
    for (let from = 0; from < wish.evseIds.length; from += 100) {
      const EvseID = wish.evseIds.slice(from, from + 100);
      const outcome = await emp.hub.call('PullEvseStatusByID', params, { ProviderID, EvseID });
      if (!take('PullEvseStatusByID', outcome) || outcome.kind !== 'ok')
        return { done: false, steps, summary: failed(outcome) };
      records.push(...outcome.message.EVSEStatusRecords.EvseStatusRecord);
    }
  } else {
    const operation = wish.operatorIds === undefined ? 'PullEvseStatus' : 'PullEvseStatusByOperatorID';
    const outcome =
      wish.operatorIds === undefined
        ? await emp.hub.call('PullEvseStatus', params, { ProviderID })
        : await emp.hub.call('PullEvseStatusByOperatorID', params, { ProviderID, OperatorID: [...wish.operatorIds] });
    if (!take(operation, outcome) || outcome.kind !== 'ok') return { done: false, steps, summary: failed(outcome) };
    records.push(
      ...outcome.message.EvseStatuses.OperatorEvseStatus.flatMap(({ EvseStatusRecord }) => EvseStatusRecord),
    );
  }
  const all = wish.evseIds === undefined && wish.operatorIds === undefined;
  const changed = applyStatuses(records, all, emp.state, emp.nowMs());
  if (changed > 0) emp.changed('statuses', '');
  return { done: true, steps, summary: `${records.length} statuses, ${changed} changed` };
}

/** Products and EVSE prices of the operators of the catalogue, or of the named ones. */
export async function pullPrices(emp: Emp, operatorIds?: readonly string[]): Promise<PullResult> {
  const { state, config } = emp;
  const OperatorIDs = [...(operatorIds ?? knownOperators(state).map(({ operatorId }) => operatorId))];
  if (OperatorIDs.length === 0) return { done: true, steps: [], summary: 'no operator is known yet' };
  const params = { providerID: config.providerId };
  const products = await emp.hub.call('PullPricingProductData', params, { OperatorIDs });
  const steps = [stepOf('PullPricingProductData', products)];
  if (products.kind !== 'ok') return { done: false, steps, summary: failed(products) };
  const prices = await emp.hub.call('PullEVSEPricing', params, { ProviderID: config.providerId, OperatorIDs });
  steps.push(stepOf('PullEVSEPricing', prices));
  if (prices.kind !== 'ok') return { done: false, steps, summary: failed(prices) };
  emp.keepPrices(OperatorIDs, products.message.PricingProductData, prices.message.EVSEPricing);
  const count = prices.message.EVSEPricing.reduce((sum, { EVSEPricing }) => sum + EVSEPricing.length, 0);
  return {
    done: true,
    steps,
    summary: `${products.message.PricingProductData.length} product sets, prices of ${count} EVSEs`,
  };
}

/** Charge detail records by the time of their receipt at the hub; at most 90 days. What is known already stays as it is. */
export async function pullCdrs(
  emp: Emp,
  wish: { readonly fromMs: number; readonly toMs: number; readonly onlyMissing?: boolean | undefined },
): Promise<PullResult> {
  const { state, config } = emp;
  const pages = await pullPages<'GetChargeDetailRecords', ChargeDetailRecord>(emp, 'GetChargeDetailRecords', {
    ProviderID: config.providerId,
    From: dateTimeText(wish.fromMs, 0),
    To: dateTimeText(wish.toMs, 0),
    ...(wish.onlyMissing === true ? { CDRForwarded: false } : {}),
  });
  let added = 0;
  let refused = 0;
  for (const cdr of pages.items) {
    const known = state.cdr(cdr.SessionID) !== undefined;
    if (known) continue;
    const verdict = takeCdr(cdr, { text: JSON.stringify(cdr), source: 'pulled' }, state, emp.nowMs());
    if (!verdict.taken) {
      refused++;
      continue;
    }
    added++;
    emp.changed('cdr', cdr.SessionID);
    emp.changed('session', cdr.SessionID);
  }
  const more = refused === 0 ? '' : `, ${refused} of nobody we know`;
  const summary = `${pages.items.length} records, ${added} of them new${more}`;
  return {
    done: pages.ok,
    steps: pages.steps,
    summary: pages.ok ? summary : `${summary}; then the hub stopped giving`,
  };
}

/** All pages from 0 until the last. The request stays the same for all of them, its LastCall too. */
async function pullPages<Name extends PagedOperation, Item>(
  emp: Emp,
  operation: Name,
  request: RequestOf<Name>,
): Promise<Pages<Item>> {
  const items: Item[] = [];
  const steps: ActionStep[] = [];
  let skipped = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const params = { providerID: emp.config.providerId, page, size: PAGE_SIZE };
    const outcome: OicpOutcome = await emp.hub.callText(operation, params, JSON.stringify(request));
    steps.push(stepOf(operation, outcome));
    const read = outcome.kind === 'ok' ? { body: outcome.message, skipped: 0 } : readableOf(outcome);
    if (read === undefined) return { ok: false, items, skipped, steps };
    skipped += read.skipped;
    const { content, last, totalPages } = read.body as { content: Item[]; last?: boolean; totalPages?: number };
    items.push(...content);
    // Some hubs leave `last` out; a page without anything is the last one, whatever it says.
    const isLast =
      last === true || content.length + read.skipped === 0 || (totalPages !== undefined && page + 1 >= totalPages);
    if (isLast) return { ok: true, items, skipped, steps };
  }
  return { ok: false, items, skipped, steps };
}

/** A page of which single records break their schema, without these; `undefined` when more is wrong with it. */
function readableOf(outcome: OicpOutcome): { body: unknown; skipped: number } | undefined {
  if (outcome.kind !== 'invalid' || outcome.text === undefined || (outcome.status ?? 500) >= 300) return undefined;
  const errors = outcome.findings.filter(({ severity }) => severity === 'error');
  const bad = findingsByItem(errors, '/content');
  const inItems = [...bad.values()].reduce((sum, list) => sum + list.length, 0);
  if (errors.length === 0 || inItems < errors.length) return undefined;
  try {
    const body = JSON.parse(outcome.text) as { content: unknown[] };
    return { body: { ...body, content: body.content.filter((_item, index) => !bad.has(index)) }, skipped: bad.size };
  } catch {
    return undefined;
  }
}

function failed(outcome: OicpOutcome): string {
  return outcome.kind === 'ok'
    ? ''
    : `${outcome.kind}${outcome.kind === 'refused' ? ` ${outcome.code}` : ''}: ${outcome.reason}`;
}
