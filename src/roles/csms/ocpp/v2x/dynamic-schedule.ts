import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { StationItem } from '../../state/station-items.ts';

const LIMITS = [
  'limit',
  'limit_L2',
  'limit_L3',
  'dischargeLimit',
  'dischargeLimit_L2',
  'dischargeLimit_L3',
  'setpoint',
  'setpoint_L2',
  'setpoint_L3',
  'setpointReactive',
  'setpointReactive_L2',
  'setpointReactive_L3',
] as const satisfies (keyof v21.ChargingScheduleUpdateType)[];

/** The limits that hold in a Dynamic profile: those of the one period of its one schedule (2.1 K28). */
export function dynamicLimits(profile: StationItem): v21.ChargingScheduleUpdateType {
  const period = scheduleOf(profile)?.chargingSchedulePeriod[0];
  return Object.fromEntries(
    LIMITS.flatMap((name) => (period?.[name] === undefined ? [] : [[name, period[name]]])),
  ) as v21.ChargingScheduleUpdateType;
}

/** The profile after an update of its limits: at once, what is not named stays (K28.FR.06). */
export function withDynamicLimits(
  item: StationItem,
  update: v21.ChargingScheduleUpdateType,
  at: { readonly ms: number; readonly text: string },
): StationItem {
  const schedule = scheduleOf(item);
  const [first, ...others] = schedule?.chargingSchedulePeriod ?? [];
  if (schedule === undefined || first === undefined) return item;
  const { customData: _, ...limits } = update;
  const chargingSchedule = [{ ...schedule, chargingSchedulePeriod: [{ ...first, ...limits }, ...others] }];
  const profile = { ...profileOf(item), chargingSchedule, dynUpdateTime: at.text };
  return { ...item, at: at.ms, value: { ...item.value, profile } };
}

function profileOf(item: StationItem): v21.ChargingProfileType {
  return item.value['profile'] as v21.ChargingProfileType;
}

function scheduleOf(item: StationItem): v21.ChargingScheduleType | undefined {
  return profileOf(item).chargingSchedule[0];
}
