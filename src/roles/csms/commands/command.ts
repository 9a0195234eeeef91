import Type, { type Static, type TSchema } from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import type { OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { TokenRecord } from '../state/records.ts';

/** What a translation may ask for: facts of the station, new ids, addresses of the file place. */
export interface CommandContext {
  readonly version: OcppVersion;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly localListVersion: number | undefined;
  readonly nextRequestId: () => number;
  /** The type of a token that the CSMS knows. */
  readonly tokenType: (idToken: string) => string | undefined;
  /** Ids of the running transactions, all or those of one EVSE. */
  readonly runningTransactions: (evse?: number) => readonly string[];
  readonly tokens: () => Iterable<TokenRecord>;
  /** A new address for an upload of this station. */
  readonly uploadUrl: () => string;
  /** The address of a firmware file. @throws NOT_FOUND */
  readonly firmwareUrl: (file: string) => string;
}

/** One OCPP message that a command becomes. */
export interface TranslatedCall {
  readonly action: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A version-neutral command: one body for all versions, translated into what the station's version calls it. */
export interface Command<Body extends TSchema = TSchema> {
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly body: Body;
  /** Nothing of the body is required. */
  readonly bodyOptional?: boolean;
  /** One message, or several that are sent one after another. @throws INVALID_REQUEST, UNKNOWN_ACTION, CONFLICT */
  translate(input: Static<Body>, context: CommandContext): TranslatedCall | readonly TranslatedCall[];
}

/** Declares a command; the input type follows from the schema. */
export function command<Body extends TSchema>(declared: Command<Body>): Command {
  return declared as unknown as Command;
}

export function call(action: string, payload: object = {}): TranslatedCall {
  return { action, payload: defined(payload) };
}

/** The object without members that are undefined. */
export function defined(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

/** A member that this version has no place for. */
export function wrong(pointer: string, msg: string): CompoteError {
  return new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg }] });
}

/** A command that a version does not have. */
export function notIn(version: OcppVersion, what: string): CompoteError {
  return new CompoteError('UNKNOWN_ACTION', { detail: `OCPP ${version} cannot ${what}` });
}

const text = (description: string) => Type.String({ minLength: 1, description });
export const evse = Type.Optional(
  Type.Integer({ minimum: 0, description: 'EVSE (1.6: the connector); 0 or absent: the whole station.' }),
);
export const oneEvse = Type.Integer({ minimum: 1, description: 'EVSE (1.6: the connector).' });
export const connector = Type.Optional(Type.Integer({ minimum: 1, description: 'Connector of the EVSE; 2.x only.' }));
export const tokenFields = {
  idToken: text('The token.'),
  type: Type.Optional(text('Token type of 2.x; the one of the known token, else Central.')),
  groupId: Type.Optional(text('parentIdTag or groupIdToken.')),
};

/** The token as 2.x writes it. A token that nobody typed is Central: from the CSMS (2.x C05). */
export function idToken2x(idToken: string, type: string | undefined, context: CommandContext): object {
  return { idToken, type: type ?? context.tokenType(idToken) ?? 'Central' };
}

export function groupToken2x(groupId: string | undefined): object | undefined {
  return groupId === undefined ? undefined : { idToken: groupId, type: 'Central' };
}

/** `{id, connectorId}` of 2.x; undefined for the whole station. */
export function evse2x(id: number | undefined, connectorId: number | undefined): object | undefined {
  if (id === undefined || id === 0) return undefined;
  return defined({ id, connectorId });
}
