import { isoTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { NO_EXTRAS, type StoredDerControl } from './extras21.ts';
import type { Side2x } from './side.ts';
import type { Answer, Request } from './wire.ts';

type Control = v21.SetDERControlRequest;

/** Members that carry the setting of a control type; every other type is a curve (2.1 R04). */
const MEMBER: Readonly<Partial<Record<Control['controlType'], keyof Control>>> = {
  EnterService: 'enterService',
  FixedPFAbsorb: 'fixedPFAbsorb',
  FixedPFInject: 'fixedPFInject',
  FixedVar: 'fixedVar',
  FreqDroop: 'freqDroop',
  Gradients: 'gradient',
  LimitMaxDischarge: 'limitMaxDischarge',
};

/** SetDERControl: the lower priority number wins; losers are superseded and named (2.1 R04). */
export function setDerControl(side: Side2x, request: Request<'SetDERControl'>): Answer<'SetDERControl'> {
  const priority = priorityOf(request);
  // The setting that belongs to the type must be there.
  if (priority === undefined) return { status: 'Rejected', statusInfo: { reasonCode: 'MissingParam' } };
  const others = controls(side).filter((one) => one.request.controlId !== request.controlId);
  const rivals = others.filter(
    (one) =>
      one.request.controlType === request.controlType && one.request.isDefault === request.isDefault && !one.superseded,
  );
  const stronger = rivals.some((one) => (priorityOf(one.request) ?? 0) < priority);
  const losers = stronger ? [] : rivals;
  keep(side, [
    ...others.map((one) => (losers.includes(one) ? { ...one, superseded: true } : one)),
    { request, superseded: stronger },
  ]);
  const supersededIds = losers.map((one) => one.request.controlId);
  if (!stronger && !request.isDefault) {
    side.host.afterAnswer(() =>
      side.send(
        'NotifyDERStartStop',
        {
          controlId: request.controlId,
          started: true,
          timestamp: isoTime(side.host.now()),
          ...(supersededIds.length === 0 ? {} : { supersededIds }),
        },
        'normal',
      ),
    );
  }
  return { status: 'Accepted', ...(supersededIds.length === 0 ? {} : { supersededIds }) };
}

export function getDerControl(side: Side2x, request: Request<'GetDERControl'>): Answer<'GetDERControl'> {
  const found = controls(side).filter(
    ({ request: one }) =>
      (request.isDefault === undefined || one.isDefault === request.isDefault) &&
      (request.controlType === undefined || one.controlType === request.controlType) &&
      (request.controlId === undefined || one.controlId === request.controlId),
  );
  if (found.length === 0) return { status: 'NotFound' };
  side.host.afterAnswer(() => {
    for (const [i, one] of found.entries()) {
      side.send(
        'ReportDERControl',
        { requestId: request.requestId, tbc: i < found.length - 1, ...reported(one) },
        'triggered',
      );
    }
  });
  return { status: 'Accepted' };
}

/** No selector clears all of that isDefault (R04.FR.41-45). */
export function clearDerControl(side: Side2x, request: Request<'ClearDERControl'>): Answer<'ClearDERControl'> {
  const all = controls(side);
  const kept = all.filter(
    ({ request: one }) =>
      one.isDefault !== request.isDefault ||
      (request.controlType !== undefined && one.controlType !== request.controlType) ||
      (request.controlId !== undefined && one.controlId !== request.controlId),
  );
  if (kept.length === all.length) return { status: 'NotFound' };
  keep(side, kept);
  return { status: 'Accepted' };
}

function reported({ request, superseded }: StoredDerControl): Partial<v21.ReportDERControlRequest> {
  const base = { id: request.controlId, isDefault: request.isDefault, isSuperseded: superseded };
  const { curve, enterService, fixedPFAbsorb, fixedPFInject, fixedVar, freqDroop, gradient, limitMaxDischarge } =
    request;
  if (curve !== undefined) return { curve: [{ ...base, curveType: request.controlType, curve }] };
  if (enterService !== undefined) return { enterService: [{ id: request.controlId, enterService }] };
  if (fixedPFAbsorb !== undefined) return { fixedPFAbsorb: [{ ...base, fixedPF: fixedPFAbsorb }] };
  if (fixedPFInject !== undefined) return { fixedPFInject: [{ ...base, fixedPF: fixedPFInject }] };
  if (fixedVar !== undefined) return { fixedVar: [{ ...base, fixedVar }] };
  if (freqDroop !== undefined) return { freqDroop: [{ ...base, freqDroop }] };
  if (gradient !== undefined) return { gradient: [{ id: request.controlId, gradient }] };
  if (limitMaxDischarge !== undefined) return { limitMaxDischarge: [{ ...base, limitMaxDischarge }] };
  return {};
}

function priorityOf(request: Control): number | undefined {
  const value = request[MEMBER[request.controlType] ?? 'curve'];
  return typeof value === 'object' && value !== null && 'priority' in value ? value.priority : undefined;
}

function controls(side: Side2x): readonly StoredDerControl[] {
  return side.extras21?.derControls ?? NO_EXTRAS.derControls;
}

function keep(side: Side2x, derControls: readonly StoredDerControl[]): void {
  side.extras21 = { ...(side.extras21 ?? NO_EXTRAS), derControls };
  side.host.touched('extras');
  side.host.happened('der-controls', { controls: derControls.map((one) => one.request.controlId) });
}
