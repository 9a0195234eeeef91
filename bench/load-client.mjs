// A load generator in a process of its own: n stations, each with one call outstanding (closed loop), over raw TCP with
// prebuilt WebSocket frames, so that the client costs less than the server it measures.
// argv[2]: JSON {port, stations, warmupS, seconds, profile: 'heartbeat' | 'meter' | 'event', serverPid?}. Prints one JSON line.
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { threadCpuMs } from './processes.mjs';

const options = { stations: 500, warmupS: 2, seconds: 4, profile: 'meter', ...JSON.parse(process.argv[2] ?? '{}') };
const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);
const ID = '00000000-89ab-4def-8123-456789abcdef';
const ID_DIGITS = 8;
const TIME = '2026-01-01T12:00:00.000Z';

const sampled = (measurand, value, unit, phase) => ({
  value,
  context: 'Sample.Periodic',
  measurand,
  unit,
  ...(phase ? { phase } : {}),
});
const PAYLOADS = {
  heartbeat: ['ocpp1.6', 'Heartbeat', () => ({})],
  meter: [
    'ocpp1.6',
    'MeterValues',
    () => ({
      connectorId: 1,
      meterValue: [
        {
          timestamp: TIME,
          sampledValue: [
            sampled('Energy.Active.Import.Register', '1234567', 'Wh'),
            sampled('Power.Active.Import', '11040.5', 'W'),
            sampled('Current.Import', '16.0', 'A', 'L1'),
            sampled('Current.Import', '15.9', 'A', 'L2'),
            sampled('Current.Import', '16.1', 'A', 'L3'),
            sampled('Voltage', '229.8', 'V', 'L1'),
          ],
        },
      ],
    }),
  ],
  event: [
    'ocpp2.0.1',
    'TransactionEvent',
    (station) => ({
      eventType: 'Updated',
      timestamp: TIME,
      triggerReason: 'MeterValuePeriodic',
      seqNo: 1,
      transactionInfo: { transactionId: `bench-tx-${station}`, chargingState: 'Charging' },
      meterValue: [
        {
          timestamp: TIME,
          sampledValue: [
            {
              value: 1234567,
              context: 'Sample.Periodic',
              measurand: 'Energy.Active.Import.Register',
              unitOfMeasure: { unit: 'Wh' },
            },
            {
              value: 11040.5,
              context: 'Sample.Periodic',
              measurand: 'Power.Active.Import',
              unitOfMeasure: { unit: 'W' },
            },
            {
              value: 16,
              context: 'Sample.Periodic',
              measurand: 'Current.Import',
              phase: 'L1',
              unitOfMeasure: { unit: 'A' },
            },
          ],
        },
      ],
    }),
  ],
};
const [subprotocol, action, payload] = PAYLOADS[options.profile];
const BOOT = {
  'ocpp1.6': { chargePointVendor: 'Bench', chargePointModel: 'Load' },
  'ocpp2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'Bench', model: 'Load' } },
}[subprotocol];

function maskedFrame(text) {
  const body = Buffer.from(text);
  const header =
    body.length < 126
      ? Buffer.from([0x81, 0x80 | body.length])
      : Buffer.from([0x81, 0x80 | 126, body.length >> 8, body.length & 0xff]);
  const masked = Buffer.from(body.map((byte, index) => byte ^ MASK[index & 3]));
  return Buffer.concat([header, MASK, masked]);
}

/** A frame whose message id is changed in place for every call. */
class CallFrame {
  constructor(name, body) {
    this.bytes = maskedFrame(`[2,"${ID}","${name}",${JSON.stringify(body)}]`);
    // Header, mask, then `[2,"`: the first digits of the id.
    this.at = (this.bytes[1] & 127) < 126 ? 6 : 8;
  }
  next(counter) {
    let rest = counter;
    for (let digit = ID_DIGITS - 1; digit >= 0; digit--) {
      const index = 4 + digit;
      this.bytes[this.at + index] = (48 + (rest % 10)) ^ MASK[index & 3];
      rest = (rest / 10) | 0;
    }
    return this.bytes;
  }
}

let counter = 0;
let errors = 0;
let firstError = '';
let done = 0;
let measuring = false;
let running = true;
const latencies = new Float64Array(4_000_000);
let latencyCount = 0;

