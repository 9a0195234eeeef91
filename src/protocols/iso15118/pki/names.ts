import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';

/** Attribute names as RFC 4514 writes them. */
const OIDS = {
  CN: '2.5.4.3',
  serialNumber: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

export type NameAttribute = keyof typeof OIDS;

const NAMES_BY_OID: ReadonlyMap<string, string> = new Map(Object.entries(OIDS).map(([name, oid]) => [oid, name]));

/** One attribute of a name; an unknown type stands as its dotted OID. */
export interface NamePart {
  readonly type: string;
  readonly value: string;
}

/** A distinguished name in the order of its encoding (usually C, O, CN, DC). */
export type DistinguishedName = readonly NamePart[];

function attributeValue(type: string, value: string): AttributeValue {
  if (type === 'C' || type === 'serialNumber') return new AttributeValue({ printableString: value });
  if (type === 'DC' || type === 'emailAddress') return new AttributeValue({ ia5String: value });
  return new AttributeValue({ utf8String: value });
}

function isNameAttribute(type: string): type is NameAttribute {
  return Object.hasOwn(OIDS, type);
}

export function toAsn1Name(name: DistinguishedName): Name {
  return new Name(
    name.map(
      ({ type, value }) =>
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({
            type: isNameAttribute(type) ? OIDS[type] : type,
            value: attributeValue(type, value),
          }),
        ]),
    ),
  );
}

export function fromAsn1Name(name: Name): DistinguishedName {
  return name.flatMap((rdn) =>
    rdn.map(({ type, value }) => ({ type: NAMES_BY_OID.get(type) ?? type, value: value.toString() })),
  );
}

/** The first value of an attribute, for example the CN. */
export function nameValue(name: DistinguishedName, type: NameAttribute): string | undefined {
  return name.find((part) => part.type === type)?.value;
}

/** RFC 4514 text: last attribute of the encoding first, comma-separated. */
export function nameText(name: DistinguishedName): string {
  return name
    .map(({ type, value }) => `${type}=${value.replace(/[\\,+"<>;]/g, '\\$&').replace(/^[ #]/, '\\$&')}`)
    .toReversed()
    .join(',');
}

/** The attributes of a text such as `CN=Root, O=A\, B, C=DE`, in the order of the text; unreadable parts are left out. */
export function parseNameText(text: string): DistinguishedName {
  const parts = text.match(/(?:\\.|[^,+\\])+/gs) ?? [];
  return parts.flatMap((part) => {
    const at = part.indexOf('=');
    if (at < 0) return [];
    const type = part
      .slice(0, at)
      .trim()
      .replace(/^OID\./i, '');
    const known = Object.keys(OIDS).find((name) => name.toLowerCase() === type.toLowerCase());
    const value = part
      .slice(at + 1)
      .trim()
      .replace(/\\(.)/gs, '$1');
    return [{ type: known ?? NAMES_BY_OID.get(type) ?? type, value }];
  });
}

function comparable(name: DistinguishedName): readonly string[] {
  return name.map(({ type, value }) => `${type}=${value.trim().replace(/\s+/g, ' ').toLowerCase()}`);
}

/**
 * Whether a text names this issuer. Vehicles write X509IssuerName in either order and with or without spaces, so both
 * orders count, and case and runs of spaces do not.
 */
export function isNamedBy(name: DistinguishedName, text: string): boolean {
  const mine = comparable(name);
  const theirs = comparable(parseNameText(text));
  const equal = (list: readonly string[]): boolean =>
    list.length === theirs.length && list.every((part, i) => part === theirs[i]);
  return equal(mine) || equal(mine.toReversed());
}
