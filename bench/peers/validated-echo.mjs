// Baseline: `ws` with JSON, and request and answer validated by TypeBox, as OCPP Compote compiles the same schemas (it has
// a quick check before it). No state, no journal.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Compile } from 'typebox/schema';
import { WebSocketServer } from 'ws';
import { answers } from './answers.mjs';

const subprotocol = process.argv[2];
const file = { 'ocpp1.6': 'ocpp1_6.json', 'ocpp2.0.1': 'ocpp2_0_1.json' }[subprotocol];
const validators = new Map();
for (const { $id, $schema, ...schema } of JSON.parse(
  readFileSync(createRequire(import.meta.url).resolve(`ocpp-rpc/lib/schemas/${file}`), 'utf8'),
)) {
  validators.set($id, Compile(schema));
}
const canned = answers(subprotocol);
const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
  backlog: 4096,
  clientTracking: false,
});
server.on('connection', (socket) =>
  socket.on('message', (data) => {
    const [, id, action, payload] = JSON.parse(data.toString());
    if (!validators.get(`urn:${action}.req`)?.Check(payload))
      return socket.send(JSON.stringify([4, id, 'FormationViolation', '', {}]));
    const answer = canned[action];
    if (!validators.get(`urn:${action}.conf`).Check(answer))
      throw new Error(`The canned answer to ${action} does not fit`);
    socket.send(JSON.stringify([3, id, answer]));
  }),
);
server.on('listening', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
