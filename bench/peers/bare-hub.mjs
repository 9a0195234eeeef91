// Baseline for the hub: `node:http` alone. `emp`: a canned yes. `hub URL`: reads the body, asks URL with it, passes the answer on;
// without URL it answers itself. `pages N`: one record N times, cut into pages. No schema, no state, no journal.
import http from 'node:http';
import { Pool } from 'undici';

const [role, argument] = process.argv.slice(2);
const YES =
  '{"SessionID":"f98efba4-02d8-4fa0-b810-9a9d50d2c527","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}';
const DONE = '{"Result":true,"StatusCode":{"Code":"000"}}';
const JSON_TYPE = { 'content-type': 'application/json;charset=UTF-8' };
const next = role === 'hub' && argument !== undefined ? new Pool(argument, { connections: 50 }) : undefined;
const record = role === 'pages' ? JSON.parse(process.env.BENCH_RECORD) : undefined;
const total = role === 'pages' ? Number(argument) : 0;

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const text = Buffer.concat(chunks).toString('utf8');
    const body = JSON.parse(text);
    if (role === 'pages') {
      const query = new URL(request.url, 'http://localhost').searchParams;
      const [page, size] = [Number(query.get('page') ?? 0), Number(query.get('size') ?? 20)];
      const count = Math.max(0, Math.min(size, total - page * size));
      const content = Array.from({ length: count }, () => record);
      return response
        .writeHead(200, JSON_TYPE)
        .end(
          JSON.stringify({ content, number: page, size, totalElements: total, totalPages: Math.ceil(total / size) }),
        );
    }
    if (next === undefined)
      return response.writeHead(200, JSON_TYPE).end(body.OperatorEvseStatus === undefined ? YES : DONE);
    const answer = await next.request({ method: 'POST', path: request.url, headers: JSON_TYPE, body: text });
    response.writeHead(answer.statusCode, JSON_TYPE).end(await answer.body.text());
  });
});
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
