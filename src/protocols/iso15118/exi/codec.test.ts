import { describe, expect, it } from 'vitest';
import { Iso15118Error } from '../error.ts';
import { SAMPLE_ISO2, SAMPLE_ISO20 } from '../testing/sample-messages.ts';
import { DEFAULT_EXI_LIMITS } from './bits.ts';
import { encodeFragment } from './codec.ts';
import { ISO2, type Iso2Message } from './iso2.ts';
import { decodeIso2, decodeIso20, encodeIso2, encodeIso20 } from './messages.ts';

/** Turns hand-written bit groups into octets, the last one filled with zeros. */
function octets(bits: string): Uint8Array {
  const packed = bits.replace(/[^01]/g, '');
  const padded = packed.padEnd(Math.ceil(packed.length / 8) * 8, '0');
  return Uint8Array.from(padded.match(/.{8}/g) ?? [], (group) => Number.parseInt(group, 2));
}

function chars(text: string): string {
  return Array.from(text, (char) => char.charCodeAt(0).toString(2).padStart(8, '0')).join(' ');
}

const UPDATE_REQUEST: Iso2Message = {
  Header: { SessionID: Uint8Array.of(0xab) },
  Body: {
    CertificateUpdateReq: {
      Id: 'A',
      ContractSignatureCertChain: { Certificate: Uint8Array.of(1, 2) },
      eMAID: 'DE8',
      ListOfRootCertificateIDs: { RootCertificateID: [{ X509IssuerName: 'CN', X509SerialNumber: 200n }] },
    },
  },
};

/** The same message bit by bit, worked out on paper from EXI 1.0 sections 6 to 8. */
const UPDATE_REQUEST_BITS = octets(
  `
  10000000                            header
  1001100                             V2G_Message: 76 of 80 global elements, 7 bits
  0                                   Header
  0 0 00000001 10101011 0             SessionID: characters, one octet, end
  10                                  end of Header: third of three productions, 2 bits
  0                                   Body
  000111                              CertificateUpdateReq: 7 in 6 bits
  0 00000011 ${chars('A')}            Id: length 1 + 2
  0                                   ContractSignatureCertChain
  01                                  Certificate comes instead of the optional Id
  0 00000010 00000001 00000010 0      two octets
  01                                  end instead of SubCertificates
  0 0 00000101 ${chars('DE8')} 0      eMAID
  0 0 0 0 00000100 ${chars('CN')} 0   ListOfRootCertificateIDs, RootCertificateID, X509IssuerName
  0 0 0 11001000 00000001 0           X509SerialNumber: positive, 200 = 72 + 128, two groups
  0                                   end of RootCertificateID
  01                                  end instead of one more RootCertificateID
  0 0 0                               end of CertificateUpdateReq, Body, V2G_Message
`.replace(/^( *)(.*?) {2,}[A-Z a-z].*$/gm, '$2'),
);

