import { describeRules } from '../../testing/rule-cases.ts';

const ON = '2.0.1\nopen\nboot\n';
const ASK = 'C> GetReport {"requestId":4} = {"status":"Accepted"}\n';
const base = (reportBase: string, status = 'Accepted') =>
  `C> GetBaseReport {"requestId":4,"reportBase":"${reportBase}"} = {"status":"${status}"}\n`;
const variable = (component: string, name: string, instance = '') =>
  `{"component":{"name":"${component}"},"variable":{"name":"${name}"${instance === '' ? '' : `,"instance":"${instance}"`}},"variableAttribute":[{"value":"1"}],"variableCharacteristics":{"dataType":"string","supportsMonitoring":false}}`;
const part = (seqNo: number, tbc = false, items = variable('ChargingStation', 'Model')) =>
  `S> NotifyReport {"requestId":4,"generatedAt":"@","seqNo":${seqNo},"tbc":${tbc},"reportData":[${items}]} = {}\n`;
const event = (seqNo: number, tbc = false) =>
  `S> NotifyEvent {"generatedAt":"@","seqNo":${seqNo},"tbc":${tbc},"eventData":[{"eventId":1,"timestamp":"@","trigger":"Delta","actualValue":"7","eventNotificationType":"HardWiredNotification","component":{"name":"Fan"},"variable":{"name":"Speed"}}]} = {}\n`;
const CUSTOMER =
  'C> CustomerInformation {"requestId":4,"report":true,"clear":false,"customerIdentifier":"Ada"} = {"status":"Accepted"}\n';
const customer = (seqNo: number, tbc = false) =>
  `S> NotifyCustomerInformation {"requestId":4,"generatedAt":"@","seqNo":${seqNo},"tbc":${tbc},"data":"x"} = {}\n`;
const DISPLAY = 'C> GetDisplayMessages {"requestId":4} = {"status":"Accepted"}\n';
const display = (tbc: boolean) => `S> NotifyDisplayMessages {"requestId":4,"tbc":${tbc}} = {}\n`;

/** Everything that a station without optional blocks must have. */
const INVENTORY = [
  'AlignedDataCtrlr: Interval Measurands TxEndedInterval TxEndedMeasurands',
  'AuthCtrlr: AuthorizeRemoteStart LocalAuthorizeOffline LocalPreAuthorize',
  'ChargingStation: Available AvailabilityState SupplyPhases',
  'EVSE: Available AvailabilityState Power SupplyPhases',
  'Connector: Available ConnectorType SupplyPhases',
  'ClockCtrlr: DateTime TimeSource',
  'DeviceDataCtrlr: ItemsPerMessage/GetReport ItemsPerMessage/GetVariables ItemsPerMessage/SetVariables',
  'DeviceDataCtrlr: BytesPerMessage/GetReport BytesPerMessage/GetVariables BytesPerMessage/SetVariables',
  'OCPPCommCtrlr: FileTransferProtocols MessageTimeout/Default MessageAttempts/TransactionEvent',
  'OCPPCommCtrlr: MessageAttemptInterval/TransactionEvent NetworkConfigurationPriority',
  'OCPPCommCtrlr: NetworkProfileConnectionAttempts OfflineThreshold ResetRetries RetryBackOffRandomRange',
  'OCPPCommCtrlr: RetryBackOffRepeatTimes RetryBackOffWaitMinimum UnlockOnEVSideDisconnect WebSocketPingInterval',
  'SampledDataCtrlr: TxStartedMeasurands TxUpdatedMeasurands TxUpdatedInterval TxEndedMeasurands TxEndedInterval',
  'SecurityCtrlr: OrganizationName CertificateEntries SecurityProfile',
  'TxCtrlr: EVConnectionTimeOut StopTxOnEVSideDisconnect StopTxOnInvalidId TxStartPoint TxStopPoint',
].flatMap((line) => {
  const [component = '', names = ''] = line.split(': ');
  return names.split(' ').map((name) => {
    const [plain = '', instance] = name.split('/');
    return variable(component, plain, instance);
  });
});
const inventory = (items: readonly string[]) =>
  base('FullInventory') + part(0, true, items.slice(0, 30).join(',')) + part(1, false, items.slice(30).join(','));

const at = (evse: number, connector?: number) =>
  `{"component":{"name":"${connector === undefined ? 'EVSE' : 'Connector'}","evse":{"id":${evse}${connector === undefined ? '' : `,"connectorId":${connector}`}}},"variable":{"name":"Available"},"variableAttribute":[{"value":"true"}]}`;
const told = (evse: number, connector: number) =>
  `S> StatusNotification {"timestamp":"@","connectorStatus":"Available","evseId":${evse},"connectorId":${connector}} = {}\n`;
const started = (evse: number) =>
  `S> TransactionEvent {"eventType":"Started","timestamp":"@","triggerReason":"CablePluggedIn","seqNo":0,"transactionInfo":{"transactionId":"t1","chargingState":"Idle"},"evse":{"id":${evse},"connectorId":1}} = {}\n`;

