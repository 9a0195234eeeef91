import { existsSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { OCPP_VERSIONS, type OcppVersion } from '../../protocols/ocpp/versions.ts';

/** Flags of `compote station` that run something and end, instead of the service. */
export interface StationRunFlags {
  readonly scenario?: string;
  readonly count?: number;
  readonly csms: string;
  readonly ca?: string;
  readonly ocpp?: OcppVersion;
  readonly template: string;
  readonly profile: 'idle' | 'commuter' | 'busy';
  readonly ramp: number;
  readonly for: number;
  readonly seed?: string;
  readonly json?: string;
  readonly storm?: readonly string[];
  readonly stormAt: number;
  readonly stormSpread: number;
  readonly fileHost?: readonly string[];
  readonly workers?: number;
  readonly fleetPart?: string;
  readonly virtual?: boolean;
  readonly scenarioSchema?: boolean;
  readonly maxP95?: number;
  readonly maxFailed?: number;
}

const number = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new InvalidArgumentError(`"${text}" is not a number of 0 or more.`);
  return value;
};

const whole =
  (least: number) =>
  (text: string): number => {
    const value = number(text);
    if (!Number.isInteger(value) || value < least)
      throw new InvalidArgumentError(`"${text}" is not a whole number of ${least} or more.`);
    return value;
  };

const endpoint = (text: string): string => {
  if (!/^wss?:\/\/[^/]/i.test(text) || !URL.canParse(text))
    throw new InvalidArgumentError(`"${text}" is no WebSocket address such as ws://127.0.0.1:8001/ocpp.`);
  return text;
};

/** Asked for before a run, so that its result is not lost at the end. */
const jsonFile = (text: string): string => {
  if (text !== '-' && !existsSync(dirname(text)))
    throw new InvalidArgumentError(`There is no folder ${dirname(text)} for ${text}.`);
  return text;
};

export function withStationRuns(command: Command): Command {
  return command
    .option('--scenario <name>', 'run a shipped scenario, or one from a YAML or JSON file, and end with a verdict')
    .option('--count <n>', 'run a fleet of so many stations and end with a summary', whole(1))
    .option('--csms <url>', 'where they connect, without the identity', endpoint, 'ws://127.0.0.1:8001/ocpp')
    .option('--ca <file>', 'PEM file of the roots that a CSMS at wss: stands under')
    .addOption(new Option('--ocpp <version>', 'OCPP version').choices([...OCPP_VERSIONS]))
    .option('--template <name>', 'what the stations of a fleet are made of: a name or a JSON file', 'ac-22-duo')
    .addOption(
      new Option('--profile <name>', 'how drivers use a fleet').choices(['idle', 'commuter', 'busy']).default('idle'),
    )
    .option('--ramp <n>', 'stations of a fleet that start per second; 0 all at once', number, 200)
    .option('--for <seconds>', 'how long a fleet runs after its ramp', number, 60)
    .option('--seed <text>', 'repeats the same chance')
    .addOption(
      new Option('--storm <name...>', 'what hits the whole fleet').choices([
        'blackout',
        'network-loss',
        'morning-peak',
        'firmware-rollout',
      ]),
    )
    .option(
      '--storm-at <seconds>',
      'when the first storm comes, after the ramp; the next ones follow as far apart',
      number,
      10,
    )
    .option('--storm-spread <seconds>', 'over which time a storm reaches the stations', number, 10)
    .option(
      '--file-host <name...>',
      'a fleet fetches firmware from these hosts and puts logs there; otherwise transfers only take their time',
    )
    .option('--workers <n>', 'processes of a fleet; one for each 10,000 stations by default', whole(1))
    .addOption(new Option('--fleet-part <json>').hideHelp())
    .option('--virtual', 'run the scenario in virtual time against the CSMS in this process')
    .option('--scenario-schema', 'print the JSON Schema of scenario files')
    .option('--json <file>', 'writes verdict or summary as JSON; - for standard output', jsonFile)
    .option('--max-p95 <ms>', 'a fleet fails when an action is slower than this', number)
    .option('--max-failed <n>', 'a fleet fails with more failed calls than this', number);
}

/** Runs what the flags ask for; undefined when they ask for the service. The result is the exit code. */
export async function runStations(flags: StationRunFlags): Promise<number | undefined> {
  if (flags.scenarioSchema === true || flags.scenario !== undefined) {
    const { printScenarioSchema, runScenarioFlags } = await import('./station-scenario.ts');
    return flags.scenario === undefined ? printScenarioSchema() : runScenarioFlags(flags, flags.scenario);
  }
  if (flags.count === undefined) return undefined;
  const { runFleet, runFleetPart } = await import('./station-fleet.ts');
  return flags.fleetPart === undefined ? runFleet(flags, flags.count) : runFleetPart(flags, flags.fleetPart);
}

export function writeJson(flags: StationRunFlags, value: unknown): void {
  if (flags.json === undefined) return;
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (flags.json === '-') process.stdout.write(text);
  else writeFileSync(flags.json, text);
}
