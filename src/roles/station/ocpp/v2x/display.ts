import { parseTime } from '../../../../core/time.ts';
import type { v21 } from '../../../../protocols/ocpp/messages.ts';
import type { Side2x } from './side.ts';
import { type Answer, info, type Request } from './wire.ts';

export type DisplayMessage = v21.MessageInfoType;

const MAX_MESSAGES = 20;
const PER_REPORT = 10;

/** SetDisplayMessage (2.0.1 O01, O02, O06). */
export function setDisplayMessage(
  side: Side2x,
  { message }: Request<'SetDisplayMessage'>,
): Answer<'SetDisplayMessage'> {
  const formats = side.model.list('DisplayMessageCtrlr.SupportedFormats');
  if (!formats.includes(message.message.format)) return { status: 'NotSupportedMessageFormat' };
  if (!side.model.list('DisplayMessageCtrlr.SupportedPriorities').includes(message.priority))
    return { status: 'NotSupportedPriority' };
  if (message.transactionId !== undefined && side.core.transactionOf(message.transactionId) === undefined) {
    return { status: 'UnknownTransaction' };
  }
  // The same id is replaced; so is the one that is always in front by another such (O01.FR.06, FR.09).
  const others = current(side).filter(
    (one) => one.id !== message.id && !(message.priority === 'AlwaysFront' && one.priority === 'AlwaysFront'),
  );
  if (others.length >= MAX_MESSAGES) return { status: 'Rejected', ...info('OutOfStorage') };
  keep(side, [...others, message]);
  return { status: 'Accepted' };
}

export function getDisplayMessages(side: Side2x, request: Request<'GetDisplayMessages'>): Answer<'GetDisplayMessages'> {
  const { id, priority, state, requestId } = request;
  const found = current(side).filter(
    (one) =>
      (id === undefined || id.includes(one.id)) &&
      (priority === undefined || one.priority === priority) &&
      (state === undefined || one.state === state),
  );
  if (found.length === 0) return { status: 'Unknown' };
  side.host.afterAnswer(() => {
    for (let i = 0; i < found.length; i += PER_REPORT) {
      side.send(
        'NotifyDisplayMessages',
        { requestId, messageInfo: found.slice(i, i + PER_REPORT), tbc: i + PER_REPORT < found.length },
        'triggered',
      );
    }
  });
  return { status: 'Accepted' };
}

export function clearDisplayMessage(
  side: Side2x,
  { id }: Request<'ClearDisplayMessage'>,
): Answer<'ClearDisplayMessage'> {
  const messages = current(side);
  if (!messages.some((one) => one.id === id)) return { status: 'Unknown' };
  keep(
    side,
    messages.filter((one) => one.id !== id),
  );
  return { status: 'Accepted' };
}

/** Messages of a transaction vanish with it (O02.FR.02). */
export function displayTransactionEnded(side: Side2x, transactionId: string): void {
  if (side.messages.some((one) => one.transactionId === transactionId)) {
    keep(
      side,
      side.messages.filter((one) => one.transactionId !== transactionId),
    );
  }
}

/** What is still shown or will be: past its end a message is gone. */
function current(side: Side2x): readonly DisplayMessage[] {
  const now = side.host.now();
  return side.messages.filter(
    (one) => one.endDateTime === undefined || (parseTime(one.endDateTime) ?? Number.POSITIVE_INFINITY) > now,
  );
}

function keep(side: Side2x, messages: readonly DisplayMessage[]): void {
  side.messages = messages;
  side.host.touched('extras');
  side.host.happened('display', { messages: messages.map((one) => one.message.content) });
}
