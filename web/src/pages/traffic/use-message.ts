import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import type { Message } from '../../api/shapes.ts';
import type { JsonSchema } from '../../parts/schema-walk.ts';

export function useMessage(seq: number | undefined) {
  return useGet<Message>(seq === undefined ? undefined : apiPath(`/messages/${seq}`));
}

export interface SchemaDocument {
  readonly schema: JsonSchema;
  readonly docs: Readonly<Record<string, string>>;
}

/** The schema that a message is judged by, for its fields' descriptions. */
export function useSchema(message: Message | undefined): SchemaDocument | undefined {
  const kind = message?.kind;
  const described =
    (message?.proto === 'ocpp' || message?.proto === 'oicp') && message.action !== '' && message.version !== undefined;
  const wanted =
    described && (kind === 'request' || kind === 'send' || kind === 'response')
      ? apiPath(`/schemas/${message.proto}/${part(message.version ?? '')}/${part(message.action)}/${kind}`)
      : undefined;
  return useGet<SchemaDocument>(wanted).data;
}

/** Writes a mark or a note onto a message. */
export async function annotate(seq: number, change: { marked?: boolean; note?: string }): Promise<void> {
  await api.patch(apiPath(`/messages/${seq}`), change);
  refresh(`/messages/${seq}`);
}
