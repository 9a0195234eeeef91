import { CompoteError } from '../../../core/errors.ts';
import { decideStart } from '../authorization/decide.ts';
import { isValid, sameGroup, sameToken, type Token, type TokenInfo } from '../authorization/token.ts';
import { createEv, type EvTemplate } from '../physical/ev.ts';
import { meterUp } from './charging.ts';
import type { AuthorizationQuestion, StationCore } from './core.ts';
import { type AuthorizationSource, type Evse, usedConnector } from './evse.ts';
import { place } from './place.ts';
import { isReservedForOther } from './reservation.ts';
import { consumeReservation, endAuthorization, lock, mayBegin, refresh, unlock } from './transactions.ts';

/** The car that arrives. */
export interface Arrival {
  readonly car?: EvTemplate;
  readonly soCPercent?: number;
  readonly targetSoC?: number;
}

/** The driver plugs a car in. */
export function plugIn(core: StationCore, evseId: number, connectorId: number, arrival: Arrival = {}): void {
  const { evse, connector } = place(core, evseId, connectorId);
  const used = usedConnector(evse);
  if (used !== undefined && used !== connector) {
    throw new CompoteError('CONFLICT', { detail: `EVSE ${evseId} is used at connector ${used.id} already` });
  }
  if (connector.plug === 'ev') throw new CompoteError('CONFLICT', { detail: 'A car is plugged in there already' });
  meterUp(core, evse);
  connector.plug = 'ev';
  evse.path.ev = createEv(arrival.car ?? core.template.car, arrival.soCPercent ?? 30, arrival.targetSoC ?? 100);
  evse.plugTimedOut = false;
  evse.parked = true;
  core.host.happened('plugged', { evseId, connectorId });
  core.host.timer(connectTimer(evse), undefined);
  if (evse.authorization !== undefined) lock(evse);
  else armConnect(core, evse);
  refresh(core, evse, 'CablePluggedIn');
  if (core.free && evse.authorization === undefined && mayBegin(core, evse)) {
    grant(core, evse, { value: '', type: 'NoAuthorization' }, { status: 'Accepted' }, 'free', undefined);
  }
}

/**
 * The driver pulls the plug. `ev`: at the car's side, which leaves a detachable cable in the socket; `station`: at the
 * socket, which a lock prevents. Without a side, what a driver can do: everything if it is not locked.
 */
export function unplug(core: StationCore, evseId: number, connectorId: number, side?: 'ev' | 'station'): void {
  const { evse, connector } = place(core, evseId, connectorId);
  if (connector.plug === 'empty') throw new CompoteError('CONFLICT', { detail: 'Nothing is plugged in there' });
  if (side === 'station' && (connector.locked || connector.template.fixedCable)) {
    throw new CompoteError('CONFLICT', {
      detail: connector.locked ? 'The plug is locked' : 'The cable is fixed to the station',
    });
  }
  meterUp(core, evse);
  const wasEv = connector.plug === 'ev';
  const stays = connector.locked && !connector.template.fixedCable;
  connector.plug = stays ? 'cable' : 'empty';
  evse.path.ev = undefined;
  evse.plugTimedOut = false;
  evse.parked = false;
  core.host.happened('unplugged', { evseId, connectorId });
  core.host.timer(connectTimer(evse), undefined);
  if (!stays) {
    connector.locked = false;
    evse.finished = undefined;
  }
  const { transaction } = evse;
  if (wasEv && transaction !== undefined && core.settings.stopOnEvDisconnect && evse.authorization !== undefined) {
    // A new authorization is needed after the car left (2.0.1 E09.FR.01).
    endAuthorization(core, evse, 'EVDisconnected', 'EVCommunicationLost');
  } else if (wasEv && transaction !== undefined) {
    // EVDisconnected is the reason only if no stop was asked for before.
    if (evse.authorization !== undefined) transaction.stoppedReason ??= 'EVDisconnected';
    else if (transaction.stoppedReason === undefined && transaction.token === undefined)
      transaction.stoppedReason = 'EVDisconnected';
    refresh(core, evse, 'EVCommunicationLost');
    // The transaction goes on: the reason is not known yet.
    if (evse.transaction === transaction && evse.authorization !== undefined) transaction.stoppedReason = undefined;
  } else if (evse.authorization !== undefined && transaction === undefined) {
    endAuthorization(core, evse, 'EVDisconnected', 'EVCommunicationLost');
  } else {
    refresh(core, evse);
  }
  if (connector.plug === 'cable' && !connector.locked) {
    connector.plug = 'empty';
    evse.finished = undefined;
    refresh(core, evse);
  }
}

