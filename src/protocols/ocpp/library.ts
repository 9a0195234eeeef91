/**
 * `ocpp-compote/ocpp`: frames, actions and schemas of OCPP 1.6, 2.0.1 and 2.1, for programs that look at messages themselves.
 * No sockets, no state.
 */
export { ACTIONS, type ActionRow, actionsFrom } from './actions.ts';
export { type Frame, parseFrame, type Unreadable } from './frame.ts';
export { type ActionSchemas, OcppSchemas, type PayloadSchema, type Violation } from './schemas.ts';
export { OCPP_VERSIONS, type OcppVersion } from './versions.ts';
