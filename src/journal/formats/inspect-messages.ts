import { SystemClock } from '../../core/system-clock.ts';
import type { OcppVersion } from '../../protocols/ocpp/versions.ts';
import { type Mute, MuteBook, type MuteScope } from '../mutes.ts';
import { rulesOfAnonymised } from './anonymise.ts';
import { Inspection, type InspectionResult } from './inspection.ts';
import type { LogMessage } from './log-message.ts';

export interface InspectOptions {
  /** For frames that do not say their version; else it is found out from the actions. */
  readonly version?: OcppVersion;
  /** What is known already: shown as muted. */
  readonly mutes?: readonly (MuteScope & Partial<Pick<Mute, 'reason' | 'expiresAt'>>)[];
  /** False when the stations ran on clocks of their own; true by default. */
  readonly clocksAgree?: boolean;
  /** The messages were anonymised: rules about what is replaced whole are not asked. */
  readonly anonymised?: boolean;
}

/**
 * Runs all rules over messages in their order and puts the sessions together, with bounded memory: what `compote inspect`
 * does. A message without a time follows the one before at once.
 */
export async function inspect(
  messages: Iterable<LogMessage> | AsyncIterable<LogMessage>,
  options: InspectOptions = {},
): Promise<InspectionResult> {
  const { mutes = [], anonymised = false, ...rest } = options;
  const book = new MuteBook(new SystemClock());
  for (const [at, mute] of mutes.entries()) book.put({ id: `mute-${at}`, reason: '', createdAt: 0, ...mute });
  const inspection = new Inspection({ ...rest, ...(anonymised ? { rules: rulesOfAnonymised() } : {}), mutes: book });
  for await (const message of messages) inspection.take(message);
  return inspection.finish();
}
