import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readScenario, type Scenario } from './format.ts';

const FOLDER = new URL('../scenarios/', import.meta.url);

/** Names of the scenarios that ship with the simulator. */
export function shippedScenarios(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();
}

/** A shipped scenario by name, or the user's own from a YAML or JSON file. */
export function loadScenario(nameOrPath: string): Scenario {
  if (shippedScenarios().includes(nameOrPath))
    return readScenario(fileURLToPath(new URL(`${nameOrPath}.json`, FOLDER)));
  return readScenario(nameOrPath);
}
