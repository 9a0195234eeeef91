import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

/** One swap that runs: the driver's empty battery comes in, then a full one goes out (2.1 S02, S03). */
export interface Swap {
  readonly requestId: number;
  readonly idToken: v21.IdTokenType;
  readonly next: 'BatteryIn' | 'BatteryOut';
}

const STEP_MS = 5_000;

/** Every EVSE of the template is a slot; slot 1 takes, the last one gives. Without a second slot nothing can be given. */
export function requestBatterySwap(
  side: Side2x,
  { requestId, idToken }: Request<'RequestBatterySwap'>,
): Answer<'RequestBatterySwap'> {
  if (side.swap !== undefined || side.core.evses.length < 2)
    return { status: 'Rejected', ...info('NoBatteryAvailable') };
  side.host.afterAnswer(() => {
    side.swap = { requestId, idToken, next: 'BatteryIn' };
    side.host.timer('swap', side.host.now() + STEP_MS);
  });
  return { status: 'Accepted' };
}

export function swapDue(side: Side2x): void {
  const { swap } = side;
  if (swap === undefined) return;
  const { requestId, idToken, next: eventType } = swap;
  const inward = eventType === 'BatteryIn';
  side.send(
    'BatterySwap',
    {
      eventType,
      idToken,
      requestId,
      batteryData: [
        {
          evseId: inward ? 1 : side.core.evses.length,
          serialNumber: `BAT-${requestId}-${inward ? 'IN' : 'OUT'}`,
          soC: inward ? 15 : 95,
          soH: inward ? 91 : 97,
        },
      ],
    },
    'normal',
  );
  side.host.happened('battery-swap', { requestId, eventType });
  side.swap = inward ? { ...swap, next: 'BatteryOut' } : undefined;
  if (inward) side.host.timer('swap', side.host.now() + STEP_MS);
}
