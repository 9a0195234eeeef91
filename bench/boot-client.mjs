// A bare fleet: n sockets of `ws`, each with a boot's four calls one after another; the least that a fleet of stations can cost.
// argv[2]: JSON {port, stations}. Prints one JSON line: {allAcceptedMs}.
import { randomUUID } from 'node:crypto';
import WebSocket from 'ws';

const { port, stations } = JSON.parse(process.argv[2]);
const CALLS = [
  ['BootNotification', { reason: 'PowerUp', chargingStation: { vendorName: 'Bench', model: 'Bare' } }],
  ...[1, 2].map((evseId) => [
    'StatusNotification',
    { timestamp: '2026-01-01T12:00:00.000Z', connectorStatus: 'Available', evseId, connectorId: 1 },
  ]),
  ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: '2026-01-01T12:00:00.000Z' }],
];
// As a fleet of `compote station` does: so many handshakes are under way at once.
const HANDSHAKES = 500;

const began = performance.now();
let started = 0;
let booted = 0;
function next() {
  if (started === stations) return;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ocpp/BARE-${started++}`, 'ocpp2.0.1', {
    perMessageDeflate: false,
  });
  let sent = 0;
  const call = () => socket.send(JSON.stringify([2, randomUUID(), ...CALLS[sent++]]));
  socket.on('open', () => {
    call();
    next();
  });
  socket.on('message', () => {
    if (sent < CALLS.length) return call();
    if (++booted < stations) return;
    console.log(JSON.stringify({ allAcceptedMs: performance.now() - began }));
    process.exit(0);
  });
}
for (let i = 0; i < HANDSHAKES; i++) next();
