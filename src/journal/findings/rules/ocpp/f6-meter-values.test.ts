import { describeRules } from '../../testing/rule-cases.ts';

const ON = '1.6\nopen\nboot\n';
const keys = (...pairs: [string, string][]) =>
  `C> GetConfiguration {} = {"configurationKey":[${pairs.map(([key, value]) => `{"key":"${key}","readonly":false,"value":"${value}"}`).join(',')}]}\n`;
const AUTH = 'S> Authorize {"idTag":"A"} = {"idTagInfo":{"status":"Accepted"}}\n';
const PREP = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Preparing"} = {}\n';
const CHARGE = 'S> StatusNotification {"connectorId":1,"errorCode":"NoError","status":"Charging"} = {}\n';
const START =
  'S> StartTransaction {"connectorId":1,"idTag":"A","meterStart":100,"timestamp":"@"} = {"transactionId":7,"idTagInfo":{"status":"Accepted"}}\n';
const BEGIN = AUTH + PREP + START + CHARGE;
const meter = (samples: string, more = ',"transactionId":7', connector = 1, time = '@') =>
  `S> MeterValues {"connectorId":${connector}${more},"meterValue":[{"timestamp":"${time}","sampledValue":[${samples}]}]} = {}\n`;
const wh = (value: number) => `{"value":"${value}"}`;

describeRules('F6 values', {
  'OCPP16-MV-007': {
    passes: ON + BEGIN + meter('{"value":"12.5"},{"value":"-3","measurand":"Temperature","unit":"Celcius"}'),
    fails: [
      ON + BEGIN + meter('{"value":"12,5"}'),
      ON + BEGIN + meter('{"value":"NaN"}'),
      ON + BEGIN + meter('{"value":""}'),
    ],
  },
  'OCPP16-MV-008': {
    passes:
      ON +
      BEGIN +
      meter(
        '{"value":"1","unit":"kWh"},{"value":"16","measurand":"Current.Import","unit":"A"},{"value":"50","measurand":"SoC"}',
      ),
    fails: [
      ON + BEGIN + meter('{"value":"1","unit":"W"}'),
      ON + BEGIN + meter('{"value":"16","measurand":"Current.Import"}'),
    ],
    says: /has the unit W|has no unit/,
  },
  'OCPP16-MV-009': {
    passes: ON + BEGIN + meter('{"value":"20","measurand":"Temperature","unit":"Celcius"}'),
    fails: ON + BEGIN + meter('{"value":"20","measurand":"Temperature","unit":"Celsius"}'),
  },
  'OCPP16-MV-011': {
    passes: ON + BEGIN + meter(wh(120)),
    fails: ON + BEGIN + meter(''),
    with: ['OCPPJ-RPC-021', 'OCPPJ-RPC-026'],
  },
  'OCPP16-MV-012': {
    passes:
      ON +
      BEGIN +
      meter(
        '{"value":"230","measurand":"Voltage","unit":"V","phase":"L1"},{"value":"231","measurand":"Voltage","unit":"V","phase":"L2"}',
      ),
    fails: [
      ON + BEGIN + meter(`${wh(120)},${wh(121)}`),
      ON + BEGIN + meter('{"value":"100","context":"Transaction.Begin"}'),
    ],
  },
  'OCPP16-MV-013': {
    passes:
      ON +
      BEGIN +
      meter('{"value":"0","measurand":"Voltage","unit":"V"},{"value":"100","measurand":"SoC","unit":"Percent"}'),
    fails: [
      ON + BEGIN + meter('{"value":"101","measurand":"SoC","unit":"Percent"}'),
      ON + BEGIN + meter('{"value":"2300","measurand":"Voltage","unit":"V"}'),
    ],
    says: /SoC is 101 Percent|Voltage is 2300 V/,
  },
});

describeRules('F6 series', {
  'OCPP16-MV-001': {
    passes: ON + BEGIN + meter(wh(120)),
    fails: ON + BEGIN + meter(wh(120), ',"transactionId":0'),
    says: 'it is 7',
  },
  'OCPP16-MV-002': { passes: ON + meter(wh(5), '', 0), fails: ON + BEGIN + meter(wh(5), ',"transactionId":7', 0) },
  'OCPP16-MV-003': {
    passes: ON + BEGIN + meter(wh(120)) + meter(wh(130)) + meter('{"value":"125","context":"Sample.Clock"}'),
    fails: ON + BEGIN + meter(wh(120)) + meter(wh(110)),
    says: 'went from 120 to 110',
  },
  'OCPP16-MV-004': {
    passes: `${ON}${keys(['MeterValueSampleInterval', '10'])}${BEGIN}+8 ${meter(wh(120))}+9 ${meter(wh(130))}+9 ${meter(wh(140))}wait 15`,
    fails: `${ON}${keys(['MeterValueSampleInterval', '10'])}${BEGIN}+8 ${meter(wh(120))}wait 15\nwait 15`,
    says: 'the interval is 10 s',
  },
  'OCPP16-MV-005': {
    passes: `${ON}${keys(['MeterValuesSampledData', 'Energy.Active.Import.Register,Voltage.L1'])}${BEGIN}+200 ${meter(`${wh(120)},{"value":"230","measurand":"Voltage","unit":"V","phase":"L1"}`)}`,
    fails: `${ON}${keys(['MeterValuesSampledData', 'Energy.Active.Import.Register'])}${BEGIN}+200 ${meter(`${wh(120)},{"value":"50","measurand":"SoC"}`)}`,
  },
  'OCPP16-MV-006': {
    passes: `${ON}${keys(['MeterValuesSampledData', 'Energy.Active.Import.Register'])}${BEGIN}+200 ${meter(wh(120))}${meter(wh(130))}${meter(wh(140))}`,
    fails: `${ON}${keys(['MeterValuesSampledData', 'Energy.Active.Import.Register,SoC'])}${BEGIN}+200 ${meter(wh(120))}${meter(wh(130))}${meter(wh(140))}`,
    says: 'SoC did not come',
  },
  'OCPP16-MV-010': {
    passes: `${ON}${keys(['ClockAlignedDataInterval', '60'])}10:05:01 ${meter('{"value":"5","context":"Sample.Clock"}', '', 1, '2026-03-01T10:05:00Z')}`,
    fails: `${ON}${keys(['ClockAlignedDataInterval', '60'])}10:05:31 ${meter('{"value":"5","context":"Sample.Clock"}', '', 1, '2026-03-01T10:05:30Z')}`,
  },
  'OCPP16-MV-014': {
    passes: `${ON}C> TriggerMessage {"requestedMessage":"MeterValues","connectorId":1} = {"status":"Accepted"}\n${meter('{"value":"5","context":"Trigger"}', '')}wait 60`,
    fails: `${ON}C> TriggerMessage {"requestedMessage":"MeterValues","connectorId":1} = {"status":"Accepted"}\n${meter('{"value":"5"}', '')}wait 60`,
  },
  'OCPP16-MV-015': {
    passes: `${ON}${BEGIN}${meter(`${wh(120)},{"value":"7000","measurand":"Power.Active.Import","unit":"W"}`)}+700 ${meter(`${wh(1500)},{"value":"7000","measurand":"Power.Active.Import","unit":"W"}`)}`,
    fails: `${ON}${BEGIN}${meter(`${wh(120)},{"value":"7000","measurand":"Power.Active.Import","unit":"W"}`)}+700 ${meter(`${wh(120)},{"value":"7","measurand":"Power.Active.Import","unit":"kW"}`)}`,
  },
});
