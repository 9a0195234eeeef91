import Type, { type Static } from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { type CommandContext, call, command, defined, groupToken2x, idToken2x, wrong } from './command.ts';

const ENTRIES_AT_MOST = 1_000;

const Entry = Type.Object(
  {
    idToken: Type.String({ minLength: 1 }),
    type: Type.Optional(Type.String({ description: 'Token type of 2.x.' })),
    status: Type.Optional(Type.String({ description: 'Accepted when absent.' })),
    expiresAt: Type.Optional(Type.String()),
    groupId: Type.Optional(Type.String()),
    remove: Type.Optional(Type.Boolean({ description: 'Takes the token out of the list; differential only.' })),
  },
  { additionalProperties: false },
);
type Entry = Static<typeof Entry>;

/** Words of 2.x that 1.6 has none for. */
const STATUS_16: ReadonlySet<string> = new Set(['Accepted', 'Blocked', 'Expired', 'Invalid', 'ConcurrentTx']);

/** 1.6 §5.15, 2.x D01. */
export const sendLocalList = command({
  name: 'send-local-list',
  summary: 'Send the local authorisation list',
  description: 'Entries, or with `fromTokens` the tokens of this CSMS.',
  body: Type.Object(
    {
      updateType: Type.Optional(oneOf(['Full', 'Differential'], { description: 'Full when absent.' })),
      version: Type.Optional(Type.Integer({ minimum: 1, description: 'The one after the last known when absent.' })),
      entries: Type.Optional(Type.Array(Entry, { maxItems: ENTRIES_AT_MOST })),
      fromTokens: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  translate(input, context) {
    const { version, localListVersion } = context;
    const updateType = input.updateType ?? 'Full';
    if (input.fromTokens === true && input.entries !== undefined) throw wrong('/entries', 'is not for `fromTokens`');
    const entries = input.fromTokens === true ? entriesOfTokens(context) : (input.entries ?? []);
    const removed = updateType === 'Full' ? entries.findIndex((entry) => entry.remove === true) : -1;
    if (removed >= 0) throw wrong(`/entries/${removed}/remove`, 'a full list holds what remains; use Differential');
    const number = input.version ?? Math.max(localListVersion ?? 0, 0) + 1;
    // An empty full list is sent without the member: 2.x wants at least one element where it is there.
    const list = entries.length === 0 ? undefined : entries.map((entry) => entryIn(entry, context));
    return isV2(version)
      ? call('SendLocalList', { versionNumber: number, updateType, localAuthorizationList: list })
      : call('SendLocalList', { listVersion: number, updateType, localAuthorizationList: list });
  },
});

/** 1.6 §5.10, 2.x D02. */
export const getLocalListVersion = command({
  name: 'get-local-list-version',
  summary: 'Ask for the version of the local list',
  bodyOptional: true,
  body: Type.Object({}, { additionalProperties: false }),
  translate: () => call('GetLocalListVersion'),
});

function entryIn(
  { idToken, type, status = 'Accepted', expiresAt, groupId, remove }: Entry,
  context: CommandContext,
): object {
  if (isV2(context.version)) {
    const idTokenInfo = defined({ status, cacheExpiryDateTime: expiresAt, groupIdToken: groupToken2x(groupId) });
    return defined({
      idToken: idToken2x(idToken, type, context),
      idTokenInfo: remove === true ? undefined : idTokenInfo,
    });
  }
  const idTagInfo = defined({
    status: STATUS_16.has(status) ? status : 'Invalid',
    expiryDate: expiresAt,
    parentIdTag: groupId,
  });
  return defined({ idTag: idToken, idTagInfo: remove === true ? undefined : idTagInfo });
}

function entriesOfTokens(context: CommandContext): Entry[] {
  const entries: Entry[] = [];
  for (const { idToken, type, status, expiresAt, groupId } of context.tokens()) {
    if (entries.length === ENTRIES_AT_MOST)
      throw wrong('/fromTokens', `there are more than ${ENTRIES_AT_MOST} tokens: send them as differential lists`);
    entries.push({
      idToken,
      type,
      status,
      ...(groupId === undefined ? {} : { groupId }),
      ...(expiresAt === undefined ? {} : { expiresAt: isoTime(expiresAt) }),
    });
  }
  return entries;
}
