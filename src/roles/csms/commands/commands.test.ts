import { describe, expect, it } from 'vitest';
import { CompoteError } from '../../../core/errors.ts';
import { lazyValidator } from '../../../platform/schema/validator.ts';
import { actionRow } from '../../../protocols/ocpp/actions.ts';
import { OcppSchemaSet } from '../../../protocols/ocpp/schemas.ts';
import { OCPP_VERSIONS, type OcppVersion } from '../../../protocols/ocpp/versions.ts';
import type { CommandContext, TranslatedCall } from './command.ts';
import { COMMANDS } from './index.ts';

const schemas = new OcppSchemaSet();

function context(version: OcppVersion, change: Partial<CommandContext> = {}): CommandContext {
  return {
    version,
    now: 1_769_860_800_000,
    localListVersion: 4,
    nextRequestId: () => 77,
    tokenType: (idToken) => (idToken === 'KNOWN' ? 'ISO14443' : undefined),
    runningTransactions: () => ['12'],
    tokens: () => [{ idToken: 'T1', type: 'eMAID', status: 'NoCredit', concurrent: false, groupId: 'G' }],
    uploadUrl: () => 'http://csms/files/abc/',
    firmwareUrl: (file) => `http://csms/files/def/${file}`,
    ...change,
  };
}

function translate(name: string, version: OcppVersion, input: unknown, change: Partial<CommandContext> = {}) {
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  expect(lazyValidator(command.body).errors(input)).toEqual([]);
  const result = command.translate(input as never, context(version, change));
  const calls: readonly TranslatedCall[] = 'action' in result ? [result] : result;
  // Whatever comes out is a message that the CSMS may send in this version, and fits its schema.
  for (const { action, payload } of calls) {
    expect(actionRow(version, action)?.sender, action).toMatch(/csms|both/);
    expect(schemas.of(version).of(action)?.request.violations(payload), action).toEqual([]);
  }
  return calls.length === 1 ? [calls[0]?.action, calls[0]?.payload] : calls.map((each) => [each.action, each.payload]);
}

const fault = (name: string, version: OcppVersion, input: unknown, change: Partial<CommandContext> = {}) => {
  try {
    translate(name, version, input, change);
  } catch (thrown) {
    if (thrown instanceof CompoteError) return [thrown.code, thrown.fields[0]?.pointer].filter(Boolean).join(' ');
    throw thrown;
  }
  return 'none';
};

