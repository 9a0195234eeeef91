import type { Message } from '../../api/shapes.ts';
import { IdText } from '../../parts/atoms.tsx';
import { bytes, dayTime } from '../../parts/format.ts';

/** How the message was carried. */
export function Transport({ message }: { readonly message: Message }) {
  const { type, conn, tap, ...others } = message.transport;
  const facts = Object.entries(others).filter(([, value]) => value !== undefined && value !== '');
  return (
    <div className="pad">
      <dl className="facts">
        <dt>Received</dt>
        <dd>{`${dayTime(message.time.received)} · ${message.time.received}`}</dd>
        <dt>Connection</dt>
        <dd>
          <IdText id={conn} most={60} />
        </dd>
        <dt>Carried by</dt>
        <dd>{type === 'ws' ? 'WebSocket' : type === 'inproc' ? 'inside this process' : type.toUpperCase()}</dd>
        <dt>Seen at</dt>
        <dd>{tap}</dd>
        {message.messageId !== undefined && (
          <>
            <dt>Message id</dt>
            <dd>
              <IdText id={message.messageId} most={48} />
            </dd>
          </>
        )}
        <dt>Size</dt>
        <dd>{bytes(message.rawTruncated ?? message.raw.length)}</dd>
        <dt>Who caused it</dt>
        <dd>{ORIGIN[message.origin.by] ?? message.origin.by}</dd>
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </div>
  );
}

const ORIGIN: Readonly<Record<string, string>> = {
  peer: 'the other side',
  system: 'our own logic',
  sim: 'the simulator',
  user: 'a person',
  rule: 'a rule',
  import: 'imported',
  replay: 'a replay',
  proxy: 'a proxy',
};

function Fact({ name, value }: { readonly name: string; readonly value: unknown }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{typeof value === 'object' ? <code>{JSON.stringify(value)}</code> : String(value)}</dd>
    </>
  );
}

/** Its exact text. */
export function Raw({ message }: { readonly message: Message }) {
  return (
    <>
      {message.malformed !== undefined && (
        <p className="banner">
          Not readable at character {message.malformed.at}: {message.malformed.msg}
        </p>
      )}
      {message.rawTruncated !== undefined && (
        <p className="banner">The journal keeps the first part only; there were {bytes(message.rawTruncated)}.</p>
      )}
      {message.masked === true && <p className="banner">Secrets are replaced by ***.</p>}
      {message.rawEncoding === 'base64' && <p className="banner">These bytes are no text; shown in base64.</p>}
      <pre className="raw">{message.raw}</pre>
    </>
  );
}
