import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useMemo } from 'react';
import { api, apiPath } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Message, Page, Row } from '../../api/shapes.ts';
import { SchemaForm } from '../../parts/schema-form.tsx';
import { resolve } from '../../parts/schema-walk.ts';
import { InnerForm, innerOf } from './inner-form.tsx';
import type { Composing } from './use-composing.ts';

/** The message as a form: required and filled members, everything else a chip away. */
export function MessageForm({ composing }: { readonly composing: Composing }) {
  const { action, schema, draft, raw, setRaw, verdict, from } = composing;
  const suggestions = useSuggestions(composing.station?.id ?? '');
  const inner = innerOf(schema.data?.inner, draft.value, from === 'csms' ? 'csms' : 'station');
  const problems = (verdict?.schema ?? []).map(({ pointer, text }) => ({ pointer, text }));
  return (
    <div className="compose-form">
      <div className="row" style={{ marginBottom: 12 }}>
        <h2>{action}</h2>
        <span className="push" />
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={12} />}>
              Fill
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => draft.setValue(schema.data?.minimal ?? {})}>Required members only</Menu.Item>
            <Menu.Item onClick={() => draft.setValue(schema.data?.example ?? {})}>
              Every member, as an example
            </Menu.Item>
            <LastMenuItem action={action} onUse={draft.setValue} />
            {schema.data?.inner
              ?.filter((each) => each.from === (from === 'csms' ? 'csms' : 'station'))
              .map(({ vendorId, messageId, minimal }) => (
                <Menu.Item
                  key={messageId}
                  onClick={() => draft.setValue({ vendorId, messageId, data: JSON.stringify(minimal) })}
                >
                  Plug & Charge: {messageId}
                </Menu.Item>
              ))}
          </Menu.Dropdown>
        </Menu>
      </div>
      {schema.data !== undefined && draft.ready && draft.error === undefined && raw === undefined ? (
        <>
          {Object.keys(resolve(schema.data.schema, schema.data.schema).properties ?? {}).length === 0 &&
            schema.data.schema.anyOf === undefined && (
              <p className="muted">This message has no members: it is sent as it is.</p>
            )}
          <SchemaForm
            schema={resolve(schema.data.schema, schema.data.schema)}
            document={draft.value}
            problems={problems}
            suggestions={suggestions}
            special={(pointer) =>
              inner !== undefined && pointer === '/data' ? (
                <InnerForm inner={inner} draft={draft} problems={problems} suggestions={suggestions} />
              ) : undefined
            }
            onChange={draft.setValue}
          />
        </>
      ) : (
        <p className="muted">
          {raw === undefined
            ? (draft.error ?? 'Loading …')
            : 'A whole frame is written by hand: it stands at the right.'}
          {raw !== undefined && (
            <Button variant="default" ml="sm" onClick={() => setRaw(undefined)}>
              Back to the form
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

function useSuggestions(station: string): Readonly<Record<string, readonly string[]>> {
  const tokens = useGet<Page<{ readonly idToken: string }>>(apiPath('/tokens', { limit: 100 }));
  const running = useGet<Page<{ readonly transactionId: string; readonly station: string }>>(
    apiPath('/transactions', { state: 'active', limit: 100 }),
  );
  return useMemo(() => {
    const ids = tokens.data?.items.map((token) => token.idToken) ?? [];
    const transactions =
      running.data?.items.filter((each) => each.station === station).map((each) => each.transactionId) ?? [];
    return { idTag: ids, idToken: ids, transactionId: transactions, parentIdTag: ids };
  }, [tokens.data, running.data, station]);
}

function LastMenuItem({ action, onUse }: { readonly action: string; onUse(payload: unknown): void }) {
  const last = useGet<Page<Row>>(apiPath('/messages', { q: `action:${action} is:request -is:invalid`, limit: 1 }));
  const row = last.data?.items[0];
  return (
    <Menu.Item
      disabled={row === undefined}
      onClick={() => {
        if (row !== undefined)
          void api.get<Message>(apiPath(`/messages/${row.s}`)).then((message) => onUse(message.payload));
      }}
    >
      As in the last {action}
    </Menu.Item>
  );
}
