import type { RpcMessage } from '../../../protocols/ocpp/rpc-message.ts';
import type { Tokens } from '../state/tokens.ts';

const ASKING: ReadonlySet<string> = new Set(['Authorize', 'StartTransaction', 'TransactionEvent']);

/**
 * Whether a station asks about a token that is not in our list: others may be asked then, and the chain of calls that
 * this becomes begins with the station's message. Read before the schema has judged, so nothing is taken for granted.
 */
export function asksAboutStranger({ action, payload }: RpcMessage, tokens: Tokens): boolean {
  if (typeof payload !== 'object' || payload === null) return false;
  const { idTag, idToken, messageId } = payload as Readonly<Record<string, unknown>>;
  // 1.6 wraps the Authorize of Plug & Charge; its token stands in a text of its own.
  if (action === 'DataTransfer') return messageId === 'Authorize';
  if (!ASKING.has(action)) return false;
  const shown = typeof idToken === 'object' && idToken !== null && 'idToken' in idToken ? idToken.idToken : idTag;
  return typeof shown === 'string' && shown !== '' && tokens.get(shown) === undefined;
}
