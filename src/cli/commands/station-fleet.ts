import { SystemIds } from '../../core/ids.ts';
import { LoopWatch } from '../../core/loop-watch.ts';
import { Random } from '../../core/random.ts';
import { SystemClock } from '../../core/system-clock.ts';
import { stopSignals } from '../../platform/process/stop-signals.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { OCPP_VERSIONS } from '../../protocols/ocpp/versions.ts';
import { plainLinkWorld } from '../../roles/station/create-station.ts';
import { webSocketDialer } from '../../roles/station/dialer.ts';
import { Fleet, type FleetControl } from '../../roles/station/fleet.ts';
import { dashboardLines } from '../../roles/station/fleet-dashboard.ts';
import { failedCallsOf, problemsOf, summarize } from '../../roles/station/fleet-report.ts';
import type { StormName } from '../../roles/station/fleet-storms.ts';
import {
  type FleetPart,
  FleetWorkers,
  type FromWorker,
  fleetParts,
  STATIONS_PER_WORKER,
  type ToWorker,
} from '../../roles/station/fleet-workers.ts';
import { httpFiles } from '../../roles/station/http-files.ts';
import { pemFile } from '../../roles/station/security/pem-file.ts';
import { simulatedFiles } from '../../roles/station/simulated-files.ts';
import type { StationTemplate } from '../../roles/station/template.ts';
import { loadTemplate } from '../../roles/station/templates.ts';
import { FleetTimers } from '../../roles/station/timers.ts';
import type { FilePort } from '../../roles/station/transfer.ts';
import { type StationRunFlags, writeJson } from './station-runs.ts';

const REPORT_EVERY_MS = 500;
const LOOK_EVERY_MS = 1_000;
/** Closing handshakes get a moment. */
const CLOSING_MS = 500;
/** The longest firmware that a station of a fleet downloads. */
const MAX_FILE_BYTES = 256 << 20;

/** `compote station --count N`: a fleet with a dashboard, storms, a summary and thresholds. */
export async function runFleet(flags: StationRunFlags, count: number): Promise<number> {
  const clock = new SystemClock();
  const workers = Math.max(1, flags.workers ?? Math.ceil(count / STATIONS_PER_WORKER));
  const parts = fleetParts(
    { count, rampPerSecond: flags.ramp, seed: flags.seed ?? 'fleet', csms: flags.csms },
    Math.min(workers, Math.max(1, count)),
  );
  const [only] = parts;
  const fleet =
    parts.length === 1 && only !== undefined
      ? fleetOf(flags, { ...only, localAddress: undefined }, clock)
      : new FleetWorkers({
          parts,
          program: process.argv[1] ?? '',
          argumentsOf: (part) => workerArguments(flags, part),
          lost: (part, code) =>
            console.error(`✗ The process with ${part.count} stations from ${part.firstNumber} ended with code ${code}`),
        });
  const asked = stopAsked();
  fleet.start();
  await watch(flags, count, fleet, clock, asked);
  const summary = summarize(fleet.report());
  fleet.stop();
  if (!process.stderr.isTTY) console.error(dashboard(flags, summary, 0, 0, 120).join('\n'));
  const problems = problemsOf(summary, { maxP95Ms: flags.maxP95, maxFailedCalls: flags.maxFailed });
  for (const problem of problems) console.error(`✗ ${problem}`);
  writeJson(flags, { ...summary, problems });
  await clock.sleep(CLOSING_MS);
  return problems.length === 0 ? 0 : 1;
}

/** One process of a fleet: reports twice a second, and does what the parent says. */
export async function runFleetPart(flags: StationRunFlags, text: string): Promise<number> {
  const clock = new SystemClock();
  const fleet = fleetOf(flags, JSON.parse(text) as FleetPart, clock);
  let stopped = false;
  process.on('message', (message) => {
    const said = message as ToWorker;
    if (said.fleet === 'storm') fleet.storm(said.name, said.spreadS);
    else stopped = true;
  });
  // Ctrl-C reaches the whole group; the parent says when to stop. Without a parent there is nobody to report to.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => {
    stopped = true;
  });
  fleet.start();
  while (!stopped) {
    process.send?.({ fleet: 'report', report: fleet.report() } satisfies FromWorker);
    await clock.sleep(REPORT_EVERY_MS);
  }
  fleet.stop();
  await clock.sleep(CLOSING_MS);
  if (process.connected) process.disconnect();
  return 0;
}

