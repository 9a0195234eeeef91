import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { AuthorizationQuestion } from '../../state/core.ts';
import { authorizationAnswered } from '../../state/driver.ts';
import { needsAnswered } from './charging-needs.ts';
import { streamAnswered } from './event-streams.ts';
import { takeDriverTariff } from './local-cost.ts';
import { signAnswered } from './security.ts';
import type { Side2x } from './side.ts';
import { pullAnswered } from './smart-charging21.ts';
import { tokenInfo2x } from './tokens.ts';
import { eventAnswered, withCacheLife } from './transactions.ts';

/** The CSMS answered a CALL of the station. */
export function answered2x(
  side: Side2x,
  action: string,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  switch (action) {
    case 'Authorize': {
      const info = tokenInfo2x(payload['idTokenInfo']);
      const question = note['question'] as AuthorizationQuestion;
      const tariff = payload['tariff'] as v21.TariffType | undefined;
      const takes = takeDriverTariff(side, question.token.value, tariff);
      return authorizationAnswered(
        side.core,
        question,
        info === undefined ? undefined : takes ? withCacheLife(side, info) : { ...info, status: 'Invalid' },
      );
    }
    case 'TransactionEvent':
      return eventAnswered(side, payload, note);
    case 'NotifyEVChargingNeeds':
      return needsAnswered(side, payload, note);
    case 'Get15118EVCertificate':
      return side.relay.answered(Number(note['evseId']), payload);
    case 'GetCertificateStatus':
      return side.relay.ocsp.answered(String(note['serialNumber']), payload, side.host);
    case 'SignCertificate':
      return signAnswered(side, payload);
    case 'OpenPeriodicEventStream':
      return streamAnswered(side, payload, note);
    case 'PullDynamicScheduleUpdate':
      return pullAnswered(side, payload, note);
    default:
      return undefined;
  }
}

/** A CALL of the station has failed for good: what hung on it goes on without an answer. */
export function failed2x(side: Side2x, action: string, note: Readonly<Record<string, unknown>>): void {
  if (action === 'Authorize')
    return authorizationAnswered(side.core, note['question'] as AuthorizationQuestion, undefined);
  if (action === 'Get15118EVCertificate') return side.relay.answered(Number(note['evseId']), undefined);
  if (action === 'TransactionEvent') return side.resetIfDrained();
  if (action === 'GetCertificateStatus')
    return side.relay.ocsp.answered(String(note['serialNumber']), undefined, side.host);
  for (const number of (note['connectors'] as readonly number[] | undefined) ?? []) side.told[number] = undefined;
}
