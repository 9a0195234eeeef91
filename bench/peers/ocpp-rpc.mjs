// Peer: an `ocpp-rpc` server in strict mode (validates both directions) with canned answers. No state, no journal.
import { RPCServer } from 'ocpp-rpc';
import { answers } from './answers.mjs';

const subprotocol = process.argv[2];
const canned = answers(subprotocol);
const server = new RPCServer({ protocols: [subprotocol], strictMode: true });
server.auth((accept) => accept({}));
server.on('client', (client) => client.handle(({ method }) => canned[method]));
const http = await server.listen(0, '127.0.0.1');
process.send({ port: http.address().port });
process.on('disconnect', () => process.exit(0));
