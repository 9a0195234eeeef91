import type { Message } from '../../api/shapes.ts';
import { Tag } from '../../parts/atoms.tsx';
import { clockTime, duration } from '../../parts/format.ts';
import { JsonView } from '../../parts/json-view.tsx';
import { EmptyState } from '../../parts/states.tsx';
import { Raw } from './message-transport.tsx';
import type { SchemaDocument } from './use-message.ts';

/** What the message says, with what is wrong on the line where it is wrong. */
export function Payload({
  message,
  schema,
  pointer,
}: {
  readonly message: Message;
  readonly schema: SchemaDocument | undefined;
  readonly pointer: string | undefined;
}) {
  if (message.payload === undefined) return <Raw message={message} />;
  return (
    <JsonView
      key={message.seq}
      payload={message.payload}
      findings={message.findings}
      schema={schema?.schema}
      docs={schema?.docs}
      pointer={pointer}
      label={`Payload of message ${message.seq}`}
    />
  );
}

/** The other side of the exchange. */
export function Answer({
  message,
  partner,
  schema,
  onSelect,
}: {
  readonly message: Message;
  readonly partner: Message | undefined;
  readonly schema: SchemaDocument | undefined;
  onSelect(seq: number): void;
}) {
  if (message.partner === undefined) {
    return (
      <EmptyState title="No answer">
        The request was sent at {clockTime(message.time.received)}. Its answer has not come, or never will: the next
        events of this connection are under Context.
      </EmptyState>
    );
  }
  if (partner === undefined) return null;
  return (
    <>
      <div className="detail-head small">
        <button type="button" className="chip" onClick={() => onSelect(partner.seq)}>
          #{partner.seq}
        </button>
        <span className="muted">
          {partner.kind === 'request' ? 'asked' : 'answered'} at {clockTime(partner.time.received)},{' '}
          {duration(message.partner.latencyMs)} {partner.kind === 'request' ? 'before' : 'after'}
        </span>
        {partner.code !== undefined && <Tag tone="error">{partner.code}</Tag>}
      </div>
      {partner.payload === undefined ? (
        <Raw message={partner} />
      ) : (
        <JsonView
          payload={partner.payload}
          findings={partner.findings}
          schema={schema?.schema}
          docs={schema?.docs}
          label="The other side"
        />
      )}
    </>
  );
}
