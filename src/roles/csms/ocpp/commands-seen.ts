import type { OutboundContext } from './handler.ts';

/**
 * Commands whose effect shows in what the station sends later (a reset, a trigger, a remote start): kept with the answer as
 * events of the station, so that what follows can be understood.
 */
export function commandAnswered(context: OutboundContext, command: string, facts: object, status: string): void {
  const { state, station, now, services } = context;
  state.items.append({ station, kind: 'commands', at: now, status, value: { command, ...facts } });
  services.changed({ what: 'item', station, kind: 'commands', id: command });
}
