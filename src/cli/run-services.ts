import type { LoadedConfig } from '../platform/config/load-config.ts';
import { jsonTerminal, prettyTerminal } from '../platform/logging/terminal.ts';
import type { ChildMessage } from '../platform/process/child-services.ts';
import { stopSignals } from '../platform/process/stop-signals.ts';
import { startWorld } from '../platform/process/world.ts';
import type { Door, ServiceDefinition, ServiceName } from '../platform/service.ts';
import { sentenceOf } from './failure.ts';
import { packageVersion } from './version.ts';

/** Runs services in this process until somebody stops it. The result is the exit code. */
export async function runServices(definitions: readonly ServiceDefinition[], config: LoadedConfig): Promise<void> {
  const toParent = (message: ChildMessage): void => void process.send?.(message);
  const signals = stopSignals(process, () => process.exit(130));
  const pretty = process.stderr.isTTY === true;
  let world: Awaited<ReturnType<typeof startWorld>>;
  try {
    world = await startWorld({
      version: packageVersion(),
      config,
      definitions,
      terminal: pretty
        ? prettyTerminal(process.stderr, process.env['NO_COLOR'] === undefined)
        : jsonTerminal(process.stderr),
      problem: (text) => console.error(text),
    });
  } catch (cause) {
    toParent({ compote: 'failed', text: sentenceOf(cause) });
    throw cause;
  }
  toParent({ compote: 'ready', doors: world.doors.flatMap((each) => each.doors) });
  if (process.send === undefined) printDoors(world.doors);
  await signals.asked;
  if (process.send === undefined && pretty) console.error('\nStopping. Ctrl-C once more ends at once.');
  await world.stop();
  // The parent's channel would keep the process alive.
  if (process.connected) process.disconnect();
}

/** The addresses to open, on standard output. */
export function printDoors(
  services: readonly { readonly service: ServiceName; readonly doors: readonly Door[] }[],
): void {
  const lines = services.flatMap(({ service, doors }) =>
    doors.map(({ name, url }, index) => `  ${(index === 0 ? service : '').padEnd(10)} ${name.padEnd(12)} ${url}`),
  );
  console.log(['OCPP Compote is ready.', ...lines, 'Ctrl-C stops.'].join('\n'));
}
