import { fieldsOf } from './field-change.ts';
import type { Mutation, TraceMessage } from './mutation.ts';

/** A mutation that leaves a trace as correct as it was. The rule says why, and decides by what the mutation did. */
export interface NeutralRule {
  readonly name: string;
  readonly reason: string;
  readonly holds: (mutation: Mutation, trace: readonly TraceMessage[]) => boolean;
}

/** Members whose value is the sender's alone, in any message. */
const FREE_TEXT =
  /\/(vendorName|chargePointVendor|model|chargePointModel|serialNumber|chargePointSerialNumber|chargeBoxSerialNumber|firmwareVersion|meterType|meterSerialNumber|techInfo|info|additionalInfo|Description|AdditionalInfo)$/;
/** What a station reports of its own variables: how it keeps and limits them is up to it. */
const OWN_VARIABLE =
  /^\/reportData\/\d+\/(variableAttribute\/\d+\/(value|persistent|constant|mutability)|variableCharacteristics\/(supportsMonitoring|minLimit|maxLimit|valuesList|unit))$/;
const CHOSEN: readonly (readonly [message: RegExp, pointer: RegExp])[] = [
  [/^NotifyReport request$/, OWN_VARIABLE],
  [/^BootNotification answer$/, /^\/interval$/],
];
/** Who polls, polls when he likes. */
const POLL = /^(Pull\w+|GetChargeDetailRecords)$/;
/** A CPO may stop by itself and send the record; nobody has to be told how far charging is (OICP digest of the processes). */
const MAY_BE_LEFT_OUT = /^AuthorizeStop$/;
/** Members that may be left out, and that no requirement asks for in that message. */
const OPTIONAL: readonly (readonly [message: RegExp, pointer: RegExp])[] = [
  [/^NotifyReport request$/, OWN_VARIABLE],
  [/^StatusNotification request$/, /^\/timestamp$/],
  [/./, /^\/(CPOPartnerSessionID|EMPPartnerSessionID|PartnerProductID)$/],
  // OICP: the answer may say again which session it speaks of; it is the hub's to give one.
  [/ answer$/, /^\/(SessionID|ProviderID)$/],
  // Optional in Start, Progress and End; the record has it.
  [/^ChargingNotifications request$/, /^\/SessionStart$/],
  [/^TransactionEvent request$/, /^\/(numberOfPhasesUsed|cableMaxCurrent|transactionInfo\/timeSpentCharging)$/],
];
/** Members that mean the same when they are missing (defaults of the schemas and of 1.6 §7.43, 2.x §2). */
const DEFAULTS: readonly (readonly [pointer: RegExp, value: unknown])[] = [
  [/\/measurand$/, 'Energy.Active.Import.Register'],
  [/\/context$/, 'Sample.Periodic'],
  [/\/location$/, 'Outlet'],
  [/\/(unit|unitOfMeasure\/unit)$/, 'Wh'],
  [/\/format$/, 'Raw'],
  [/^\/tbc$/, false],
  [/^\/offline$/, false],
  [/\/(persistent|constant)$/, false],
  [/\/mutability$/, 'ReadWrite'],
  [/\/(type|attributeType)$/, 'Actual'],
];

