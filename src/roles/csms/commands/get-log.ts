import Type from 'typebox';
import { oneOf } from '../../../platform/schema/words.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, defined, wrong } from './command.ts';

const WORDS = { diagnostics: 'DiagnosticsLog', security: 'SecurityLog', 'data-collector': 'DataCollectorLog' } as const;

/** 1.6 §5.9 (GetDiagnostics) and whitepaper N01 (GetLog), 2.x N01. */
export const getLog = command({
  name: 'get-log',
  summary: 'Have the station upload a log',
  description: 'To `location`, or to a new address of the file place, listed in GET /api/v1/files.',
  bodyOptional: true,
  body: Type.Object(
    {
      log: Type.Optional(
        oneOf(['diagnostics', 'security', 'data-collector'], { description: 'diagnostics when absent.' }),
      ),
      location: Type.Optional(Type.String({ minLength: 1, description: 'Where to; a directory.' })),
      from: Type.Optional(Type.String()),
      to: Type.Optional(Type.String()),
      retries: Type.Optional(Type.Integer({ minimum: 0 })),
      retryIntervalS: Type.Optional(Type.Integer({ minimum: 0 })),
      requestId: Type.Optional(Type.Integer()),
      extended: Type.Optional(Type.Boolean({ description: '1.6: GetLog also for diagnostics.' })),
    },
    { additionalProperties: false },
  ),
  translate(input, context) {
    const { log = 'diagnostics', from, to, retries, retryIntervalS: retryInterval } = input;
    if (log === 'data-collector' && context.version !== '2.1') throw wrong('/log', 'data-collector is of OCPP 2.1');
    const location = input.location ?? context.uploadUrl();
    if (!isV2(context.version) && log === 'diagnostics' && input.extended !== true)
      return call('GetDiagnostics', { location, startTime: from, stopTime: to, retries, retryInterval });
    return call('GetLog', {
      logType: WORDS[log],
      requestId: input.requestId ?? context.nextRequestId(),
      retries,
      retryInterval,
      log: defined({ remoteLocation: location, oldestTimestamp: from, latestTimestamp: to }),
    });
  },
});
