import { useEffect, useRef, useSyncExternalStore } from 'react';
import { apiPath } from './client.ts';
import { LiveConnection, type LiveEvent, type LiveStatus } from './live-connection.ts';

type Handler = (data: unknown, event: string) => void;

/** What happens on the server, as this page hears it. One instance per page. */
class Live {
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #listeners = new Set<() => void>();
  #port: MessagePort | undefined;
  #own: LiveConnection | undefined;
  status: LiveStatus = { state: 'connecting', lastHeard: Date.now() };

  open(): void {
    const url = new URL(apiPath('/events'), location.origin).href;
    try {
      const worker = new SharedWorker(new URL('./live-worker.ts', import.meta.url), {
        type: 'module',
        name: `compote ${location.origin}`,
      });
      this.#port = worker.port;
      worker.port.onmessage = (message: MessageEvent<{ type: string; live?: LiveEvent; status?: LiveStatus }>) => {
        if (message.data.live !== undefined) this.#event(message.data.live);
        if (message.data.status !== undefined) this.#status(message.data.status);
      };
      worker.port.start();
      worker.port.postMessage({ type: 'open', url });
      addEventListener('pagehide', () => worker.port.postMessage({ type: 'close' }));
      addEventListener('pageshow', (event) => {
        if (event.persisted) worker.port.postMessage({ type: 'open', url });
      });
    } catch {
      this.#own = new LiveConnection(
        url,
        (event) => this.#event(event),
        (status) => this.#status(status),
      );
    }
  }

  retry(): void {
    this.#port?.postMessage({ type: 'retry' });
    this.#own?.retry();
  }

  /** `*` hears everything. */
  on(event: string, handler: Handler): () => void {
    const handlers = this.#handlers.get(event) ?? new Set();
    handlers.add(handler);
    this.#handlers.set(event, handlers);
    return () => handlers.delete(handler);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #event({ event, data }: LiveEvent): void {
    for (const name of [event, '*']) for (const handler of this.#handlers.get(name) ?? []) handler(data, event);
  }

  #status(status: LiveStatus): void {
    this.status = status;
    for (const listener of this.#listeners) listener();
  }
}

export const live = new Live();

export function useLiveStatus(): LiveStatus {
  return useSyncExternalStore(live.subscribe, () => live.status);
}

/** Calls `handler` for events of these names while the component is shown. */
export function useLiveEvent(names: string | readonly string[], handler: Handler): void {
  const latest = useRef(handler);
  latest.current = handler;
  const key = typeof names === 'string' ? names : names.join(' ');
  useEffect(() => {
    const ends = key.split(' ').map((name) => live.on(name, (data, event) => latest.current(data, event)));
    return () => {
      for (const end of ends) end();
    };
  }, [key]);
}
