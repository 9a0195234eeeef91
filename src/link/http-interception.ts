import type { HttpResponse } from './http-port.ts';

/** One direction of an exchange as an interceptor sees it. */
export interface HttpPassing {
  readonly direction: 'request' | 'response';
  /** The party at the other end. */
  readonly peer: string;
  /** OICP operation, or empty where none was recognised. */
  readonly action: string;
  /** Present for a response. */
  readonly response?: HttpResponse;
}

/**
 * `drop`: a request is never answered, an answer never arrives. `delayMs`: goes on later. `answer`: this is the answer,
 * and a request that it replaces was never seen by the other side.
 */
export type HttpVerdict =
  | 'pass'
  | 'drop'
  | { readonly delayMs: number; readonly then?: 'pass' | 'drop' | { readonly answer: HttpResponse } }
  | { readonly answer: HttpResponse };

/** Faults, rules and, later, the proxy hang in here: between the protocol and the transport, on clients and servers. */
export type HttpInterceptor = (passing: HttpPassing) => HttpVerdict;
