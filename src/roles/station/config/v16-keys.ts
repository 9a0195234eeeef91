import { connectorCount, type Features, type StationTemplate } from '../template.ts';

/**
 * The configuration keys of 1.6 (chapter 9, errata, security whitepaper) as data. Values travel as text.
 */
export type KeyType = 'bool' | 'int' | 'list' | 'text' | 'hex';

export interface KeyRow {
  readonly type: KeyType;
  /** `W`: can be set but is never told, not even by "all keys". */
  readonly access: 'R' | 'RW' | 'W';
  /** Undefined: known but unset; GetConfiguration answers without a value. */
  readonly default?: string;
  /** The default depends on the hardware. */
  readonly of?: (template: StationTemplate) => string;
  readonly min?: number;
  readonly max?: number;
  /** Members that a list may have; `measurands`: what the template measures, with or without a phase. */
  readonly members?: readonly string[] | 'measurands' | 'phase-rotation';
  /** The key that holds how many members the list may have. */
  readonly maxLength?: string;
  /** In force only after a reboot. */
  readonly reboot?: true;
  /** The key exists only with this feature. */
  readonly feature?: keyof Features;
}

const bool = (value: 'true' | 'false', access: KeyRow['access'] = 'RW', more: Partial<KeyRow> = {}): KeyRow => ({
  type: 'bool',
  access,
  default: value,
  ...more,
});
const int = (value: number, access: KeyRow['access'] = 'RW', more: Partial<KeyRow> = {}): KeyRow => ({
  type: 'int',
  access,
  default: String(value),
  min: 0,
  ...more,
});
const measurands = (value: string, maxLength: string): KeyRow => ({
  type: 'list',
  access: 'RW',
  default: value,
  members: 'measurands',
  maxLength,
});

export const KEYS_16 = {
  AllowOfflineTxForUnknownId: bool('false'),
  AuthorizationCacheEnabled: bool('true'),
  AuthorizeRemoteTxRequests: bool('false'),
  BlinkRepeat: int(0),
  ClockAlignedDataInterval: int(0),
  ConnectionTimeOut: int(60),
  ConnectorPhaseRotation: {
    type: 'list',
    access: 'RW',
    members: 'phase-rotation',
    maxLength: 'ConnectorPhaseRotationMaxLength',
    of: (template) => Array.from({ length: connectorCount(template) + 1 }, (_, i) => `${i}.RST`).join(','),
  },
  ConnectorPhaseRotationMaxLength: { type: 'int', access: 'R', of: (template) => String(connectorCount(template) + 1) },
  GetConfigurationMaxKeys: int(100, 'R'),
  HeartbeatInterval: int(900),
  LightIntensity: int(100, 'RW', { max: 100 }),
  LocalAuthorizeOffline: bool('true'),
  LocalPreAuthorize: bool('false'),
  MaxEnergyOnInvalidId: int(0),
  MessageTimeout: int(30, 'RW', { min: 1 }),
  MeterValuesAlignedData: measurands('Energy.Active.Import.Register', 'MeterValuesAlignedDataMaxLength'),
  MeterValuesAlignedDataMaxLength: int(8, 'R'),
  MeterValuesSampledData: measurands(
    'Energy.Active.Import.Register,Power.Active.Import',
    'MeterValuesSampledDataMaxLength',
  ),
  MeterValuesSampledDataMaxLength: int(8, 'R'),
  MeterValueSampleInterval: int(60),
  MinimumStatusDuration: int(0),
  NumberOfConnectors: { type: 'int', access: 'R', of: (template) => String(connectorCount(template)) },
  ResetRetries: int(1),
  /** OCA application note on signed meter values. */
  SampledDataSignReadings: bool('false'),
  AlignedDataSignReadings: bool('false'),
  PublicKeyWithSignedMeterValue: {
    type: 'list',
    access: 'RW',
    default: 'OncePerTransaction',
    members: ['Never', 'OncePerTransaction', 'EveryMeterValue'],
  },
  StopTransactionOnEVSideDisconnect: bool('true'),
  StopTransactionOnInvalidId: bool('true'),
  StopTransactionMaxMeterValues: int(500, 'R'),
  StopTxnAlignedData: measurands('', 'StopTxnAlignedDataMaxLength'),
  StopTxnAlignedDataMaxLength: int(8, 'R'),
  StopTxnSampledData: measurands('', 'StopTxnSampledDataMaxLength'),
  StopTxnSampledDataMaxLength: int(8, 'R'),
  SupportedFeatureProfiles: { type: 'list', access: 'R', of: featureProfiles },
  SupportedFeatureProfilesMaxLength: int(6, 'R'),
  TransactionMessageAttempts: int(3, 'RW', { min: 1 }),
  TransactionMessageRetryInterval: int(60),
  UnlockConnectorOnEVSideDisconnect: {
    type: 'bool',
    access: 'RW',
    of: (template) => String(template.evses.some((evse) => evse.connectors.some((one) => !one.fixedCable))),
  },
  WebSocketPingInterval: int(60),
  LocalAuthListEnabled: bool('true', 'RW', { feature: 'localList' }),
  LocalAuthListMaxLength: int(1000, 'R', { feature: 'localList' }),
  SendLocalListMaxLength: int(100, 'R', { feature: 'localList' }),
  ReserveConnectorZeroSupported: bool('true', 'R', { feature: 'reservation' }),
  ChargeProfileMaxStackLevel: int(8, 'R', { feature: 'smartCharging' }),
  ChargingScheduleAllowedChargingRateUnit: {
    type: 'list',
    access: 'R',
    default: 'Current,Power',
    feature: 'smartCharging',
  },
  ChargingScheduleMaxPeriods: int(24, 'R', { feature: 'smartCharging' }),
  ConnectorSwitch3to1PhaseSupported: bool('false', 'R', { feature: 'smartCharging' }),
  MaxChargingProfilesInstalled: int(10, 'R', { feature: 'smartCharging' }),
  SupportedFileTransferProtocols: { type: 'list', access: 'R', default: 'HTTP,HTTPS', feature: 'firmware' },
  AdditionalRootCertificateCheck: bool('false', 'R', { feature: 'security' }),
  AuthorizationKey: { type: 'hex', access: 'W', max: 40, feature: 'security' },
  CertificateSignedMaxChainSize: int(10_000, 'R', { feature: 'security' }),
  CertificateStoreMaxLength: int(10, 'R', { feature: 'security' }),
  /** Wait for CertificateSigned before asking again, doubled each time; 0: never again (application note on ISO 15118). */
  CertSigningWaitMinimum: int(30, 'RW', { feature: 'security' }),
  CertSigningRepeatTimes: int(2, 'RW', { feature: 'security' }),
  CpoName: { type: 'text', access: 'RW', default: '', feature: 'security' },
  SecurityProfile: int(0, 'RW', { max: 3, feature: 'security' }),
  CentralContractValidationAllowed: bool('true', 'RW', { feature: 'security' }),
  ContractValidationOffline: bool('true', 'RW', { feature: 'security' }),
  ISO15118PnCEnabled: bool('true', 'RW', { feature: 'security' }),
  /** A vendor's own key, as most stations have some; this one needs a reboot. */
  'CompoteSim.DisplayLanguage': { type: 'text', access: 'RW', default: 'en', reboot: true },
} as const satisfies Record<string, KeyRow>;

