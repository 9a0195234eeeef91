import type { Static } from 'typebox';
import { MAX_CDR_RANGE_MS } from '../check-order.ts';
import { isSwapped } from '../country-boxes.ts';
import { instantOf } from '../date-time.ts';
import { pointOf } from '../geo.ts';
import type { Acknowledgement } from '../schema/acknowledgement.ts';
import type { PushAuthenticationData } from '../schema/authentication-data.ts';
import type { AuthorizationStart, AuthorizeRemoteStart, AuthorizeStart } from '../schema/authorization.ts';
import type { GetChargeDetailRecords } from '../schema/charge-detail-record.ts';
import type { EvseDataRecord, PullEvseData } from '../schema/evse-data.ts';
import type { PushEvseStatus } from '../schema/evse-status.ts';
import { IDENTIFICATION_KINDS, type Identification, type IdentificationKind } from '../schema/identification.ts';
import type { NotificationProgress } from '../schema/notifications.ts';
import type { PricingProductData, PricingProductDataRecord } from '../schema/pricing.ts';
import type { StatusCode } from '../schema/status-code.ts';
import type { ChargingFacility, GeoCoordinates, Period } from '../schema/structures.ts';
import { sameDescription } from '../status-codes.ts';
import { child, type Finding, type FindingCode } from './findings.ts';
import type { Severity, Strength } from './severity.ts';

/** Refuses a strict body and is a warning on a lenient one: consistency that live partners often lack. */
const STRICT_ONLY = 'strict-only';

/** Reports at a member of the value (`''` is the value itself); an error unless said otherwise. */
type Report = (member: string, code: FindingCode, text: string, severity?: Severity | typeof STRICT_ONLY) => void;

