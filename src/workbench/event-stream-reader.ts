import type { Readable } from 'node:stream';

/** Reads server-sent events from a body, one after another. Ends with the body. */
export async function readEvents(body: Readable, onEvent: (event: string, data: unknown) => void): Promise<void> {
  let rest = '';
  body.setEncoding('utf8');
  for await (const chunk of body) {
    rest += chunk as string;
    for (let end = rest.indexOf('\n\n'); end >= 0; end = rest.indexOf('\n\n')) {
      readBlock(rest.slice(0, end), onEvent);
      rest = rest.slice(end + 2);
    }
  }
}

function readBlock(block: string, onEvent: (event: string, data: unknown) => void): void {
  let event = 'message';
  let data = '';
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice(7);
    else if (line.startsWith('data: ')) data += line.slice(6);
  }
  if (data !== '') onEvent(event, JSON.parse(data));
}
