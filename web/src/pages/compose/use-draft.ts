import { useEffect, useMemo, useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { useGet } from '../../api/queries.ts';
import type { JsonSchema } from '../../parts/schema-walk.ts';
import { leastPayload } from './mutators.ts';

export interface SchemaDocument {
  readonly schema: JsonSchema;
  readonly docs: Readonly<Record<string, string>>;
  readonly example: unknown;
  readonly minimal: unknown;
  /** DataTransfer of 1.6: messages that stand as JSON text in `data`. */
  readonly inner?: readonly InnerMessage[];
}

export interface InnerMessage {
  readonly vendorId: string;
  readonly messageId: string;
  readonly from: string;
  readonly schema: JsonSchema;
  readonly minimal: unknown;
}

export interface Remark {
  readonly rule: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly pointer: string;
  readonly text: string;
  readonly clause?: string;
}

export interface Verdict {
  readonly schema: readonly Remark[];
  readonly protocol: readonly Remark[];
  readonly compatibility: readonly Remark[];
}

export function useActionSchema(
  proto: 'ocpp' | 'oicp' | undefined,
  ver: string | undefined,
  action: string,
  kinds: readonly string[] | undefined,
  to: string,
) {
  const kind = kinds?.includes('send') === true ? 'send' : 'request';
  return useGet<SchemaDocument>(
    proto === undefined || ver === undefined || action === '' || kinds === undefined
      ? undefined
      : apiPath(`/schemas/${proto}/${part(ver)}/${part(action)}/${kind}`, proto === 'oicp' ? { to } : {}),
  );
}

/** The document that is being written: text is the master, the value is what it says, when it says something. */
export function useDraft(schema: SchemaDocument | undefined, key: string, base: unknown) {
  const [text, setText] = useState('{}');
  const [start, setStart] = useState('');
  useEffect(() => {
    if (schema === undefined || start === key) return;
    const first = base ?? schema.minimal ?? leastPayload(schema.schema);
    setText(JSON.stringify(first, null, 2));
    setStart(key);
  }, [schema, key, start, base]);
  const parsed = useMemo(() => readJson(text), [text]);
  return {
    text,
    setText,
    value: parsed.value,
    error: parsed.error,
    setValue: (value: unknown) => setText(JSON.stringify(value, null, 2)),
    ready: start === key,
  };
}

export function readJson(text: string): { readonly value?: unknown; readonly error?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (cause) {
    return { error: cause instanceof Error ? cause.message : String(cause) };
  }
}

/** The server's judgement of the draft, by the validator that judges the journal; asked after a short rest. */
export function useVerdict(draft: {
  readonly proto: 'ocpp' | 'oicp' | undefined;
  readonly ver: string | undefined;
  readonly action: string;
  readonly payload: unknown;
  readonly to: string;
  readonly kind: string;
}): Verdict | undefined {
  const [verdict, setVerdict] = useState<Verdict>();
  const text = JSON.stringify(draft);
  useEffect(() => {
    const { proto, ver, action, payload, to, kind } = JSON.parse(text) as typeof draft;
    if (proto === undefined || ver === undefined || action === '' || payload === undefined) {
      setVerdict(undefined);
      return;
    }
    let stale = false;
    const timer = setTimeout(() => {
      api.post<Verdict>(apiPath('/validate'), { proto, ver, action, kind, payload, to }).then(
        (answer) => {
          if (!stale) setVerdict(answer);
        },
        (thrown) => {
          const { title, detail } = problemOf(thrown);
          const remark: Remark = {
            rule: 'SERVER',
            severity: 'warning',
            pointer: '',
            text: `${title}: ${detail ?? ''}`,
          };
          if (!stale) setVerdict({ schema: [], protocol: [remark], compatibility: [] });
        },
      );
    }, 150);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text]);
  return verdict;
}
