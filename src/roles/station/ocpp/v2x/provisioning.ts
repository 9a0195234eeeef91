import type { Evse } from '../../state/evse.ts';
import { forceEnd } from '../../state/transactions.ts';
import { OWN_VENDOR } from '../own-vendor.ts';
import { securityEvent } from './security.ts';
import type { Side2x } from './side.ts';
import { sendAllStatuses } from './status.ts';
import { transactionEvent } from './transactions.ts';
import { type Answer, info, type Request } from './wire.ts';

/** An immediate reset waits this long for the answers to its Ended events (B12.FR.05). */
const PATIENCE_MS = 20_000;

/** Reset of the station or of one EVSE (2.0.1 B11, B12). */
export function reset(side: Side2x, { type, evseId }: Request<'Reset'>): Answer<'Reset'> {
  if (side.firmware.running && !side.firmware.cancellable) return { status: 'Rejected', ...info('FwUpdateInProgress') };
  if (type === 'ImmediateAndResume') return resetAndResume(side, evseId);
  const evse = evseId === undefined || evseId === 0 ? undefined : side.core.evse(evseId);
  if (evseId !== undefined && evseId !== 0 && evse === undefined) return { status: 'Rejected', ...info('UnknownEvse') };
  const concerned = evse === undefined ? side.core.evses : [evse];
  const running = concerned.some((one) => one.transaction !== undefined);
  if (evse !== undefined) return resetEvse(side, evse, type, running);
  if (type === 'OnIdle' && running) {
    side.resetPending = { reason: 'ScheduledReset', until: 'idle', downMs: side.template.timing.softResetMs };
    return { status: 'Scheduled' };
  }
  side.host.afterAnswer(() => {
    securityEvent(side, 'ResetOrReboot', type);
    for (const one of concerned) forceEnd(side.core, one, 'ImmediateReset', 'ResetCommand');
    side.resetPending = { reason: 'RemoteReset', until: 'drain', downMs: side.template.timing.softResetMs };
    side.host.timer('reset', side.host.now() + PATIENCE_MS);
    side.resetIfDrained();
  });
  return { status: 'Accepted' };
}

/** Transactions are told of the reset and go on after the boot (2.1 B13); refused when the station does not resume. */
function resetAndResume(side: Side2x, evseId: number | undefined): Answer<'Reset'> {
  const downMs = side.template.timing.softResetMs;
  if (!side.resumesAfter(downMs))
    return { status: 'Rejected', ...info('NotEnabled', 'TxCtrlr.ResumptionTimeout is too short') };
  if (evseId !== undefined && evseId !== 0)
    return { status: 'Rejected', ...info('UnsupportedParam', 'Only the whole station resumes') };
  side.host.afterAnswer(() => {
    securityEvent(side, 'ResetOrReboot', 'ImmediateAndResume');
    for (const evse of side.core.evses) {
      if (evse.transaction !== undefined) transactionEvent(side, evse, evse.transaction, 'Updated', 'ResetCommand', []);
    }
    side.resetPending = { reason: 'RemoteReset', until: 'drain', downMs: side.template.timing.softResetMs };
    side.host.timer('reset', side.host.now() + PATIENCE_MS);
    side.resetIfDrained();
  });
  return { status: 'Accepted' };
}

/** One EVSE restarts by itself: its transaction ends, nothing boots. */
function resetEvse(side: Side2x, evse: Evse, type: 'Immediate' | 'OnIdle', running: boolean): Answer<'Reset'> {
  if (type === 'OnIdle' && running)
    return { status: 'Rejected', ...info('TxInProgress', 'An EVSE is reset at once or when it is idle') };
  side.host.afterAnswer(() => {
    forceEnd(side.core, evse, 'ImmediateReset', 'ResetCommand');
    side.host.happened('evse-reset', { evseId: evse.id });
    sendAllStatuses(side);
  });
  return { status: 'Accepted' };
}

/** Without an id only whether anything waits (2.0.1 E14). */
export function getTransactionStatus(
  side: Side2x,
  { transactionId }: Request<'GetTransactionStatus'>,
): Answer<'GetTransactionStatus'> {
  const { outbox } = side.host;
  if (transactionId === undefined) return { messagesInQueue: outbox.holds('transaction') };
  return {
    ongoingIndicator: side.core.transactionOf(transactionId) !== undefined,
    messagesInQueue: outbox.holds('transaction', 'transaction', transactionId),
  };
}

export function dataTransfer(
  side: Side2x,
  { vendorId, messageId, data }: Request<'DataTransfer'>,
): Answer<'DataTransfer'> {
  side.host.happened('data-transfer', { vendorId, messageId: messageId ?? '' });
  if (vendorId.toLowerCase() !== OWN_VENDOR) return { status: 'UnknownVendorId' };
  if (messageId !== undefined && messageId !== 'Echo') return { status: 'UnknownMessageId' };
  return { status: 'Accepted', ...(data === undefined ? {} : { data }) };
}
