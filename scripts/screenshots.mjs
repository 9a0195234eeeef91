// Pictures of every page, light and dark, wide and narrow, into docs/images. Starts a world of its own from the build.
//   node scripts/screenshots.mjs [page …] [--out folder] [--only light,wide]
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, only: { type: 'string', default: '' }, world: { type: 'string' } },
});
const out = values.out ?? fileURLToPath(new URL('../docs/images/', import.meta.url));
mkdirSync(out, { recursive: true });
const only = values.only.split(',').filter(Boolean);
const wanted = (words) => only.length === 0 || only.every((word) => words.includes(word));

/** Name, address (or how to find it), and what to do before the picture. */
const PAGES = [
  { name: 'home', path: '/' },
  { name: 'traffic', path: '/traffic' },
  {
    name: 'traffic-detail',
    path: async (api) => `/traffic?sel=${(await api('/messages?q=action:TransactionEvent&limit=3')).items.at(-1).s}`,
  },
  { name: 'traffic-finding', path: async (api) => `/traffic?q=has:finding&sel=${(await findingSeq(api)) ?? ''}` },
  { name: 'sequence', path: '/sequence?q=station:CS-DEMO-2' },
  { name: 'sessions', path: '/sessions' },
  {
    name: 'session',
    path: async (api) =>
      `/sessions/${(await api('/sessions?limit=50')).items.find((each) => each.station === 'CS-DEMO-2').id}`,
  },
  { name: 'findings', path: async (api) => `/findings/${(await api('/findings?limit=5')).items[0]?.id ?? ''}` },
  { name: 'stations', path: '/stations' },
  { name: 'station', path: '/stations/CS-DEMO-2' },
  { name: 'station-config', path: '/stations/CS-DEMO-1/config' },
  { name: 'station-commands', path: '/stations/CS-DEMO-3/commands' },
  { name: 'tokens', path: '/stations/tokens' },
  { name: 'compose', path: '/compose?from=csms&to=CS-DEMO-2&action=RequestStartTransaction' },
  { name: 'compose-oicp', path: '/compose?proto=oicp&from=hub&to=emp&action=AuthorizeStart' },
  { name: 'simulator', path: '/simulator/CS-DEMO-2' },
  { name: 'simulator-scenarios', path: '/simulator/scenarios' },
  { name: 'emp', path: `/emp/map/${encodeURIComponent('DE*ABC*ECS*DEMO*2*1')}` },
  { name: 'hub', path: '/hub/partners/csms' },
  { name: 'pnc', path: '/pnc' },
  { name: 'everest', path: '/everest' },
  { name: 'traces', path: '/traces' },
  { name: 'logs', path: '/logs' },
  { name: 'apis', path: '/apis' },
  { name: 'settings', path: '/settings' },
];

async function findingSeq(api) {
  return (await api('/findings?limit=5')).items.find((each) => each.seq !== undefined)?.seq;
}

