import type { Rule } from './rule.ts';
import { f2Frames } from './rules/ocpp/f2-frames.ts';
import { f2Watched } from './rules/ocpp/f2-watched.ts';
import { f3Boot } from './rules/ocpp/f3-boot.ts';

/** All rules, in the order of their families. */
export function ruleCatalogue(): readonly Rule[] {
  return [...f2Frames, ...f2Watched, ...f3Boot];
}
