import { generateKeyPairSync } from 'node:crypto';
import { seededEntropy } from '../../../core/entropy.ts';
import { SeededIds } from '../../../core/ids.ts';
import { Random } from '../../../core/random.ts';
import { VirtualClock } from '../../../core/virtual-clock.ts';
import type { NewEntry, Recorder } from '../../../journal/entry.ts';
import type { HttpOutcome, HttpPort, HttpRequest } from '../../../link/http-port.ts';
import { configSchema } from '../../../platform/config/config-schema.ts';
import { loadConfig } from '../../../platform/config/load-config.ts';
import { SILENT } from '../../../platform/logging/log.ts';
import {
  buildInstallationRequest,
  createSigningRequest,
  EcPrivateKey,
  encodeIso2,
  readCertificate,
} from '../../../protocols/iso15118/index.ts';
import { CommitGroup } from '../../../storage/commit-group.ts';
import { Database } from '../../../storage/database.ts';
import { MemoryKeys } from '../pki/key-files.ts';
import { type ClientSettings, type TrustSection, trustSection } from '../section.ts';
import { Trust } from '../trust.ts';
import { TrustState } from '../trust-state.ts';

/** 2026-03-01T00:00:00Z. */
export const NOW_MS = 1_772_323_200_000;

/** An RSA key takes half a second: all benches have the same one. */
const TOKEN_KEY = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
}).privateKey;

function benchKeys(): MemoryKeys {
  const keys = new MemoryKeys();
  keys.writeSecret('access-tokens', TOKEN_KEY);
  return keys;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers member by member
  readonly json: any;
}

interface Asked {
  readonly token?: string | undefined;
  readonly json?: unknown;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clientCertificate?: Uint8Array;
}

/** A vehicle by hand: it owns its key. */
export interface TestVehicle {
  readonly pcid: string;
  readonly key: EcPrivateKey;
  readonly certificate: Uint8Array;
}

const SCOPES: ClientSettings['scopes'] = [
  'rcpservice',
  'pcpservice',
  'ccpservice',
  'cpservice',
  'pkigateway',
  'webhooks',
];

export function client(
  id: string,
  callers: ClientSettings['callers'],
  owns: Partial<ClientSettings> = {},
): ClientSettings {
  return { id, secret: `${id}-key`, callers, scopes: SCOPES, wmis: [], providers: [], operators: [], ...owns };
}

/** The trust environment in virtual time, without sockets: HTTP by hand in, bytes out. */
export class TrustBench {
  readonly clock = VirtualClock.install(NOW_MS);
  readonly entries: NewEntry[] = [];
  readonly posted: HttpRequest[] = [];
  /** What subscribers of events answer, in turn; 200 when it is used up. */
  readonly subscriberAnswers: (number | 'silence')[] = [];
  readonly trust: Trust;
  readonly #entropy = seededEntropy(new Random('trust-bench'));

  constructor(settings: Partial<TrustSection> = {}) {
    const { clock } = this;
    const group = new CommitGroup(clock, (cause) => {
      throw cause;
    });
    const loaded = loadConfig({ schema: configSchema({ trust: trustSection }), flags: [] });
    const recorder: Recorder = {
      full: false,
      openLink: () => 1,
      closeLink: () => {},
      record: (entry) => this.entries.push(entry),
      finding: () => {},
      onceDrained: (resume) => resume(),
    };
    const port: HttpPort = {
      transport: 'inproc',
      exchange: async (request): Promise<HttpOutcome> => {
        this.posted.push(request);
        const answer = this.subscriberAnswers.shift() ?? 200;
        if (answer === 'silence') return { kind: 'timeout', text: 'no answer' };
        return { kind: 'answered', response: { status: answer, headers: {}, body: new Uint8Array() } };
      },
      close: async () => {},
    };
    this.trust = new Trust({
      settings: { ...(loaded.all['trust'] as TrustSection), ...settings },
      demoClients: settings.clients === undefined,
      state: new TrustState(new Database({ path: ':memory:', group })),
      keys: benchKeys(),
      clock,
      ids: new SeededIds(new Random('ids')),
      entropy: this.#entropy,
      recorder,
      log: SILENT,
      port,
      afterCommit: (task) => group.afterCommit(task),
      baseUrl: () => 'http://localhost:8003',
    });
    this.trust.start();
  }