function fleetOf(flags: StationRunFlags, part: FleetPart, clock: SystemClock): Fleet {
  const ids = new SystemIds();
  const schemas = new OcppSchemaSet();
  const versions = flags.ocpp === undefined ? OCPP_VERSIONS : [flags.ocpp];
  for (const version of versions) schemas.of(version).compileAll();
  const template = loadTemplate(flags.template);
  return new Fleet({
    world: {
      clock,
      ids,
      timers: new FleetTimers(clock),
      link: plainLinkWorld(clock, ids),
      schemas,
      dialer: webSocketDialer({
        ...(flags.ca === undefined ? {} : { tls: { ca: pemFile(flags.ca, 'file of --ca', 'CERTIFICATE') } }),
        ...(part.localAddress === undefined ? {} : { localAddresses: [part.localAddress] }),
      }),
      files: filesOf(flags, template, clock, part.seed),
      csms: { id: 'csms', role: 'csms' },
      validation: 'lenient',
    },
    count: part.count,
    firstNumber: part.firstNumber,
    digits: part.digits,
    versions,
    template,
    prefix: 'SIM-',
    endpoint: flags.csms,
    behaviour: flags.profile,
    rampPerSecond: part.rampPerSecond,
    seed: part.seed,
    loop: new LoopWatch(),
  });
}

/** Firmware and logs: real transfers with the hosts that are named, else only their time. */
function filesOf(flags: StationRunFlags, { timing }: StationTemplate, clock: SystemClock, seed: string): FilePort {
  const { fileHost: hosts } = flags;
  return hosts === undefined
    ? simulatedFiles(clock, new Random(`${seed}/files`), timing.downloadMs)
    : httpFiles({ hosts, maxBytes: MAX_FILE_BYTES });
}

function workerArguments(flags: StationRunFlags, part: FleetPart): string[] {
  return [
    'station',
    ...['--count', String(part.count)],
    ...['--csms', flags.csms],
    ...['--template', flags.template],
    ...['--profile', flags.profile],
    ...(flags.ca === undefined ? [] : ['--ca', flags.ca]),
    ...(flags.fileHost ?? []).flatMap((host) => ['--file-host', host]),
    ...(flags.ocpp === undefined ? [] : ['--ocpp', flags.ocpp]),
    ...['--fleet-part', JSON.stringify(part)],
  ];
}

/** Looks every second until the time is over; draws on a terminal, writes a line elsewhere; lets the storms loose. */
async function watch(
  flags: StationRunFlags,
  count: number,
  fleet: FleetControl,
  clock: SystemClock,
  asked: () => boolean,
): Promise<void> {
  const beganMs = clock.monotonic();
  const rampMs = flags.ramp > 0 ? (count / flags.ramp) * 1000 : 0;
  const endMs = beganMs + rampMs + flags.for * 1000;
  const storms = [...(flags.storm ?? [])] as StormName[];
  let stormAtMs = beganMs + rampMs + flags.stormAt * 1000;
  let before = 0;
  let drawn = 0;
  while (!asked() && clock.monotonic() < endMs) {
    await clock.sleep(LOOK_EVERY_MS);
    const [storm] = storms;
    if (storm !== undefined && clock.monotonic() >= stormAtMs) {
      storms.shift();
      stormAtMs += Math.max(1, flags.stormAt) * 1000;
      fleet.storm(storm, flags.stormSpread);
    }
    const summary = summarize(fleet.report());
    const perS = summary.messages - before;
    before = summary.messages;
    const { isTTY, columns } = process.stderr;
    if (isTTY) {
      const lines = dashboard(flags, summary, (clock.monotonic() - beganMs) / 1000, perS, columns);
      process.stderr.write(`${drawn === 0 ? '' : `\x1b[${drawn}A`}\x1b[0J${lines.join('\n')}\n`);
      drawn = lines.length;
    } else {
      const { connected, accepted, charging, connectFailures, ownDelayMs } = summary;
      console.error(
        `connected ${connected}/${count}  accepted ${accepted}  charging ${charging}  ${perS} messages/s  failed ${failedCallsOf(summary)}  refused connections ${connectFailures}  own delay ${ownDelayMs} ms`,
      );
    }
  }
}

function dashboard(
  flags: StationRunFlags,
  summary: ReturnType<typeof summarize>,
  elapsedS: number,
  messagesPerS: number,
  width: number,
): string[] {
  const title = `OCPP Compote fleet: ${summary.stations} × ${flags.template}, ${flags.profile}, ${flags.csms}`;
  return dashboardLines(summary, { title, elapsedS, messagesPerS, width });
}

function stopAsked(): () => boolean {
  let asked = false;
  const signals = stopSignals(process, () => process.exit(130));
  void signals.asked.then(() => {
    asked = true;
  });
  return () => asked;
}
