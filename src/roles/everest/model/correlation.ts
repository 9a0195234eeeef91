import { parseTime } from '../../../core/time.ts';
import type { EverestSession } from './session-log.ts';

/** A transaction as the CSMS knows it. */
export interface OcppTransaction {
  readonly transactionId: string;
  readonly evse?: number;
  readonly connector?: number;
  readonly idToken?: string;
  readonly startedAt: string;
  readonly meterStartWh?: number;
}

export interface Correlation {
  /**
   * `exact`: ids say so. `heuristic`: place, time, token and meter fit, and only one does. `none`: nothing fits, or more than
   * one; a wrong guess is worse than none.
   */
  readonly kind: 'exact' | 'heuristic' | 'none';
  readonly transactionId?: string;
  readonly why: string;
}

const EARLY_MS = 2_000;
const LATE_MS = 10_000;
const METER_WH = 10;

/**
 * Which OCPP transaction belongs to a session. With OCPP 2.x EVerest uses the session id as transaction id; with 1.6 only
 * `ocpp_consumer` tells the number.
 * @param numberInOcpp the EVSE (2.x) or connector (1.6) number under which the CSMS knows this connector
 */
export function correlate(
  session: EverestSession,
  transactions: readonly OcppTransaction[],
  numberInOcpp: number,
): Correlation {
  const told = session.ocppTransactionId ?? session.sessionId;
  const exact = transactions.find(({ transactionId }) => transactionId === told);
  if (exact !== undefined) {
    return {
      kind: 'exact',
      transactionId: exact.transactionId,
      why:
        session.ocppTransactionId === undefined
          ? 'the transaction id is the session id'
          : 'the station told the transaction id',
    };
  }
  if (session.ocppTransactionId !== undefined) {
    return { kind: 'exact', transactionId: session.ocppTransactionId, why: 'the station told the transaction id' };
  }
  const fitting = transactions.filter((transaction) => fits(session, transaction, numberInOcpp));
  const [one] = fitting;
  if (one === undefined)
    return { kind: 'none', why: 'no transaction of this station fits in place, time, token and meter' };
  if (fitting.length > 1) {
    return {
      kind: 'none',
      why: `${fitting.length} transactions fit: ${fitting.map((each) => each.transactionId).join(', ')}`,
    };
  }
  return { kind: 'heuristic', transactionId: one.transactionId, why: 'place, time, token and meter fit' };
}

function fits(session: EverestSession, transaction: OcppTransaction, number: number): boolean {
  const place = transaction.evse ?? transaction.connector;
  if (place !== undefined && place !== number) return false;
  const sessionMs = parseTime(session.transactionAt ?? session.startedAt);
  const startedMs = parseTime(transaction.startedAt);
  if (sessionMs === undefined || startedMs === undefined) return false;
  if (startedMs < sessionMs - EARLY_MS || startedMs > sessionMs + LATE_MS) return false;
  const token = session.token?.value;
  if (
    token !== undefined &&
    transaction.idToken !== undefined &&
    token.toLowerCase() !== transaction.idToken.toLowerCase()
  ) {
    return false;
  }
  const { meterStartWh } = session;
  return (
    meterStartWh === undefined ||
    transaction.meterStartWh === undefined ||
    Math.abs(meterStartWh - transaction.meterStartWh) <= METER_WH
  );
}
