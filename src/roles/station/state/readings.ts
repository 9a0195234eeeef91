import { soCOf } from '../physical/ev.ts';
import { phaseVoltage } from '../physical/grid.ts';
import { flowAt, latestOffer, registerWh } from '../physical/meter.ts';
import type { StationCore } from './core.ts';
import type { Evse } from './evse.ts';

/** One measured value, neutral of the version. */
export interface Reading {
  readonly measurand: string;
  readonly phase?: 'L1' | 'L2' | 'L3' | 'L1-N' | 'L2-N' | 'L3-N';
  readonly value: number;
  readonly unit?: 'Wh' | 'W' | 'A' | 'V' | 'Percent' | 'Celsius' | 'Hz';
  readonly location?: 'EV' | 'Inlet' | 'Outlet' | 'Body';
}

const PHASES = ['L1', 'L2', 'L3'] as const;
const TO_NEUTRAL = ['L1-N', 'L2-N', 'L3-N'] as const;

/**
 * What the meter of an EVSE shows now, for the measurands that are configured and that it has. A measurand may name a
 * phase: `Voltage.L1` (1.6 §9.1.5). The meter must stand at `now`.
 */
export function readingsOf(core: StationCore, evse: Evse, measurands: readonly string[]): Reading[] {
  const now = core.host.now();
  const flow = flowAt(evse.path, now);
  const readings: Reading[] = [];
  const dc = evse.path.rating.dc;
  const offer = evse.path.closed ? latestOffer(evse.path) : undefined;
  for (const name of measurands) {
    const cut = name.match(/^(.+)\.(L[123](?:-N)?|N)$/);
    const measurand = cut?.[1] ?? name;
    const phase = cut?.[2];
    const add = (reading: Reading): void => {
      if (phase === undefined || reading.phase === undefined || reading.phase.startsWith(phase)) readings.push(reading);
    };
    switch (measurand) {
      case 'Energy.Active.Import.Register':
        add({ measurand, value: registerWh(evse.path.meter), unit: 'Wh' });
        break;
      case 'Energy.Active.Export.Register':
        add({ measurand, value: 0, unit: 'Wh' });
        break;
      case 'Power.Active.Import':
        add({ measurand, value: round(flow.powerW, 1), unit: 'W' });
        break;
      case 'Power.Factor':
        add({ measurand, value: 1 });
        break;
      case 'Power.Offered':
        add({ measurand, value: round(offer === undefined ? 0 : offeredW(evse, offer), 1), unit: 'W' });
        break;
      case 'Current.Offered':
        add({ measurand, value: round(offer === undefined ? 0 : offeredA(evse, offer), 1), unit: 'A' });
        break;
      case 'Current.Import':
        if (dc) add({ measurand, value: round(flow.ampsA[0], 2), unit: 'A' });
        else
          for (let i = 0; i < evse.path.rating.phases; i++)
            add({ measurand, phase: PHASES[i] ?? 'L1', value: round(flow.ampsA[i] ?? 0, 2), unit: 'A' });
        break;
      case 'Voltage':
        if (dc) add({ measurand, value: round(flow.voltsV[0], 1), unit: 'V' });
        else
          for (let i = 0; i < evse.path.rating.phases; i++)
            add({ measurand, phase: TO_NEUTRAL[i] ?? 'L1-N', value: flow.voltsV[i] ?? 0, unit: 'V' });
        break;
      case 'Frequency':
        add({ measurand, value: evse.path.grid.frequencyHz, unit: 'Hz' });
        break;
      case 'Temperature':
        add({ measurand, value: round(25 + flow.powerW / 2_000, 1), unit: 'Celsius', location: 'Body' });
        break;
      case 'SoC':
        if (evse.path.ev !== undefined && (dc || evse.path.ev.template.iso15118)) {
          add({ measurand, value: Math.floor(soCOf(evse.path.ev)), unit: 'Percent', location: 'EV' });
        }
        break;
      default:
        break;
    }
  }
  return readings;
}

const PHASE_COUNT = 3;

/**
 * What the meter at the station's door shows: the sum of its EVSEs (1.6 connector 0, 2.x EVSE 0). What is not summed up
 * there (offers, temperature, SoC) it does not measure. The meters must stand at `now`.
 */
export function mainReadingsOf(core: StationCore, measurands: readonly string[]): Reading[] {
  const now = core.host.now();
  const readings: Reading[] = [];
  const grid = core.template.grid;
  const seed = core.evses[0]?.path.seed ?? 0;
  const flows = core.evses.map((evse) => ({ flow: flowAt(evse.path, now), dc: evse.path.rating.dc }));
  const location = 'Inlet';
  for (const measurand of measurands) {
    switch (measurand) {
      case 'Energy.Active.Import.Register':
        readings.push({
          measurand,
          value: core.evses.reduce((sum, evse) => sum + registerWh(evse.path.meter), 0),
          unit: 'Wh',
          location,
        });
        break;
      case 'Power.Active.Import':
        readings.push({
          measurand,
          value: round(
            flows.reduce((sum, { flow }) => sum + flow.powerW, 0),
            1,
          ),
          unit: 'W',
          location,
        });
        break;
      case 'Current.Import':
        for (let i = 0; i < PHASE_COUNT; i++) {
          const amps = flows.reduce(
            (sum, { flow, dc }) =>
              sum + (dc ? flow.powerW / PHASE_COUNT / phaseVoltage(grid, seed, i + 1, now) : (flow.ampsA[i] ?? 0)),
            0,
          );
          readings.push({ measurand, phase: PHASES[i] ?? 'L1', value: round(amps, 2), unit: 'A', location });
        }
        break;
      case 'Voltage':
        for (let i = 0; i < PHASE_COUNT; i++) {
          const value = phaseVoltage(grid, seed, i + 1, now);
          readings.push({ measurand, phase: TO_NEUTRAL[i] ?? 'L1-N', value, unit: 'V', location });
        }
        break;
      case 'Frequency':
        readings.push({ measurand, value: grid.frequencyHz, unit: 'Hz', location });
        break;
      default:
        break;
    }
  }
  return readings;
}

function offeredW(
  evse: Evse,
  offer: { readonly currentA: number; readonly powerW: number; readonly phases: number },
): number {
  const { rating, grid } = evse.path;
  if (rating.dc) return Math.min(offer.powerW, rating.maxPowerW);
  return Math.min(offer.powerW, offer.currentA * grid.nominalV * offer.phases);
}

function offeredA(
  evse: Evse,
  offer: { readonly currentA: number; readonly powerW: number; readonly phases: number },
): number {
  const { rating, grid } = evse.path;
  if (rating.dc) return Math.min(offer.currentA, rating.maxCurrentA);
  return Math.min(offer.currentA, offer.powerW / (grid.nominalV * offer.phases));
}

function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}
