import Type from 'typebox';
import { isoTime } from '../../core/time.ts';
import { soCOf } from './physical/ev.ts';
import { flowAt, registerWh } from './physical/meter.ts';
import { meterUp } from './state/charging.ts';
import { usedConnector } from './state/evse.ts';
import { status2x, status16 } from './state/status.ts';
import type { Station } from './station.ts';

/** A simulated station as REST shows it. */
export const StationView = Type.Object(
  {
    identity: Type.String(),
    version: Type.String(),
    template: Type.String(),
    endpoint: Type.String(),
    powered: Type.Boolean(),
    connected: Type.Boolean(),
    registration: Type.String({ description: '`none`, `Accepted`, `Pending` or `Rejected`' }),
    firmwareVersion: Type.String(),
    clock: Type.String({ description: 'The station’s own time' }),
    queued: Type.Integer({ description: 'Messages that wait to be sent' }),
    localListVersion: Type.Integer(),
    chargingProfiles: Type.Integer(),
    reservations: Type.Array(
      Type.Object({ id: Type.Integer(), evseId: Type.Optional(Type.Integer()), expiry: Type.String() }),
    ),
    evses: Type.Array(
      Type.Object({
        id: Type.Integer(),
        meterWh: Type.Integer(),
        powerW: Type.Number(),
        currentA: Type.Array(Type.Number()),
        voltageV: Type.Array(Type.Number()),
        offeredA: Type.Union([Type.Number(), Type.Null()]),
        soCPercent: Type.Optional(Type.Number()),
        vehicleAnswer: Type.Optional(
          Type.Object({
            status: Type.String(),
            exiResponse: Type.String({ description: 'EXI for the vehicle, base64' }),
          }),
        ),
        transaction: Type.Optional(
          Type.Object({
            id: Type.String(),
            number: Type.Optional(Type.Integer({ description: 'The 1.6 transactionId' })),
            chargingState: Type.String(),
            energyWh: Type.Integer(),
            since: Type.String(),
          }),
        ),
        connectors: Type.Array(
          Type.Object({
            id: Type.Integer(),
            number: Type.Integer({ description: 'The connector number of 1.6' }),
            status: Type.String(),
            plug: Type.String({ description: '`empty`, `cable` or `ev`' }),
            locked: Type.Boolean(),
            operative: Type.Boolean(),
            fault: Type.Optional(Type.String()),
          }),
        ),
      }),
    ),
  },
  { title: 'SimulatedStation' },
);
export type StationView = Type.Static<typeof StationView>;

export function viewOf(station: Station): StationView {
  const { machine } = station;
  const { core } = machine;
  const now = machine.now();
  return {
    identity: station.identity,
    version: station.version,
    template: machine.template.name,
    endpoint: station.endpoint,
    powered: machine.powered,
    connected: machine.connected,
    registration: machine.registration,
    firmwareVersion: machine.firmwareVersion,
    clock: isoTime(now),
    queued: machine.outbox.length,
    localListVersion: core.list.version,
    chargingProfiles: core.profiles.all.length,
    reservations: core.reservations.map((one) => ({
      id: one.id,
      ...(one.evseId === undefined ? {} : { evseId: one.evseId }),
      expiry: isoTime(one.expiryMs),
    })),
    evses: core.evses.map((evse) => {
      if (machine.powered) meterUp(core, evse);
      const flow = flowAt(evse.path, now);
      const { transaction } = evse;
      const { ev } = evse.path;
      const answer = machine.side.relay.answers.get(evse.id);
      const offeredA = evse.path.closed ? evse.path.offer.currentA : null;
      return {
        id: evse.id,
        meterWh: registerWh(evse.path.meter),
        powerW: Math.round(flow.powerW),
        currentA: flow.ampsA.map((amps) => Math.round(amps * 100) / 100),
        voltageV: flow.voltsV.map((volts) => Math.round(volts * 10) / 10),
        offeredA,
        ...(ev === undefined ? {} : { soCPercent: Math.round(soCOf(ev) * 10) / 10 }),
        ...(answer === undefined ? {} : { vehicleAnswer: answer }),
        ...(transaction === undefined
          ? {}
          : {
              transaction: {
                id: transaction.id,
                ...(transaction.number === undefined ? {} : { number: transaction.number }),
                chargingState: transaction.chargingState,
                energyWh: registerWh(evse.path.meter) - transaction.meterStartWh,
                since: isoTime(transaction.startedAtMs),
              },
            }),
        connectors: evse.connectors.map((connector) => ({
          id: connector.id,
          number: connector.number,
          status: station.version === '1.6' ? status16(core, evse, connector) : status2x(core, evse, connector),
          plug: usedConnector(evse) === connector ? connector.plug : 'empty',
          locked: connector.locked,
          operative: connector.operative,
          ...(connector.fault === undefined ? {} : { fault: connector.fault.code }),
        })),
      };
    }),
  };
}
