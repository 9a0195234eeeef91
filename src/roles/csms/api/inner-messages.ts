import { exampleValue } from '../../../platform/schema/example-value.ts';
import { lazyValidator } from '../../../platform/schema/validator.ts';
import { PNC_FROM_CSMS, PNC_FROM_STATION, PNC_VENDOR } from '../../../protocols/ocpp/pnc-transfer.ts';

const SENT_BY = { csms: PNC_FROM_CSMS, station: PNC_FROM_STATION } as const;

/** Messages inside DataTransfer of 1.6 that have a schema of their own: JSON text in `data`. */
export function innerMessages(now: string) {
  return (['csms', 'station'] as const).flatMap((from) =>
    Object.entries(SENT_BY[from]).map(([messageId, schema]) => ({
      vendorId: PNC_VENDOR,
      messageId,
      from,
      schema: schema as unknown as Record<string, unknown>,
      minimal: exampleValue(schema, 'minimal', now),
    })),
  );
}

const validators = new Map(
  Object.values(SENT_BY).flatMap((table) =>
    Object.entries(table).map(([messageId, schema]) => [messageId, lazyValidator(schema)] as const),
  ),
);

/** How the message inside a DataTransfer breaks its schema; pointers go on from `/data` into the text's own JSON. */
export function innerRemarks(payload: unknown) {
  const { vendorId, messageId, data } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const validator = vendorId === PNC_VENDOR ? validators.get(String(messageId)) : undefined;
  if (validator === undefined) return [];
  const remark = (pointer: string, text: string) => ({
    rule: 'OCPP16-PNC-001',
    severity: 'error' as const,
    pointer: `/data${pointer}`,
    text,
  });
  if (typeof data !== 'string') return [remark('', `carries ${String(messageId)} as JSON text`)];
  try {
    return validator.errors(JSON.parse(data)).map(({ pointer, msg }) => remark(pointer, msg));
  } catch {
    return [remark('', `is not JSON: ${String(messageId)} is expected in it`)];
  }
}