describe('a command in each version', () => {
  it('start', () => {
    const input = { idToken: 'KNOWN', evse: 2, groupId: 'G' };
    expect(translate('start', '1.6', input)).toEqual(['RemoteStartTransaction', { connectorId: 2, idTag: 'KNOWN' }]);
    for (const version of ['2.0.1', '2.1'] as const) {
      expect(translate('start', version, input)).toEqual([
        'RequestStartTransaction',
        {
          remoteStartId: 77,
          idToken: { idToken: 'KNOWN', type: 'ISO14443' },
          groupIdToken: { idToken: 'G', type: 'Central' },
          evseId: 2,
        },
      ]);
    }
    expect(translate('start', '2.1', { idToken: 'NEW' })[1]).toMatchObject({ idToken: { type: 'Central' } });
  });

  it('stop: by id, by EVSE, or the only one', () => {
    expect(translate('stop', '1.6', { transactionId: '12' })).toEqual(['RemoteStopTransaction', { transactionId: 12 }]);
    expect(translate('stop', '2.0.1', {})).toEqual(['RequestStopTransaction', { transactionId: '12' }]);
    expect(fault('stop', '1.6', { transactionId: 'abc' })).toBe('INVALID_REQUEST /transactionId');
    expect(fault('stop', '1.6', { evse: 1 }, { runningTransactions: () => [] })).toBe('CONFLICT');
    expect(fault('stop', '2.1', {}, { runningTransactions: () => ['a', 'b'] })).toBe('CONFLICT');
  });

  it('unlock and availability: an EVSE is a connector in 1.6', () => {
    expect(translate('unlock', '1.6', { evse: 3 })).toEqual(['UnlockConnector', { connectorId: 3 }]);
    expect(translate('unlock', '2.0.1', { evse: 3 })).toEqual(['UnlockConnector', { evseId: 3, connectorId: 1 }]);
    expect(translate('availability', '1.6', { operative: false })).toEqual([
      'ChangeAvailability',
      { connectorId: 0, type: 'Inoperative' },
    ]);
    expect(translate('availability', '2.0.1', { operative: true })).toEqual([
      'ChangeAvailability',
      { operationalStatus: 'Operative' },
    ]);
    expect(translate('availability', '2.1', { operative: true, evse: 1, connector: 2 })[1]).toEqual({
      operationalStatus: 'Operative',
      evse: { id: 1, connectorId: 2 },
    });
  });

  it('reset: the words of one generation become those of the other', () => {
    expect(translate('reset', '1.6', { type: 'OnIdle' })[1]).toEqual({ type: 'Soft' });
    expect(translate('reset', '1.6', { type: 'Hard' })[1]).toEqual({ type: 'Hard' });
    expect(translate('reset', '2.0.1', { type: 'Hard', evse: 1 })[1]).toEqual({ type: 'Immediate', evseId: 1 });
    expect(translate('reset', '2.1', { type: 'ImmediateAndResume' })[1]).toEqual({ type: 'ImmediateAndResume' });
    expect(fault('reset', '2.0.1', { type: 'ImmediateAndResume' })).toBe('INVALID_REQUEST /type');
    expect(fault('reset', '1.6', { type: 'Soft', evse: 1 })).toBe('INVALID_REQUEST /evse');
  });

  it('reserve and cancel-reservation', () => {
    expect(translate('reserve', '1.6', { idToken: 'A', groupId: 'G' })).toEqual([
      'ReserveNow',
      { connectorId: 0, expiryDate: '2026-01-31T13:00:00.000Z', idTag: 'A', parentIdTag: 'G', reservationId: 77 },
    ]);
    expect(translate('reserve', '2.0.1', { idToken: 'A', connectorType: 'cCCS2', reservationId: 5 })).toEqual([
      'ReserveNow',
      {
        id: 5,
        expiryDateTime: '2026-01-31T13:00:00.000Z',
        connectorType: 'cCCS2',
        idToken: { idToken: 'A', type: 'Central' },
      },
    ]);
    expect(fault('reserve', '1.6', { idToken: 'A', connectorType: 'cCCS2' })).toBe('INVALID_REQUEST /connectorType');
    for (const version of OCPP_VERSIONS) {
      expect(translate('cancel-reservation', version, { reservationId: 5 })).toEqual([
        'CancelReservation',
        { reservationId: 5 },
      ]);
    }
  });

  it('trigger', () => {
    expect(translate('trigger', '1.6', { message: 'MeterValues', evse: 1 })).toEqual([
      'TriggerMessage',
      { requestedMessage: 'MeterValues', connectorId: 1 },
    ]);
    expect(translate('trigger', '1.6', { message: 'SignChargingStationCertificate' })).toEqual([
      'ExtendedTriggerMessage',
      { requestedMessage: 'SignChargePointCertificate' },
    ]);
    expect(translate('trigger', '1.6', { message: 'Heartbeat', extended: true })[0]).toBe('ExtendedTriggerMessage');
    expect(translate('trigger', '2.0.1', { message: 'DiagnosticsStatusNotification' })[1]).toEqual({
      requestedMessage: 'LogStatusNotification',
    });
    expect(translate('trigger', '2.1', { message: 'CustomTrigger', custom: 'x' })[1]).toEqual({
      requestedMessage: 'CustomTrigger',
      customTrigger: 'x',
    });
    expect(translate('trigger', '2.0.1', { message: 'StatusNotification', evse: 1, connector: 1 })[1]).toEqual({
      requestedMessage: 'StatusNotification',
      evse: { id: 1, connectorId: 1 },
    });
  });

  it('set-variables, get-variables, report', () => {
    const variables = [
      { variable: 'HeartbeatInterval', value: '60' },
      { variable: 'ConnectionTimeOut', value: '30' },
    ];
    expect(translate('set-variables', '1.6', { variables })).toEqual([
      ['ChangeConfiguration', { key: 'HeartbeatInterval', value: '60' }],
      ['ChangeConfiguration', { key: 'ConnectionTimeOut', value: '30' }],
    ]);
    expect(fault('set-variables', '2.0.1', { variables })).toBe('INVALID_REQUEST /variables/0/component');
    const named = { component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', evse: 1, attribute: 'Target' };
    expect(translate('set-variables', '2.1', { variables: [{ ...named, value: '60' }] })).toEqual([
      'SetVariables',
      {
        setVariableData: [
          {
            attributeType: 'Target',
            component: { name: 'OCPPCommCtrlr', evse: { id: 1 } },
            variable: { name: 'HeartbeatInterval' },
            attributeValue: '60',
          },
        ],
      },
    ]);
    expect(translate('get-variables', '1.6', {})).toEqual(['GetConfiguration', {}]);
    expect(translate('get-variables', '1.6', { variables: [{ variable: 'A' }] })[1]).toEqual({ key: ['A'] });
    expect(translate('get-variables', '2.0.1', { variables: [{ component: 'C', variable: 'V' }] })[1]).toEqual({
      getVariableData: [{ component: { name: 'C' }, variable: { name: 'V' } }],
    });
    expect(fault('get-variables', '2.0.1', {})).toBe('INVALID_REQUEST /variables');
    expect(translate('report', '1.6', {})).toEqual(['GetConfiguration', {}]);
    expect(translate('report', '2.1', {})).toEqual(['GetBaseReport', { requestId: 77, reportBase: 'FullInventory' }]);
  });

  const profile = {
    id: 9,
    stackLevel: 1,
    purpose: 'ChargePointMaxProfile',
    kind: 'Absolute',
    unit: 'A',
    start: '2026-01-31T12:00:00Z',
    durationS: 3600,
    periods: [{ startS: 0, limit: 16, phases: 3 }],
  };

  it('set-profile', () => {
    const schedule = {
      duration: 3600,
      startSchedule: '2026-01-31T12:00:00Z',
      chargingRateUnit: 'A',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 3 }],
    };
    expect(translate('set-profile', '1.6', { profile })).toEqual([
      'SetChargingProfile',
      {
        connectorId: 0,
        csChargingProfiles: {
          chargingProfileId: 9,
          stackLevel: 1,
          chargingProfilePurpose: 'ChargePointMaxProfile',
          chargingProfileKind: 'Absolute',
          chargingSchedule: schedule,
        },
      },
    ]);
    expect(translate('set-profile', '2.0.1', { evse: 1, profile })).toEqual([
      'SetChargingProfile',
      {
        evseId: 1,
        chargingProfile: {
          id: 9,
          stackLevel: 1,
          chargingProfilePurpose: 'ChargingStationMaxProfile',
          chargingProfileKind: 'Absolute',
          chargingSchedule: [{ id: 9, ...schedule }],
        },
      },
    ]);
    const withTransaction = { ...profile, purpose: 'TxProfile', transactionId: '12' };
    expect(translate('set-profile', '1.6', { evse: 1, profile: withTransaction })[1]).toMatchObject({
      csChargingProfiles: { transactionId: 12 },
    });
    expect(translate('set-profile', '2.1', { evse: 1, profile: withTransaction })[1]).toMatchObject({
      chargingProfile: { transactionId: '12' },
    });
    expect(translate('start', '1.6', { idToken: 'A', profile: { ...profile, purpose: 'TxProfile' } })[0]).toBe(
      'RemoteStartTransaction',
    );
    expect(fault('set-profile', '2.0.1', { profile: { ...profile, kind: 'Dynamic' } })).toBe(
      'INVALID_REQUEST /profile/kind',
    );
    expect(fault('set-profile', '1.6', { profile: { ...profile, periods: [{ startS: 5, limit: 1 }] } })).toBe(
      'INVALID_REQUEST /profile/periods/0/startS',
    );
  });

  it('clear-profile, get-profiles, composite', () => {
    expect(translate('clear-profile', '1.6', {})).toEqual(['ClearChargingProfile', {}]);
    expect(translate('clear-profile', '1.6', { evse: 1, purpose: 'ChargingStationMaxProfile' })[1]).toEqual({
      connectorId: 1,
      chargingProfilePurpose: 'ChargePointMaxProfile',
    });
    expect(translate('clear-profile', '2.0.1', { id: 9 })[1]).toEqual({ chargingProfileId: 9 });
    expect(translate('clear-profile', '2.0.1', {})[1]).toEqual({ chargingProfileCriteria: {} });
    expect(translate('get-profiles', '2.1', { ids: [1] })[1]).toEqual({
      requestId: 77,
      chargingProfile: { chargingProfileId: [1] },
    });
    expect(fault('get-profiles', '1.6', {})).toBe('UNKNOWN_ACTION');
    expect(translate('composite', '1.6', { evse: 1, durationS: 60 })[1]).toEqual({ connectorId: 1, duration: 60 });
    expect(translate('composite', '2.0.1', { durationS: 60, unit: 'W' })[1]).toEqual({
      evseId: 0,
      duration: 60,
      chargingRateUnit: 'W',
    });
  });

  it('send-local-list, get-local-list-version, clear-cache', () => {
    const entries = [
      { idToken: 'A', groupId: 'G' },
      { idToken: 'B', remove: true },
    ];
    const differential = { updateType: 'Differential', entries };
    expect(translate('send-local-list', '1.6', differential)).toEqual([
      'SendLocalList',
      {
        listVersion: 5,
        updateType: 'Differential',
        localAuthorizationList: [{ idTag: 'A', idTagInfo: { status: 'Accepted', parentIdTag: 'G' } }, { idTag: 'B' }],
      },
    ]);
    expect(translate('send-local-list', '2.0.1', { ...differential, version: 8 })[1]).toEqual({
      versionNumber: 8,
      updateType: 'Differential',
      localAuthorizationList: [
        {
          idToken: { idToken: 'A', type: 'Central' },
          idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'G', type: 'Central' } },
        },
        { idToken: { idToken: 'B', type: 'Central' } },
      ],
    });
    expect(fault('send-local-list', '1.6', { entries })).toBe('INVALID_REQUEST /entries/1/remove');
    expect(translate('send-local-list', '1.6', { fromTokens: true })[1]).toMatchObject({
      localAuthorizationList: [{ idTag: 'T1', idTagInfo: { status: 'Invalid', parentIdTag: 'G' } }],
    });
    expect(translate('send-local-list', '2.1', {})[1]).toEqual({ versionNumber: 5, updateType: 'Full' });
    expect(translate('send-local-list', '2.1', {}, { localListVersion: undefined })[1]).toMatchObject({
      versionNumber: 1,
    });
    for (const version of OCPP_VERSIONS) {
      expect(translate('get-local-list-version', version, {})).toEqual(['GetLocalListVersion', {}]);
      expect(translate('clear-cache', version, {})).toEqual(['ClearCache', {}]);
    }
  });

  it('update-firmware', () => {
    expect(translate('update-firmware', '1.6', { file: 'fw.bin', retries: 2 })).toEqual([
      'UpdateFirmware',
      { location: 'http://csms/files/def/fw.bin', retrieveDate: '2026-01-31T12:00:00.000Z', retries: 2 },
    ]);
    const signed = { location: 'ftp://x/fw', signature: 'c2ln', signingCertificate: 'PEM' };
    expect(translate('update-firmware', '1.6', signed)).toEqual([
      'SignedUpdateFirmware',
      {
        requestId: 77,
        firmware: {
          location: 'ftp://x/fw',
          retrieveDateTime: '2026-01-31T12:00:00.000Z',
          signingCertificate: 'PEM',
          signature: 'c2ln',
        },
      },
    ]);
    expect(
      translate('update-firmware', '2.0.1', { location: 'http://x/fw', installAt: '2026-02-01T00:00:00Z' })[1],
    ).toEqual({
      requestId: 77,
      firmware: {
        location: 'http://x/fw',
        retrieveDateTime: '2026-01-31T12:00:00.000Z',
        installDateTime: '2026-02-01T00:00:00Z',
      },
    });
    expect(fault('update-firmware', '2.1', {})).toBe('INVALID_REQUEST /location');
    expect(fault('update-firmware', '2.1', { file: 'a', signature: 'x' })).toBe('INVALID_REQUEST /signature');
    expect(fault('update-firmware', '1.6', { file: 'a', installAt: '2026-02-01T00:00:00Z' })).toBe(
      'INVALID_REQUEST /installAt',
    );
  });

  it('get-log', () => {
    expect(translate('get-log', '1.6', { from: '2026-01-01T00:00:00Z' })).toEqual([
      'GetDiagnostics',
      { location: 'http://csms/files/abc/', startTime: '2026-01-01T00:00:00Z' },
    ]);
    expect(translate('get-log', '1.6', { log: 'security' })).toEqual([
      'GetLog',
      { logType: 'SecurityLog', requestId: 77, log: { remoteLocation: 'http://csms/files/abc/' } },
    ]);
    expect(translate('get-log', '1.6', { extended: true })[1]).toMatchObject({ logType: 'DiagnosticsLog' });
    expect(translate('get-log', '2.0.1', { location: 'ftp://x/' })[1]).toMatchObject({
      log: { remoteLocation: 'ftp://x/' },
    });
    expect(fault('get-log', '2.0.1', { log: 'data-collector' })).toBe('INVALID_REQUEST /log');
    expect(translate('get-log', '2.1', { log: 'data-collector' })[1]).toMatchObject({ logType: 'DataCollectorLog' });
  });

  it('data-transfer: text in 1.6, any JSON in 2.x', () => {
    const input = { vendorId: 'v', messageId: 'm', data: { a: 1 } };
    expect(translate('data-transfer', '1.6', input)[1]).toEqual({ vendorId: 'v', messageId: 'm', data: '{"a":1}' });
    expect(translate('data-transfer', '2.0.1', input)[1]).toEqual(input);
    expect(translate('data-transfer', '1.6', { vendorId: 'v', data: '{"a":1}' })[1]).toEqual({
      vendorId: 'v',
      data: '{"a":1}',
    });
  });

  it('transaction-status and certificates', () => {
    expect(fault('transaction-status', '1.6', {})).toBe('UNKNOWN_ACTION');
    expect(translate('transaction-status', '2.0.1', { transactionId: 'x' })[1]).toEqual({ transactionId: 'x' });
    const uses = ['CSMSRootCertificate', 'ManufacturerRootCertificate'];
    expect(translate('get-certificates', '1.6', { uses })).toEqual([
      ['GetInstalledCertificateIds', { certificateType: 'CentralSystemRootCertificate' }],
      ['GetInstalledCertificateIds', { certificateType: 'ManufacturerRootCertificate' }],
    ]);
    expect(translate('get-certificates', '2.0.1', {})[1]).toEqual({});
    expect(fault('get-certificates', '1.6', {})).toBe('INVALID_REQUEST /uses');
    const root = { use: 'CentralSystemRootCertificate', certificate: 'PEM' };
    expect(translate('install-certificate', '1.6', root)[1]).toEqual({
      certificateType: 'CentralSystemRootCertificate',
      certificate: 'PEM',
    });
    expect(translate('install-certificate', '2.1', root)[1]).toMatchObject({ certificateType: 'CSMSRootCertificate' });
    const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'aa', issuerKeyHash: 'bb', serialNumber: '01' };
    for (const version of OCPP_VERSIONS)
      expect(translate('delete-certificate', version, hash)).toEqual([
        'DeleteCertificate',
        { certificateHashData: hash },
      ]);
  });
});