/** Skips the frames that the server sends for itself (pings, commands); returns whether an answer to our call came. */
function answered(bytes, length) {
  let offset = 0;
  while (offset + 2 <= length) {
    let size = bytes[offset + 1] & 127;
    let header = 2;
    if (size === 126) {
      size = bytes.readUInt16BE(offset + 2);
      header = 4;
    }
    const isText = (bytes[offset] & 15) === 1;
    const type = bytes[offset + header + 1];
    if (isText && type === 52) {
      errors++;
      firstError ||= bytes.latin1Slice(offset + header, offset + header + size);
      return true;
    }
    if (isText && type === 51) return true;
    offset += header + size;
  }
  return false;
}

function open(index) {
  return new Promise((resolve, reject) => {
    const station = {
      call: new CallFrame(action, payload(index)),
      boot: new CallFrame('BootNotification', BOOT),
      since: 0,
      state: 'handshake',
    };
    const socket = connect({
      port: options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.alloc(4096),
        callback(length, bytes) {
          if (station.state === 'handshake') {
            const head = bytes.latin1Slice(0, length);
            if (!head.startsWith('HTTP/1.1 101')) {
              reject(new Error(head));
              return false;
            }
            station.state = 'boot';
            socket.write(station.boot.next(++counter));
            return true;
          }
          if (!answered(bytes, length)) return true;
          if (station.state === 'boot') {
            station.state = 'ready';
            resolve(station);
            return true;
          }
          if (measuring) {
            latencies[latencyCount++ % latencies.length] = performance.now() - station.since;
            done++;
          }
          if (running) station.go();
          return true;
        },
      },
    });
    station.go = () => {
      station.since = performance.now();
      socket.write(station.call.next(++counter));
    };
    socket.on('connect', () => {
      const key = createHash('sha1').update(randomBytes(16)).digest().subarray(0, 16).toString('base64');
      socket.write(
        `GET /ocpp/BENCH-${index} HTTP/1.1\r\nHost: 127.0.0.1:${options.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${subprotocol}\r\n\r\n`,
      );
    });
    socket.on('error', reject);
  });
}

/** Microseconds of the server's processor for each call: all threads, its main thread, the busiest of the others (the observer). */
function serverCpuUs(before, after) {
  const perCall = [...after].map(([tid, ms]) => [tid, ((ms - (before.get(tid) ?? 0)) * 1000) / done]);
  const main = perCall.find(([tid]) => tid === options.serverPid)?.[1] ?? 0;
  const others = perCall.filter(([tid]) => tid !== options.serverPid).map(([, us]) => us);
  const all = main + others.reduce((sum, us) => sum + us, 0);
  return { serverCpuUs: tenths(all), serverMainUs: tenths(main), serverObserverUs: tenths(Math.max(0, ...others)) };
}

function tenths(value) {
  return Number(value.toFixed(1));
}

const stations = [];
for (let i = 0; i < options.stations; i += 50) {
  stations.push(
    ...(await Promise.all(Array.from({ length: Math.min(50, options.stations - i) }, (_, k) => open(i + k)))),
  );
}
for (const station of stations) station.go();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
await sleep(options.warmupS * 1000);
measuring = true;
const cpu = process.cpuUsage();
const serverBefore = options.serverPid === undefined ? undefined : threadCpuMs(options.serverPid);
const start = performance.now();
await sleep(options.seconds * 1000);
measuring = false;
const elapsedMs = performance.now() - start;
const used = process.cpuUsage(cpu);
const serverUsed = serverBefore && serverCpuUs(serverBefore, threadCpuMs(options.serverPid));
running = false;
const sorted = latencies.subarray(0, Math.min(latencyCount, latencies.length)).sort();
const percentile = (share) =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2));
console.log(
  JSON.stringify({
    callsPerSecond: Math.round((done / elapsedMs) * 1000),
    p50Ms: percentile(0.5),
    p99Ms: percentile(0.99),
    maxMs: percentile(1),
    errors,
    firstError,
    ...serverUsed,
    clientCpu: Number(((used.user + used.system) / 1000 / elapsedMs).toFixed(2)),
  }),
);
process.exit(0);