export type Key16 = keyof typeof KEYS_16;

function featureProfiles(template: StationTemplate): string {
  const { features } = template;
  const profiles = ['Core'];
  if (features.firmware) profiles.push('FirmwareManagement');
  if (features.localList) profiles.push('LocalAuthListManagement');
  if (features.reservation) profiles.push('Reservation');
  if (features.smartCharging) profiles.push('SmartCharging');
  if (features.remoteTrigger) profiles.push('RemoteTrigger');
  return profiles.join(',');
}

const PHASE_ROTATIONS = ['NotApplicable', 'Unknown', 'RST', 'RTS', 'SRT', 'STR', 'TRS', 'TSR'];

/** What is wrong with a value for this key; undefined = nothing. */
export function keyFault(
  row: KeyRow,
  value: string,
  template: StationTemplate,
  read: (key: string) => string | undefined,
): string | undefined {
  switch (row.type) {
    case 'bool':
      return /^(true|false)$/i.test(value) ? undefined : 'must be true or false';
    case 'int': {
      if (!/^-?\d{1,10}$/.test(value)) return 'must be a whole number';
      const number = Number(value);
      if (row.min !== undefined && number < row.min) return `must be ${row.min} or more`;
      if (row.max !== undefined && number > row.max) return `must be ${row.max} or less`;
      return undefined;
    }
    case 'hex':
      if (!/^([0-9a-fA-F]{2})+$/.test(value)) return 'must be pairs of hexadecimal digits';
      return value.length > (row.max ?? value.length) ? `must have at most ${row.max} digits` : undefined;
    case 'list': {
      const members = splitList(value);
      const maxLength = row.maxLength === undefined ? undefined : Number(read(row.maxLength) ?? '1');
      if (maxLength !== undefined && members.length > maxLength) return `must have at most ${maxLength} members`;
      const bad = members.find((member) => !isMember(row, member, template));
      return bad === undefined ? undefined : `${bad} is not supported`;
    }
    case 'text':
      return value.length > 500 ? 'must have at most 500 characters' : undefined;
  }
}

function isMember(row: KeyRow, member: string, template: StationTemplate): boolean {
  if (row.members === undefined) return true;
  if (row.members === 'measurands') {
    return template.measurands.includes(member.replace(/\.(L[123](-N)?|N)$/, ''));
  }
  if (row.members === 'phase-rotation') {
    const [connector, rotation] = member.split('.');
    return Number(connector) <= connectorCount(template) && PHASE_ROTATIONS.includes(rotation ?? '');
  }
  return row.members.includes(member);
}

export function splitList(value: string): string[] {
  return value
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
}
