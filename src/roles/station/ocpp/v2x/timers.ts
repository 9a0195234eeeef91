import { OCSP_TIMER } from '../certificate-status.ts';
import { swapDue } from './battery-swap.ts';
import { costDue } from './local-cost.ts';
import { sampleAligned, sampleEnded, sampleUpdated } from './metering.ts';
import { checkMonitors, monitorDue } from './monitoring.ts';
import { askCertificateStatus, certificateTimer } from './security.ts';
import type { Side2x } from './side.ts';
import { dynamicDue } from './smart-charging21.ts';

/** The timers of the 2.x half, by name; those of one EVSE end with its number. */
export function timer2x(side: Side2x, name: string): void {
  const [what, id] = name.split(':');
  const evse = id === undefined ? undefined : side.core.evse(Number(id));
  switch (what) {
    case 'sample':
      if (evse !== undefined) sampleUpdated(side, evse);
      return;
    case 'ended':
      if (evse !== undefined) sampleEnded(side, evse);
      return;
    case 'monitor':
      return monitorDue(side, Number(id));
    case 'monitors':
      return checkMonitors(side);
    case 'dynamic':
      return dynamicDue(side);
    case 'swap':
      return swapDue(side);
    case 'cost':
      if (evse !== undefined) costDue(side, evse);
      return;
    case 'aligned':
      return sampleAligned(side);
    case 'firmware':
      return side.firmware.timer();
    case 'log':
      return side.log.timer();
    case 'certificate':
      return certificateTimer(side);
    case OCSP_TIMER:
      return askCertificateStatus(side);
    case 'reset':
      return side.resetNow();
    default:
      return undefined;
  }
}
