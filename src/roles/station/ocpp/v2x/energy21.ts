import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { tellNeeds } from './charging-needs.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

/** AFRRSignal needs an active period in LocalFrequency with a signal curve (2.1 Q08.FR.10). */
export function afrrSignal(side: Side2x, { signal }: Request<'AFRRSignal'>): Answer<'AFRRSignal'> {
  const able = side.core.profiles.all.some((profile) =>
    (profile.wire as v21.ChargingProfileType).chargingSchedule.some((schedule) =>
      schedule.chargingSchedulePeriod.some(
        (period) => period.operationMode === 'LocalFrequency' && (period.v2xSignalWattCurve?.length ?? 0) > 0,
      ),
    ),
  );
  if (!able) return { status: 'Rejected', ...info('NoSignalWattCurve') };
  side.host.happened('afrr-signal', { signal });
  return { status: 'Accepted' };
}

/** The list of allowed modes changes; an ISO 15118 car negotiates anew (2.1 Q02). */
export function notifyAllowedEnergyTransfer(
  side: Side2x,
  { transactionId, allowedEnergyTransfer }: Request<'NotifyAllowedEnergyTransfer'>,
): Answer<'NotifyAllowedEnergyTransfer'> {
  const found = side.core.transactionOf(transactionId);
  if (found === undefined) return { status: 'Rejected', ...info('TxNotFound') };
  const { ev } = found.evse.path;
  if (ev?.template.iso15118 !== true)
    return { status: 'Rejected', ...info('UnsupportedParam', 'The car does not speak ISO 15118') };
  side.host.afterAnswer(() => {
    found.transaction.wire['allowedEnergyTransfer'] = allowedEnergyTransfer;
    side.host.happened('energy-transfer', { transactionId, allowedEnergyTransfer });
    tellNeeds(side, found.evse, found.transaction, true);
  });
  return { status: 'Accepted' };
}

/** A payment by QR code has begun: no local start for so long, or until RequestStart comes (2.1 C25.FR.21-27). */
export function notifyWebPaymentStarted(
  side: Side2x,
  { evseId, timeout }: Request<'NotifyWebPaymentStarted'>,
): Answer<'NotifyWebPaymentStarted'> {
  const evse = side.core.evse(evseId);
  if (evse !== undefined) evse.webPaymentUntilMs = side.host.now() + timeout * 1000;
  side.host.happened('web-payment', { evseId, timeout });
  return {};
}
