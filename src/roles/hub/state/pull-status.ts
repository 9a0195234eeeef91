import {
  canonicalEvseId,
  type EvseStatusRecord,
  pointOf,
  statusCode,
  withinRadius,
} from '../../../protocols/oicp/index.ts';
import { answered, processed } from './answer.ts';
import type { HubCall, HubDecision, Surroundings } from './hub-call.ts';
import type { PartnerRecord } from './records.ts';

/** Status as the hub has it: by id (unknown: EvseNotFound; without status: Unknown), by operator, or around a place. */
export function pullStatus(
  call: Extract<
    HubCall,
    { readonly operation: 'PullEvseStatus' | 'PullEvseStatusByID' | 'PullEvseStatusByOperatorID' }
  >,
  { state }: Surroundings,
): HubDecision {
  const statusOf = (owner: string, EvseID: string): EvseStatusRecord =>
    state.evseStatus.get(owner, canonicalEvseId(EvseID)) ?? { EvseID, EvseStatus: 'Unknown' };
  if (call.operation === 'PullEvseStatusByID') {
    const EvseStatusRecord = call.body.EvseID.map((EvseID): EvseStatusRecord => {
      const owner = state.partners.operatorOfEvse(EvseID)?.key;
      const known = owner !== undefined && state.evseData.get(owner, EvseID) !== undefined;
      return known
        ? { EvseID, EvseStatus: statusOf(owner, EvseID).EvseStatus }
        : { EvseID, EvseStatus: 'EvseNotFound' };
    });
    return answered(processed({ EVSEStatusRecords: { EvseStatusRecord }, StatusCode: statusCode('000') }, '000'));
  }
  const groups = new Map<string, { OperatorID: string; OperatorName?: string; EvseStatusRecord: EvseStatusRecord[] }>();
  const owners =
    call.operation === 'PullEvseStatusByOperatorID' ? operatorsNamed(call.body.OperatorID, state.partners) : undefined;
  const around = call.operation === 'PullEvseStatus' ? call.body.SearchCenter : undefined;
  const inside = around === undefined ? undefined : withinRadius(around);
  const wanted = call.operation === 'PullEvseStatus' ? call.body.EvseStatus : undefined;
  for (const { owner, record } of state.evseData.current()) {
    if (owners !== undefined && !owners.has(owner)) continue;
    if (inside !== undefined && !inside(pointOf(record.GeoCoordinates))) continue;
    const status = statusOf(owner, record.EvseID);
    if (wanted !== undefined && status.EvseStatus !== wanted) continue;
    const { OperatorID, OperatorName } = record;
    const group = groups.get(owner) ?? {
      OperatorID,
      ...(OperatorName === undefined ? {} : { OperatorName }),
      EvseStatusRecord: [],
    };
    group.EvseStatusRecord.push(status);
    groups.set(owner, group);
  }
  const EvseStatuses = { OperatorEvseStatus: [...groups.values()] };
  return answered(processed({ EvseStatuses, StatusCode: statusCode('000') }, '000'));
}

function operatorsNamed(
  ids: readonly string[],
  partners: { operator(id: string): PartnerRecord | undefined },
): ReadonlySet<string> {
  return new Set(ids.flatMap((id) => partners.operator(id)?.key ?? []));
}
