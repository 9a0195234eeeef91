import { preferences } from '../app/preferences.ts';

/** Numbers, times and names as people read them. */

const THIN = '\u2009';

function zone(): { timeZone?: string } {
  return preferences().timeZone === 'utc' ? { timeZone: 'UTC' } : {};
}

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockFormat(fraction: 0 | 3): Intl.DateTimeFormat {
  const key = `${preferences().timeZone}${fraction}`;
  let format = clocks.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      ...(fraction === 0 ? {} : { fractionalSecondDigits: fraction }),
      ...zone(),
    });
    clocks.set(key, format);
  }
  return format;
}

/** `10:15:22.071` */
export function clockTime(time: number | string, fraction: 0 | 3 = 3): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? '–' : clockFormat(fraction).format(date);
}

/** `22 Nov, 10:15:22`, without the day when it is today. */
export function dayTime(time: number | string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '–';
  if (date.toDateString() === new Date().toDateString()) return clockTime(time, 0);
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...zone() }).format(date);
  return `${day}, ${clockTime(time, 0)}`;
}

/** `18 342` */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** `8`, `0.3`, `1 204`: milliseconds, one decimal below ten. */
export function milliseconds(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : count(ms);
}

/** `8 ms`, `1.2 s`, `3 min`, `2 h 5 min`, `4 d` */
export function duration(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < 1_000) return `${milliseconds(positive)} ms`;
  const seconds = positive / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d`;
}

export function ago(time: string | number | undefined, now = Date.now()): string {
  return time === undefined ? '–' : duration(now - new Date(time).getTime());
}

export function bytes(size: number): string {
  if (size < 1_000) return `${size} B`;
  return size < 1_000_000 ? `${(size / 1_000).toFixed(1)} kB` : `${(size / 1_000_000).toFixed(1)} MB`;
}

/** `7.412 kWh` from watt-hours */
export function energy(wh: number | undefined): string {
  return wh === undefined ? '–' : `${(wh / 1_000).toFixed(3)}${THIN}kWh`;
}

/** `11.02 kW` from watts */
export function power(w: number | undefined): string {
  return w === undefined ? '–' : `${(w / 1_000).toFixed(2)}${THIN}kW`;
}

/** Keeps the ends of a long id: `b2688855…c01f` */
export function middle(id: string, most = 18): string {
  return id.length <= most ? id : `${id.slice(0, Math.ceil(most / 2) + 1)}…${id.slice(-(Math.floor(most / 2) - 2))}`;
}

const PROTOCOL_NAMES: Readonly<Record<string, string>> = {
  ocpp: 'OCPP',
  oicp: 'OICP',
  pnc: 'P&C',
  mqtt: 'MQTT',
  api: 'API',
};

export function protocolName(protocol: string, version?: string): string {
  const name = PROTOCOL_NAMES[protocol] ?? protocol.toUpperCase();
  return version === undefined || version === '' ? name : `${name} ${version}`;
}

const PARTY_NAMES: Readonly<Record<string, string>> = {
  csms: 'CSMS',
  hub: 'Hub',
  emp: 'EMP',
  pnc: 'P&C',
  everest: 'EVerest',
  ui: 'Workbench',
};

/** Our services by their names; stations and foreign systems by their own ids. */
export function partyName(id: string): string {
  return PARTY_NAMES[id] ?? id;
}
