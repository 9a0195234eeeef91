import { parseTime } from '../../core/time.ts';
import { idIn, isObject, type Members, numberIn, objectIn, textIn } from './members.ts';
import { readingsOf } from './sampled-values.ts';
import { NOTHING, type SessionFact, step, tell } from './session-fact.ts';
import { keyOf } from './session-keys.ts';
import { type SessionMessage, stationOf } from './session-message.ts';
import { addReading, type SessionRecord } from './session-record.ts';

/** What a request says. */
export function ocppRequestFact(message: SessionMessage): SessionFact | undefined {
  const { payload: p, action } = message;
  const station = stationOf(message);
  const here = { station, begins: false } as const;
  switch (action) {
    case 'Authorize': {
      const token = tokenOf(p);
      if (token === undefined) return undefined;
      const update = (record: SessionRecord): void => {
        record.token ??= token;
        noteTokenType(record, p);
      };
      return { keys: [], station, token, scope: 'at-station', begins: true, update };
    }
    case 'RemoteStartTransaction':
    case 'RequestStartTransaction':
      return remoteStart(message, station);
    case 'StartTransaction': {
      const token = tokenOf(p);
      const reservation = idIn(p, 'reservationId');
      const keys = [
        keyOf('start', station, message.messageId),
        ...(reservation === undefined ? [] : [keyOf('reservation', station, reservation)]),
      ];
      return {
        ...here,
        keys,
        ...(token === undefined ? {} : { token, scope: 'to-start' as const }),
        begins: true,
        update: (record) => startOf16(record, message),
      };
    }
    case 'MeterValues': {
      const tx = idIn(p, 'transactionId');
      if (tx === undefined) return undefined;
      return {
        keys: [keyOf('ocpp', station, tx)],
        station,
        begins: true,
        update: (record) => {
          record.ocppTx ??= tx;
          for (const reading of readingsOf(p['meterValue'], message.seq, message.time)) {
            meet(record, reading, message);
          }
        },
      };
    }
    case 'StopTransaction': {
      const tx = idIn(p, 'transactionId');
      if (tx === undefined) return undefined;
      const update = (record: SessionRecord): void => stopOf16(record, message, tx);
      return { keys: [keyOf('ocpp', station, tx)], station, begins: true, update };
    }
    case 'TransactionEvent':
      return transactionEvent(message, station);
    case 'RemoteStopTransaction':
    case 'RequestStopTransaction':
    case 'CostUpdated': {
      const tx = idIn(p, 'transactionId');
      if (tx === undefined) return undefined;
      const total = action === 'CostUpdated' ? numberIn(p, 'totalCost') : undefined;
      const update =
        total === undefined
          ? NOTHING
          : (record: SessionRecord): void => {
              record.cost = { total, seq: message.seq };
            };
      return { ...here, keys: [keyOf('ocpp', station, tx)], update };
    }
    case 'ReserveNow': {
      const reservation = idIn(p, 'reservationId') ?? idIn(p, 'id');
      if (reservation === undefined) return undefined;
      const token = tokenOf(p);
      return {
        keys: [keyOf('reservation', station, reservation)],
        station,
        ...(token === undefined ? {} : { token, scope: 'remote' as const }),
        begins: true,
        update: (record) => {
          record.reservation = reservation;
          if (token !== undefined) record.token ??= token;
        },
      };
    }
    case 'CancelReservation': {
      const reservation = idIn(p, 'reservationId');
      return reservation === undefined
        ? undefined
        : { ...here, keys: [keyOf('reservation', station, reservation)], update: NOTHING };
    }
    default:
      return undefined;
  }
}

