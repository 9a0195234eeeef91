import { base64Binary, integer, text } from './datatypes.ts';
import {
  attribute,
  complex,
  many,
  one,
  optional,
  optionalAttribute,
  refused,
  type SchemaSet,
  type ValueOf,
  withAttributes,
} from './grammar.ts';

/** The part of XML Signature that ISO 15118 uses: one SignedInfo with references, one SignatureValue, no KeyInfo. */

const CanonicalizationMethod = complex([attribute('Algorithm')], [refused('any element')], true);
const SignatureMethod = complex([attribute('Algorithm')], [refused('HMACOutputLength'), refused('any element')], true);
const Transform = complex([attribute('Algorithm')], [refused('XPath'), refused('any element')], true);
const Transforms = complex([], [many('Transform', Transform, 1, Number.POSITIVE_INFINITY)]);
const DigestMethod = complex([attribute('Algorithm')], [refused('any element')], true);

const Reference = complex(
  [optionalAttribute('Id'), optionalAttribute('Type'), optionalAttribute('URI')],
  [optional('Transforms', Transforms), one('DigestMethod', DigestMethod), one('DigestValue', base64Binary)],
);

export const SignedInfo = complex(
  [optionalAttribute('Id')],
  [
    one('CanonicalizationMethod', CanonicalizationMethod),
    one('SignatureMethod', SignatureMethod),
    many('Reference', Reference, 1, Number.POSITIVE_INFINITY),
  ],
);

export const Signature = complex(
  [optionalAttribute('Id')],
  [
    one('SignedInfo', SignedInfo),
    one('SignatureValue', withAttributes([optionalAttribute('Id')], base64Binary)),
    refused('KeyInfo'),
    refused('Object'),
  ],
);

export const X509IssuerSerial = complex([], [one('X509IssuerName', text), one('X509SerialNumber', integer)]);

export const RootCertificateIds = complex([], [many('RootCertificateID', X509IssuerSerial, 1, 20)]);

export type SignatureElement = ValueOf<typeof Signature>;
export type SignedInfoElement = ValueOf<typeof SignedInfo>;
export type RootCertificateId = ValueOf<typeof X509IssuerSerial>;

/** The XML Signature schema alone: the grammar in which SignedInfo is encoded before it is signed, for -2 and -20. */
export const XMLDSIG: SchemaSet = {
  name: 'XML Signature',
  globalElements: 24,
  elementNames: 45,
  attributeNames: 7,
  roots: {},
  fragments: { SignedInfo: { code: 32, type: SignedInfo } },
};
