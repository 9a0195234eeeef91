// Opens n sockets, boots each as a 1.6 station with one status, and stays idle. argv[2]: JSON {port, stations}.
import { WebSocket } from 'ws';

const { port, stations } = JSON.parse(process.argv[2]);
const start = performance.now();
const one = (index) =>
  new Promise((resolve, reject) => {
    // 28,000 ports per address: spread over several loopback addresses.
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ocpp/IDLE-${index}`, ['ocpp1.6'], {
      perMessageDeflate: false,
      localAddress: `127.0.0.${2 + (index % 4)}`,
    });
    const frames = [
      '[2,"00000000-0000-0000-0000-000000000001","BootNotification",{"chargePointVendor":"Bench","chargePointModel":"Idle"}]',
      '[2,"00000000-0000-0000-0000-000000000002","StatusNotification",{"connectorId":1,"errorCode":"NoError","status":"Available"}]',
    ];
    const next = () => {
      const frame = frames.shift();
      if (frame === undefined) resolve(socket);
      else socket.send(frame);
    };
    socket.on('open', next);
    socket.on('message', next);
    socket.on('error', reject);
  });
const sockets = [];
for (let i = 0; i < stations; i += 200)
  sockets.push(...(await Promise.all(Array.from({ length: Math.min(200, stations - i) }, (_, k) => one(i + k)))));
process.send({ ms: performance.now() - start, open: sockets.length });