describe('EXI codec', () => {
  it('writes a message as EXI 1.0 prescribes bit by bit', () => {
    expect(Buffer.from(encodeIso2(UPDATE_REQUEST)).toString('hex')).toBe(
      Buffer.from(UPDATE_REQUEST_BITS).toString('hex'),
    );
  });

  it('reads the hand-written bits', () => {
    expect(decodeIso2(UPDATE_REQUEST_BITS)).toEqual(UPDATE_REQUEST);
  });

  it('writes the eMAID fragment in the relaxed grammar of EXI 1.0 section 8.5.3', () => {
    const fragment = encodeFragment(ISO2, 'eMAID', { Id: 'ID4', value: 'DE8AA1A2B3C4D5V' });
    const expected = octets(
      `10000000 11101100 000000100 00000101 ${chars('ID4')} 100000000 00010001 ${chars('DE8AA1A2B3C4D5V')} 11110100 11110100`,
    );
    expect(Buffer.from(fragment).toString('hex')).toBe(Buffer.from(expected).toString('hex'));
  });

  it('can write the eMAID fragment typed, as some stacks do', () => {
    const fragment = encodeFragment(ISO2, 'eMAID', { Id: 'ID4', value: 'DE8' }, { relaxed: false });
    const expected = octets(`10000000 11101100 0 00000101 ${chars('ID4')} 0 00000101 ${chars('DE8')} 0 11110100`);
    expect(Buffer.from(fragment).toString('hex')).toBe(Buffer.from(expected).toString('hex'));
  });

  it.each(SAMPLE_ISO2)('gives every -2 message back unchanged', (message) => {
    expect(decodeIso2(encodeIso2(message))).toEqual(message);
  });

  it.each(SAMPLE_ISO20)('gives every -20 message back unchanged', (message) => {
    expect(decodeIso20(encodeIso20(message))).toEqual(message);
  });

  it('lets the fourth sub-certificate be the last one', () => {
    const certificates = [1, 2, 3, 4].map((n) => Uint8Array.of(n));
    const message: Iso2Message = {
      Header: { SessionID: Uint8Array.of(1) },
      Body: {
        CertificateUpdateReq: {
          Id: 'A',
          ContractSignatureCertChain: {
            Certificate: Uint8Array.of(0),
            SubCertificates: { Certificate: certificates },
          },
          eMAID: 'X',
          ListOfRootCertificateIDs: { RootCertificateID: [{ X509IssuerName: 'CN', X509SerialNumber: 1n }] },
        },
      },
    };
    expect(decodeIso2(encodeIso2(message))).toEqual(message);
    certificates.push(Uint8Array.of(5));
    expect(() => encodeIso2(message)).toThrow(expect.objectContaining({ code: 'EXI_VALUE' }));
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Iso15118Error) return thrown.code;
    throw thrown;
  }
  return 'accepted';
}

describe('EXI from a hostile sender', () => {
  it.each([
    ['an empty stream', new Uint8Array(0), 'EXI_TRUNCATED'],
    ['XML text', new TextEncoder().encode('<?xml version="1.0"?>'), 'EXI_HEADER'],
    ['the EXI cookie', new TextEncoder().encode('$EXI'), 'EXI_HEADER'],
    ['a stream that ends too early', UPDATE_REQUEST_BITS.slice(0, -3), 'EXI_TRUNCATED'],
    ['bytes after the end', Uint8Array.of(...UPDATE_REQUEST_BITS, 0), 'EXI_TRAILING'],
    ['another root element', octets('10000000 0000101'), 'EXI_UNSUPPORTED'],
    ['an escape to the second level (xsi:type)', octets('10000000 1001100 1'), 'EXI_DEVIATION'],
    ['another message', octets('10000000 1001100 0 0 0 00000000 0 10 0 000000'), 'EXI_UNSUPPORTED'],
    ['a length of 2^60', octets(`10000000 1001100 0 0 0 ${'11111111'.repeat(8)} 00001111`), 'EXI_LIMIT'],
    ['an endless integer', octets(`10000000 1001100 0 0 0 ${'11111111'.repeat(60)}`), 'EXI_LIMIT'],
    ['a length beyond the stream', octets('10000000 1001100 0 0 0 01111111'), 'EXI_TRUNCATED'],
    [
      'a string table hit',
      octets('10000000 1001100 0 0 0 00000001 10101011 0 00 0 00 0 0 00000000'),
      'EXI_UNSUPPORTED',
    ],
  ])('%s is refused with a code', (_, bytes, code) => {
    expect(codeOf(() => decodeIso2(bytes))).toBe(code);
  });

  it('is refused above the limits the caller gives', () => {
    const [message] = SAMPLE_ISO2;
    if (message === undefined) throw new Error('no sample');
    const bytes = encodeIso2(message);
    expect(codeOf(() => decodeIso2(bytes, { ...DEFAULT_EXI_LIMITS, maxBytes: 100 }))).toBe('EXI_LIMIT');
    expect(codeOf(() => decodeIso2(bytes, { ...DEFAULT_EXI_LIMITS, maxElements: 5 }))).toBe('EXI_LIMIT');
    expect(codeOf(() => decodeIso2(bytes, { ...DEFAULT_EXI_LIMITS, maxBinaryBytes: 100 }))).toBe('EXI_LIMIT');
    expect(codeOf(() => decodeIso2(bytes, { ...DEFAULT_EXI_LIMITS, maxStringChars: 10 }))).toBe('EXI_LIMIT');
  });

  it('names the element in which the stream deviates', () => {
    const cut = UPDATE_REQUEST_BITS.slice(0, 8);
    expect(() => decodeIso2(cut)).toThrow(
      expect.objectContaining({ path: expect.stringContaining('V2G_Message/Body/') }),
    );
  });
});
