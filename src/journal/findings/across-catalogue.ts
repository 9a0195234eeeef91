import type { AcrossRule } from './across/across-rule.ts';
import { commands } from './rules/across/commands.ts';
import { records } from './rules/across/records.ts';
import { status } from './rules/across/status.ts';

/** All rules that compare protocols. */
export function acrossCatalogue(): readonly AcrossRule[] {
  return [...records, ...commands, ...status];
}
