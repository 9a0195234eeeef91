import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { type Route, route } from '../../../platform/http/route.ts';
import type { Command, CommandContext, TranslatedCall } from '../commands/command.ts';
import { COMMANDS } from '../commands/index.ts';
import type { StationRecord } from '../state/records.ts';
import { type CsmsApi, knownStation } from './csms-api.ts';
import { answerOrProblem, sendToStation } from './sending.ts';
import { stationParams } from './station-view.ts';

const Call = Type.Object({
  action: Type.String({ description: 'The OCPP action that was sent.' }),
  request: Type.Unknown({ description: 'Its payload.' }),
  status: Type.String({ description: 'What the station said; `Answered` where its answer has no status.' }),
  response: Type.Unknown({ description: 'The payload of its answer.' }),
  seq: Type.Integer({ description: 'Number of the request in the journal.' }),
});

const CommandAnswer = Type.Object({
  ...Call.properties,
  calls: Type.Optional(Type.Array(Call, { description: 'All messages, where the command took several.' })),
});

const timeoutMs = Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000 }));

/** Version-neutral commands: one body for all versions, the answer in the station's own words. */
export function commandRoutes(api: CsmsApi): Route[] {
  const list = route({
    method: 'GET',
    path: '/commands',
    summary: 'Version-neutral commands',
    description: 'Each is POST /api/v1/stations/{id}/commands/{name}.',
    tags: ['Commands'],
    response: Type.Object({
      items: Type.Array(Type.Object({ name: Type.String(), summary: Type.String(), body: Type.Unknown() })),
    }),
    handler: () => ({ items: COMMANDS.map(({ name, summary, body }) => ({ name, summary, body })) }),
  });
  const commands = COMMANDS.map((command) =>
    route({
      method: 'POST',
      path: `/stations/{id}/commands/${command.name}`,
      summary: command.summary,
      ...(command.description === undefined ? {} : { description: command.description }),
      id: `command${command.name.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase())}`,
      tags: ['Commands'],
      params: stationParams,
      query: Type.Object({ timeoutMs }),
      body: command.body,
      ...(command.bodyOptional === true ? { bodyOptional: true } : {}),
      response: CommandAnswer,
      problems: [
        'UNKNOWN_STATION',
        'UNKNOWN_ACTION',
        'STATION_NOT_CONNECTED',
        'CONFLICT',
        'SCHEMA_VIOLATION',
        'STATION_CALLERROR',
        'STATION_TIMEOUT',
        'LINK_CLOSED',
        'QUEUE_FULL',
      ],
      async handler({ params, query, body }) {
        const calls = await runCommand(api, knownStation(api, params.id), command, body ?? {}, query.timeoutMs);
        const shown = calls.find(({ status }) => status !== 'Accepted') ?? calls.at(-1);
        return calls.length === 1 ? shown : { ...shown, calls };
      },
    }),
  );
  // Below every command that exists: a name that does not.
  const unknown = route({
    method: 'POST',
    path: '/stations/{id}/commands/{name}',
    summary: 'A command that does not exist',
    hidden: true,
    params: Type.Object({ id: Type.String(), name: Type.String() }),
    handler({ params }) {
      throw new CompoteError('UNKNOWN_ACTION', {
        detail: `there is no command ${params.name}`,
        hint: `There are ${COMMANDS.map(({ name }) => name).join(', ')}. Any action goes by POST /api/v1/stations/{id}/ocpp/{action}.`,
      });
    },
  });
  return [list, ...commands, unknown];
}

/** Translates a command for a station and sends what comes out, one message after another. */
export async function runCommand(
  api: CsmsApi,
  station: StationRecord,
  command: Command,
  body: unknown,
  timeoutMs?: number,
): Promise<Type.Static<typeof Call>[]> {
  const translated = command.translate(body, commandContext(api, station));
  const calls: Type.Static<typeof Call>[] = [];
  for (const each of 'action' in translated ? [translated] : translated)
    calls.push(await run(api, station.id, each, timeoutMs));
  return calls;
}

async function run(api: CsmsApi, station: string, { action, payload }: TranslatedCall, timeout: number | undefined) {
  const sent = await sendToStation(api, { station, action, payload, timeoutMs: timeout });
  const response = answerOrProblem(station, action, sent);
  return { action, request: payload, status: statusOf(response), response, seq: sent.seq };
}

/** The status of an answer; of SetVariables and its like, the first one that is not Accepted. */
function statusOf(response: unknown): string {
  if (typeof response !== 'object' || response === null) return 'Answered';
  const { status } = response as { status?: unknown };
  if (typeof status === 'string') return status;
  for (const value of Object.values(response)) {
    if (!Array.isArray(value)) continue;
    const statuses = value.map((each: { attributeStatus?: unknown }) => each?.attributeStatus);
    if (!statuses.every((each) => typeof each === 'string')) continue;
    return statuses.find((each) => each !== 'Accepted') ?? 'Accepted';
  }
  return 'Answered';
}

/** What translations may ask for. Addresses of the file place are made when they are asked for. */
function commandContext({ csms, clock, files }: CsmsApi, station: StationRecord): CommandContext {
  const session = csms.sessions.get(station.id);
  if (session === undefined) throw new CompoteError('STATION_NOT_CONNECTED', { detail: station.id });
  const { tokens, transactions } = csms.state;
  return {
    version: session.version,
    now: clock.now(),
    localListVersion: station.localListVersion,
    nextRequestId: () => csms.services.nextRequestId(),
    tokenType: (idToken) => tokens.get(idToken)?.type,
    runningTransactions: (evse) => transactions.activeOn(station.id, evse).map((each) => each.transactionId),
    tokens: () => tokens.all(),
    uploadUrl: () => files.urlOf(files.open('upload', station.id).slot),
    firmwareUrl(file) {
      const slot = files.firmware(file);
      if (slot !== undefined) return files.urlOf(slot.slot, file);
      throw new CompoteError('NOT_FOUND', {
        detail: `the file place has no firmware ${file}`,
        hint: 'Upload it with PUT /api/v1/firmware/{name}.',
      });
    },
  };
}
