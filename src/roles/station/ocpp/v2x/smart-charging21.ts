import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import { refresh } from '../../state/transactions.ts';
import { profile2x } from './profile-wire.ts';
import type { Side2x } from './side.ts';
import { installProfile } from './smart-charging.ts';
import { type Answer, info, type Request } from './wire.ts';

type Update = v21.ChargingScheduleUpdateType;

/** UsePriorityCharging: the Priority profile replaces Tx and TxDefault until it is taken back (2.1 K21). */
export function usePriorityCharging(
  side: Side2x,
  { transactionId, activate }: Request<'UsePriorityCharging'>,
): Answer<'UsePriorityCharging'> {
  const found = side.core.transactionOf(transactionId);
  if (found === undefined) return { status: 'Rejected', ...info('TxNotFound') };
  if (activate && !side.core.profiles.all.some((one) => one.purpose === 'Priority')) return { status: 'NoProfile' };
  side.host.afterAnswer(() => {
    found.evse.priority = activate;
    side.send('NotifyPriorityCharging', { transactionId, activated: activate }, 'normal');
    refresh(side.core, found.evse);
  });
  return { status: 'Accepted' };
}

/** UpdateDynamicSchedule: the CSMS pushes a new limit, effective at once (2.1 K28). */
export function updateDynamicSchedule(
  side: Side2x,
  { chargingProfileId, scheduleUpdate }: Request<'UpdateDynamicSchedule'>,
): Answer<'UpdateDynamicSchedule'> {
  const profile = side.core.profiles.find({ id: chargingProfileId })[0];
  if (profile === undefined) return { status: 'Rejected', ...info('NotFound') };
  if (profile.kind !== 'Dynamic')
    return { status: 'Rejected', ...info('InvalidProfile', 'The profile is not Dynamic') };
  side.host.afterAnswer(() => applyUpdate(side, chargingProfileId, scheduleUpdate));
  return { status: 'Accepted' };
}

/** Dynamic profiles with dynUpdateInterval ask for their limits; the shortest interval counts (K28.FR.07). */
export function armDynamic(side: Side2x): void {
  const now = side.host.now();
  const asks: { id: number; nextMs: number }[] = [];
  for (const profile of side.core.profiles.all) {
    const seconds = (profile.wire as v21.ChargingProfileType).dynUpdateInterval ?? 0;
    if (profile.kind !== 'Dynamic' || seconds <= 0) continue;
    const known = side.dynamic?.find((one) => one.id === profile.id);
    asks.push({
      id: profile.id,
      nextMs: known !== undefined && known.nextMs > now ? known.nextMs : now + seconds * 1000,
    });
  }
  side.dynamic = asks.length === 0 ? undefined : asks;
  side.host.timer('dynamic', asks.length === 0 ? undefined : Math.min(...asks.map((one) => one.nextMs)));
}

export function dynamicDue(side: Side2x): void {
  const now = side.host.now();
  for (const ask of side.dynamic ?? []) {
    if (ask.nextMs > now) continue;
    side.send('PullDynamicScheduleUpdate', { chargingProfileId: ask.id }, 'loose', { profile: ask.id });
  }
  armDynamic(side);
}

export function pullAnswered(
  side: Side2x,
  payload: Readonly<Record<string, unknown>>,
  note: Readonly<Record<string, unknown>>,
): void {
  const { status, scheduleUpdate } = payload as unknown as v21.PullDynamicScheduleUpdateResponse;
  if (status === 'Accepted' && scheduleUpdate !== undefined) applyUpdate(side, Number(note['profile']), scheduleUpdate);
}

function applyUpdate(side: Side2x, id: number, update: Update): void {
  const profile = side.core.profiles.find({ id })[0];
  if (profile === undefined) return;
  const wire = profile.wire as v21.ChargingProfileType;
  const [schedule, ...others] = wire.chargingSchedule;
  const [period, ...later] = schedule?.chargingSchedulePeriod ?? [];
  if (schedule === undefined || period === undefined) return;
  const { customData: _, ...values } = update;
  const changed: v21.ChargingProfileType = {
    ...wire,
    dynUpdateTime: side.iso(),
    chargingSchedule: [{ ...schedule, chargingSchedulePeriod: [{ ...period, ...values }, ...later] }, ...others],
  };
  installProfile(side, profile2x(changed, profile.evseId, profile.transactionId));
}
