import { CompoteError, ERRORS, type ErrorCode, type FieldError, messageOf } from '../core/errors.ts';
import type { HttpConfig } from '../platform/config/shared-config.ts';
import type { ServiceName } from '../platform/service.ts';
import { type ConfigFlags, configFromFlags } from './config-options.ts';

/** Where and as whom the command line talks to a running service. */
export interface RestTarget {
  readonly url: string;
  readonly token: string | undefined;
}

export interface RestFlags extends ConfigFlags {
  readonly url?: string;
  readonly token?: string;
}

/** The address from `--url`, `COMPOTE_URL`, or the configuration of the service that is asked for. */
export function restTarget(flags: RestFlags, environment: NodeJS.ProcessEnv, service: ServiceName): RestTarget {
  const token = flags.token ?? environment['COMPOTE_TOKEN'];
  const url = flags.url ?? environment['COMPOTE_URL'];
  if (url !== undefined) {
    if (/^https?:\/\/[^/]/.test(url)) return { url: url.replace(/\/+$/, ''), token };
    throw new CompoteError('ARGUMENT_INVALID', {
      detail: `"${url}" is no address`,
      hint: 'Write it as http://127.0.0.1:8001.',
    });
  }
  const { all, shared } = configFromFlags(flags, environment);
  const { host, port, tls } = all[service] as HttpConfig;
  const reachable = (host ?? shared.host).replace(/^(0\.0\.0\.0|::)$/, '127.0.0.1');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`,
    token,
  };
}

/** Areas of the one API that the CSMS does not serve. */
const OWNERS: Readonly<Record<string, ServiceName>> = {
  emp: 'emp',
  hub: 'hub',
  pnc: 'trust',
  everest: 'everest',
  sim: 'station',
  services: 'workbench',
  apis: 'workbench',
  demo: 'workbench',
  endpoints: 'workbench',
  parties: 'workbench',
  presets: 'workbench',
  topology: 'workbench',
};

/** Which service serves a path of the one API. */
export function serviceOfPath(path: string): ServiceName {
  return OWNERS[/^\/api\/v1\/([a-z]+)/.exec(path)?.[1] ?? ''] ?? 'csms';
}

/** Sends a request; a problem document of the service is thrown as the error that it names. */
export async function restRequest(
  target: RestTarget,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${target.url}${path}`, {
      method,
      headers: {
        ...(target.token === undefined ? {} : { authorization: `Bearer ${target.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause !== undefined ? messageOf(cause.cause) : messageOf(cause);
    throw new CompoteError('PEER_UNREACHABLE', {
      detail: `nothing answers at ${target.url} (${reason})`,
      hint: 'Start it with `compote up`, or name another address with `--url`.',
      cause,
    });
  }
  if (response.ok) return response;
  throw await problemAsError(response);
}

async function problemAsError(response: Response): Promise<CompoteError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as { code?: string; detail?: string; hint?: string; fields?: FieldError[] };
    if (problem.code !== undefined && Object.hasOwn(ERRORS, problem.code)) {
      return new CompoteError(problem.code as ErrorCode, {
        ...(problem.detail === undefined ? {} : { detail: problem.detail }),
        ...(problem.hint === undefined ? {} : { hint: problem.hint }),
        ...(problem.fields === undefined ? {} : { fields: problem.fields }),
        extra: { document: problem },
      });
    }
  } catch {
    // Not ours: told by its status below.
  }
  return new CompoteError('PEER_UNREACHABLE', {
    detail: `${response.url} answers ${response.status} ${text.slice(0, 200)}`,
  });
}
