import { parseTime } from '../../../../core/time.ts';
import { instantOf, parseEvcoId } from '../../../../protocols/oicp/index.ts';
import { numberIn, objectIn, textIn } from '../../../sessions/members.ts';
import { energyOf } from '../../../sessions/session.ts';
import type { SessionRecord } from '../../../sessions/session-record.ts';
import { tokenName } from '../../../sessions/token-name.ts';
import { type AcrossContext, type AcrossRule, acrossFamily } from '../../across/across-rule.ts';

const SAME_WH = 10;
const SAME_PART = 0.005;
const SAME_MS = 60_000;
const CDR_WITHIN_MS = 10 * 60_000;

/** Charge detail records against the transaction that the station told. */
export const records: readonly AcrossRule[] = acrossFamily('consistency', [
  {
    id: 'across.cdr.energy',
    severity: 'error',
    fault: 'cpo',
    title: 'A record says the energy that the station has counted',
    clause: 'OICP 2.3 ConsumedEnergy; OCPP StopTransaction, TransactionEvent Ended; CPO-CD-04',
    causes: [
      'The record is computed from an intermediate meter value',
      'Wh and kWh are mixed up',
      'Meter values came after the end (offline) and are missing in the record',
    ],
    next: ['Compare both meter values of the transaction with the record', 'Look for meter values that came late'],
    peer: 'tolerates',
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const session = fromCpo(c);
      const kWh = numberIn(c.message.payload, 'ConsumedEnergy');
      if (session === undefined || kWh === undefined) return;
      const station = energyOf(session);
      if (session.endedAt === undefined || station === undefined) return c.notEvaluable();
      const told = Math.round(kWh * 1_000);
      if (Math.abs(told - station) <= Math.max(SAME_WH, station * SAME_PART)) return;
      c.report({
        text: `The record says ${kWh} kWh, the station counted ${station / 1_000} kWh${factor(told, station)}`,
        pointer: '/ConsumedEnergy',
        expected: station / 1_000,
        actual: kWh,
        evidence: evidenceOf(session),
      });
    },
  },
  {
    id: 'across.cdr.meter',
    severity: 'warning',
    fault: 'cpo',
    title: 'A record has the meter values of the station',
    clause: 'OICP 2.3 MeterValueStart, MeterValueEnd; OCPP meterStart, meterStop; CPO-CD-04',
    causes: ['Meter values are counted from 0 in the record', 'Wh and kWh are mixed up'],
    next: ['Compare both meter values of the transaction with the record'],
    peer: 'tolerates',
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const session = fromCpo(c);
      if (session?.endedAt === undefined) return;
      for (const [name, station] of [
        ['MeterValueStart', session.meterStartWh],
        ['MeterValueEnd', session.meterEndWh],
      ] as const) {
        const kWh = numberIn(c.message.payload, name);
        if (kWh === undefined || station === undefined || Math.abs(kWh * 1_000 - station) <= SAME_WH) continue;
        c.report({
          text: `${name} is ${kWh} kWh, the station’s meter stood at ${station / 1_000} kWh`,
          pointer: `/${name}`,
          expected: station / 1_000,
          actual: kWh,
          evidence: evidenceOf(session),
        });
      }
    },
  },
  {
    id: 'across.cdr.times',
    severity: 'warning',
    fault: 'cpo',
    title: 'A record has the times of the transaction',
    clause: 'OICP 2.3 ChargingStart, ChargingEnd; OCPP timestamp; CPO-CD-03',
    causes: [
      'The times of the messages are taken, not those in them (offline transactions)',
      'The offset does not fit the local time',
      'The record is of another transaction',
    ],
    next: ['Compare the times of the transaction with the record, in UTC'],
    peer: 'tolerates',
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const session = fromCpo(c);
      if (session?.endedAt === undefined) return;
      if (!c.clocksAgree) return c.notEvaluable();
      const start = toldAt(session, 'start');
      const end = toldAt(session, 'end');
      if (start === undefined || end === undefined) return c.notEvaluable();
      // Energy may flow later than the transaction begins, and stop before it ends; never outside.
      for (const [name, from, to] of [
        ['ChargingStart', start, end],
        ['ChargingEnd', start, end],
        ['SessionStart', Number.NEGATIVE_INFINITY, end],
        ['SessionEnd', start, Number.POSITIVE_INFINITY],
      ] as const) {
        const text = textIn(c.message.payload, name) ?? '';
        const at = instantOf(text);
        if (at === undefined || (at >= from - SAME_MS && at <= to + SAME_MS)) continue;
        return c.report({
          text: `${name} ${text} lies outside the transaction, which the station dates from ${told(session, 'start')} to ${told(session, 'end')}`,
          pointer: `/${name}`,
          evidence: evidenceOf(session),
        });
      }
    },
  },
  {
    id: 'across.cdr.early',
    severity: 'warning',
    fault: 'cpo',
    title: 'A record comes when the transaction has ended',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; CPO-CD-01',
    causes: ['The record is sent when the driver stops, before the station says the end'],
    next: ['Wait for StopTransaction or the event Ended: only it has the last meter value'],
    peer: 'tolerates',
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const session = fromCpo(c);
      if (session === undefined || !hasStarted(session) || session.endedAt !== undefined) return;
      // A station that has not been heard of for long may never tell.
      const station = session.station ?? '';
      if (c.message.time - c.model.heardAt(station) > SAME_MS) return c.notEvaluable();
      c.report({
        text: `The record of session ${session.oicp ?? ''} comes while transaction ${session.ocppTx ?? ''} of ${station} runs`,
        pointer: '/SessionID',
      });
    },
  },
  {
    id: 'across.cdr.no-transaction',
    severity: 'error',
    fault: 'cpo',
    title: 'A record with energy has a transaction',
    clause: 'OICP 2.3 eRoamingChargeDetailRecord; OCPP StartTransaction, TransactionEvent; CPO-AS-03',
    causes: ['The session was refused and billed all the same', 'The transaction belongs to another session'],
    next: ['Look for the station’s transaction at that time'],
    peer: 'tolerates',
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const { session, message } = c;
      const kWh = numberIn(message.payload, 'ConsumedEnergy') ?? 0;
      if (message.from.role === 'hub' || session === undefined || kWh <= 0 || hasStarted(session)) return;
      // Of a station that this stream does not show, nothing can be said.
      if (session.station === undefined && c.model.placeOf(textIn(message.payload, 'EvseID') ?? '') === undefined)
        return c.notEvaluable();
      c.report({
        text: `${kWh} kWh are recorded for session ${session.oicp ?? ''}, and no station told a transaction of it`,
        pointer: '/SessionID',
      });
    },
  },
  {
    id: 'across.cdr.missing',
    axis: 'timing',
    severity: 'error',
    fault: 'cpo',
    title: 'A roaming transaction that has ended gets its record',
    clause: 'OICP 2.3 processes; CPO-CD-01',
    causes: ['The record was refused', 'The SessionID was lost between authorisation and start'],
    next: ['Look for the record in the CPO’s outbox'],
    on: ['ocpp.StopTransaction.request', 'ocpp.TransactionEvent.request', 'oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const { message, session } = c;
      const id = session?.oicp;
      if (session === undefined || id === undefined) return;
      if (message.protocol === 'oicp') return c.fulfil(id.toLowerCase());
      if (message.action === 'TransactionEvent' && textIn(message.payload, 'eventType') !== 'Ended') return;
      if (session.cdr !== 'none') return;
      c.expect({
        key: id.toLowerCase(),
        withinMs: CDR_WITHIN_MS,
        otherwise: () =>
          (c.sessionOf(id)?.cdr ?? 'none') === 'none'
            ? {
                text: `Transaction ${session.ocppTx ?? ''} of session ${id} has ended, and no charge detail record came`,
                seq: message.seq,
              }
            : undefined,
      });
    },
  },
  {
    id: 'across.cdr.contract',
    severity: 'error',
    fault: 'cpo',
    title: 'A record names the contract that the car or the driver showed',
    clause: 'OICP 2.3 Identification; OCPP idToken; CPO-CD-09, CPO-AS-06',
    causes: ['The check character is missing or wrong', 'The card that stopped the session is named'],
    next: ['Compare the EvcoID with the EMAID without separators, with its check character'],
    on: ['oicp.ChargeDetailRecord.request'],
    check: (c) => {
      const { session, message } = c;
      const shown = session?.told.get('token')?.station;
      if (message.from.role === 'hub' || shown === undefined || session?.remote === true) return;
      const identification = objectIn(message.payload, 'Identification');
      const evco = textIn(objectIn(identification, 'PlugAndChargeIdentification'), 'EvcoID');
      const uid = textIn(objectIn(identification, 'RFIDMifareFamilyIdentification'), 'UID');
      const named = evco ?? uid;
      if (named === undefined || tokenName(named) === tokenName(shown.value)) return;
      // A token of the same driver may stand for another: only like is compared with like.
      if ((parseEvcoId(shown.value) === undefined) !== (evco === undefined)) return;
      c.report({
        text: `The record names ${named}, the station showed ${shown.value}`,
        pointer: '/Identification',
        expected: shown.value,
        actual: named,
        evidence: [{ seq: shown.seq, pointer: shown.pointer, label: 'what the station showed' }],
      });
    },
  },
]);

/** The session of a record on its way from the CPO to the hub, where a station told its transaction. */
function fromCpo({ message, session }: AcrossContext): SessionRecord | undefined {
  return message.from.role !== 'hub' && session !== undefined && hasStarted(session) ? session : undefined;
}

export function hasStarted(session: SessionRecord): boolean {
  return session.ocppTx !== undefined || session.steps.has('plugged');
}

function told(session: SessionRecord, item: 'start' | 'end'): string {
  return session.told.get(item)?.station?.value ?? '';
}

function toldAt(session: SessionRecord, item: 'start' | 'end'): number | undefined {
  return parseTime(told(session, item));
}

function evidenceOf(session: SessionRecord): { seq: number; label: string }[] {
  const stop = session.steps.get('stopped');
  return stop === undefined ? [] : [{ seq: stop.seq, label: 'the end of the transaction' }];
}

function factor(told: number, station: number): string {
  return station > 0 && Math.abs(told / station - 1_000) < 20 ? ': it is Wh' : '';
}
