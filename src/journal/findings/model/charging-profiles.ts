import type { Observation } from '../observation.ts';
import { isObject, listAt, numberAt, textAt, valueAt } from '../payload-reader.ts';
import { type ChargingProfile, profileFrom } from './charging-profile.ts';

/** More of one station are not remembered: stations hold some tens. */
const LIMIT = 64;
const PLACES = 500;

/** The charging profiles that a station has accepted or reported (1.6 §5.16, §7.21; 2.x K01, K09, K10). */
export class ChargingProfiles {
  #installed: ChargingProfile[] = [];
  /** When the set last changed; 0 before. */
  changedAt = 0;
  /** True once everything was cleared: what was installed before the log began cannot disturb. */
  complete = false;
  /** EVSE -> when its EV last told its needs (2.x K15). */
  readonly needsAt = new Map<number, number>();
  /** Profile -> when the station last asked for its limits (2.1 K28). */
  readonly pulledAt = new Map<number, number>();

  get all(): readonly ChargingProfile[] {
    return this.#installed;
  }

  byId(id: number): ChargingProfile | undefined {
    return this.#installed.find((each) => each.id === id);
  }

  /** Those that a ClearChargingProfile names: by id, else by all that it gives (1.6 errata 3.25). */
  matching(request: unknown): readonly ChargingProfile[] {
    const id = numberAt(request, 'id') ?? numberAt(request, 'chargingProfileId');
    if (id !== undefined) return this.#installed.filter((each) => each.id === id);
    const criteria = valueAt(request, 'chargingProfileCriteria') ?? request;
    const place = numberAt(criteria, 'connectorId') ?? numberAt(criteria, 'evseId');
    const purpose = textAt(criteria, 'chargingProfilePurpose');
    const level = numberAt(criteria, 'stackLevel');
    return this.#installed.filter(
      (each) =>
        (place === undefined || each.place === place) &&
        (purpose === undefined || each.purpose === purpose) &&
        (level === undefined || each.stackLevel === level) &&
        // The CSMS cannot clear what others demand (2.x K10.FR.09).
        each.purpose !== 'ChargingStationExternalConstraints',
    );
  }

  update(o: Observation): void {
    switch (o.action) {
      case 'SetChargingProfile':
        if (isAccepted(o)) this.#install(o, o.request?.payload);
        return;
      case 'RemoteStartTransaction':
      case 'RequestStartTransaction':
        if (isAccepted(o) && profileIn(o.request?.payload) !== undefined) this.#install(o, o.request?.payload);
        return;
      case 'ClearChargingProfile':
        return this.#cleared(o);
      case 'ReportChargingProfiles':
        if (o.kind !== 'request') return;
        for (const each of listAt(o.payload, 'chargingProfile')) this.#put(o, numberAt(o.payload, 'evseId'), each);
        return;
      case 'PullDynamicScheduleUpdate': {
        const id = numberAt(o.payload, 'chargingProfileId');
        if (id !== undefined && this.pulledAt.size < PLACES) this.pulledAt.set(id, o.time);
        return;
      }
      case 'NotifyEVChargingNeeds': {
        const evse = numberAt(o.payload, 'evseId');
        if (o.kind === 'request' && evse !== undefined && this.needsAt.size < PLACES) this.needsAt.set(evse, o.time);
        return;
      }
    }
  }

  /** A profile of a transaction ends with it (1.6 §3.13.1, 2.x K02.FR.05). */
  transactionEnded(place: number | undefined, id: string | undefined, at: number): void {
    this.#keep(at, (each) => {
      if (each.purpose !== 'TxProfile') return true;
      return each.transactionId === undefined || id === undefined ? each.place !== place : each.transactionId !== id;
    });
  }

  #install(o: Observation, request: unknown): void {
    const place = numberAt(request, 'connectorId') ?? numberAt(request, 'evseId');
    this.#put(o, place, profileIn(request));
  }

  #put(o: Observation, place: number | undefined, member: unknown): void {
    const profile = profileFrom(member, place, o);
    if (profile === undefined) return;
    const { version } = o.link;
    // In 1.6 the same purpose and level replaces too (§5.16.3).
    const replaced = (each: ChargingProfile): boolean =>
      each.id === profile.id ||
      (version === '1.6' &&
        each.purpose === profile.purpose &&
        each.stackLevel === profile.stackLevel &&
        each.place === profile.place);
    this.#keep(o.time, (each) => !replaced(each));
    this.#installed.push(profile);
    if (this.#installed.length > LIMIT) this.#installed.shift();
    this.changedAt = o.time;
  }

  #cleared(o: Observation): void {
    const status = textAt(o.payload, 'status');
    if (o.kind !== 'response' || (status !== 'Accepted' && status !== 'Unknown')) return;
    const request = o.request?.payload;
    if (status === 'Accepted') {
      const gone = new Set(this.matching(request));
      this.#keep(o.time, (each) => !gone.has(each));
    }
    if (isObject(request) && Object.keys(request).length === 0) this.complete = true;
  }

  #keep(at: number, wanted: (profile: ChargingProfile) => boolean): void {
    const kept = this.#installed.filter(wanted);
    if (kept.length === this.#installed.length) return;
    this.#installed = kept;
    this.changedAt = at;
  }
}

function isAccepted(o: Observation): boolean {
  return o.kind === 'response' && textAt(o.payload, 'status') === 'Accepted';
}

/** The profile of a request that sets one, or starts with one. */
export function profileIn(request: unknown): unknown {
  return valueAt(request, 'csChargingProfiles') ?? valueAt(request, 'chargingProfile');
}
