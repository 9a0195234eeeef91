// Baseline: `ws` alone. Cuts the id out of the text and answers `{}`: no JSON, no schema, no state, no journal.
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
  backlog: 4096,
  clientTracking: false,
});
server.on('connection', (socket) => socket.on('message', (data) => socket.send(`[3,"${data.latin1Slice(4, 40)}",{}]`)));
server.on('listening', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
