import { seededEntropy, systemEntropy } from '../../core/entropy.ts';
import { CompoteError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import { SystemClock } from '../../core/system-clock.ts';
import { webSocketDialer } from '../../roles/station/dialer.ts';
import { runScenario, runVirtually, type StepResult, type Verdict } from '../../roles/station/scenario/run.ts';
import { scenarioSchema } from '../../roles/station/scenario/schema.ts';
import { loadScenario, shippedScenarios } from '../../roles/station/scenario/shipped.ts';
import { pemFile } from '../../roles/station/security/pem-file.ts';
import { pkiCrypto } from '../../roles/station/security/pki-crypto.ts';
import { type StationRunFlags, writeJson } from './station-runs.ts';

/** `compote station --scenario-schema`. */
export function printScenarioSchema(): number {
  process.stdout.write(`${JSON.stringify(scenarioSchema(), null, 2)}\n`);
  return 0;
}

/** `compote station --scenario NAME`, in real time against a CSMS or with `--virtual` in this process. */
export async function runScenarioFlags(flags: StationRunFlags, name: string): Promise<number> {
  let file: ReturnType<typeof loadScenario>;
  try {
    file = loadScenario(name);
  } catch (cause) {
    if (!(cause instanceof CompoteError) || /[./\\]/.test(name)) throw cause;
    throw new CompoteError('CONFIG_INVALID', {
      detail: `There is no scenario ${name}`,
      hint: `Give a file, or one of ${shippedScenarios().join(', ')}.`,
      cause,
    });
  }
  const seed = flags.seed ?? file.seed ?? 'scenario';
  const version = flags.ocpp ?? file.version ?? '2.0.1';
  const common = {
    scenario: file,
    endpoint: flags.csms,
    seed,
    version,
    onStep: (step: StepResult): void =>
      console.error(
        `${step.ok ? '✓' : '✗'} ${step.path.padEnd(8)} ${step.text}${step.problem === undefined ? '' : `  ${step.problem}`}`,
      ),
  };
  let verdict: Verdict;
  if (flags.virtual === true) {
    const { virtualWorld } = await import('../virtual-world.ts');
    const world = virtualWorld(version, seed);
    const { clock, dialer } = world;
    verdict = await runVirtually({
      ...common,
      clock,
      dialer,
      crypto: pkiCrypto(seededEntropy(new Random(`${seed}/keys`))),
    });
    world.stop();
    for (const defect of world.defects) console.error(`✗ ${defect}`);
    if (world.defects.length > 0) verdict = { ...verdict, ok: false };
  } else {
    verdict = await runScenario({
      ...common,
      clock: new SystemClock(),
      crypto: pkiCrypto(systemEntropy),
      ...(flags.ca === undefined
        ? {}
        : { dialer: webSocketDialer({ tls: { ca: pemFile(flags.ca, 'file of --ca', 'CERTIFICATE') } }) }),
    });
  }
  const kWh = verdict.sessions.reduce((sum, one) => sum + one.energyWh, 0) / 1000;
  console.error(
    `${verdict.scenario}: ${verdict.ok ? 'passed' : 'FAILED'}, ${verdict.sessions.length} sessions, ${kWh} kWh, ${verdict.seconds} s, seed ${verdict.seed}`,
  );
  writeJson(flags, verdict);
  return verdict.ok ? 0 : 1;
}
