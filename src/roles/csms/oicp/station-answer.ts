import type { CallOutcome } from '../../../protocols/ocpp/rpc-message.ts';
import type { StatusCodeValue } from '../../../protocols/oicp/index.ts';
import type { ConnectorStatus } from '../state/records.ts';

/** What the hub is told: a code of 4.1 and, for people, the station's own words. */
export interface Verdict {
  readonly code: StatusCodeValue;
  readonly info?: string;
}

export const DONE: Verdict = { code: '000' };

/** The state of an EVSE as a reason against using it; `undefined` when there is none. */
export function obstacleOf(statuses: readonly ConnectorStatus[]): Verdict | undefined {
  if (statuses.length > 0 && statuses.every((status) => status === 'Faulted' || status === 'Unavailable')) {
    return { code: '700', info: `The EVSE is ${statuses.join(', ')}` };
  }
  if (statuses.includes('Charging')) return { code: '602', info: 'The EVSE is charging' };
  return undefined;
}

/** Reason codes of 2.x in their many spellings, and statuses of ReserveNow, as codes of OICP. */
const REASONS: readonly (readonly [RegExp, StatusCodeValue])[] = [
  [/occupied|in.?use|txinprogress|txstarted|concurrent/i, '602'],
  [/reserv/i, '601'],
  [/cable|no.?(ev|car)|not.?connected|unplugged/i, '510'],
  [/fault|unavailable|inoperative|not.?supported|disabled/i, '700'],
];

/**
 * The station's answer to a command as an OICP code: its own status and reason first, then what its EVSE shows now.
 * CALLERROR, silence and a broken link are 501.
 */
export function verdictOf(outcome: CallOutcome, statuses: readonly ConnectorStatus[]): Verdict {
  switch (outcome.kind) {
    case 'result': {
      const { status, statusInfo } = outcome.payload;
      const word = typeof status === 'string' ? status : '';
      if (word === 'Accepted') return DONE;
      const said = `${word} ${reasonIn(statusInfo)}`.trim();
      const info = `The station answered ${said}`;
      const code = REASONS.find(([pattern]) => pattern.test(said))?.[1] ?? obstacleOf(statuses)?.code;
      if (code !== undefined) return { code, info };
      if (statuses.includes('Reserved')) return { code: '601', info };
      return { code: '700', info };
    }
    case 'error':
      return { code: '501', info: 'The station answered with an error' };
    case 'timeout':
      return { code: '501', info: `The station did not answer within ${outcome.afterMs} ms` };
    default:
      return { code: '501', info: `The station could not be told (${outcome.kind})` };
  }
}

function reasonIn(statusInfo: unknown): string {
  if (typeof statusInfo !== 'object' || statusInfo === null) return '';
  const { reasonCode, additionalInfo } = statusInfo as Readonly<Record<string, unknown>>;
  return [reasonCode, additionalInfo].filter((part) => typeof part === 'string').join(' ');
}
