import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** A world of real services and simulated stations, from the build, and a browser that looks at it. */
export class World {
  readonly url: string;
  readonly csmsUrl: string;
  /** Empty where no EMP runs. */
  readonly empUrl: string;
  readonly browser: Browser;
  readonly #child: ChildProcess;
  readonly #data: string;
  /** What pages complained of: thrown errors, console errors, requests to other origins. */
  readonly complaints: string[] = [];

  constructor(child: ChildProcess, data: string, doors: string, browser: Browser) {
    this.#child = child;
    this.#data = data;
    this.browser = browser;
    this.url = /Workbench\s+(http\S+)/.exec(doors)?.[1] ?? '';
    this.empUrl = /emp\s+UI\s+(http\S+)\/gui/.exec(doors)?.[1] ?? '';
    this.csmsUrl = /csms\s+UI\s+(http\S+)\/ui/.exec(doors)?.[1] ?? '';
  }

  /** Shown with every request of {@link api}, where the world asks for one. */
  token: string | undefined;

  /** JSON of the workbench's API; a body makes it a POST. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look at answers as they come
  async api(path: string, body?: unknown, method = body === undefined ? 'GET' : 'POST'): Promise<any> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Something happens at a simulated station. */
  act(station: string, action: object): Promise<unknown> {
    return this.api(`/sim/stations/${encodeURIComponent(station)}/actions`, action);
  }

  async page(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    page.on('pageerror', (error) => this.complaints.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      // A refused request is the page's business, which shows it.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        this.complaints.push(`console: ${message.text()}`);
    });
    page.on('request', (request) => {
      if (
        /^https?:/.test(request.url()) &&
        !request.url().startsWith(this.url) &&
        !request.url().startsWith(this.csmsUrl) &&
        (this.empUrl === '' || !request.url().startsWith(this.empUrl))
      )
        this.complaints.push(`elsewhere: ${request.url()}`);
    });
    return page;
  }

  /** A new page at an address of the app, once it shows itself. */
  async open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.page(options);
    await this.go(page, path);
    return page;
  }

  async go(page: Page, path: string): Promise<void> {
    await page.goto(path.startsWith('http') ? path : `${this.url}${path}`);
    await page.getByTestId('app').waitFor();
  }

  async stop(): Promise<void> {
    await this.browser.close();
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
    rmSync(this.#data, { recursive: true, force: true });
  }
}

const TOKENS = [
  { idToken: '04A2B3C4D5', type: 'ISO14443', note: 'Demo card' },
  { idToken: '04C0FFEE01', type: 'ISO14443', note: 'Second card' },
  { idToken: 'BLOCKED-1', type: 'ISO14443', status: 'Blocked', note: 'Lost card' },
];

/** All services, with an EVerest look-alike that has two connectors. */
export function startWholeWorld(settings: readonly string[] = []): Promise<World> {
  return startWorld(
    [
      ...settings,
      'hub.port=0',
      'emp.port=0',
      'trust.port=0',
      'everest.port=0',
      'everest.broker.look=false',
      'everest.broker.embeddedPort=0',
      'everest.lookAlike.on=true',
      'everest.lookAlike.connectors=2',
    ],
    undefined,
    'trust,hub,emp,csms,everest,station,workbench',
  );
}

/** A machine that does much else starts slowly. */
const START_MS = 60_000;

export async function startWorld(
  settings: readonly string[] = [],
  token?: string,
  services = 'csms,station,workbench',
  clock = 'scaled:60',
  stations = 3,
  data = mkdtempSync(join(tmpdir(), 'compote-browser-')),
): Promise<World> {
  const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const all = [
    'csms.port=0',
    'workbench.port=0',
    'station.port=0',
    `csms.tokens=${JSON.stringify(TOKENS)}`,
    ...settings,
  ];
  const child = spawn(
    process.execPath,
    [main, ...['up', '--only', services, '--data', data, '--clock', clock], ...all.flatMap((each) => ['--set', each])],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } },
  );
  let printed = '';
  let problems = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    problems = `${problems}${chunk}`.slice(-4_000);
  });
  await until(() => {
    if (child.exitCode !== null) throw new Error(`The world did not start: ${problems}`);
    return printed.includes('Ctrl-C');
  }, START_MS);
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update'],
  });
  const world = new World(child, data, printed, browser);
  world.token = token;
  await until(async () => (await world.api('/stations?connected=true')).items?.length >= stations, START_MS);
  return world;
}

/** Waits until something is so; for what happens in another process. */
export async function until(test: () => boolean | Promise<boolean>, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await test())) {
    if (Date.now() > end) throw new Error(`It did not become so within ${withinMs} ms: ${test}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