/** What JSON schema cannot say, by the name that a schema gives in `x-rule`. Values fit their schema here. */
const RULES = {
  identification(value: Identification, report: Report) {
    exactlyOne(value, IDENTIFICATION_KINDS, report);
  },

  pin(value: NonNullable<Identification['QRCodeIdentification']>, report: Report) {
    if (value.PIN !== undefined && value.HashedPIN !== undefined) {
      report('/HashedPIN', 'oicp.identification.pin', 'either PIN or HashedPIN, not both');
    }
  },

  geoCoordinates(value: GeoCoordinates, report: Report) {
    if (!exactlyOne(value, ['Google', 'DecimalDegree', 'DegreeMinuteSeconds'], report)) return;
    if (pointOf(value) === undefined) {
      report(
        '',
        'oicp.geo.range',
        'latitude is -90 to 90 degrees, longitude -180 to 180, minutes and seconds below 60',
      );
    }
  },

  statusCode(value: StatusCode, report: Report) {
    if (value.Description === undefined || sameDescription(value.Code, value.Description)) return;
    report('/Description', 'oicp.status.description', `not the defined text of ${value.Code}`, 'info');
  },

  acknowledgement(value: Acknowledgement, report: Report) {
    if (value.Result === (value.StatusCode.Code === '000')) return;
    report(
      '/Result',
      'oicp.status.result-mismatch',
      `Result is ${value.Result} with status code ${value.StatusCode.Code}`,
    );
  },

  authorizationRequest(value: Pick<AuthorizeStart, 'Identification'>, report: Report) {
    onlyKinds(
      value.Identification,
      ['RFIDMifareFamilyIdentification', 'QRCodeIdentification', 'PlugAndChargeIdentification'],
      report,
    );
    const qr = value.Identification.QRCodeIdentification;
    if (qr !== undefined && qr.PIN === undefined) {
      const hashed = qr.HashedPIN !== undefined;
      report(
        `/Identification/QRCodeIdentification/${hashed ? 'HashedPIN' : 'PIN'}`,
        hashed ? 'oicp.identification.hashed-pin' : 'oicp.identification.pin',
        'an authorization carries the clear PIN: the hub would hash a hash again and deny with 101',
        hashed ? 'warning' : 'error',
      );
    }
  },

  authorizationAnswer(value: AuthorizationStart, report: Report) {
    const authorized = value.AuthorizationStatus === 'Authorized';
    if (authorized !== (value.StatusCode.Code === '000')) {
      report(
        '/AuthorizationStatus',
        'oicp.status.result-mismatch',
        `${value.AuthorizationStatus} with status code ${value.StatusCode.Code}`,
      );
    }
    if (authorized && value.ProviderID === undefined) {
      report('/ProviderID', 'oicp.status.provider-missing', 'an authorization names the provider that gave it');
    }
  },

  remoteStart(value: Pick<AuthorizeRemoteStart, 'Identification'>, report: Report) {
    onlyKinds(value.Identification, ['RemoteIdentification'], report);
  },

  getChargeDetailRecords(value: GetChargeDetailRecords, report: Report) {
    const from = instantOf(value.From);
    const to = instantOf(value.To);
    if (from === undefined || to === undefined) return;
    if (from > to) report('/To', 'oicp.time.order', 'To is before From');
    // A warning: the hub refuses it after it has found the partner registered and unlocked (check order).
    if (to - from > MAX_CDR_RANGE_MS) {
      report('/To', 'oicp.time.range', 'From and To may be at most 90 days apart', 'warning');
    }
  },

  dateTime(value: string, report: Report) {
    if (instantOf(value) === undefined) report('', 'oicp.time.calendar', `${value} is not a date and time that exists`);
  },

  period(value: Static<typeof Period>, report: Report) {
    if (value.begin >= value.end) report('/end', 'oicp.time.order', 'a period ends after it begins', STRICT_ONLY);
  },

  chargingFacility(value: ChargingFacility, report: Report) {
    if (value.Amperage === undefined || value.Amperage <= 99) return;
    report('/Amperage', 'oicp.evse.amperage', `${value.Amperage} A has more than the two documented digits`, 'warning');
  },

  evseDataRecord(value: EvseDataRecord, report: Report) {
    if (!value.IsOpen24Hours && (value.OpeningTimes === undefined || value.OpeningTimes.length === 0)) {
      const text = 'not open 24 hours, so the opening times are needed';
      report('/OpeningTimes', 'oicp.evse.opening-times', text, STRICT_ONLY);
    }
    if (value.PaymentOptions.includes('No Payment') && value.PaymentOptions.length > 1) {
      report('/PaymentOptions', 'oicp.evse.alone', '"No Payment" stands alone', STRICT_ONLY);
    }
    if (value.ValueAddedServices.includes('None') && value.ValueAddedServices.length > 1) {
      report('/ValueAddedServices', 'oicp.evse.alone', '"None" stands alone', 'warning');
    }
    const point = pointOf(value.GeoCoordinates);
    if (point !== undefined && isSwapped(point, value.Address.Country)) {
      const text = `outside ${value.Address.Country}; inside it with latitude and longitude exchanged`;
      report('/GeoCoordinates', 'oicp.geo.swapped', text, 'warning');
    }
    energySources(value, report);
  },

  pullEvseData(value: PullEvseData, report: Report) {
    if (value.LastCall === undefined) return;
    for (const filter of ['SearchCenter', 'CountryCodes', 'OperatorIds'] as const) {
      if (value[filter] === undefined) continue;
      report(`/${filter}`, 'oicp.delta.filter', `${filter} cannot be combined with LastCall`);
    }
  },

  pushEvseStatus(value: PushEvseStatus, report: Report) {
    value.OperatorEvseStatus.EvseStatusRecord.forEach((record, index) => {
      if (record.EvseStatus !== 'EvseNotFound') return;
      const at = `/OperatorEvseStatus/EvseStatusRecord/${index}/EvseStatus`;
      report(at, 'oicp.evse.not-found-pushed', 'EvseNotFound is what the hub answers; push Unknown', 'warning');
    });
  },

  authenticationData(value: PushAuthenticationData, report: Report) {
    value.ProviderAuthenticationData.AuthenticationDataRecord.forEach(({ Identification: medium }, index) => {
      if (medium.RemoteIdentification === undefined) return;
      const at = `/ProviderAuthenticationData/AuthenticationDataRecord/${index}/Identification/RemoteIdentification`;
      report(at, 'oicp.identification.kind', 'RemoteIdentification is not a medium that can be uploaded');
    });
  },

  pricingProduct(value: PricingProductDataRecord, report: Report) {
    if (!value.IsValid24hours && value.ProductAvailabilityTimes.length === 0) {
      report(
        '/ProductAvailabilityTimes',
        'oicp.pricing.availability',
        'not valid all day, so the times are needed',
        STRICT_ONLY,
      );
    }
    const fixed = value.AdditionalReferences?.some((reference) => reference.AdditionalReference === 'FIXED FEE');
    if (fixed && value.PricePerReferenceUnit !== 0) {
      report('/PricePerReferenceUnit', 'oicp.pricing.fixed-fee', 'with a FIXED FEE this price should be 0', 'warning');
    }
  },

  pricingProducts(value: PricingProductData, report: Report) {
    const seen = new Set<string>();
    value.PricingProductDataRecords.forEach(({ ProductID }, index) => {
      if (seen.has(ProductID)) {
        const at = `/PricingProductDataRecords/${index}/ProductID`;
        report(at, 'oicp.list.duplicate', `product ${ProductID} stands twice`, 'warning');
      }
      seen.add(ProductID);
    });
  },

  progress(value: NotificationProgress, report: Report) {
    if (value.ChargingDuration === undefined && value.ConsumedEnergyProgress === undefined) {
      report('/ChargingDuration', 'oicp.notification.progress', 'ChargingDuration or ConsumedEnergyProgress is needed');
    }
    const start = instantOf(value.ChargingStart);
    const event = instantOf(value.EventOccurred);
    if (value.ChargingDuration === undefined || start === undefined || event === undefined) return;
    if (Math.abs(event - start - value.ChargingDuration) < 1000) return;
    const text = `${value.ChargingDuration} ms is not EventOccurred - ChargingStart (${event - start} ms)`;
    report('/ChargingDuration', 'oicp.notification.duration', text, 'warning');
  },
};

