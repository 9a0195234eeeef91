import { writeFileSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemEntropy } from '../../core/entropy.ts';
import { CompoteError } from '../../core/errors.ts';
import { SystemIds } from '../../core/ids.ts';
import { SystemClock } from '../../core/system-clock.ts';
import { stopSignals } from '../../platform/process/stop-signals.ts';
import { OcppSchemaSet } from '../../protocols/ocpp/schemas.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../protocols/ocpp/versions.ts';

/** Flags of `compote station` that run something and end, instead of the service. */
export interface StationRunFlags {
  readonly scenario?: string;
  readonly count?: number;
  readonly csms: string;
  readonly ocpp?: OcppVersion;
  readonly template: string;
  readonly profile: 'idle' | 'commuter' | 'busy';
  readonly ramp: number;
  readonly for: number;
  readonly seed?: string;
  readonly json?: string;
  readonly maxP95?: number;
  readonly maxFailed?: number;
}

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError(`"${text}" is not a number of 0 or more.`);
  return value;
};

export function withStationRuns(command: Command): Command {
  return command
    .option('--scenario <name>', 'run a shipped scenario, or one from a YAML or JSON file, and end with a verdict')
    .option('--count <n>', 'run a fleet of so many stations and end with a summary', number)
    .option('--csms <url>', 'where they connect, without the identity', 'ws://127.0.0.1:8001/ocpp')
    .addOption(new Option('--ocpp <version>', 'OCPP version').choices([...OCPP_VERSIONS]))
    .option('--template <name>', 'what the stations of a fleet are made of: a name or a JSON file', 'ac-22-duo')
    .addOption(
      new Option('--profile <name>', 'how drivers use a fleet').choices(['idle', 'commuter', 'busy']).default('idle'),
    )
    .option('--ramp <n>', 'stations of a fleet that start per second; 0 all at once', number, 200)
    .option('--for <seconds>', 'how long a fleet runs after its ramp', number, 60)
    .option('--seed <text>', 'repeats the same chance')
    .option('--json <file>', 'writes verdict or summary as JSON; - for standard output')
    .option('--max-p95 <ms>', 'a fleet fails when an action is slower than this', number)
    .option('--max-failed <n>', 'a fleet fails with more failed calls than this', number);
}

/** Runs what the flags ask for; undefined when they ask for the service. The result is the exit code. */
export async function runStations(flags: StationRunFlags): Promise<number | undefined> {
  if (flags.scenario !== undefined) return scenario(flags, flags.scenario);
  if (flags.count !== undefined) return fleet(flags, flags.count);
  return undefined;
}

async function scenario(flags: StationRunFlags, name: string): Promise<number> {
  const { loadScenario, shippedScenarios } = await import('../../roles/station/scenario/shipped.ts');
  const { runScenario } = await import('../../roles/station/scenario/run.ts');
  const { pkiCrypto } = await import('../../roles/station/security/pki-crypto.ts');
  let file: ReturnType<typeof loadScenario>;
  try {
    file = loadScenario(name);
  } catch (cause) {
    if (!(cause instanceof CompoteError) || name.includes('.')) throw cause;
    throw new CompoteError('CONFIG_INVALID', {
      detail: `There is no scenario ${name}`,
      hint: `Give a file, or one of ${shippedScenarios().join(', ')}.`,
      cause,
    });
  }
  const verdict = await runScenario({
    scenario: file,
    clock: new SystemClock(),
    endpoint: flags.csms,
    crypto: pkiCrypto(systemEntropy),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.ocpp === undefined ? {} : { version: flags.ocpp }),
    onStep: (step) =>
      console.error(
        `${step.ok ? '✓' : '✗'} ${step.path.padEnd(8)} ${step.text}${step.problem === undefined ? '' : `  ${step.problem}`}`,
      ),
  });
  const kWh = verdict.sessions.reduce((sum, one) => sum + one.energyWh, 0) / 1000;
  console.error(
    `${verdict.scenario}: ${verdict.ok ? 'passed' : 'FAILED'}, ${verdict.sessions.length} sessions, ${kWh} kWh, ${verdict.seconds} s, seed ${verdict.seed}`,
  );
  writeJson(flags, verdict);
  return verdict.ok ? 0 : 1;
}

async function fleet(flags: StationRunFlags, count: number): Promise<number> {
  const { Fleet } = await import('../../roles/station/fleet.ts');
  const { FleetTimers } = await import('../../roles/station/timers.ts');
  const { webSocketDialer } = await import('../../roles/station/dialer.ts');
  const { loadTemplate } = await import('../../roles/station/templates.ts');
  const { plainLinkWorld } = await import('../../roles/station/create-station.ts');
  const { NO_FILES } = await import('../../roles/station/transfer.ts');
  const clock = new SystemClock();
  const ids = new SystemIds();
  const schemas = new OcppSchemaSet();
  const versions = flags.ocpp === undefined ? OCPP_VERSIONS : [flags.ocpp];
  for (const version of versions) schemas.of(version).compileAll();
  const stations = new Fleet({
    world: {
      clock,
      ids,
      timers: new FleetTimers(clock),
      link: plainLinkWorld(clock, ids),
      schemas,
      dialer: webSocketDialer(),
      files: NO_FILES,
      csms: { id: 'csms', role: 'csms' },
      validation: 'lenient',
    },
    count,
    versions,
    template: loadTemplate(flags.template),
    prefix: 'SIM-',
    endpoint: flags.csms,
    behaviour: flags.profile,
    rampPerSecond: flags.ramp,
    seed: flags.seed ?? 'fleet',
  });
  let asked = false;
  const signals = stopSignals(process, () => process.exit(130));
  void signals.asked.then(() => {
    asked = true;
  });
  stations.start();
  const endMs = clock.monotonic() + (flags.ramp > 0 ? count / flags.ramp : 0) * 1000 + flags.for * 1000;
  let before = 0;
  while (!asked && clock.monotonic() < endMs) {
    await clock.sleep(1_000);
    const { connected, accepted, charging, messages, failedCalls, connectFailures, ownDelayMs } = stations.summary();
    const failed = Object.values(failedCalls).reduce((sum, one) => sum + one, 0);
    const line = `connected ${connected}/${count}  accepted ${accepted}  charging ${charging}  ${messages - before} messages/s  failed ${failed}  refused connections ${connectFailures}  own delay ${ownDelayMs} ms`;
    before = messages;
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}`);
    else console.error(line);
  }
  const summary = stations.summary();
  stations.stop();
  if (process.stderr.isTTY) process.stderr.write('\n');
  const failed = Object.values(summary.failedCalls).reduce((sum, one) => sum + one, 0);
  console.table(summary.latencyMs);
  const problems = [
    ...Object.entries(summary.latencyMs)
      .filter(([, one]) => flags.maxP95 !== undefined && one.p95 > flags.maxP95)
      .map(([action, one]) => `${action}: 95 % within ${one.p95} ms, allowed ${flags.maxP95} ms`),
    ...(flags.maxFailed !== undefined && failed > flags.maxFailed
      ? [`${failed} failed calls, allowed ${flags.maxFailed}`]
      : []),
  ];
  for (const problem of problems) console.error(`✗ ${problem}`);
  writeJson(flags, { ...summary, problems });
  // Closing handshakes get a moment.
  await clock.sleep(500);
  return problems.length === 0 ? 0 : 1;
}

function writeJson(flags: StationRunFlags, value: unknown): void {
  if (flags.json === undefined) return;
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (flags.json === '-') process.stdout.write(text);
  else writeFileSync(flags.json, text);
}