describeRules('F11 reports', {
  'OCPP2-DM-009': {
    passes: [
      ON + ASK + part(0),
      ON + ASK + part(0, true) + part(1, true) + part(2),
      // The same part again, because its answer did not come.
      `${ON + ASK + part(0, true).replace(' = {}', '')}close\nopen\n${part(0, true)}${part(1)}`,
    ],
    fails: [
      ON + part(0),
      ON + ASK + part(1),
      ON + ASK + part(0, true) + part(2),
      ON + ASK + part(0) + part(1),
      `${ON + ASK + part(0, true)}wait 70`,
    ],
    cannotTell: [`2.0.1\nopen\n${part(0)}`, `${ON + ASK + part(0, true)}close\nopen\n${part(3)}`],
    says: /Nobody has asked|is due|after the last part|60 s later nothing came/,
  },
  'OCPP2-DM-010': {
    passes: [
      `${ON + ASK + part(0)}wait 70`,
      `${ON + ASK.replace('Accepted', 'EmptyResultSet')}wait 70`,
      `${ON + base('SummaryInventory', 'NotSupported')}wait 70`,
    ],
    fails: [
      `${ON + ASK}wait 70`,
      `${ON + base('FullInventory')}wait 70`,
      ON + ASK.replace('Accepted', 'Rejected') + part(0),
      ON + base('SummaryInventory', 'EmptyResultSet') + part(0),
    ],
    cannotTell: `${ON + ASK}close\nwait 70`,
    says: /no report came within 60 s|a report comes all the same/,
  },
  'OCPP2-DM-011': {
    passes: [ON + base('SummaryInventory', 'NotSupported'), ON + base('FullInventory', 'Rejected')],
    fails: [ON + base('FullInventory', 'NotSupported'), ON + base('ConfigurationInventory', 'NotSupported')],
    says: /(Full|Configuration)Inventory was answered NotSupported/,
  },
  'OCPP2-DM-012': {
    passes: [
      ON + inventory(INVENTORY),
      ON + inventory([...INVENTORY, variable('TariffCostCtrlr', 'Available')]),
      ON + base('ConfigurationInventory') + part(0),
      // A message in several languages is there.
      ON +
        inventory([
          ...INVENTORY,
          ...[variable('TariffCostCtrlr', 'Currency'), variable('TariffCostCtrlr', 'TotalCostFallbackMessage')],
          variable('TariffCostCtrlr', 'TariffFallbackMessage', 'nl'),
        ]),
    ],
    fails: [
      ON + inventory(INVENTORY.filter((item) => !item.includes('"ConnectorType"'))),
      ON + inventory(INVENTORY.filter((item) => !item.includes('"MessageTimeout"'))),
      ON + inventory([...INVENTORY, variable('TariffCostCtrlr', 'Currency')]),
    ],
    cannotTell: `${ON + base('FullInventory') + part(0, true, INVENTORY.join(','))}close\nopen\n${part(2)}`,
    says: /lacks (Connector\.ConnectorType|OCPPCommCtrlr\.MessageTimeout\[Default\]|TariffCostCtrlr\.TariffFallback)/,
  },
  'OCPP2-DM-013': {
    passes: ON + ASK + part(0),
    fails: [
      `${ON}S> Heartbeat {} = {"currentTime":"@"}\nC> [2,"r4","GetReport",{"requestId":4}]\n${part(0)}C> Reset {"type":"OnIdle"} = {"status":"Rejected"}`,
      `${ON}C> [2,"l3","GetLog",{"logType":"DiagnosticsLog","requestId":3,"log":{"remoteLocation":"https://logs.test/"}}]\nS> LogStatusNotification {"status":"Uploading","requestId":3} = {}`,
    ],
    with: ['OCPPJ-RPC-010'],
    says: /comes before the answer to Get(Report|Log)/,
  },
  'OCPP2-DM-014': {
    passes: ON + ASK + part(0),
    fails: ON + ASK + part(0).replace(/,"variableCharacteristics":\{[^}]*\}/, ''),
    says: 'characteristics of ChargingStation.Model',
  },
  'OCPP2-MO-006': {
    passes: [
      ON + event(0) + event(0, true) + event(1) + event(0),
      ON + CUSTOMER + customer(0, true) + customer(1),
      ON + DISPLAY + display(true) + display(false),
    ],
    fails: [
      ON + event(1),
      ON + event(0) + event(1),
      ON + event(0, true) + event(0),
      `${ON + event(0, true)}wait 70`,
      ON + CUSTOMER + customer(1),
      `${ON + DISPLAY + display(true)}wait 70`,
      ON + DISPLAY + display(false) + display(false),
    ],
    cannotTell: [`2.0.1\nopen\n${event(2)}`, ON + display(false), `${ON + event(0, true)}close\nopen\n${event(0)}`],
    says: /is due|60 s later nothing came|after the last part/,
  },
  'OCPP2-DM-017': {
    passes: [
      ON + inventory([...INVENTORY, at(1), at(1, 1)]) + told(1, 1),
      // Without a whole inventory, and where it names no connectors, nobody can tell.
      ON + told(4, 1),
      ON + inventory([...INVENTORY, at(1), at(4)]) + told(4, 2),
    ],
    fails: [
      ON + inventory([...INVENTORY, at(1), at(1, 1)]) + told(4, 1),
      ON + inventory([...INVENTORY, at(1), at(1, 1)]) + told(1, 2),
      ON + told(4, 1) + inventory([...INVENTORY, at(1), at(1, 1)]),
      ON + told(0, 1),
      ON + told(1, -1),
      ON + inventory([...INVENTORY, at(1), at(1, 1)]) + started(2),
    ],
    says: /which (the|its) device model does not have|they are counted from 1/,
  },
});