export type RuleName = keyof typeof RULES;

export function applyRule(
  name: string,
  value: unknown,
  pointer: string,
  strength: Strength,
  report: (finding: Finding) => void,
): void {
  if (!Object.hasOwn(RULES, name)) throw new RangeError(`There is no rule "${name}"`);
  // The schema that names the rule has held the value's type: the one place where the two meet.
  const rule = RULES[name as RuleName] as (value: unknown, report: Report) => void;
  rule(value, (member, code, text, severity = 'error') => {
    const weighed = severity !== STRICT_ONLY ? severity : strength === 'strict' ? 'error' : 'warning';
    report({ pointer: pointer + member, code, text, severity: weighed });
  });
}

function exactlyOne(value: object, members: readonly string[], report: Report): boolean {
  const present = members.filter((member) => Object.hasOwn(value, member));
  if (present.length === 0) report('', 'oicp.body.no-member', `one of ${members.join(', ')} is needed`);
  for (const member of present.slice(1)) {
    report(
      child('', member),
      'oicp.body.several-members',
      `${member} stands beside ${present[0]}: only one is allowed`,
    );
  }
  return present.length === 1;
}

function onlyKinds(value: Identification, allowed: readonly IdentificationKind[], report: Report): void {
  for (const kind of IDENTIFICATION_KINDS) {
    if (value[kind] === undefined || allowed.includes(kind)) continue;
    report(`/Identification/${kind}`, 'oicp.identification.kind', `only ${allowed.join(', ')} here`);
  }
}

const NOT_RENEWABLE: ReadonlySet<string | undefined> = new Set(['Coal', 'NuclearEnergy', 'Petroleum', 'NaturalGas']);

function energySources(value: EvseDataRecord, report: Report): void {
  const sources = value.EnergySource ?? [];
  if (
    value.RenewableEnergy &&
    sources.some(({ Energy, Percentage }) => NOT_RENEWABLE.has(Energy) && Percentage !== 0)
  ) {
    report('/EnergySource', 'oicp.evse.energy-source', 'renewable energy names fossil or nuclear sources', 'warning');
  }
  const shares = sources.flatMap(({ Percentage }) => (Percentage === undefined ? [] : [Percentage]));
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (shares.length > 0 && shares.length === sources.length && total !== 100) {
    report('/EnergySource', 'oicp.evse.energy-source', `the shares sum to ${total} %, not 100 %`, 'warning');
  }
}
