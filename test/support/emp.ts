import { httpOptions } from '../../src/platform/prepare-service.ts';
import type { ServiceName } from '../../src/platform/service.ts';
import { startEmp } from '../../src/roles/emp/index.ts';
import { type EmpSection, empSection } from '../../src/roles/emp/section.ts';
import type { TestAnswer } from './hub.ts';
import { testRuntime } from './runtime.ts';

type Json = Record<string, unknown>;

/** Nothing is pulled by itself: tests say when. */
const NO_PULLS = { evseDataS: 0, evseDataFullS: 0, statusS: 0, pricesS: 0, cdrsS: 0 };

/** An EMP on a free port, in a folder of its own, for tests with real sockets. */
export async function testEmp(
  config: Json = {},
  more: { readonly folder?: string; readonly addressOf?: (service: ServiceName) => string | undefined } = {},
) {
  const prepared = testRuntime<EmpSection>({
    service: 'emp',
    section: empSection,
    config: { pulls: NO_PULLS, ...config },
    ...more,
  });
  const { runtime, settings, recorder, folder, clock } = prepared;
  const service = await startEmp(runtime, settings, { ...httpOptions(runtime, settings), checkResponses: true });
  const base = service.url ?? '';
  const request = async (method: string, url: string, body?: string): Promise<TestAnswer> => {
    const response = await fetch(`${base}${url}`, {
      method,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
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
    request,
    /** Calls an operation as the hub does: the path below `/api/oicp`, and the body as text or value. */
    oicp: (path: string, body: string | object) =>
      request('POST', `/api/oicp${path}`, typeof body === 'string' ? body : JSON.stringify(body)),
    call: (method: string, path: string, body?: unknown) =>
      request(method, `/api/v1${path}`, body === undefined ? undefined : JSON.stringify(body)),
    /** `POST /emp/actions`, as its answer. */
    act: async (action: string, wish: Json = {}) =>
      (await request('POST', '/api/v1/emp/actions', JSON.stringify({ action, ...wish }))).body,
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
