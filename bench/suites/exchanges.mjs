// What the rules of OICP and Plug & Charge cost for each exchange, and whether that grows with what they have seen: sessions
// on both sides of a hub, one after another, in tenths of the whole. Processor time; no sockets, no journal.
import { table } from '../statistics.mjs';

const built = (path) => new URL(`../../dist/${path}`, import.meta.url).href;
const HUB = { id: 'hub', role: 'hub' };
const OK = '{"Result":true,"StatusCode":{"Code":"000"}}';
const CARD = '"Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}';
const MINUTE_MS = 60_000;
const PER_SESSION = 7;
const SESSION_MS = 31 * MINUTE_MS;

const link = (a, b, protocol = 'oicp', version = '2.3') => ({
  ...{ a, b, protocol, version, transport: 'http', conn: `${a.id} ${b.id}`, tap: b.id },
});

/** A session as both sides of the hub tell it: an exchange is its side, operation, path, body, answer and minute. */
function* sessionExchanges(number, at) {
  const id = `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;
  const evse = `DE*ABC*E${number % 5_000}*1`;
  const session = `"SessionID":"${id}","CPOPartnerSessionID":"c-${number}","EvseID":"${evse}"`;
  const time = (minutes) => new Date(at + minutes * MINUTE_MS).toISOString();
  const begun = `"ChargingStart":"${time(0)}"`;
  const yes = `{"SessionID":"${id}","CPOPartnerSessionID":"c-${number}","EMPPartnerSessionID":"e-${number}","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}`;
  const path = '/api/oicp/charging/v21/operators/DE*ABC/authorize/start';
  const asked = `"OperatorID":"DE*ABC","EvseID":"${evse}","CPOPartnerSessionID":"c-${number}",${CARD}}`;
  yield ['emp', 'AuthorizeStart', path, `{"SessionID":"${id}",${asked}`, yes, 0];
  yield ['cpo', 'AuthorizeStart', path, `{${asked}`, yes, 0];
  const notified = '/api/oicp/notificationmgmt/v11/charging-notifications';
  const note = (type, more) => `{"Type":"${type}",${session},"OperatorID":"DE*ABC",${CARD},${begun}${more}}`;
  yield ['cpo', 'ChargingNotifications', notified, note('Start', ''), OK, 1];
  const progress = `,"EventOccurred":"${time(6)}","ChargingDuration":360000,"ConsumedEnergyProgress":1.5`;
  yield ['cpo', 'ChargingNotifications', notified, note('Progress', progress), OK, 6];
  const end = `,"ChargingEnd":"${time(30)}","ConsumedEnergy":2.25`;
  yield ['cpo', 'ChargingNotifications', notified, note('End', end), OK, 30];
  const times = `"SessionStart":"${time(0)}",${begun},"ChargingEnd":"${time(30)}","SessionEnd":"${time(30)}"`;
  const record = `{${session},${CARD},${times},"ConsumedEnergy":2.25,"MeterValueStart":1000,"MeterValueEnd":1002.25}`;
  const settled = '/api/oicp/cdrmgmt/v22/operators/DE*ABC/charge-detail-record';
  yield ['cpo', 'ChargeDetailRecord', settled, record, OK, 30];
  yield ['emp', 'ChargeDetailRecord', settled, record, OK, 30];
}

function* poolExchanges(number) {
  const path = '/v1/root-certs/rootCerts';
  const body = '{"RootCertificateCollection":{"rootCertificates":[]}}';
  for (let n = 0; n < PER_SESSION; n++) yield ['pnc', 'getAllRootCerts', `${path}?n=${number}-${n}`, '', body, n];
}

/** Exchanges of the journal's entries through one engine; µs of processor time an exchange, tenth by tenth. */
async function growth(exchanges, count, judged) {
  const { ExchangeEngine } = await import(built('journal/findings/exchange/exchange-engine.js'));
  const { exchangeCatalogue } = await import(built('journal/findings/exchange-catalogue.js'));
  let findings = 0;
  const engine = new ExchangeEngine({
    rules: exchangeCatalogue(),
    report: () => findings++,
    defect: (where, thrown) => {
      throw new Error(where, { cause: thrown });
    },
  });
  const links = { cpo: 1, emp: 2, pnc: 3 };
  engine.openLink(links.cpo, link({ id: 'csms', role: 'csms' }, HUB), judged);
  engine.openLink(links.emp, link(HUB, { id: 'emp', role: 'emp' }), judged);
  engine.openLink(links.pnc, link({ id: 'csms', role: 'csms' }, { id: 'pnc', role: 'pnc' }, 'pnc', '1.0'), judged);
  const tenths = [];
  const start = Date.UTC(2026, 0, 1);
  let seq = 0;
  for (let done = 0; done < count; ) {
    // Made before the clock runs: what is measured is the engine.
    const entries = [];
    for (; entries.length < (count / 10) * 2; done += PER_SESSION) {
      const number = done / PER_SESSION;
      const at = start + number * SESSION_MS;
      for (const [side, action, path, body, answer, minutes] of exchanges(number, at)) {
        const common = { link: links[side], action, messageId: '', time: at + minutes * MINUTE_MS };
        const detail = JSON.stringify({ method: 'POST', path, headers: { 'content-type': 'application/json' } });
        entries.push({ ...common, toClient: false, kind: 'request', raw: body, detail });
        const answered = { status: 200, headers: { 'content-type': 'application/json', 'process-id': 'p' } };
        entries.push({ ...common, toClient: true, kind: 'response', raw: answer, detail: JSON.stringify(answered) });
      }
    }
    const before = process.cpuUsage();
    for (const entry of entries) {
      seq++;
      engine.observe(entry.toClient ? { ...entry, partner: seq - 1, latencyMs: 5 } : entry, seq);
    }
    const { user, system } = process.cpuUsage(before);
    tenths.push(Math.round((user + system) / (entries.length / 20)) / 10);
  }
  return { tenths, findings };
}

export async function measure({ quick }) {
  const count = quick ? 20_000 : 100_000;
  const results = [];
  for (const [title, exchanges, judged] of [
    ['OICP, bodies read by the role', sessionExchanges, false],
    ['OICP, bodies judged too (a log)', sessionExchanges, true],
    ['Plug & Charge pools', poolExchanges, false],
  ]) {
    const { tenths, findings } = await growth(exchanges, count, judged);
    results.push({ title, count, usPerExchange: tenths, findings });
  }
  console.log(`Rules of exchanges, ${count.toLocaleString('en')} exchanges, CPU µs an exchange in each tenth`);
  table(
    ['exchanges', ...Array.from({ length: 10 }, (_, tenth) => `${tenth + 1}`), 'findings'],
    results.map(({ title, usPerExchange, findings }) => [title, ...usPerExchange, findings]),
  );
  console.log('');
  return results;
}
