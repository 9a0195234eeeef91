import type { Message } from '../../api/shapes.ts';

export interface Copy {
  readonly label: string;
  readonly text: string;
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The forms in which a message leaves the page by the clipboard. */
export function copies(message: Message, origin = location.origin): Copy[] {
  const payload = message.payload === undefined ? message.raw : JSON.stringify(message.payload, null, 2);
  const list: Copy[] = [
    { label: 'Payload', text: payload },
    { label: 'Frame', text: message.raw },
    { label: 'Link', text: `${origin}/m/${message.seq}` },
  ];
  const curl = curlOf(message, origin);
  if (curl !== undefined) list.push({ label: 'curl', text: curl });
  return list;
}

/** A command that sends the same again: to the peer for HTTP, through our API for OCPP. */
export function curlOf(message: Message, origin: string): string | undefined {
  const { method, url, path } = message.transport as Readonly<Record<string, unknown>>;
  const target = typeof url === 'string' ? url : typeof path === 'string' ? `${origin}${path}` : undefined;
  if (message.transport.type === 'http' && target !== undefined && message.kind === 'request') {
    const verb = typeof method === 'string' ? method : 'POST';
    const body = message.raw === '' ? '' : ` -H 'content-type: application/json' --data-raw ${shellWord(message.raw)}`;
    return `curl -X ${verb} ${shellWord(target)}${body}`;
  }
  if (message.proto !== 'ocpp' || message.kind !== 'request') return undefined;
  const toStation = message.from.role === 'csms';
  const body = {
    from: message.from.id,
    to: message.to.id,
    proto: 'ocpp',
    ...(message.version === undefined ? {} : { ver: message.version }),
    action: message.action,
    mode: toStation ? 'wire' : 'inbound',
    payload: message.payload ?? {},
  };
  return `curl -X POST ${shellWord(`${origin}/api/v1/send`)} -H 'content-type: application/json' --data-raw ${shellWord(JSON.stringify(body))}`;
}
