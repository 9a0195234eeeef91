import Type, { type TSchemaOptions, type TString } from 'typebox';

/**
 * Restricted strings. The strict pattern is the published one, anchored, and without the published slip that puts a
 * literal `|` into character classes. The lenient one also takes what the live hub takes: it upper-cases before matching.
 */
function pattern(title: string, strict: string, options: TSchemaOptions = {}): TString {
  return Type.String({ title, pattern: strict, ...options });
}

/** GUID shape; the pattern allows letters beyond hex digits. */
export const SessionID = pattern('SessionIDType', '^[A-Za-z0-9]{8}(-[A-Za-z0-9]{4}){3}-[A-Za-z0-9]{12}$', {
  description: 'Identifies the charging process. The hub creates it.',
});
export const PartnerSessionID = Type.String({
  maxLength: 250,
  description: 'The partner’s own id of the session, opaque to the others.',
});

const OPERATOR = '^([A-Za-z]{2}\\*?[A-Za-z0-9]{3}|\\+?[0-9]{1,3}\\*[0-9]{3})$';
export const OperatorID = pattern('OperatorIDType', OPERATOR, {
  description: 'The CPO that is connected to the hub: ISO `DE*ABC` or DIN `+49*536`.',
});

const PROVIDER = '[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}';
export const ProviderID = pattern('ProviderIDType', `^${PROVIDER}$`, {
  description: 'The EMP that is connected to the hub: `DE-DCB`.',
});
/** Pricing only. One published pattern is unanchored and takes `DE8EOxyz` and `xx*`. */
export const ProviderIDOrAll = pattern('ProviderIDOrAll', `^(\\*|${PROVIDER})$`, {
  description: 'One EMP, or `*` for all.',
});

export const EvseID = pattern(
  'EvseIDType',
  '^([A-Z]{2}\\*?[A-Z0-9]{3}\\*?E[A-Z0-9*]{1,30}|\\+?[0-9]{1,3}\\*[0-9]{3}\\*[0-9*]{1,32})$',
  {
    description: 'ISO `DE*ABC*E1*1` or DIN `+49*536*1*1`.',
    'x-lenient': {
      pattern: '^([A-Za-z]{2}\\*?[A-Za-z0-9]{3}\\*?[Ee][A-Za-z0-9*]{1,30}|\\+?[0-9]{1,3}\\*[0-9]{3}\\*[0-9*]{1,32})$',
    },
  },
);

/** The ISO form needs its check character in OICP, and only `-` separates; DIN takes `*` too. */
export const EvcoID = pattern(
  'EvcoIDType',
  '^([A-Za-z]{2}-?[A-Za-z0-9]{3}-?C[A-Za-z0-9]{8}-?[0-9A-Za-z]|[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}[*-]?[A-Za-z0-9]{6}[*-]?[0-9X])$',
  {
    description: 'The contract: ISO `DE-DCB-C12345678-X` or DIN `DE*DCB*123456*X`.',
    'x-lenient': {
      pattern:
        '^([A-Za-z]{2}-?[A-Za-z0-9]{3}-?[Cc][A-Za-z0-9]{8}-?[0-9A-Za-z]|[A-Za-z]{2}[*-]?[A-Za-z0-9]{3}[*-]?[A-Za-z0-9]{6}[*-]?[0-9Xx])$',
    },
  },
);

export const UID = pattern('UIDType', '^([0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20})$', {
  description: 'RFID UID of 4, 7 or 10 bytes, most significant byte first.',
  'x-lenient': { pattern: '^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20})$' },
});
/** The EMP document's narrower pattern refuses every bcrypt hash; the CPO document's is used. */
export const HashValue = pattern('HashValueType', '^[0-9A-Za-z\\\\.+/=$]{10,100}$');
export const PhoneNumber = pattern('PhoneNumberType', '^\\+[0-9]{5,15}$');
export const LanguageCode = pattern(
  'LanguageCodeType',
  '^[a-z]{2,3}(?:-[A-Z]{2,3}(?:-[a-zA-Z]{4})?)?(?:-x-[a-zA-Z0-9]{1,8})?$',
);
export const ChargingPoolID = pattern('ChargingPoolIDType', '^[A-Za-z]{2}\\*?[A-Za-z0-9]{3}\\*?P[A-Za-z0-9*]{1,30}$');
export const TimeZone = pattern('TimeZoneType', '^UTC[+-][0-9]{2}:[0-9]{2}$');
export const HourMinute = pattern('HourMinute', '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$');
export const GoogleCoordinates = pattern(
  'GeoCoordinatesGoogleFormatType',
  '^-?1?[0-9]{1,2}\\.[0-9]{1,6}\\s*,?\\s*-?1?[0-9]{1,2}\\.[0-9]{1,6}$',
  { description: 'Latitude, then longitude: `52.480495 13.356465`.' },
);
export const DecimalDegree = pattern('GeoCoordinatesDecimalDegreeFormatType', '^-?1?[0-9]{1,2}\\.[0-9]{1,6}$');
/** The seconds end with two apostrophes, not with a quotation mark. */
export const DegreeMinuteSecond = pattern(
  'GeoCoordinatesDegreeMinuteSecondsFormatType',
  "^-?1?[0-9]{1,2}°[ ]?[0-9]{1,2}'[ ]?[0-9]{1,2}\\.[0-9]+''$",
);
export const CountryCode = pattern('CountryCodeType', '^[A-Z]{3}$', {
  description: 'ISO 3166-1 alpha-3.',
  'x-lenient': { pattern: '^[A-Za-z]{3}$' },
});
export const Currency = pattern('CurrencyIDType', '^[A-Z]{3}$', { description: 'ISO 4217.' });
/** Standard values are `Standard Price`, `AC1`, `AC3`, `DC`; own ones are allowed. */
export const ProductID = Type.String({ title: 'ProductIDType', maxLength: 50, 'x-lenient': { maxLength: 100 } });

/** Seconds, fractions and `Z` or an offset. The text is kept and forwarded as it came. */
export const DateTime = pattern(
  'DateTime',
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$',
  { description: 'With the offset of the charging site: `2025-06-01T08:00:00+02:00`.', 'x-rule': 'dateTime' },
);
