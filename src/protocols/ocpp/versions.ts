/** The OCPP versions that the engine speaks. `2.0` is not one: it is withdrawn, and 2.0.1 replaced it. */
export const OCPP_VERSIONS = ['1.6', '2.0.1', '2.1'] as const;
export type OcppVersion = (typeof OCPP_VERSIONS)[number];

/** WebSocket subprotocol names: lower case, exact (OCPP-J 1.6 §3.1.2, 2.x Part 4 §3.1.2). */
export const SUBPROTOCOLS = {
  '1.6': 'ocpp1.6',
  '2.0.1': 'ocpp2.0.1',
  '2.1': 'ocpp2.1',
} as const satisfies Record<OcppVersion, string>;

export function versionOfSubprotocol(name: string): OcppVersion | undefined {
  return OCPP_VERSIONS.find((version) => SUBPROTOCOLS[version] === name);
}

/** True for 2.0.1 and 2.1, which share most of their behaviour. */
export function isV2(version: OcppVersion): version is '2.0.1' | '2.1' {
  return version !== '1.6';
}
