import type { StationItem } from '../state/station-items.ts';
import type { OutboundContext } from './handler.ts';

/** What both generations say about a charging profile. */
export interface ProfileFacts {
  readonly id: number;
  readonly stackLevel: number;
  readonly purpose: string;
  readonly kind: string;
  readonly transactionId?: number | string | undefined;
  /** 2.x: who limits, for a profile that the station reported. */
  readonly chargingLimitSource?: string | undefined;
  /** 2.x: it came with a remote start whose transaction is not there yet. */
  readonly remoteStartId?: number | undefined;
}

type ProfileContext = Pick<OutboundContext, 'state' | 'station' | 'now' | 'services'>;

/** A profile that the station accepted or reported. `replaces` says which others it pushes out. */
export function profileInstalled(
  context: ProfileContext,
  evse: number,
  facts: ProfileFacts,
  profile: object,
  source: 'set' | 'reported',
  replaces: (other: ProfileFacts & { readonly evse: number }) => boolean = () => false,
): void {
  const { state, station, now, services } = context;
  for (const item of state.items.all(station, 'profiles')) {
    const other = factsOf(item);
    if (other.id !== facts.id && replaces({ ...other, evse: item.evse ?? 0 }))
      state.items.delete(station, 'profiles', item.id);
  }
  const id = String(facts.id);
  state.items.put({
    station,
    kind: 'profiles',
    id,
    at: now,
    evse,
    status: facts.purpose,
    value: { ...facts, source, profile },
  });
  services.changed({ what: 'item', station, kind: 'profiles', id });
}

export interface ProfileSelection {
  readonly id?: number | undefined;
  readonly evse?: number | undefined;
  readonly purpose?: string | undefined;
  readonly stackLevel?: number | undefined;
}

/**
 * The station cleared profiles: an id alone selects, else the other fields together; none of them means all (1.6 errata
 * 3.25). External constraints are not ours to clear (2.x K10.FR.06).
 */
export function profilesCleared(context: ProfileContext, selection: ProfileSelection): void {
  const { state, station, services } = context;
  for (const item of state.items.all(station, 'profiles')) {
    const facts = factsOf(item);
    const selected =
      selection.id !== undefined
        ? facts.id === selection.id
        : (selection.evse === undefined || item.evse === selection.evse) &&
          (selection.purpose === undefined || facts.purpose === selection.purpose) &&
          (selection.stackLevel === undefined || facts.stackLevel === selection.stackLevel);
    if (!selected || facts.purpose === 'ChargingStationExternalConstraints') continue;
    state.items.delete(station, 'profiles', item.id);
    services.changed({ what: 'item', station, kind: 'profiles', id: item.id });
  }
}

export function factsOf(item: StationItem): ProfileFacts {
  return item.value as unknown as ProfileFacts;
}
