// Writes a log as a back end keeps it: days of charging at many stations, 1.6 and 2.0.1 mixed, without anything wrong.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

const BEGIN_MS = Date.UTC(2025, 2, 1, 8);
const STATIONS = 1_000;
const READINGS = 20;

/** @returns how many messages were written: `messages` or a few more. */
export async function writeLog(path, messages) {
  const out = createWriteStream(path);
  let written = 0;
  let waiting = '';
  const write = async (atMs, station, fromStation, frame) => {
    const time = new Date(atMs).toISOString();
    waiting += `${JSON.stringify({ timestamp: time, chargePointId: `CP-${station}`, direction: fromStation ? 'CS_TO_CSMS' : 'CSMS_TO_CS', message: frame })}\n`;
    written++;
    if (waiting.length < 1_000_000) return;
    if (!out.write(waiting)) await once(out, 'drain');
    waiting = '';
  };
  for (let round = 0; written < messages; round++) {
    // All stations charge at once, a few seconds apart: their messages stand between each other.
    const steps = Array.from({ length: STATIONS }, (_, station) => session(station, round));
    for (let step = 0; ; step++) {
      let some = false;
      for (let station = 0; station < STATIONS && written < messages; station++) {
        const pair = steps[station][step];
        if (pair === undefined) continue;
        some = true;
        for (const [atMs, fromStation, frame] of pair) await write(atMs, station, fromStation, frame);
      }
      if (!some || written >= messages) break;
    }
  }
  out.end(waiting);
  await once(out, 'finish');
  return written;
}

/** Exchanges of one charging session, each a list of [time, from the station, frame]. */
function session(station, round) {
  return station % 2 === 0 ? session16(station, round) : session201(station, round);
}

function session16(station, round) {
  const begin = BEGIN_MS + round * 3_600_000 + station * 20;
  let id = round * 100;
  const at = (ms) => new Date(ms).toISOString();
  const exchange = (ms, action, payload, answer) => {
    const messageId = `${station}-${++id}`;
    return [
      [ms, true, [2, messageId, action, payload]],
      [ms + 15, false, [3, messageId, answer]],
    ];
  };
  const idTagInfo = { status: 'Accepted' };
  const idTag = `TAG${station}`;
  const transactionId = round * STATIONS + station + 1;
  const status = (ms, state) =>
    exchange(ms, 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: state, timestamp: at(ms) }, {});
  const meter = round * (READINGS * 500 + 100);
  const exchanges = [];
  if (round === 0) {
    const boot = { chargePointVendor: 'Bench', chargePointModel: 'B1' };
    exchanges.push(
      exchange(begin, 'BootNotification', boot, { status: 'Accepted', currentTime: at(begin), interval: 3600 }),
      exchange(begin + 100, 'StatusNotification', { connectorId: 0, errorCode: 'NoError', status: 'Available' }, {}),
      status(begin + 200, 'Available'),
    );
  }
  exchanges.push(
    exchange(begin + 1_000, 'Authorize', { idTag }, { idTagInfo }),
    status(begin + 2_000, 'Preparing'),
    exchange(
      begin + 3_000,
      'StartTransaction',
      { connectorId: 1, idTag, meterStart: meter, timestamp: at(begin + 3_000) },
      { transactionId, idTagInfo },
    ),
    status(begin + 4_000, 'Charging'),
  );
  for (let reading = 1; reading <= READINGS; reading++) {
    const ms = begin + reading * 60_000;
    const sampledValue = [
      {
        value: String(meter + reading * 500),
        measurand: 'Energy.Active.Import.Register',
        unit: 'Wh',
        context: 'Sample.Periodic',
      },
      { value: '11000', measurand: 'Power.Active.Import', unit: 'W', context: 'Sample.Periodic' },
      { value: '16.0', measurand: 'Current.Import', unit: 'A', phase: 'L1', context: 'Sample.Periodic' },
    ];
    exchanges.push(
      exchange(
        ms,
        'MeterValues',
        { connectorId: 1, transactionId, meterValue: [{ timestamp: at(ms), sampledValue }] },
        {},
      ),
    );
  }
  const end = begin + (READINGS + 1) * 60_000;
  exchanges.push(
    status(end, 'Finishing'),
    exchange(
      end + 1_000,
      'StopTransaction',
      { transactionId, idTag, meterStop: meter + READINGS * 500 + 100, timestamp: at(end + 1_000), reason: 'Local' },
      { idTagInfo },
    ),
    status(end + 2_000, 'Available'),
  );
  return exchanges;
}

