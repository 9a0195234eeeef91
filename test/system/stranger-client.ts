import { RPCClient } from 'ocpp-rpc';

type Json = Record<string, unknown>;

/** What the tests use of an `ocpp-rpc` client; its own type declarations ask for every option and are wrong for handlers. */
export interface StrangerClient {
  connect(): Promise<void>;
  call(action: string, payload: Json): Promise<Json>;
  close(): Promise<void>;
  handle(handler: (call: { readonly method: string; readonly params: Json }) => Json): void;
  on(event: 'message', listener: (event: { readonly message: string; readonly outbound: boolean }) => void): void;
}

export function strangerClient(
  port: number,
  identity: string,
  subprotocol: string,
  strictMode: boolean,
): StrangerClient {
  const Client = RPCClient as unknown as new (options: object) => StrangerClient;
  return new Client({
    endpoint: `ws://127.0.0.1:${port}/ocpp`,
    identity,
    protocols: [subprotocol],
    strictMode,
    callTimeoutMs: 10_000,
  });
}