export const NEUTRAL_RULES: readonly NeutralRule[] = [
  {
    name: 'begins-later',
    reason:
      'What is gone, or comes before, is the first message of a connection: so looks a log that begins in the middle',
    holds: ({ kind, target, before }, trace) => {
      const first = trace.find((each) => each.conversation === target.conversation);
      if (target.message.type !== 'frame') return false;
      return kind === 'drop' ? first === target : kind === 'reorder' && first === before;
    },
  },
  {
    name: 'other-direction',
    reason:
      'It overtakes only messages of exchanges that the other side began: both directions are independent (OCPP-J §4.1.1)',
    holds: ({ kind, target, before }, trace) =>
      kind === 'reorder' &&
      target.message.type === 'frame' &&
      overtaken(target, before, trace).every((each) => isFromClient(each) !== isFromClient(target)),
  },
  {
    name: 'side-by-side',
    reason: 'It overtakes only exchanges about other sessions and EVSEs: HTTP keeps no order between exchanges',
    holds: ({ kind, target, before }, trace) => {
      if (kind !== 'reorder' || target.message.type !== 'whole') return false;
      const own = subjectsOf(target, trace);
      return overtaken(target, before, trace).every(
        (each) => each.index === target.partner || !subjectsOf(each, trace).some((subject) => own.includes(subject)),
      );
    },
  },
  {
    name: 'answer-on-its-way',
    reason:
      'It begins while answers are on their way, after the same requests as before: HTTP keeps no order beyond that',
    holds: ({ kind, target, before }, trace) =>
      kind === 'reorder' &&
      target.message.type === 'whole' &&
      overtaken(target, before, trace).every((each) => each.isAnswer || each.index === target.partner),
  },
  {
    name: 'tried-again',
    reason: 'The exchange failed (5xx, 429), and comes once more: callers try again',
    holds: ({ kind, target }, trace) => {
      const answer = target.isAnswer ? target : target.partner === undefined ? undefined : trace[target.partner];
      return kind === 'duplicate' && answer?.message.type === 'whole' && httpStatusOf(answer.message.detail) >= 429;
    },
  },
  {
    name: 'poll',
    reason: 'A poll that is not made, or comes at another time: nothing asks for it',
    holds: ({ kind, target }) => kind === 'drop' && !target.isAnswer && POLL.test(target.action),
  },
  {
    name: 'optional-message',
    reason: 'An exchange that is optional: many operators stop by themselves and send the record',
    holds: ({ kind, target }) => kind === 'drop' && !target.isAnswer && MAY_BE_LEFT_OUT.test(target.action),
  },
  {
    name: 'uploaded-before',
    reason: 'The first upload of an operator is gone: so looks a log that begins after it',
    holds: ({ kind, target }, trace) =>
      kind === 'drop' &&
      !target.isAnswer &&
      target.action === 'PushEvseData' &&
      trace.find(({ action, conversation }) => action === target.action && conversation === target.conversation) ===
        target,
  },
  {
    name: 'free-text',
    reason: 'A name or a text that its sender chooses, and that nothing else in the trace repeats',
    holds: ({ kind, change }) =>
      kind === 'change a field' && change !== undefined && change.form !== 'type' && FREE_TEXT.test(change.pointer),
  },
  {
    name: 'own-choice',
    reason: 'A setting that its sender is free to choose: the new value is as good as the old one',
    holds: ({ kind, target, change }) =>
      kind === 'change a field' && change?.form === 'value' && isListed(CHOSEN, target, change.pointer),
  },
  {
    name: 'default',
    reason: 'The member that is gone had the value that it has when it is missing',
    holds: ({ kind, change }) =>
      kind === 'change a field' &&
      change?.form === 'missing' &&
      DEFAULTS.some(([pointer, value]) => pointer.test(change.pointer) && value === change.value),
  },
  {
    name: 'optional',
    reason: 'The member that is gone is optional, and no requirement asks for it in this message',
    holds: ({ kind, target, change }) =>
      kind === 'change a field' && change?.form === 'missing' && isListed(OPTIONAL, target, change.pointer),
  },
];

/** Why nobody can find this mutation; undefined when somebody should. */
export function neutralReason(mutation: Mutation, trace: readonly TraceMessage[]): NeutralRule | undefined {
  return NEUTRAL_RULES.find((rule) => rule.holds(mutation, trace));
}

function httpStatusOf(detail: string | undefined): number {
  const status = detail === undefined ? undefined : (JSON.parse(detail) as { status?: unknown }).status;
  return typeof status === 'number' ? status : 200;
}

/** Messages of its conversation that a message overtakes. */
function overtaken(
  target: TraceMessage,
  before: TraceMessage | undefined,
  trace: readonly TraceMessage[],
): readonly TraceMessage[] {
  const from = before?.index ?? target.index;
  return trace.filter(
    ({ conversation, index }) => conversation === target.conversation && index >= from && index < target.index,
  );
}

/** Whether the client side began the exchange. */
function isFromClient({ fromClient, isAnswer }: TraceMessage): boolean {
  return fromClient !== isAnswer;
}

/** The sessions and EVSEs that an exchange names. */
function subjectsOf({ payload, partner }: TraceMessage, trace: readonly TraceMessage[]): readonly string[] {
  const other = partner === undefined ? undefined : trace[partner]?.payload;
  return [payload, other].flatMap((each) =>
    fieldsOf(each).flatMap(({ pointer, value }) =>
      /(SessionID|EvseID)$/.test(pointer) && typeof value === 'string' ? [value.toLowerCase()] : [],
    ),
  );
}

function isListed(
  list: readonly (readonly [message: RegExp, pointer: RegExp])[],
  { action, isAnswer }: TraceMessage,
  pointer: string,
): boolean {
  const message = `${action} ${isAnswer ? 'answer' : 'request'}`;
  return list.some(([messages, pointers]) => messages.test(message) && pointers.test(pointer));
}
