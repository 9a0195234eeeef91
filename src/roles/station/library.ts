/**
 * `import { createStation } from 'ocpp-compote/station'`: simulated stations for tests and tools in TypeScript. What is
 * exported here is the public interface; everything else of the package may change.
 */
export { seededEntropy, systemEntropy } from '../../core/entropy.ts';
export { Random } from '../../core/random.ts';
export { SystemClock } from '../../core/system-clock.ts';
export { VirtualClock } from '../../core/virtual-clock.ts';
export type { Interceptor } from '../../link/interception.ts';
export type { Transport } from '../../link/transport.ts';
export { COMMANDS, type Command } from './commands.ts';
export { type CreateStationOptions, createStation, type StationEvent, type StationHandle } from './create-station.ts';
export { type Dialer, loopbackDialer, webSocketDialer } from './dialer.ts';
export { Fleet, type FleetOptions } from './fleet.ts';
export type { FleetSummary } from './fleet-report.ts';
export { httpFiles } from './http-files.ts';
export { parseScenario, readScenario, type Scenario, type Step } from './scenario/format.ts';
export { runScenario, runVirtually, type ScenarioOptions, type Verdict } from './scenario/run.ts';
export { loadScenario, shippedScenarios } from './scenario/shipped.ts';
export { pkiCrypto } from './security/pki-crypto.ts';
export type { StationTemplate } from './template.ts';
export { loadTemplate } from './templates.ts';
export type { StationView } from './view.ts';