function session201(station, round) {
  const begin = BEGIN_MS + round * 3_600_000 + station * 20;
  let id = round * 100;
  const at = (ms) => new Date(ms).toISOString();
  const exchange = (ms, action, payload, answer) => {
    const messageId = `${station}-${++id}`;
    return [
      [ms, true, [2, messageId, action, payload]],
      [ms + 15, false, [3, messageId, answer]],
    ];
  };
  const idToken = { idToken: (0xa0000000 + station).toString(16).toUpperCase(), type: 'ISO14443' };
  const transactionId = `tx-${station}-${round}`;
  const meter = round * (READINGS * 500 + 100);
  const exchanges = [];
  const connector = (ms, connectorStatus) =>
    exchange(ms, 'StatusNotification', { timestamp: at(ms), connectorStatus, evseId: 1, connectorId: 1 }, {});
  if (round === 0) {
    const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'Bench', model: 'B2' } };
    exchanges.push(
      exchange(begin, 'BootNotification', boot, { status: 'Accepted', currentTime: at(begin), interval: 3600 }),
      connector(begin + 200, 'Available'),
    );
  }
  let seqNo = 0;
  const event = (ms, eventType, triggerReason, chargingState, Wh, context, more = {}) =>
    exchange(
      ms,
      'TransactionEvent',
      {
        eventType,
        timestamp: at(ms),
        triggerReason,
        seqNo: seqNo++,
        transactionInfo: { transactionId, chargingState, ...more.info },
        ...(eventType === 'Started' ? { evse: { id: 1, connectorId: 1 }, idToken } : {}),
        ...(eventType === 'Ended' ? { idToken } : {}),
        meterValue: [
          {
            timestamp: at(ms),
            sampledValue: [
              { value: meter + Wh, measurand: 'Energy.Active.Import.Register', context, unitOfMeasure: { unit: 'Wh' } },
              { value: 11000, measurand: 'Power.Active.Import', context, unitOfMeasure: { unit: 'W' } },
            ],
          },
        ],
      },
      eventType === 'Updated' ? {} : { idTokenInfo: { status: 'Accepted' } },
    );
  exchanges.push(
    exchange(begin + 1_000, 'Authorize', { idToken }, { idTokenInfo: { status: 'Accepted' } }),
    connector(begin + 2_000, 'Occupied'),
    event(begin + 3_000, 'Started', 'CablePluggedIn', 'EVConnected', 0, 'Transaction.Begin'),
    event(begin + 4_000, 'Updated', 'ChargingStateChanged', 'Charging', 0, 'Sample.Periodic'),
  );
  for (let reading = 1; reading <= READINGS; reading++) {
    exchanges.push(
      event(begin + reading * 60_000, 'Updated', 'MeterValuePeriodic', 'Charging', reading * 500, 'Sample.Periodic'),
    );
  }
  const end = begin + (READINGS + 1) * 60_000;
  exchanges.push(
    event(end, 'Updated', 'StopAuthorized', 'EVConnected', READINGS * 500, 'Sample.Periodic'),
    event(end + 1_000, 'Ended', 'EVDeparted', 'Idle', READINGS * 500, 'Transaction.End', {
      info: { stoppedReason: 'Local' },
    }),
    connector(end + 2_000, 'Available'),
  );
  return exchanges;
}