/** A driver holds a card to a reader: stops what this token may stop, else begins somewhere. */
export function presentToken(core: StationCore, token: Token, evseId?: number): void {
  core.host.happened('card', evseId === undefined ? { type: token.type } : { type: token.type, evseId });
  const asked = evseId === undefined ? undefined : core.evse(evseId);
  if (evseId !== undefined && asked === undefined)
    throw new CompoteError('NOT_FOUND', { detail: `There is no EVSE ${evseId}` });
  const here = asked === undefined ? core.evses : [asked];
  const group = core.knownGroup(token);
  for (const evse of here) {
    if (isLockedFor(evse, token, group)) {
      unlock(evse);
      evse.finished = undefined;
      return refresh(core, evse);
    }
  }
  const running = here.filter((evse) => evse.authorization !== undefined || evse.transaction?.token !== undefined);
  const own = running.find((evse) => mayStop(evse, token, group));
  if (own !== undefined) return stopByToken(core, own, token, undefined);
  const master = core.settings.masterPassGroup;
  if (master !== '' && group?.value.toLowerCase() === master.toLowerCase()) {
    for (const evse of running) stopByToken(core, evse, token, 'MasterPass');
    return;
  }
  const chosen = chooseEvse(core, asked, token, group);
  if (chosen === undefined) {
    const [busy] = running;
    if (busy === undefined) return refused(core, asked?.id, 'no free connector');
    // Somebody else's session: the group decides, and only the CSMS knows it.
    if (!core.host.online) return refused(core, busy.id, 'not the token that started');
    return core.host.askCsms({ token, purpose: 'stop', evseId: busy.id, remoteStartId: undefined });
  }
  if (chosen.webPaymentUntilMs > core.host.now()) return refused(core, chosen.id, 'a web payment runs');
  begin(core, chosen, token, undefined);
}

/** Begins authorization of a token for an EVSE: by list, cache, or by asking. */
export function begin(core: StationCore, evse: Evse, token: Token, remoteStartId: number | undefined): void {
  const decision = decideStart(core.known(token), core.host.online, core.settings, core.host.now());
  switch (decision.do) {
    case 'start':
      return grant(core, evse, token, decision.info, decision.source, remoteStartId);
    case 'ask':
      return core.host.askCsms({ token, purpose: 'start', evseId: evse.id, remoteStartId });
    case 'refuse':
      return refused(core, evse.id, decision.why);
  }
}

/** The CSMS answered about a token; undefined: no answer came, so what holds offline holds. */
export function authorizationAnswered(
  core: StationCore,
  question: AuthorizationQuestion,
  info: TokenInfo | undefined,
): void {
  const { token, purpose } = question;
  const evse = question.evseId === undefined ? undefined : core.evse(question.evseId);
  if (info !== undefined) remember(core, token, info);
  if (evse === undefined) return;
  if (purpose === 'stop') {
    const group = evse.transaction?.group ?? evse.authorization?.info.group;
    if (info?.status === 'Accepted' && sameGroup(info.group, group)) return stopByToken(core, evse, token, undefined);
    return refused(core, evse.id, info?.status ?? 'no answer');
  }
  if (info === undefined) {
    const decision = decideStart(core.known(token), false, core.settings, core.host.now());
    if (decision.do === 'start')
      return grant(core, evse, token, decision.info, decision.source, question.remoteStartId);
    return refused(core, evse.id, 'no answer');
  }
  if (!isValid(info, core.host.now())) return refused(core, evse.id, info.status);
  grant(core, evse, token, info, 'online', question.remoteStartId);
}

/** Keeps an answer in the cache; listed tokens and tokens without a card never go there. */
export function remember(core: StationCore, token: Token, info: TokenInfo): void {
  if (!core.settings.cacheEnabled || token.type === 'Central' || token.type === 'NoAuthorization') return;
  if (core.settings.localListEnabled && core.list.find(token) !== undefined) return;
  core.cache.put(token, info, core.host.now());
  core.host.touched('cache');
}