const world = values.world === undefined ? await startWorld() : { url: values.world, stop: async () => {} };
const api = async (path, body) => {
  const response = await fetch(`${world.url}/api/v1${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return response.json();
};
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-background-networking'],
});
try {
  if (values.world === undefined) await liveALittle();
  for (const [size, viewport] of Object.entries({
    wide: { width: 1440, height: 900 },
    narrow: { width: 390, height: 844 },
  })) {
    for (const theme of ['light', 'dark']) {
      if (!wanted([size, theme])) continue;
      const context = await browser.newContext({
        viewport,
        colorScheme: theme,
        deviceScaleFactor: 1,
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`${error.message}`));
      for (const { name, path } of PAGES) {
        if (positionals.length > 0 && !positionals.includes(name)) continue;
        const address = typeof path === 'string' ? path : await path(api);
        await page.goto(`${world.url}${address}`, { waitUntil: 'load' });
        await page.waitForSelector('[data-testid="app"]');
        await page.waitForTimeout(900);
        await page.screenshot({ path: join(out, `${name}-${size}-${theme}.png`) });
        console.log(`${name} ${size} ${theme}`);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await world.stop();
}

/** A session from begin to end, one that runs, a fault, a few commands and something that is wrong. */
async function liveALittle() {
  const act = (station, action) => api(`/sim/stations/${station}/actions`, action);
  // A token may charge at one place at a time.
  const tokens = { 'CS-DEMO-1': '04A2B3C4D5E6F0', 'CS-DEMO-2': '04C0FFEE010203', 'CS-DEMO-3': '04DECAFBAD0102' };
  await until(async () => (await api('/stations?connected=true')).items?.length >= 3);
  for (const station of ['CS-DEMO-1', 'CS-DEMO-2']) {
    await act(station, { type: 'plug', soCPercent: 20 });
    await act(station, { type: 'swipe', token: tokens[station] });
  }
  await until(async () => (await api('/transactions?state=active')).items.length === 2);
  await api('/stations/CS-DEMO-1/ocpp/GetConfiguration', {});
  await api('/stations/CS-DEMO-3/ocpp/GetBaseReport', { requestId: 4, reportBase: 'FullInventory' });
  await api('/emp/actions', { action: 'pull-evses', mode: 'full' });
  await pause(25_000);
  await act('CS-DEMO-2', { type: 'swipe', token: tokens['CS-DEMO-2'] });
  await act('CS-DEMO-2', { type: 'unplug' });
  await act('CS-DEMO-3', { type: 'plug', soCPercent: 40 });
  await act('CS-DEMO-3', { type: 'swipe', token: tokens['CS-DEMO-3'] });
  await act('CS-DEMO-1', { type: 'fault', evseId: 2, code: 'GroundFailure' });
  await api('/send', {
    from: 'csms',
    to: 'CS-DEMO-2',
    proto: 'ocpp',
    mode: 'wire',
    action: 'Reset',
    payload: { type: 'Sometimes' },
    allowInvalid: true,
  });
  await act('CS-DEMO-1', {
    type: 'send-text',
    text: '[2,"m-77","StatusNotification",{"connectorId":1,"status":"Charging","timestamp":"2026-01-31 12:00"}]',
  });
  await act('CS-DEMO-1', { type: 'send-text', text: '[2,"m-78","MeterValues",{"connectorId":1' });
  await pause(6_000);
}

async function startWorld() {
  const data = mkdtempSync(join(tmpdir(), 'compote-pictures-'));
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const settings = [
    'csms.port=0',
    'workbench.port=0',
    'station.port=0',
    'trust.port=0',
    'hub.port=0',
    'emp.port=0',
    'everest.port=0',
    'everest.broker.look=false',
    'everest.broker.embeddedPort=0',
    'everest.lookAlike.on=true',
    'csms.tokens=[{"idToken":"04A2B3C4D5E6F0","type":"ISO14443","note":"Demo card"},{"idToken":"04C0FFEE010203","type":"ISO14443","note":"Second card"},{"idToken":"04DECAFBAD0102","type":"ISO14443","note":"Fleet card","groupId":"FLEET"},{"idToken":"B10C4ED","type":"ISO14443","status":"Blocked","note":"Lost card"}]',
  ];
  const child = spawn(
    process.execPath,
    [
      main,
      'up',
      '--only',
      'trust,hub,emp,csms,everest,station,workbench',
      '--data',
      data,
      '--clock',
      'scaled:60',
      ...settings.flatMap((each) => ['--set', each]),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  let url;
  await until(async () => {
    url = /Workbench\s+(\S+)/.exec(text)?.[1];
    return url !== undefined;
  });
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function until(test) {
  for (let tries = 0; tries < 200; tries++) {
    if (await test()) return;
    await pause(100);
  }
  throw new Error('it did not happen in 20 s');
}

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
