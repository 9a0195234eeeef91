import { WebSocket } from 'ws';

/**
 * A bare 1.6 station that sends heartbeats at a steady rate: one row of the list of exchanges each.
 * @param csmsUrl `http://…` of the CSMS
 */
export async function steadyStation(csmsUrl, identity) {
  const socket = new WebSocket(`${csmsUrl.replace('http', 'ws')}/ocpp/${identity}`, ['ocpp1.6']);
  let answered = 0;
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('message', (data) => {
    const [type, id] = JSON.parse(String(data));
    if (type === 2) socket.send(JSON.stringify([3, id, { status: 'Accepted' }]));
    else answered += 1;
  });
  socket.send('[2,"boot","BootNotification",{"chargePointVendor":"Steady","chargePointModel":"One"}]');
  let sent = 0;
  return {
    /** Sends `rate` calls a second for so long; what a busy machine made late is caught up. Says how many were sent and answered. */
    async send(rate, seconds) {
      const began = performance.now();
      const first = sent;
      const wanted = Math.round(rate * seconds);
      while (sent - first < wanted) {
        const due = Math.min(wanted, Math.ceil(((performance.now() - began) / 1_000) * rate));
        for (; sent - first < due; sent++) socket.send(`[2,"steady-${sent}","Heartbeat",{}]`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      while (answered < sent + 1) await new Promise((resolve) => setTimeout(resolve, 20));
      return { sent: sent - first, ms: performance.now() - began };
    },
    close: () => socket.terminate(),
  };
}
