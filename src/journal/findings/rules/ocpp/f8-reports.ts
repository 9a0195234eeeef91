import { MINUTE_MS } from '../../../../core/time.ts';
import { isValidAt } from '../../model/charging-profile.ts';
import { runningOn } from '../../model/running-transaction.ts';
import { booleanAt, numberAt, textAt, valueAt } from '../../payload-reader.ts';
import { ALL, family, type Rule, type RuleContext, V2X, V21 } from '../../rule.ts';

/** Clearing, reports of profiles, and what an EV needs (1.6 §7.21; 2.x K09, K10, K15). */
export const f8Reports: readonly Rule[] = family({ versions: ALL, axis: 'conformance' }, [
  {
    id: 'OCPP-SC-016',
    severity: 'error',
    fault: 'station',
    axis: 'consistency',
    title: 'Clearing is Accepted where a profile fits, else Unknown',
    clause: '1.6 §7.21, K10.FR.01',
    causes: ['The criteria are joined by or, not by and', 'The station forgot its profiles at a boot'],
    next: ['Look at the profiles that were accepted before, and at their transactions'],
    peer: 'tolerates',
    needsHistory: true,
    on: ['ClearChargingProfile.response'],
    check(c) {
      const status = textAt(c.o.payload, 'status');
      const { profiles } = c.station;
      const fitting = profiles.matching(c.o.request?.payload);
      if (status === 'Accepted' && fitting.length === 0) {
        // What was installed before the log began may have been meant.
        if (!profiles.complete) return c.notEvaluable();
        return c.report({ text: 'ClearChargingProfile was accepted, and no profile fits', object: 'Accepted' });
      }
      if (status !== 'Unknown') return;
      const lost = fitting.find(
        (each) =>
          isValidAt(each, c.o.time) &&
          (each.purpose !== 'TxProfile' || runningOn(c.station, c.link.version, each.place ?? 0) !== undefined),
      );
      if (lost === undefined) return;
      c.report({
        text: `ClearChargingProfile is answered Unknown, and profile ${lost.id} fits`,
        object: lost.id,
        evidence: [{ seq: lost.seq, label: `profile ${lost.id}` }],
      });
    },
  },
  {
    id: 'OCPP-SC-018',
    versions: V2X,
    severity: 'error',
    fault: 'station',
    title: 'Reports of profiles answer a request, and end with their last part',
    clause: 'K09.FR.01, K09.FR.02',
    causes: ['The request number of another report', 'tbc is left true in the last part'],
    next: ['Compare requestId with GetChargingProfiles, and look at tbc of each part'],
    peer: 'tolerates',
    needsHistory: true,
    on: ['ReportChargingProfiles.request'],
    check: (c) => chainOf(c, 'GetChargingProfiles'),
  },
  {
    id: 'OCPP21-DER-001',
    versions: V21,
    severity: 'error',
    fault: 'station',
    title: 'Reports of DER controls answer a request, and end with their last part',
    clause: 'R04.FR.31, R04.FR.32',
    causes: ['The request number of another report', 'tbc is left true in the last part'],
    next: ['Compare requestId with GetDERControl, and look at tbc of each part'],
    peer: 'tolerates',
    needsHistory: true,
    on: ['ReportDERControl.request'],
    check: (c) => chainOf(c, 'GetDERControl'),
  },
  {
    id: 'OCPP-SC-020',
    versions: V2X,
    severity: 'warning',
    fault: 'csms',
    axis: 'timing',
    title: 'The needs of an EV get a profile within a minute',
    clause: 'K15.FR.08',
    causes: ['The CSMS has no planner and does not say so'],
    next: ['Look at how NotifyEVChargingNeeds was answered'],
    peer: 'tolerates',
    on: ['NotifyEVChargingNeeds.response'],
    check(c) {
      const status = textAt(c.o.payload, 'status');
      if (status !== 'Accepted' && status !== 'Processing') return;
      const evse = numberAt(c.o.request?.payload, 'evseId') ?? 0;
      const { station, link } = c;
      c.expect({
        withinMs: MINUTE_MS,
        object: evse,
        by: (o) =>
          o.action === 'SetChargingProfile' &&
          o.kind === 'request' &&
          numberAt(o.payload, 'evseId') === evse &&
          textAt(o.payload, 'chargingProfile', 'chargingProfilePurpose') === 'TxProfile',
        otherwise: () =>
          runningOn(station, link.version, evse) === undefined
            ? 'not evaluable'
            : {
                text: `The needs of the EV on EVSE ${evse} were answered ${status}, and no TxProfile came within 60 s`,
                object: evse,
              },
      });
    },
  },
  {
    id: 'OCPP-SC-021',
    versions: ['2.0.1'],
    severity: 'error',
    fault: 'station',
    title: 'The needs of an EV have the parameters of AC or of DC',
    clause: 'K15.FR.06',
    causes: ['Both are filled with defaults', 'The parameters of the EV are lost on the way'],
    next: ['Look at requestedEnergyTransfer'],
    peer: 'tolerates',
    on: ['NotifyEVChargingNeeds.request'],
    check(c) {
      const ac = valueAt(c.o.payload, 'chargingNeeds', 'acChargingParameters') !== undefined;
      const dc = valueAt(c.o.payload, 'chargingNeeds', 'dcChargingParameters') !== undefined;
      if (ac !== dc) return;
      c.report({
        text: `The needs of the EV have ${ac ? 'both AC and DC parameters' : 'neither AC nor DC parameters'}`,
        object: numberAt(c.o.payload, 'evseId') ?? 0,
        pointer: '/chargingNeeds',
      });
    },
  },
]);

/** A part of a report: it was asked for, its chain has not ended, and where more is to come, it comes within a minute. */
export function chainOf(c: RuleContext, request: string): void {
  const { o, station } = c;
  const id = numberAt(o.payload, 'requestId') ?? -1;
  const chain = station.chains.of(o);
  if (chain === undefined || chain.accepted === false) {
    const text = chain === undefined ? `No ${request} has` : `${request} was not accepted that has`;
    return c.report({ text: `${text} the requestId ${id}`, object: id, pointer: '/requestId' });
  }
  const evidence = [{ seq: chain.seq, label: request }];
  if (chain.finished)
    return c.report({ text: `Report ${id} goes on after its last part`, object: id, pointer: '/tbc', evidence });
  if (booleanAt(o.payload, 'tbc') !== true) return;
  const { action } = o;
  const parts = chain.parts + 1;
  c.expect({
    withinMs: MINUTE_MS,
    object: `${id} ${parts}`,
    by: (next) => next.kind === 'request' && next.action === action && numberAt(next.payload, 'requestId') === id,
    otherwise: () => ({
      text: `Part ${parts} of report ${id} says that more is to come, and nothing came within 60 s`,
      object: id,
      pointer: '/tbc',
      evidence,
    }),
  });
}
