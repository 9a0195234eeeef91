import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../templates.ts';
import { DeviceModel } from './device-model-store.ts';

const make = (version: '2.0.1' | '2.1' = '2.0.1'): DeviceModel =>
  new DeviceModel(BUILT_IN['dc-150'], version, (source) => `live ${source}`);

describe('device model', () => {
  it('finds variables without regard to case, at their own tier only', () => {
    const model = make();
    expect(model.get({ name: 'txctrlr' }, { name: 'txstartpoint' })).toEqual({
      status: 'Accepted',
      value: 'PowerPathClosed',
    });
    expect(model.get({ name: 'EVSE', evse: { id: 1 } }, { name: 'AvailabilityState' })).toEqual({
      status: 'Accepted',
      value: 'live availabilityState',
    });
    expect(model.get({ name: 'Connector', evse: { id: 1, connectorId: 2 } }, { name: 'ConnectorType' }).status).toBe(
      'Accepted',
    );
    expect(model.get({ name: 'EVSE', evse: { id: 3 } }, { name: 'AvailabilityState' })).toEqual({
      status: 'UnknownComponent',
    });
    expect(model.get({ name: 'EVSE' }, { name: 'AvailabilityState' })).toEqual({ status: 'UnknownComponent' });
    expect(model.get({ name: 'TxCtrlr' }, { name: 'Nope' })).toEqual({ status: 'UnknownVariable' });
    expect(model.get({ name: 'DeviceDataCtrlr' }, { name: 'ItemsPerMessage' })).toEqual({ status: 'UnknownVariable' });
    expect(model.get({ name: 'DeviceDataCtrlr' }, { name: 'ItemsPerMessage', instance: 'GetReport' }).value).toBe(
      '100',
    );
  });

  it.each([
    ['TxCtrlr', 'EVConnectionTimeOut', '30', 'Accepted'],
    ['TxCtrlr', 'EVConnectionTimeOut', '-1', 'Rejected'],
    ['TxCtrlr', 'EVConnectionTimeOut', '030', 'Rejected'],
    ['TxCtrlr', 'TxStartPoint', 'EVConnected,Authorized', 'Accepted'],
    ['TxCtrlr', 'TxStartPoint', 'Nonsense', 'Rejected'],
    ['TxCtrlr', 'TxStartPoint', 'Authorized,Authorized', 'Rejected'],
    ['SampledDataCtrlr', 'TxUpdatedMeasurands', 'Voltage,SoC', 'Accepted'],
    ['SampledDataCtrlr', 'TxUpdatedMeasurands', 'RPM', 'Rejected'],
    ['AuthCtrlr', 'LocalPreAuthorize', 'True', 'Accepted'],
    ['SecurityCtrlr', 'SecurityProfile', '3', 'Rejected'],
    ['SecurityCtrlr', 'BasicAuthPassword', 'short', 'Rejected'],
    ['SecurityCtrlr', 'BasicAuthPassword', 'long enough 16 chars', 'Accepted'],
    ['OCPPCommCtrlr', 'NetworkConfigurationPriority', '2,1', 'RebootRequired'],
    ['OCPPCommCtrlr', 'Nope', '1', 'UnknownVariable'],
    ['Nope', 'Nope', '1', 'UnknownComponent'],
  ] as const)('SetVariables %s.%s = %s is %s', (component, variable, value, status) => {
    expect(make().change({ name: component }, { name: variable }, value).status).toBe(status);
  });

  it('never tells a write-only value, and has no Target of an Actual-only variable', () => {
    const model = make();
    expect(model.get({ name: 'SecurityCtrlr' }, { name: 'BasicAuthPassword' })).toEqual({ status: 'Rejected' });
    expect(model.get({ name: 'TxCtrlr' }, { name: 'TxStartPoint' }, 'Target')).toEqual({
      status: 'NotSupportedAttributeType',
    });
  });

  it('has the variables of 2.1 only on 2.1', () => {
    const of = (version: '2.0.1' | '2.1') =>
      make(version).get({ name: 'TxCtrlr' }, { name: 'ResumptionTimeout' }).status;
    expect([of('2.0.1'), of('2.1')]).toEqual(['UnknownVariable', 'Accepted']);
  });

  it('lists every tier: station, two EVSEs, three connectors', () => {
    const places = [...make().places()];
    const states = places.filter((place) => place.row.variable === 'AvailabilityState');
    expect(states.map((place) => `${place.evseId ?? 0}.${place.connectorId ?? 0}`)).toEqual([
      '0.0',
      '1.0',
      '2.0',
      '1.1',
      '1.2',
      '2.1',
    ]);
  });

  it('stores only what was changed and applies it again', () => {
    const model = make();
    model.change({ name: 'TxCtrlr' }, { name: 'EVConnectionTimeOut' }, '30');
    const again = make();
    again.restore(JSON.parse(JSON.stringify(model)));
    expect(again.int('TxCtrlr.EVConnectionTimeOut')).toBe(30);
    expect(JSON.parse(JSON.stringify(again))).toEqual({ 'TxCtrlr.EVConnectionTimeOut': '30' });
  });
});
