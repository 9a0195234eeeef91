import { isoTime } from '../../../core/time.ts';
import { registerWh } from '../physical/meter.ts';
import type { StationCore } from '../state/core.ts';
import type { SideHost } from './side.ts';

/** What an uploaded log holds: the state in lines that a person can read. No secrets. */
export function diagnosticsText(host: SideHost, core: StationCore): string {
  const lines = [
    `station ${host.identity}`,
    `template ${core.template.name}, firmware ${host.firmwareVersion}, serial ${host.serialNumber}`,
    `time ${isoTime(host.now())}, registration ${host.registration}, queued ${host.outbox.length}`,
  ];
  for (const evse of core.evses) {
    const { transaction } = evse;
    const state =
      transaction === undefined ? 'no transaction' : `transaction ${transaction.id} ${transaction.chargingState}`;
    lines.push(`evse ${evse.id}: register ${registerWh(evse.path.meter)} Wh, ${state}`);
    for (const connector of evse.connectors) {
      const fault = connector.fault === undefined ? '' : `, fault ${connector.fault.code}`;
      lines.push(`  connector ${connector.id}: ${connector.plug}, ${connector.locked ? 'locked' : 'unlocked'}${fault}`);
    }
  }
  lines.push(`profiles ${core.profiles.all.length}, local list version ${core.list.version} (${core.list.size})`, '');
  return lines.join('\n');
}