/** What an answer adds to the session that its request belongs to. */
export function ocppAnswerFact(message: SessionMessage): SessionFact | undefined {
  const { payload: p, action, kind } = message;
  const station = stationOf(message);
  const refused = kind === 'error';
  const info = objectIn(p, action === 'StartTransaction' ? 'idTagInfo' : 'idTokenInfo');
  switch (action) {
    case 'Authorize': {
      const status = textIn(isObject(p['idTagInfo']) ? p['idTagInfo'] : info, 'status');
      const accepted = !refused && (status === 'Accepted' || status === 'ConcurrentTx');
      return joinOnly((record) => {
        step(record, 'authorised', accepted, message);
        if (!accepted && record.ocppTx === undefined)
          record.problem = `Authorize was answered ${status ?? 'with an error'}`;
      });
    }
    case 'StartTransaction': {
      const tx = idIn(p, 'transactionId');
      const status = textIn(info, 'status');
      const update = (record: SessionRecord): void => {
        if (tx !== undefined) record.ocppTx = tx;
        step(record, 'authorised', !refused && status === 'Accepted', message);
        if (refused || (status !== undefined && status !== 'Accepted'))
          record.problem = `StartTransaction was answered ${status ?? message.kind}`;
        else delete record.problem;
      };
      return { ...joinOnly(update), ...(tx === undefined ? {} : { claims: keyOf('ocpp', station, tx) }) };
    }
    case 'TransactionEvent': {
      const status = textIn(info, 'status');
      const total = numberIn(p, 'totalCost');
      return joinOnly((record) => {
        if (total !== undefined) record.cost = { total, seq: message.seq };
        if (status === undefined) return;
        step(record, 'authorised', status === 'Accepted', message);
        if (status === 'Accepted') delete record.problem;
        else record.problem = `TransactionEvent was answered ${status}`;
      });
    }
    case 'RemoteStartTransaction':
    case 'RequestStartTransaction': {
      const accepted = !refused && textIn(p, 'status') === 'Accepted';
      const tx = idIn(p, 'transactionId');
      const update = (record: SessionRecord): void => {
        step(record, 'authorised', accepted, message);
        if (!accepted)
          record.problem = `The station answered the remote start ${textIn(p, 'status') ?? 'with an error'}`;
      };
      return { ...joinOnly(update), keys: tx === undefined ? [] : [keyOf('ocpp', station, tx)] };
    }
    default:
      return joinOnly(NOTHING);
  }
}

function joinOnly(update: SessionFact['update']): SessionFact {
  return { keys: [], begins: false, update };
}

function remoteStart(message: SessionMessage, station: string): SessionFact {
  const { payload: p } = message;
  const token = tokenOf(p);
  const remoteStartId = idIn(p, 'remoteStartId');
  return {
    keys: remoteStartId === undefined ? [] : [keyOf('remote', station, remoteStartId)],
    station,
    ...(token === undefined ? {} : { token, scope: 'remote' as const }),
    begins: true,
    update: (record) => {
      record.remote = true;
      if (token !== undefined) record.token ??= token;
      noteTokenType(record, p);
      notePlace(record, idIn(p, 'evseId'), idIn(p, 'connectorId'));
    },
  };
}

function startOf16(record: SessionRecord, message: SessionMessage): void {
  const { payload: p } = message;
  const token = tokenOf(p);
  if (token !== undefined) record.token ??= token;
  // OCPP 1.6 numbers connectors only: each stands for an EVSE.
  notePlace(record, idIn(p, 'connectorId'), idIn(p, 'connectorId'));
  step(record, 'plugged', true, message);
  const meterStart = numberIn(p, 'meterStart');
  if (meterStart !== undefined) record.meterStartWh = meterStart;
  tell(record, 'station', message, p, { start: 'timestamp', meterStart: 'meterStart', token: 'idTag' });
  const t = parseTime(textIn(p, 'timestamp') ?? '') ?? message.time;
  if (meterStart !== undefined) addReading(record, { t, seq: message.seq, energyWh: meterStart });
}

function stopOf16(record: SessionRecord, message: SessionMessage, tx: string): void {
  const { payload: p } = message;
  record.ocppTx ??= tx;
  record.endedAt = message.time;
  record.charging = false;
  record.stopReason = textIn(p, 'reason') ?? 'Local';
  step(record, 'stopped', true, message);
  for (const reading of readingsOf(p['transactionData'], message.seq, message.time)) meet(record, reading, message);
  const meterStop = numberIn(p, 'meterStop');
  if (meterStop !== undefined) {
    meet(
      record,
      { t: parseTime(textIn(p, 'timestamp') ?? '') ?? message.time, seq: message.seq, energyWh: meterStop },
      message,
    );
    record.meterEndWh = meterStop;
  }
  tell(record, 'station', message, p, { end: 'timestamp', meterEnd: 'meterStop' });
}

