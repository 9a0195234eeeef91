import { parseTime } from '../../core/time.ts';
import { idIn, type Members, objectIn, textIn } from './members.ts';
import { type SessionFact, step } from './session-fact.ts';
import { keyOf } from './session-keys.ts';
import type { SessionMessage } from './session-message.ts';
import type { SessionRecord } from './session-record.ts';

/** MQTT topics (dialect E of EVerest) that name a session; an external prefix may stand before them. */
const SESSION_EVENT = /everest_api\/1\/evse_manager_consumer\/[^/]+\/e2m\/session_event$/;
const OCPP_EVENT = /everest_api\/1\/ocpp_consumer\/[^/]+\/e2m\/ocpp_transaction_event$/;

export function isEverestSession(topic: string): boolean {
  return SESSION_EVENT.test(topic) || OCPP_EVENT.test(topic);
}

/**
 * What EVerest says of its session. With OCPP 2.x its session id is the transaction id; with 1.6 `ocpp_transaction_event`
 * names the number.
 */
export function everestFact(message: SessionMessage): SessionFact | undefined {
  const { action, payload: p } = message;
  const station = message.from.id;
  const isOcpp = OCPP_EVENT.test(action);
  const id = textIn(p, isOcpp ? 'session_id' : 'uuid');
  const event = textIn(p, 'event') ?? '';
  // Enabled and Disabled belong to no session.
  if (id === undefined || event === 'Enabled' || event === 'Disabled') return undefined;
  const transaction = idIn(p, 'transaction_id');
  return {
    keys: [
      keyOf('everest', station, id),
      keyOf('ocpp', station, id),
      ...(transaction === undefined ? [] : [keyOf('ocpp', station, transaction)]),
    ],
    station,
    begins: true,
    update: (record) => {
      if (transaction !== undefined) record.ocppTx ??= transaction;
      if (!isOcpp) happened(record, message, event, p);
    },
  };
}

function happened(record: SessionRecord, message: SessionMessage, event: string, p: Members): void {
  switch (event) {
    case 'SessionStarted':
      if (textIn(objectIn(p, 'session_started'), 'reason') === 'EVConnected') step(record, 'plugged', true, message);
      break;
    case 'TransactionStarted': {
      step(record, 'authorised', true, message);
      const tag = objectIn(objectIn(p, 'transaction_started'), 'id_tag');
      const token = textIn(objectIn(tag, 'id_token'), 'value');
      if (token !== undefined) record.token ??= token;
      if (textIn(tag, 'authorization_type') === 'PlugAndCharge') {
        record.pnc = true;
        if (token !== undefined) record.emaid ??= token;
      }
      if (textIn(tag, 'authorization_type') === 'OCPP') record.remote = true;
      break;
    }
    case 'ChargingStarted':
      record.charging = true;
      record.suspended = false;
      step(record, 'charging', true, message);
      break;
    case 'ChargingPausedEV':
    case 'ChargingPausedEVSE':
      record.suspended = true;
      break;
    case 'TransactionFinished': {
      step(record, 'stopped', true, message);
      record.charging = false;
      const reason = textIn(objectIn(p, 'transaction_finished'), 'reason');
      if (reason !== undefined) record.stopReason ??= reason;
      record.endedAt ??= parseTime(textIn(p, 'timestamp') ?? '') ?? message.time;
      break;
    }
    case 'SessionFinished':
      record.endedAt ??= message.time;
      break;
    default:
  }
}
