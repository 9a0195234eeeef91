import { httpOptions } from '../../src/platform/prepare-service.ts';
import type { ServiceName } from '../../src/platform/service.ts';
import { startHub } from '../../src/roles/hub/index.ts';
import { type HubSection, hubSection } from '../../src/roles/hub/section.ts';
import { testRuntime } from './runtime.ts';

type Json = Record<string, unknown>;

export interface TestAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly body: any;
  readonly text: string;
  readonly headers: Headers;
}

/** A hub on a free port, in a folder of its own, for tests with real sockets. */
export async function testHub(
  config: Json = {},
  more: {
    readonly folder?: string;
    readonly deadlines?: Partial<{ stationMs: number; hubMs: number; empMs: number }>;
    readonly addressOf?: (service: ServiceName) => string | undefined;
    readonly rules?: boolean;
  } = {},
) {
  const prepared = testRuntime<HubSection>({ service: 'hub', section: hubSection, config, ...more });
  const { runtime, settings, recorder, folder, clock } = prepared;
  const service = await startHub(runtime, settings, { ...httpOptions(runtime, settings), checkResponses: true });
  const base = service.url ?? '';
  const request = async (
    method: string,
    url: string,
    body: string | undefined,
    headers: Record<string, string> = {},
  ): Promise<TestAnswer> => {
    const response = await fetch(`${base}${url}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = await response.text();
    return { status: response.status, body: jsonOf(text), text, headers: response.headers };
  };
  return {
    ...service,
    base,
    recorder,
    folder,
    clock,
    /** Calls an operation as plain HTTP: the path below `/api/oicp`, and the body as text or value. */
    oicp: (path: string, body: string | object, headers?: Record<string, string>) =>
      request('POST', `/api/oicp${path}`, typeof body === 'string' ? body : JSON.stringify(body), headers),
    call: (method: string, path: string, body?: unknown) =>
      request(method, `/api/v1${path}`, body === undefined ? undefined : JSON.stringify(body)),
    request,
    async until(holds: () => boolean | Promise<boolean>): Promise<void> {
      while (!(await holds())) await new Promise<void>((resolve) => clock.soon(resolve));
    },
    async end(remove = true): Promise<void> {
      await service.stop();
      await prepared.close(remove);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