  async ask(method: string, url: string, asked: Asked = {}): Promise<Answer> {
    const { token, json, body, headers = {}, clientCertificate } = asked;
    const text = json === undefined ? (body ?? '') : JSON.stringify(json);
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    const response = await this.trust.serve({
      method,
      url,
      headers: {
        host: 'localhost:8003',
        ...(json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: bytes,
      remoteAddress: '127.0.0.1',
      ...(clientCertificate === undefined ? {} : { clientCertificate: { der: clientCertificate, trusted: true } }),
    });
    const answer = Buffer.from(response.body).toString('utf8');
    let parsed: unknown;
    try {
      parsed = JSON.parse(answer);
    } catch {
      parsed = undefined;
    }
    return { ...response, text: answer, json: parsed };
  }

  async token(id: string, secret = id.endsWith('-demo') ? `${id}-secret` : `${id}-key`): Promise<string> {
    const { json } = await this.ask('POST', '/oauth/token', {
      json: {
        client_id: id,
        client_secret: secret,
        audience: 'http://localhost:8003',
        grant_type: 'client_credentials',
      },
    });
    return json.access_token;
  }

  newKey(): EcPrivateKey {
    return EcPrivateKey.generate('secp256r1', this.#entropy);
  }

  /** The certificates of an enrolment answer, as openssl would list them: hand-cut from the DER. */
  csr(commonName: string, key = this.newKey(), organization = 'ACME'): Uint8Array {
    return createSigningRequest(
      [
        { type: 'O', value: organization },
        { type: 'CN', value: commonName },
        { type: 'DC', value: 'CPO' },
      ],
      key,
    );
  }

  /** A vehicle whose certificate stands in the provisioning pool, made by the wire's own operations. */
  async vehicle(pcid = 'WMI12345671234567', key = this.newKey(), token?: string): Promise<TestVehicle> {
    const oem = token ?? (await this.token('oem-demo'));
    const body = Buffer.from(this.csr(pcid, key)).toString('base64');
    const enrolled = await this.ask('POST', '/.well-known/oem/simpleenroll', { token: oem, body });
    const cas = await this.ask('GET', '/.well-known/oem/cacerts', { token: oem });
    const [leaf] = certificatesOf(enrolled.text);
    const [subCa2, subCa1] = certificatesOf(cas.text);
    if (leaf === undefined || subCa2 === undefined || subCa1 === undefined) throw new Error(enrolled.text);
    const stored = await this.ask('PUT', '/v1/oem/provCerts', {
      token: oem,
      json: { vehicleCertificate: leaf, subCA2Certificate: subCa2, subCA1Certificate: subCa1 },
    });
    if (stored.status !== 200) throw new Error(stored.text);
    return { pcid, key, certificate: new Uint8Array(Buffer.from(leaf, 'base64')) };
  }

  async contract(
    pcid = 'WMI12345671234567',
    emaid = 'DE8AAC12345678D',
    ends = '2027-03-01T00:00:00Z',
  ): Promise<Answer> {
    return this.ask('PUT', '/v1/cps/generate/signedContractData', {
      token: await this.token('mo-demo'),
      json: {
        contractBegins: '2026-02-28T00:00:00Z',
        contractEnds: ends,
        emaid,
        pcid,
        xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef',
      },
    });
  }

  /** The vehicle's CertificateInstallationReq as EXI. */
  installationRequest(vehicle: TestVehicle, sessionId = SESSION, signer = vehicle.key): Uint8Array {
    const root = this.trust.world.authorities.of('v2g-root', 'ISO15118-2').certificate;
    return encodeIso2(
      buildInstallationRequest({
        sessionId,
        roots: [root],
        subject: { action: 'Install', provisioningCertificate: vehicle.certificate },
        signer,
      }),
    );
  }

  async install(exi: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('POST', '/v1/ccp/signedContractData', {
      token: await this.token('cpo-demo'),
      headers,
      json: {
        certificateInstallationReq: Buffer.from(exi).toString('base64'),
        xsdMsgDefNamespace: 'urn:iso:15118:2:2013:MsgDef',
      },
    });
  }
}

export const SESSION = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

/** The DER certificates in a PKCS#7 answer as base64: found by their SEQUENCE of SEQUENCE, not by our own reader. */
export function certificatesOf(pkcs7Base64: string): string[] {
  const der = Buffer.from(pkcs7Base64.replace(/\s/g, ''), 'base64');
  const at = der.indexOf(Buffer.from('06092a864886f70d010701', 'hex')) + 11;
  const certificates: string[] = [];
  // [0] IMPLICIT SET OF Certificate
  let position = at + headerLength(der, at);
  const end = position + contentLength(der, at);
  while (position < end) {
    const length = headerLength(der, position) + contentLength(der, position);
    certificates.push(der.subarray(position, position + length).toString('base64'));
    position += length;
  }
  return certificates;
}

function headerLength(der: Buffer, at: number): number {
  const first = der[at + 1] ?? 0;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentLength(der: Buffer, at: number): number {
  const first = der[at + 1] ?? 0;
  return first < 0x80 ? first : der.readUIntBE(at + 2, first & 0x7f);
}

export function subjectOf(certificateBase64: string): string {
  return readCertificate(certificateBase64)
    .subject.map(({ type, value }) => `${type}=${value}`)
    .join(',');
}
