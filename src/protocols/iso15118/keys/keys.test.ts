import { createVerify, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seededEntropy, systemEntropy } from '../../../core/entropy.ts';
import { Random } from '../../../core/random.ts';
import { FOREIGN_VECTORS, foreignJson } from '../testing/foreign-vectors.ts';
import {
  unwrapContractKeyIso2,
  unwrapContractKeyIso20,
  wrapContractKeyIso2,
  wrapContractKeyIso20,
} from './contract-key-transport.ts';
import { derSignature, EcPrivateKey, publicKeyOfPoint } from './ec-key.ts';

const seeded = (seed: string) => seededEntropy(new Random(seed));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));
const DATA = new TextEncoder().encode('sample');

describe('EC keys', () => {
  it('sign as RFC 6979 appendix A.2.5 prescribes for P-256 and SHA-256', () => {
    const key = EcPrivateKey.fromScalar(
      'secp256r1',
      bytes('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'),
    );
    expect(hex(key.sign(DATA))).toBe(
      'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
        'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
    );
  });

  it.each([
    ['secp256r1', 'sha256'],
    ['secp521r1', 'sha512'],
  ] as const)('of %s: OpenSSL verifies both signature forms, the same seed repeats the key', (curve, hash) => {
    const key = EcPrivateKey.generate(curve, seeded('a'));
    const publicKey = publicKeyOfPoint(curve, key.publicPoint);
    const signature = key.sign(DATA);
    expect(verify(hash, DATA, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    expect(createVerify(hash).update(DATA).verify(publicKey, derSignature(signature))).toBe(true);
    expect(hex(EcPrivateKey.generate(curve, seeded('a')).publicPoint)).toBe(hex(key.publicPoint));
    expect(hex(EcPrivateKey.generate(curve, systemEntropy).publicPoint)).not.toBe(hex(key.publicPoint));
    expect(hex(EcPrivateKey.fromPem(key.exportPem()).publicPoint)).toBe(hex(key.publicPoint));
  });

  it('keeps DER integers minimal and positive', () => {
    const raw = new Uint8Array(64).fill(0xff, 0, 32);
    raw[63] = 5;
    expect(hex(derSignature(raw))).toBe(`3026022100${'ff'.repeat(32)}020105`);
  });

  it('refuses what is no key', () => {
    const invalid = expect.objectContaining({ code: 'KEY_INVALID' });
    expect(() => EcPrivateKey.fromPem('nothing')).toThrow(invalid);
    expect(() => EcPrivateKey.fromScalar('secp256r1', new Uint8Array(32))).toThrow(invalid);
    expect(() => EcPrivateKey.fromScalar('secp256r1', new Uint8Array(31).fill(1))).toThrow(invalid);
    expect(() => publicKeyOfPoint('secp256r1', new Uint8Array(65).fill(4))).toThrow(invalid);
    const key = EcPrivateKey.generate('secp256r1', seeded('a'));
    expect(() => key.sharedSecret(new Uint8Array(65).fill(4))).toThrow(invalid);
  });
});

describe('contract key transport of ISO 15118-2', () => {
  const vehicle = EcPrivateKey.generate('secp256r1', seeded('vehicle'));
  const contract = EcPrivateKey.generate('secp256r1', seeded('contract'));

  it('gives the vehicle the contract key in 48 and 65 bytes', () => {
    const wrapped = wrapContractKeyIso2(contract, vehicle.publicPoint, seeded('e'));
    expect(wrapped.encryptedPrivateKey.length).toBe(48);
    expect(wrapped.dhPublicKey.length).toBe(65);
    const key = unwrapContractKeyIso2(wrapped, vehicle, contract.publicPoint);
    expect(hex(key.exportScalar())).toBe(hex(contract.exportScalar()));
  });

  it('tells another vehicle that the key is not for it', () => {
    const wrapped = wrapContractKeyIso2(contract, vehicle.publicPoint, seeded('e'));
    const other = EcPrivateKey.generate('secp256r1', seeded('other'));
    expect(() => unwrapContractKeyIso2(wrapped, other, contract.publicPoint)).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH' }),
    );
  });

  it('refuses a field of another length', () => {
    const wrapped = { ...wrapContractKeyIso2(contract, vehicle.publicPoint, seeded('e')) };
    expect(() =>
      unwrapContractKeyIso2({ ...wrapped, encryptedPrivateKey: new Uint8Array(64) }, vehicle, contract.publicPoint),
    ).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }));
  });
});

describe('contract key transport of ISO 15118-20', () => {
  const vehicle = EcPrivateKey.generate('secp521r1', seeded('vehicle'));
  const contract = EcPrivateKey.generate('secp521r1', seeded('contract'));
  const context = { pcid: 'WMI123456712345671', contractSubjectKeyId: Uint8Array.of(0x4a, 1, 2, 3, 4, 5, 6, 7) };

  it('gives the vehicle the contract key in 94 and 133 bytes, bound to PCID and key identifier', () => {
    const wrapped = wrapContractKeyIso20(contract, vehicle.publicPoint, context, seeded('e'));
    expect(wrapped.encryptedPrivateKey.length).toBe(94);
    expect(wrapped.dhPublicKey.length).toBe(133);
    const key = unwrapContractKeyIso20(wrapped, vehicle, context, contract.publicPoint);
    expect(hex(key.exportScalar())).toBe(hex(contract.exportScalar()));
    const moved = { ...context, pcid: 'WMI123456712345672' };
    expect(() => unwrapContractKeyIso20(wrapped, vehicle, moved, contract.publicPoint)).toThrow(
      expect.objectContaining({ code: 'KEY_MISMATCH' }),
    );
  });
});

describe.skipIf(!FOREIGN_VECTORS)('a contract key wrapped by another implementation (set COMPOTE_VECTORS)', () => {
  it('is wrapped and unwrapped here to the same bytes', () => {
    const vector = foreignJson('generated-iso2-contract-key-encryption.json') as Record<string, string>;
    const of = (name: string) => bytes(vector[name] ?? '');
    const oem = EcPrivateKey.fromScalar('secp256r1', of('oemPrivate'));
    const contract = EcPrivateKey.fromScalar('secp256r1', of('contractPrivate'));
    expect(hex(oem.publicPoint)).toBe(vector['oemPublic']);
    const wrapped = {
      dhPublicKey: of('dhPublicKey'),
      encryptedPrivateKey: of('contractSignatureEncryptedPrivateKey'),
    };
    const key = unwrapContractKeyIso2(wrapped, oem, of('contractPublic'));
    expect(hex(key.exportScalar())).toBe(vector['contractPrivate']);
    const ephemeral = EcPrivateKey.fromScalar('secp256r1', of('ephemeralPrivate'));
    expect(hex(ephemeral.sharedSecret(oem.publicPoint))).toBe(vector['Z']);
    expect(hex(contract.publicPoint)).toBe(vector['contractPublic']);
  });
});
