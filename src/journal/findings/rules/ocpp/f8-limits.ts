import { parseTime, SECOND_MS } from '../../../../core/time.ts';
import type { OcppVersion } from '../../../../protocols/ocpp/versions.ts';
import { type BoundQuery, profileBound } from '../../model/profile-bound.ts';
import { runningOn } from '../../model/running-transaction.ts';
import { transactionId } from '../../model/transactions-2x.ts';
import { decimal, listAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext } from '../../rule.ts';

/** How long a station may need to follow a new limit (ours). */
const FOLLOW_MS = 30 * SECOND_MS;
const SLACK = 1.1;
/** A value of long ago says nothing about the limits of now. */
const FRESH_MS = 300 * SECOND_MS;

/** What is drawn against what the profiles allow (2.x K01). */
export const f8Limits: readonly Rule[] = family({ versions: ALL, axis: 'consistency' }, [
  {
    id: 'OCPP-SC-015',
    severity: 'warning',
    fault: 'station',
    title: 'What is drawn stays within the limit of the profiles',
    clause: '1.6 §3.13, K01',
    causes: [
      'The limit is ignored',
      'The limit is per phase and taken for the sum',
      'The EV does not follow its limit',
    ],
    next: ['Ask for the composite schedule of that connector, and compare it with the values'],
    peer: 'tolerates',
    needsHistory: true,
    on: ['MeterValues.request', 'TransactionEvent.request'],
    check(c) {
      const profiles = c.station.profilesIfAny;
      if (profiles === undefined || profiles.all.length === 0) return;
      const place = placeOf(c);
      const { version } = c.link;
      if (place === undefined || place === 0) return;
      if (!c.clocksAgree) return c.notEvaluable();
      const transaction = runningOn(c.station, version, place);
      for (const meterValue of listAt(c.o.payload, 'meterValue')) {
        const text = textAt(meterValue, 'timestamp');
        const at = text === undefined ? undefined : parseTime(text);
        if (at === undefined || Math.abs(c.o.time - at) > FRESH_MS) continue;
        // The limits that hold now need time to take effect.
        if (at - profiles.changedAt < FOLLOW_MS + c.toleranceMs) continue;
        for (const sample of listAt(meterValue, 'sampledValue')) {
          const drawn = drawnOf(sample, version);
          if (drawn === undefined) continue;
          const bound = steadyBound(
            { profiles: profiles.all, place, unit: drawn.unit, transaction },
            at,
            c.toleranceMs,
          );
          if (bound === undefined || drawn.value <= bound * SLACK) continue;
          return c.report({
            text: `${version === '1.6' ? 'Connector' : 'EVSE'} ${place} draws ${drawn.value} ${drawn.unit}${drawn.phase}, and the profiles allow ${bound} ${drawn.unit}`,
            object: place,
            expected: bound,
            actual: drawn.value,
            evidence: profiles.all.slice(-5).map((each) => ({ seq: each.seq, label: `profile ${each.id}` })),
          });
        }
      }
    },
  },
]);

/** The most that was allowed at any time of the last half minute. */
function steadyBound(query: BoundQuery, at: number, toleranceMs: number): number | undefined {
  let most = 0;
  for (const back of [0, FOLLOW_MS / 3, (FOLLOW_MS * 2) / 3, FOLLOW_MS + toleranceMs]) {
    const bound = profileBound(query, at - back);
    if (bound === undefined) return undefined;
    most = Math.max(most, bound);
  }
  return most;
}

/** MeterValues names its place; a TransactionEvent may leave it to the first event of its transaction. */
function placeOf(c: RuleContext): number | undefined {
  const { payload, action } = c.o;
  if (action === 'MeterValues') return numberAt(payload, 'connectorId') ?? numberAt(payload, 'evseId');
  return numberAt(payload, 'evse', 'id') ?? c.station.transactions2x.get(transactionId(c.o))?.evse;
}

/** Current of one phase, or power of all; undefined for what is no draw. */
function drawnOf(
  sample: unknown,
  version: OcppVersion,
): { readonly value: number; readonly unit: 'A' | 'W'; readonly phase: string } | undefined {
  const measurand = textAt(sample, 'measurand');
  if (measurand !== 'Current.Import' && measurand !== 'Power.Active.Import') return undefined;
  if ((textAt(sample, 'location') ?? 'Outlet') !== 'Outlet') return undefined;
  const phase = textAt(sample, 'phase');
  const isCurrent = measurand === 'Current.Import';
  // A current without a phase may be the sum of all; a power of one phase is a part.
  if (isCurrent !== (phase !== undefined && /^L[123](-N)?$/.test(phase))) return undefined;
  const unit = isCurrent ? 'A' : 'W';
  const raw = valueAt(sample, 'value');
  const value = typeof raw === 'string' ? decimal(raw) : typeof raw === 'number' ? raw : undefined;
  const named = version === '1.6' ? textAt(sample, 'unit') : textAt(sample, 'unitOfMeasure', 'unit');
  const power = 10 ** (numberAt(sample, 'unitOfMeasure', 'multiplier') ?? 0);
  const factor = named === unit ? power : named === `k${unit}` ? 1_000 * power : undefined;
  if (value === undefined || factor === undefined) return undefined;
  return { value: value * factor, unit, phase: phase === undefined ? '' : ` on ${phase}` };
}
