import { instantOf } from './date-time.ts';
import { Decimal } from './decimal.ts';
import { sameEvseId } from './identifiers/evse-id.ts';
import type { ChargeDetailRecord } from './schema/charge-detail-record.ts';
import { mediumOf } from './schema/identification.ts';

/** Rules of a charge detail record. `refuse`: the hub answers 022 with the text. `note`: accepted, worth a look. */
export type CdrRule =
  | 'oicp.cdr.energy-unit'
  | 'oicp.cdr.charging-order'
  | 'oicp.cdr.session-in-future'
  | 'oicp.cdr.energy-negative'
  | 'oicp.cdr.meter-negative'
  | 'oicp.cdr.signed-values-missing'
  | 'oicp.cdr.time-order'
  | 'oicp.cdr.energy-mismatch'
  | 'oicp.cdr.meter-between'
  | 'oicp.cdr.evse-mismatch'
  | 'oicp.cdr.medium-mismatch';

export interface CdrFinding {
  readonly rule: CdrRule;
  readonly pointer: string;
  readonly text: string;
  readonly verdict: 'refuse' | 'note';
}

/** What else is known; what is left out is not checked. */
export interface CdrContext {
  /** Epoch milliseconds of the receipt. */
  readonly receivedMs: number;
  readonly calibrationLaw?: string | undefined;
  readonly session?: {
    readonly evseId?: string | undefined;
    readonly identification?: ChargeDetailRecord['Identification'] | undefined;
  };
}

const MAX_KWH = Decimal.of(1000n);
const TOLERANCE_KWH = Decimal.of(1n, 3);

/** The plausibility rules of charge detail records, published and our own. Energy is compared exactly. */
export function cdrFindings(cdr: ChargeDetailRecord, context: CdrContext): CdrFinding[] {
  const findings: CdrFinding[] = [];
  const report = (verdict: CdrFinding['verdict'], rule: CdrRule, pointer: string, text: string): void => {
    findings.push({ rule, pointer, text, verdict });
  };
  checkEnergy(cdr, report);
  checkTimes(cdr, context.receivedMs, report);
  if (context.calibrationLaw === 'External' && (cdr.SignedMeteringValues?.length ?? 0) === 0) {
    const text = 'the EVSE’s calibration data is External, so signed metering values are needed';
    report('refuse', 'oicp.cdr.signed-values-missing', '/SignedMeteringValues', text);
  }
  const { evseId, identification } = context.session ?? {};
  if (evseId !== undefined && !sameEvseId(evseId, cdr.EvseID)) {
    report('note', 'oicp.cdr.evse-mismatch', '/EvseID', `the session was at ${evseId}`);
  }
  if (identification !== undefined && !sameMedium(identification, cdr.Identification)) {
    report('note', 'oicp.cdr.medium-mismatch', '/Identification', 'not the medium of the session');
  }
  return findings;
}

type Report = (verdict: CdrFinding['verdict'], rule: CdrRule, pointer: string, text: string) => void;

function checkEnergy(cdr: ChargeDetailRecord, report: Report): void {
  const consumed = Decimal.ofNumber(cdr.ConsumedEnergy);
  if (consumed.compare(MAX_KWH) > 0) {
    report(
      'refuse',
      'oicp.cdr.energy-unit',
      '/ConsumedEnergy',
      `${consumed} kWh is above 1000: the unit is probably Wh`,
    );
  }
  if (consumed.isNegative()) {
    report('refuse', 'oicp.cdr.energy-negative', '/ConsumedEnergy', `${consumed} kWh is negative`);
  }
  if (cdr.MeterValueStart === undefined || cdr.MeterValueEnd === undefined) return;
  const start = Decimal.ofNumber(cdr.MeterValueStart);
  const end = Decimal.ofNumber(cdr.MeterValueEnd);
  const metered = end.minus(start);
  if (metered.isNegative()) {
    report(
      'refuse',
      'oicp.cdr.meter-negative',
      '/MeterValueEnd',
      `the meter ran backwards, from ${start} to ${end} kWh`,
    );
  }
  if (consumed.minus(metered).abs().compare(TOLERANCE_KWH) > 0) {
    const text = `ConsumedEnergy is ${consumed} kWh, the meter counted ${metered} kWh`;
    report('note', 'oicp.cdr.energy-mismatch', '/ConsumedEnergy', text);
  }
  let before = start;
  cdr.MeterValueInBetween?.meterValues.forEach((value, index) => {
    const between = Decimal.ofNumber(value);
    if (between.compare(before) < 0 || between.compare(end) > 0) {
      const text = `${between} kWh is not between ${before} and ${end} kWh`;
      report('note', 'oicp.cdr.meter-between', `/MeterValueInBetween/meterValues/${index}`, text);
    }
    before = between;
  });
}

function checkTimes(cdr: ChargeDetailRecord, receivedMs: number, report: Report): void {
  const order = ['SessionStart', 'ChargingStart', 'ChargingEnd', 'SessionEnd'] as const;
  for (let i = 1; i < order.length; i++) {
    const [earlier, later] = [order[i - 1], order[i]];
    if (earlier === undefined || later === undefined) continue;
    const [a, b] = [instantOf(cdr[earlier]), instantOf(cdr[later])];
    if (a === undefined || b === undefined || a <= b) continue;
    const charging = later === 'ChargingEnd';
    report(
      charging ? 'refuse' : 'note',
      charging ? 'oicp.cdr.charging-order' : 'oicp.cdr.time-order',
      `/${later}`,
      `${later} is before ${earlier}`,
    );
  }
  const end = instantOf(cdr.SessionEnd);
  if (end !== undefined && end > receivedMs) {
    report('refuse', 'oicp.cdr.session-in-future', '/SessionEnd', `${cdr.SessionEnd} has not come yet`);
  }
}

function sameMedium(a: ChargeDetailRecord['Identification'], b: ChargeDetailRecord['Identification']): boolean {
  const [one, other] = [mediumOf(a), mediumOf(b)];
  if (one === undefined || other === undefined) return false;
  const key = (id: string | undefined): string => (id ?? '').toUpperCase().replace(/[*-]/g, '');
  return one.kind === other.kind && key(one.uid) === key(other.uid) && key(one.evcoId) === key(other.evcoId);
}