/** The token may charge at this EVSE. */
export function grant(
  core: StationCore,
  evse: Evse,
  token: Token,
  info: TokenInfo,
  source: AuthorizationSource,
  remoteStartId: number | undefined,
): void {
  if (!mayBegin(core, evse)) return refused(core, evse.id, 'the connector is not free');
  if (isReservedForOther(core, evse, token, info.group)) return refused(core, evse.id, 'reserved for somebody else');
  const master = core.settings.masterPassGroup;
  if (master !== '' && info.group?.value.toLowerCase() === master.toLowerCase())
    return refused(core, evse.id, 'a master pass starts nothing');
  if (info.evseIds !== undefined && info.evseIds.length > 0 && !info.evseIds.includes(evse.id))
    return refused(core, evse.id, 'not at this EVSE');
  evse.authorization = { token, info, source, atMs: core.host.now(), remoteStartId };
  evse.plugTimedOut = false;
  evse.finished = undefined;
  core.host.happened('authorized', { evseId: evse.id, source });
  const { transaction } = evse;
  if (transaction !== undefined) {
    transaction.token = token;
    transaction.group = info.group;
    transaction.remoteStartId = remoteStartId ?? transaction.remoteStartId;
    consumeReservation(core, evse, transaction);
    core.host.touched('transactions');
  }
  core.host.timer(connectTimer(evse), undefined);
  if (usedConnector(evse)?.plug === 'ev') lock(evse);
  else armConnect(core, evse);
  refresh(core, evse, remoteStartId === undefined && source !== 'remote' ? 'Authorized' : 'RemoteStart');
}

/** The connect timer went off: nobody plugged in, or nobody authorized. */
export function connectTimedOut(core: StationCore, evse: Evse): void {
  if (evse.authorization !== undefined && usedConnector(evse)?.plug !== 'ev') {
    core.host.happened('authorization-lapsed', { evseId: evse.id });
    return endAuthorization(core, evse, 'Timeout', 'EVConnectTimeout');
  }
  if (evse.authorization === undefined && usedConnector(evse) !== undefined && evse.transaction?.token === undefined) {
    evse.plugTimedOut = true;
    core.statusMayDiffer(evse);
  }
}

export function connectTimer(evse: Evse): string {
  return `connect:${evse.id}`;
}

function armConnect(core: StationCore, evse: Evse): void {
  const seconds = core.settings.connectionTimeoutS;
  if (seconds > 0) core.host.timer(connectTimer(evse), core.host.now() + seconds * 1000);
}

function stopByToken(core: StationCore, evse: Evse, token: Token, reason: string | undefined): void {
  if (evse.transaction !== undefined) evse.transaction.stopToken = token;
  core.host.happened('stopped-by-card', { evseId: evse.id });
  endAuthorization(core, evse, reason, 'StopAuthorized');
}

function mayStop(evse: Evse, token: Token, group: Token | undefined): boolean {
  const started = evse.authorization?.token ?? evse.transaction?.token;
  const startedGroup = evse.authorization?.info.group ?? evse.transaction?.group;
  return (started !== undefined && sameToken(started, token)) || sameGroup(startedGroup, group);
}

/** A cable that stayed locked after a refusal, or after the car left, is freed by its own driver. */
function isLockedFor(evse: Evse, token: Token, group: Token | undefined): boolean {
  const { finished } = evse;
  if (finished?.token === undefined || usedConnector(evse)?.locked !== true) return false;
  return sameToken(finished.token, token) || sameGroup(finished.group, group);
}

/** Where a token would begin: where it was asked for; else where a car waits; else a place reserved for it; else a free one. */
export function chooseEvse(
  core: StationCore,
  asked: Evse | undefined,
  token: Token,
  group: Token | undefined,
): Evse | undefined {
  const candidates = (asked === undefined ? core.evses : [asked]).filter((evse) => mayBegin(core, evse));
  const mine = candidates.filter((evse) => !isReservedForOther(core, evse, token, group));
  const plugged = (evse: Evse): boolean => usedConnector(evse)?.plug === 'ev' && evse.finished === undefined;
  const reserved = (evse: Evse): boolean => core.reservations.some((one) => one.evseId === evse.id);
  return (
    mine.find((evse) => plugged(evse) && reserved(evse)) ??
    mine.find(plugged) ??
    mine.find(reserved) ??
    mine.find((evse) => usedConnector(evse) === undefined) ??
    mine[0] ??
    // A place of a group whose members only the CSMS knows: ask, and decide on the answer.
    candidates.find((evse) => core.reservations.some((one) => one.evseId === evse.id && one.group !== undefined))
  );
}

/** Nothing starts, and somebody may want to know why. */
export function refused(core: StationCore, evseId: number | undefined, why: string): void {
  core.host.happened('refused', evseId === undefined ? { why } : { evseId, why });
}
