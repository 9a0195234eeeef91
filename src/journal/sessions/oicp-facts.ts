import { idIn, isObject, type Members, objectIn, textIn } from './members.ts';
import { NOTHING, type SessionFact, step, tell } from './session-fact.ts';
import { keyOf, type SessionKey } from './session-keys.ts';
import type { SessionMessage } from './session-message.ts';
import type { SessionRecord } from './session-record.ts';

/** What an OICP request says: the hub's SessionID leads, partners' own ids and the medium help until it is known. */
export function oicpRequestFact(message: SessionMessage): SessionFact | undefined {
  const { payload: p, action } = message;
  const keys = keysOf(p);
  const medium = mediumOf(p);
  const token = medium?.value;
  const isStart = action === 'AuthorizeRemoteStart' || action === 'AuthorizeRemoteReservationStart';
  const scope = isStart ? 'remote' : action === 'AuthorizeStart' ? 'to-ask' : undefined;
  const begins =
    action !== 'AuthorizeStop' && action !== 'AuthorizeRemoteStop' && action !== 'AuthorizeRemoteReservationStop';
  return {
    keys,
    ...(token === undefined || scope === undefined ? {} : { token, scope }),
    begins,
    update: (record) => {
      note(record, p);
      if (isStart) record.remote = true;
      if (action === 'ChargingNotifications') notification(record, message);
      if (action === 'ChargeDetailRecord') cdr(record, message);
    },
  };
}

export function oicpAnswerFact(message: SessionMessage): SessionFact | undefined {
  const { payload: p, action } = message;
  const good = message.kind !== 'error' && isGood(p);
  const why = textIn(objectIn(p, 'StatusCode'), 'Code');
  const update = (record: SessionRecord): void => {
    note(record, p);
    switch (action) {
      case 'AuthorizeStart':
        if (good) record.roaming = true;
        step(record, 'authorised', good, message);
        if (!good && record.ocppTx === undefined)
          record.problem = `The hub answered AuthorizeStart ${why ?? 'with an error'}`;
        break;
      case 'AuthorizeRemoteStart':
        step(record, 'authorised', good, message);
        if (!good) record.problem = `AuthorizeRemoteStart was answered ${why ?? 'with an error'}`;
        break;
      case 'ChargingNotifications':
        step(record, 'notified', good, message);
        break;
      case 'ChargeDetailRecord':
        record.cdr = good ? 'accepted' : record.cdr === 'accepted' ? 'accepted' : 'refused';
        step(record, 'cdr', good, message);
        if (!good) record.problem = `The charge detail record was answered ${why ?? 'with an error'}`;
        else if (record.problem?.startsWith('The charge detail record') === true) delete record.problem;
        break;
    }
  };
  // The answer to a refused start has no SessionID, or one that nobody goes on with.
  return { keys: keysOf(p), begins: false, update: Object.keys(p).length === 0 && good ? NOTHING : update };
}

function isGood(p: Members): boolean {
  if (typeof p['Result'] === 'boolean') return p['Result'];
  const authorization = textIn(p, 'AuthorizationStatus');
  if (authorization !== undefined) return authorization === 'Authorized';
  const code = textIn(objectIn(p, 'StatusCode'), 'Code');
  return code === undefined || code === '000';
}

function keysOf(p: Members): SessionKey[] {
  const keys: SessionKey[] = [];
  const oicp = idIn(p, 'SessionID');
  const cpo = idIn(p, 'CPOPartnerSessionID');
  const emp = idIn(p, 'EMPPartnerSessionID');
  if (oicp !== undefined) keys.push(keyOf('oicp', oicp.toLowerCase()));
  // Partners count for themselves and may repeat a number: without the hub's id they lead, with it they only follow.
  if (oicp === undefined && cpo !== undefined) keys.push(keyOf('cpo', cpo));
  if (oicp === undefined && emp !== undefined) keys.push(keyOf('emp', emp));
  return keys;
}

function note(record: SessionRecord, p: Members): void {
  const oicp = idIn(p, 'SessionID');
  const cpo = idIn(p, 'CPOPartnerSessionID');
  const emp = idIn(p, 'EMPPartnerSessionID');
  const evseId = textIn(p, 'EvseID');
  const provider = textIn(p, 'ProviderID');
  if (oicp !== undefined) record.oicp ??= oicp;
  if (cpo !== undefined) record.cpoPartner ??= cpo;
  if (emp !== undefined) record.empPartner ??= emp;
  if (evseId !== undefined) record.evseId ??= evseId;
  if (provider !== undefined) record.emp ??= provider;
  const medium = mediumOf(p);
  if (medium === undefined) return;
  record.token ??= medium.value;
  if (medium.emaid) record.emaid ??= medium.value;
  if (medium.pnc) record.pnc = true;
}

/** The card or contract of an Identification (OICP 2.3 IdentificationType). */
export function mediumOf(
  p: Members,
): { readonly value: string; readonly emaid: boolean; readonly pnc: boolean } | undefined {
  const identification = objectIn(p, 'Identification');
  for (const [name, member, emaid] of MEDIA) {
    const medium = identification[name];
    const value = isObject(medium) ? textIn(medium, member) : undefined;
    if (value !== undefined) return { value, emaid, pnc: name === 'PlugAndChargeIdentification' };
  }
  return undefined;
}

const MEDIA = [
  ['RFIDMifareFamilyIdentification', 'UID', false],
  ['RFIDIdentification', 'UID', false],
  ['QRCodeIdentification', 'EvcoID', true],
  ['PlugAndChargeIdentification', 'EvcoID', true],
  ['RemoteIdentification', 'EvcoID', true],
] as const;

function notification(record: SessionRecord, message: SessionMessage): void {
  const { payload: p } = message;
  tell(record, 'notifications', message, p, {
    chargingStart: 'ChargingStart',
    evseId: 'EvseID',
    sessionId: 'SessionID',
    product: 'PartnerProductID',
    meterStart: 'MeterValueStart',
    start: 'SessionStart',
    ...(textIn(p, 'Type') === 'End'
      ? { chargingEnd: 'ChargingEnd', end: 'SessionEnd', meterEnd: 'MeterValueEnd', energy: 'ConsumedEnergy' }
      : {}),
  });
  const medium = mediumOf(p);
  if (medium !== undefined) tokenTold(record, 'notifications', message, medium.value);
}

function cdr(record: SessionRecord, message: SessionMessage): void {
  const { payload: p } = message;
  const voice = message.from.role === 'hub' ? 'cdrReceived' : 'cdrSent';
  if (record.cdr === 'none') record.cdr = 'sent';
  tell(record, voice, message, p, {
    start: 'SessionStart',
    end: 'SessionEnd',
    chargingStart: 'ChargingStart',
    chargingEnd: 'ChargingEnd',
    meterStart: 'MeterValueStart',
    meterEnd: 'MeterValueEnd',
    energy: 'ConsumedEnergy',
    evseId: 'EvseID',
    product: 'PartnerProductID',
    sessionId: 'SessionID',
  });
  const medium = mediumOf(p);
  if (medium !== undefined) tokenTold(record, voice, message, medium.value);
}

function tokenTold(
  record: SessionRecord,
  voice: 'notifications' | 'cdrSent' | 'cdrReceived',
  message: SessionMessage,
  value: string,
): void {
  const told = record.told.get('token') ?? {};
  record.told.set('token', { ...told, [voice]: { value, seq: message.seq, pointer: '/Identification' } });
}
