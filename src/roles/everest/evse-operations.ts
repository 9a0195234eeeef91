import { CompoteError } from '../../core/errors.ts';
import { isoTime } from '../../core/time.ts';
import type { EvseCommand } from '../../protocols/everest/encode.ts';
import type { ConnectorState } from '../../protocols/everest/states.ts';
import { type Of, type Operation, type Place, send, warned } from './operation.ts';
import { Authorize, Enable, Limit, None, Stop, Unlock } from './operation-params.ts';
import type { Sent } from './station-commands.ts';

const WITH_TRANSACTION: readonly ConnectorState[] = [
  'preparing',
  'charging',
  'pausedEv',
  'pausedEvse',
  'switchingPhases',
  'stopping',
];
const LIMIT_EVIDENCE_MS = 3_000;

/** What the station itself can be told: tokens, pauses, limits, availability. */
export const EVSE_OPERATIONS = {
  authorize: {
    summary: 'A token is presented (RFID card)',
    params: Authorize,
    async run(place: Place, { anyConnector, ...token }: Of<typeof Authorize>) {
      const { station, connector } = place;
      // Before it is sent: what EVerest says about it may come at once.
      const before = connector.token;
      connector.token = { value: token.idToken, atMs: station.clock.now() };
      const sent = await send(place, {
        do: 'authorize',
        ...token,
        ...(anyConnector ? {} : { connectors: [connector.n] }),
      }).catch((cause: unknown) => {
        connector.token = before;
        throw cause;
      });
      connector.log.note(`token ${token.idToken} presented`, station.clock.now());
      const waitsForContract = connector.car?.plan?.payment === 'contract' && connector.model.state === 'waitAuth';
      return waitsForContract && token.authorizationType === 'RFID'
        ? warned(sent, 'The car pays by contract: while EVerest waits for Plug & Charge it ignores RFID tokens')
        : sent;
    },
  },
  'evse/pause': {
    summary: 'The EVSE pauses charging',
    params: None,
    run: (place: Place) => duringTransaction(place, { do: 'evsePause' }),
  },
  'evse/resume': {
    summary: 'The EVSE goes on',
    params: None,
    run: (place: Place) => duringTransaction(place, { do: 'evseResume' }),
  },
  'evse/stop': {
    summary: 'Ends the transaction; the car stays plugged in',
    params: Stop,
    run: (place: Place, { reason }: Of<typeof Stop>) => duringTransaction(place, { do: 'evseStop', reason }),
  },
  'evse/enable': {
    summary: 'The EVSE may be used',
    params: Enable,
    run: (place: Place, params: Of<typeof Enable>) => send(place, { do: 'evseEnable', ...params }),
  },
  'evse/disable': {
    summary: 'The EVSE may not be used; a disable wins over an enable of the same priority',
    params: Enable,
    run: (place: Place, params: Of<typeof Enable>) => send(place, { do: 'evseDisable', ...params }),
  },
  'evse/unlock': {
    summary: 'Unlocks the plug; ends the transaction',
    params: Unlock,
    run: (place: Place, { connectorId }: Of<typeof Unlock>) => send(place, { do: 'evseUnlock', connectorId }),
  },
  'evse/limit': {
    summary: 'Limits what the EVSE may give, in A or in W',
    description:
      'Waits up to 3 s for the limit that EVerest says it enforces; `limitNotEnforced` warns when it does not come.',
    params: Limit,
    async run(place: Place, { amps, watts, phases: count }: Of<typeof Limit>) {
      const { station, connector } = place;
      if ((amps === undefined) === (watts === undefined)) {
        throw new CompoteError('INVALID_REQUEST', {
          fields: [{ pointer: amps === undefined ? '/amps' : '/watts', msg: 'give either `amps` or `watts`' }],
        });
      }
      const sent = await send(place, {
        do: 'evseLimit',
        ...(amps === undefined ? {} : { amps }),
        ...(watts === undefined ? {} : { watts }),
        ...(count === undefined ? {} : { phases: count }),
        at: isoTime(station.clock.now()),
      });
      if (amps === undefined) return warned(sent, 'a limit in W is not compared with the enforced limit in A');
      const enforced = (): boolean =>
        (connector.model.currentLimitA ?? Number.POSITIVE_INFINITY) <= Math.max(0, amps) + 0.05;
      if (await station.until(enforced, LIMIT_EVIDENCE_MS)) return sent;
      const said = connector.model.currentLimitA;
      return warned(
        sent,
        `limitNotEnforced: EVerest ${said === undefined ? 'says no limit' : `enforces ${said} A`}. The configuration may lack the connection ` +
          '(`evse_energy_sink` with a mapping for dialect L, a node with `external_limits` for E)',
      );
    },
  },
} as const satisfies Record<string, Operation>;

/** Commands that EVerest ignores in silence outside a transaction. */
async function duringTransaction(place: Place, command: EvseCommand): Promise<Sent> {
  const { station, connector } = place;
  const { state } = connector.model;
  if (state !== 'unknown' && state !== 'offline' && !WITH_TRANSACTION.includes(state)) {
    throw new CompoteError('CONFLICT', {
      detail: `Connector ${connector.n} of ${station.id} is ${state}: there is no transaction, and EVerest would ignore this`,
    });
  }
  return send(place, command);
}
