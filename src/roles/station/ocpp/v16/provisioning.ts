import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import { PNC_VENDOR } from '../../../../protocols/ocpp/pnc-transfer.ts';
import { forceEnd } from '../../state/transactions.ts';
import { OWN_VENDOR } from '../own-vendor.ts';
import { armAligned, armSampling } from './metering.ts';
import { wrappedCommand } from './pnc-transfer.ts';
import { raiseSecurityProfile, securityEvent } from './security.ts';
import type { Side16 } from './side.ts';

/** A soft reset waits this long for the answers to its StopTransactions; the queue keeps the rest (1.6 §5.14). */
const SOFT_RESET_PATIENCE_MS = 20_000;

export function changeConfiguration(
  side: Side16,
  { key, value }: RequestOf<'1.6', 'ChangeConfiguration'>,
): ResponseOf<'1.6', 'ChangeConfiguration'> {
  if (side.configuration.keyOf(key) === 'SecurityProfile') return { status: raiseSecurityProfile(side, value) };
  const status = side.configuration.change(key, value);
  if (status === 'Accepted' || status === 'RebootRequired') {
    side.host.touched('configuration');
    side.host.happened('configuration', { key });
    side.host.afterAnswer(() => changed(side, side.configuration.keyOf(key) ?? key));
  }
  return { status };
}

/** A key is in force at once: timers that hang on it count anew. */
function changed(side: Side16, key: string): void {
  switch (key) {
    case 'HeartbeatInterval':
      return side.armHeartbeat();
    case 'WebSocketPingInterval':
      return side.host.pingChanged();
    case 'MeterValueSampleInterval':
      for (const evse of side.core.evses) armSampling(side, evse);
      return;
    case 'ClockAlignedDataInterval':
      return armAligned(side);
    case 'AuthorizationKey': {
      // Drop the line and come back with the new secret (whitepaper A01.FR.03). The log gets the event, never the key.
      if (side.template.features.security) securityEvent(side, 'ReconfigurationOfSecurityParameters');
      return side.host.reconnect();
    }
    default:
      return undefined;
  }
}

export function getConfiguration(
  side: Side16,
  { key }: RequestOf<'1.6', 'GetConfiguration'>,
): ResponseOf<'1.6', 'GetConfiguration'> {
  const { known, unknown } = side.configuration.get(key);
  const max = side.configuration.int('GetConfigurationMaxKeys');
  return {
    configurationKey: known.slice(0, max).map((entry) => ({
      key: entry.key,
      readonly: entry.readonly,
      ...(entry.value === undefined ? {} : { value: entry.value }),
    })),
    ...(unknown.length === 0 ? {} : { unknownKey: unknown }),
  };
}

export function reset(side: Side16, { type }: RequestOf<'1.6', 'Reset'>): ResponseOf<'1.6', 'Reset'> {
  if (side.firmware.running && !side.firmware.cancellable) return { status: 'Rejected' };
  side.host.afterAnswer(() => {
    const { timing } = side.template;
    if (side.template.features.security) securityEvent(side, 'ResetOrReboot', type);
    for (const evse of side.core.evses) forceEnd(side.core, evse, `${type}Reset`, 'ResetCommand');
    const downMs = type === 'Hard' ? timing.hardResetMs : timing.softResetMs;
    side.resetPending = { reason: 'RemoteReset', downMs, until: 'drain' };
    if (type === 'Hard') return side.resetNow();
    side.host.timer('reset', side.host.now() + SOFT_RESET_PATIENCE_MS);
    side.resetIfDrained();
  });
  return { status: 'Accepted' };
}

export function dataTransfer(
  side: Side16,
  { vendorId, messageId, data }: RequestOf<'1.6', 'DataTransfer'>,
): ResponseOf<'1.6', 'DataTransfer'> {
  side.host.happened('data-transfer', { vendorId, messageId: messageId ?? '' });
  if (vendorId === PNC_VENDOR && side.configuration.bool('ISO15118PnCEnabled')) {
    return wrappedCommand(side, {
      vendorId,
      ...(messageId === undefined ? {} : { messageId }),
      ...(data === undefined ? {} : { data }),
    });
  }
  if (vendorId.toLowerCase() !== OWN_VENDOR) return { status: 'UnknownVendorId' };
  if (messageId !== undefined && messageId !== 'Echo') return { status: 'UnknownMessageId' };
  return { status: 'Accepted', ...(data === undefined ? {} : { data }) };
}
