import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { StationItem } from '../../state/station-items.ts';
import type { OutboundContext } from '../handler.ts';

/** A tariff on the station. EVSE 0 stands for every EVSE. */
interface TariffFacts {
  readonly tariffId: string;
  readonly tariffKind: 'DefaultTariff' | 'DriverTariff';
  readonly evseIds: readonly number[];
  readonly validFrom?: string | undefined;
  readonly idTokens?: readonly string[] | undefined;
  readonly transactionId?: string | undefined;
  /** The tariff itself, where we sent it: stations list only ids. */
  readonly tariff?: v21.TariffType | undefined;
}

/** I07: a default tariff takes the place of the one before on its EVSE, unless it begins later. */
export function defaultTariffSet(context: OutboundContext, evse: number, tariff: v21.TariffType): void {
  const { tariffId, validFrom } = tariff;
  const beginsLater = validFrom !== undefined && (parseTime(validFrom) ?? 0) > context.now;
  if (!beginsLater) {
    for (const item of context.state.items.all(context.station, 'tariffs')) {
      const { tariffKind, validFrom: from } = factsOf(item);
      const waits = from !== undefined && (parseTime(from) ?? 0) > context.now;
      if (tariffKind === 'DefaultTariff' && !waits && item.id !== tariffId) removeFrom(context, item, evse);
    }
  }
  const before = context.state.items.get(context.station, 'tariffs', tariffId);
  const known = before === undefined ? [] : factsOf(before).evseIds;
  const evseIds = evse === 0 ? [0] : [...new Set([...known, evse])].sort((a, b) => a - b);
  put(context, { tariffId, tariffKind: 'DefaultTariff', evseIds, validFrom, tariff });
}

export function driverTariffGiven(context: OutboundContext, transactionId: string, tariff: v21.TariffType): void {
  const { tariffId } = tariff;
  put(context, { tariffId, tariffKind: 'DriverTariff', evseIds: [], transactionId, tariff });
}

/** I09: the list is complete for the EVSE that was asked for (0: for all). */
export function tariffsListed(
  context: OutboundContext,
  evse: number,
  assignments: readonly v21.TariffAssignmentType[],
): void {
  const { state, station } = context;
  const listed = new Set(assignments.map(({ tariffId }) => tariffId));
  for (const item of state.items.all(station, 'tariffs')) if (!listed.has(item.id)) removeFrom(context, item, evse);
  for (const { tariffId, tariffKind, validFrom, evseIds = [], idTokens } of assignments) {
    const before = state.items.get(station, 'tariffs', tariffId);
    const known = before === undefined ? {} : { ...factsOf(before) };
    put(context, { ...known, tariffId, tariffKind, validFrom, evseIds, idTokens });
  }
}

/** I10: ids and EVSE together select; none of them means all. */
export function tariffCleared(
  context: OutboundContext,
  tariffIds: readonly string[] | undefined,
  evse: number | undefined,
): void {
  for (const item of context.state.items.all(context.station, 'tariffs'))
    if (tariffIds === undefined || tariffIds.includes(item.id)) removeFrom(context, item, evse ?? 0);
}

/** Takes the tariff off an EVSE (0: off all); one that is on none any more is gone. */
function removeFrom(context: OutboundContext, item: StationItem, evse: number): void {
  const facts = factsOf(item);
  if (evse !== 0 && !facts.evseIds.includes(evse)) return;
  const evseIds = evse === 0 ? [] : facts.evseIds.filter((each) => each !== evse);
  if (evseIds.length > 0) return put(context, { ...facts, evseIds });
  const { state, station, services } = context;
  state.items.delete(station, 'tariffs', item.id);
  services.changed({ what: 'item', station, kind: 'tariffs', id: item.id });
}

function put({ state, station, now, services }: OutboundContext, facts: TariffFacts): void {
  const id = facts.tariffId;
  state.items.put({ station, kind: 'tariffs', id, at: now, status: facts.tariffKind, value: { ...facts } });
  services.changed({ what: 'item', station, kind: 'tariffs', id });
}

function factsOf(item: StationItem): TariffFacts {
  return item.value as unknown as TariffFacts;
}
