import Type from 'typebox';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command } from './command.ts';

/** 1.6 §4.3 (data is text), 2.x P01 (any JSON). */
export const dataTransfer = command({
  name: 'data-transfer',
  summary: 'Send vendor data',
  description: 'In 1.6 `data` that is not text is sent as JSON text.',
  body: Type.Object(
    {
      vendorId: Type.String({ minLength: 1 }),
      messageId: Type.Optional(Type.String({ minLength: 1 })),
      data: Type.Optional(Type.Unknown()),
    },
    { additionalProperties: false },
  ),
  translate({ vendorId, messageId, data }, { version }) {
    const asText = isV2(version) || data === undefined || typeof data === 'string' ? data : JSON.stringify(data);
    return call('DataTransfer', { vendorId, messageId, data: asText });
  },
});