function transactionEvent(message: SessionMessage, station: string): SessionFact | undefined {
  const { payload: p } = message;
  const info = objectIn(p, 'transactionInfo');
  const tx = textIn(info, 'transactionId');
  if (tx === undefined) return undefined;
  const token = tokenOf(p);
  const remoteStartId = idIn(info, 'remoteStartId');
  const reservation = idIn(p, 'reservationId');
  const keys = [keyOf('ocpp', station, tx)];
  if (remoteStartId !== undefined) keys.push(keyOf('remote', station, remoteStartId));
  if (reservation !== undefined) keys.push(keyOf('reservation', station, reservation));
  return {
    keys,
    station,
    token,
    scope: token === undefined ? undefined : 'to-start',
    begins: true,
    update: (record) => eventOf2x(record, message, tx, info),
  };
}

function eventOf2x(record: SessionRecord, message: SessionMessage, tx: string, info: Members): void {
  const { payload: p } = message;
  record.ocppTx = tx;
  const token = tokenOf(p);
  // The token of the end may be another one of the same group.
  if (token !== undefined) record.token ??= token;
  noteTokenType(record, p);
  const evse = objectIn(p, 'evse');
  notePlace(record, idIn(evse, 'id'), idIn(evse, 'connectorId'));
  const eventType = textIn(p, 'eventType');
  const state = textIn(info, 'chargingState');
  if (eventType === 'Started') tell(record, 'station', message, p, { start: 'timestamp', token: 'idToken/idToken' });
  else if (p['idToken'] !== undefined && !record.told.has('token'))
    tell(record, 'station', message, p, { token: 'idToken/idToken' });
  if (state !== undefined && state !== 'Idle') step(record, 'plugged', true, message);
  if (state === 'Charging') step(record, 'charging', true, message);
  if (state !== undefined) {
    record.charging = state === 'Charging';
    record.suspended = state.startsWith('Suspended');
  }
  for (const reading of readingsOf(p['meterValue'], message.seq, message.time)) meet(record, reading, message);
  if (eventType !== 'Ended') return;
  record.endedAt = message.time;
  record.charging = false;
  record.suspended = false;
  record.stopReason = textIn(info, 'stoppedReason') ?? 'Local';
  step(record, 'stopped', true, message);
  tell(record, 'station', message, p, { end: 'timestamp' });
}

/** A reading on its way into the session: the register tells where it began and ended, the power whether it charges. */
function meet(record: SessionRecord, reading: Parameters<typeof addReading>[1], message: SessionMessage): void {
  addReading(record, reading);
  if (reading.energyWh !== undefined) {
    record.meterStartWh ??= reading.energyWh;
    record.meterEndWh = reading.energyWh;
  }
  const flows =
    (reading.powerW ?? 0) > 0 || (reading.energyWh ?? 0) > (record.meterStartWh ?? Number.POSITIVE_INFINITY);
  if (!flows) return;
  step(record, 'charging', true, message);
  if (record.endedAt === undefined && !record.suspended) record.charging = true;
}

function tokenOf(p: Members): string | undefined {
  const token = p['idToken'];
  return textIn(p, 'idTag') ?? (isObject(token) ? textIn(token, 'idToken') : undefined);
}

function noteTokenType(record: SessionRecord, p: Members): void {
  const token = objectIn(p, 'idToken');
  if (textIn(token, 'type') === 'KeyCode') record.secretToken = true;
  if (textIn(token, 'type') !== 'eMAID') return;
  record.pnc = true;
  const emaid = textIn(token, 'idToken');
  if (emaid !== undefined) record.emaid ??= emaid;
}

function notePlace(record: SessionRecord, evse: string | undefined, connector: string | undefined): void {
  if (evse !== undefined) record.evse ??= Number(evse);
  if (connector !== undefined) record.connector ??= Number(connector);
}
