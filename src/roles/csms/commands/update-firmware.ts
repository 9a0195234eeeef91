import Type from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { isV2 } from '../../../protocols/ocpp/versions.ts';
import { call, command, wrong } from './command.ts';

/** 1.6 §5.19, whitepaper L01 when it is signed, 2.x L01/L02. */
export const updateFirmware = command({
  name: 'update-firmware',
  summary: 'Have the station load new firmware',
  description: 'From `location`, or `file`: a file of the file place (PUT /api/v1/firmware/{name}).',
  body: Type.Object(
    {
      location: Type.Optional(Type.String({ minLength: 1, description: 'Address of the file.' })),
      file: Type.Optional(Type.String({ minLength: 1, description: 'Name of a file of the file place.' })),
      retrieveAt: Type.Optional(Type.String({ description: 'Now when absent.' })),
      installAt: Type.Optional(Type.String()),
      retries: Type.Optional(Type.Integer({ minimum: 0 })),
      retryIntervalS: Type.Optional(Type.Integer({ minimum: 0 })),
      signingCertificate: Type.Optional(Type.String({ description: 'PEM; 1.6 sends SignedUpdateFirmware then.' })),
      signature: Type.Optional(Type.String({ description: 'Base64.' })),
      requestId: Type.Optional(Type.Integer()),
    },
    { additionalProperties: false },
  ),
  translate(input, context) {
    const { retries, retryIntervalS: retryInterval, installAt, signingCertificate, signature } = input;
    if ((input.location === undefined) === (input.file === undefined))
      throw wrong('/location', 'either `location` or `file` is needed');
    if ((signingCertificate === undefined) !== (signature === undefined))
      throw wrong('/signature', 'signature and signingCertificate come together');
    const location = input.location ?? context.firmwareUrl(input.file ?? '');
    const retrieveAt = input.retrieveAt ?? isoTime(context.now);
    if (!isV2(context.version) && signature === undefined) {
      if (installAt !== undefined) throw wrong('/installAt', 'OCPP 1.6 takes it with a signed update only');
      return call('UpdateFirmware', { location, retrieveDate: retrieveAt, retries, retryInterval });
    }
    const firmware = {
      location,
      retrieveDateTime: retrieveAt,
      ...(installAt === undefined ? {} : { installDateTime: installAt }),
      ...(signature === undefined ? {} : { signingCertificate, signature }),
    };
    const requestId = input.requestId ?? context.nextRequestId();
    return call(isV2(context.version) ? 'UpdateFirmware' : 'SignedUpdateFirmware', {
      requestId,
      retries,
      retryInterval,
      firmware,
    });
  },
});
