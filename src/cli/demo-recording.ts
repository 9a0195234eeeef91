import { writeFileSync } from 'node:fs';
import type { World } from '../platform/process/world.ts';
import type { Demo } from '../workbench/demo/index.ts';
import { restRequest } from './rest-client.ts';

/** Services in whose journals messages stand: each hop in that of its server. */
const RECORDING: readonly string[] = ['csms', 'hub', 'emp', 'everest'];

/** Writes what the services of a demo have recorded as JSON Lines, in the order of its time. */
export async function recordDemo(world: World, demo: Demo, file: string): Promise<void> {
  const lines: { readonly text: string; readonly at: string }[] = [];
  for (const { service, doors } of world.doors) {
    const url = doors[0]?.url;
    if (url === undefined || !RECORDING.includes(service) || !demo.services.some((each) => each === service)) continue;
    const target = { url: new URL(url).origin, token: undefined };
    const text = await (await restRequest(target, 'GET', '/api/v1/journal/export')).text();
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const { time } = JSON.parse(line) as { readonly time: { readonly received: string } };
      lines.push({ text: line, at: time.received });
    }
  }
  lines.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  writeFileSync(file, lines.map(({ text }) => `${text}\n`).join(''));
}
