import { describe, expect, it } from 'vitest';
import { BUILT_IN } from '../templates.ts';
import { Configuration16 } from './v16-configuration.ts';

const make = (): Configuration16 => new Configuration16(BUILT_IN['ac-22-duo']);

describe('1.6 configuration', () => {
  it('knows keys whatever their case and answers in its own spelling', () => {
    const { known, unknown } = make().get(['heartbeatinterval', 'NoSuchKey']);
    expect(known).toEqual([{ key: 'HeartbeatInterval', readonly: false, value: '900' }]);
    expect(unknown).toEqual(['NoSuchKey']);
  });

  it('never tells the AuthorizationKey, and leaves it out of all keys', () => {
    const configuration = make();
    expect(configuration.change('AuthorizationKey', '00ff10')).toBe('Accepted');
    expect(configuration.get(['AuthorizationKey']).known).toEqual([
      { key: 'AuthorizationKey', readonly: false, value: undefined },
    ]);
    expect(configuration.get([]).known.map((entry) => entry.key)).not.toContain('AuthorizationKey');
  });

  it.each([
    ['ConnectionTimeOut', '30', 'Accepted'],
    ['ConnectionTimeOut', '-1', 'Rejected'],
    ['ConnectionTimeOut', '1.5', 'Rejected'],
    ['WebSocketPingInterval', '-5', 'Rejected'],
    ['LocalPreAuthorize', 'TRUE', 'Accepted'],
    ['LocalPreAuthorize', 'yes', 'Rejected'],
    ['NumberOfConnectors', '3', 'Rejected'],
    ['MeterValuesSampledData', 'Voltage.L1-N,SoC', 'Accepted'],
    ['MeterValuesSampledData', 'Voltage,Rpm', 'Rejected'],
    ['MeterValuesSampledData', 'Voltage,Voltage,Voltage,Voltage,Voltage,Voltage,Voltage,Voltage,Voltage', 'Rejected'],
    ['AuthorizationKey', 'abc', 'Rejected'],
    ['CompoteSim.DisplayLanguage', 'de', 'RebootRequired'],
    ['NoSuchKey', '1', 'NotSupported'],
  ] as const)('ChangeConfiguration %s = %s is %s', (key, value, status) => {
    expect(make().change(key, value)).toBe(status);
  });

  it('writes booleans in lower case, and a rejected list changes nothing', () => {
    const configuration = make();
    configuration.change('LocalPreAuthorize', 'TRUE');
    configuration.change('MeterValuesSampledData', 'Voltage,Nonsense');
    expect([configuration.text('LocalPreAuthorize'), configuration.text('MeterValuesSampledData')]).toEqual([
      'true',
      'Energy.Active.Import.Register,Power.Active.Import',
    ]);
  });

  it('puts a value that needs a reboot in force only then', () => {
    const configuration = make();
    configuration.change('CompoteSim.DisplayLanguage', 'de');
    expect(configuration.text('CompoteSim.DisplayLanguage')).toBe('en');
    configuration.rebooted();
    expect(configuration.text('CompoteSim.DisplayLanguage')).toBe('de');
  });

  it('stores only what was changed', () => {
    const configuration = make();
    configuration.change('ConnectionTimeOut', '30');
    const again = make();
    again.restore(JSON.parse(JSON.stringify(configuration)));
    expect(JSON.parse(JSON.stringify(again))).toEqual({ ConnectionTimeOut: '30' });
  });

  it('lacks the keys of features that the hardware lacks', () => {
    const poorest = new Configuration16(BUILT_IN['min-16']);
    expect(poorest.change('LocalAuthListEnabled', 'true')).toBe('NotSupported');
    expect(poorest.text('SupportedFeatureProfiles')).toBe('Core');
  });
});
