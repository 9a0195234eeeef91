import type { Readable } from 'node:stream';
import type { EventFeed, EventFilter } from './event-feed.ts';

/** A JSON answer with its own status or headers; handlers that return a plain value answer 200 (204 for nothing). */
export class Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** Something was created: 201, with the address of the new thing. */
export function created(location: string, body: unknown): Answer {
  return new Answer(201, body, { location });
}

/** The answer is made piece by piece while it is sent; a reader that goes away ends the source. */
export class Download {
  readonly contentType: string;
  readonly fileName: string | undefined;
  readonly chunks: Readable | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
  readonly lengthBytes: number | undefined;

  constructor(options: {
    contentType: string;
    /** Offers the content as a file of this name instead of showing it. */
    fileName?: string;
    chunks: Readable | AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>;
    lengthBytes?: number;
  }) {
    this.contentType = options.contentType;
    this.fileName = options.fileName;
    this.chunks = options.chunks;
    this.lengthBytes = options.lengthBytes;
  }
}

/** Text or bytes that are not JSON: a page, an exported diagram. */
export class Content {
  readonly contentType: string;
  readonly body: string | Uint8Array;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    contentType: string,
    body: string | Uint8Array,
    options: { status?: number; headers?: Readonly<Record<string, string>> } = {},
  ) {
    this.contentType = contentType;
    this.body = body;
    this.status = options.status ?? 200;
    this.headers = options.headers ?? {};
  }
}

/** The reader stays and gets server-sent events. */
export class EventStream {
  readonly feed: EventFeed;
  readonly filter: EventFilter;

  constructor(feed: EventFeed, filter: EventFilter = {}) {
    this.feed = feed;
    this.filter = filter;
  }
}
