import { describeRules } from '../../testing/rule-cases.ts';

/** Made with openssl, for these tests only: a request, and requests with weak keys. */
const pem = (label: string, ...lines: string[]) =>
  [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`].join('\\n');
const REQUEST = pem(
  'CERTIFICATE REQUEST',
  'MIHYMIGAAgEAMB4xDTALBgNVBAoMBEFDTUUxDTALBgNVBAMMBFNOLTEwWTATBgcq',
  'hkjOPQIBBggqhkjOPQMBBwNCAARN1vhdtgd62/WaWcyCFATD0I44vx9kCh5croil',
  'QrzQqmxgxDjJS4Aj0JP0Ntif8GHptmV7my1A45dqeh6bknbsoAAwCgYIKoZIzj0E',
  'AwIDRwAwRAIgMlJEaY0NCrcODQV5s0Fqn8/AV+Da81dDMzBJZqxxAckCIFc/NgZ2',
  'xFASK2BvWyLDTogaZ5YZQGgdwgtNMOw1Lob9',
);
const WEAK_EC = pem(
  'CERTIFICATE REQUEST',
  'MIG5MHACAQAwHjENMAsGA1UECgwEQUNNRTENMAsGA1UEAwwEU04tMTBJMBMGByqG',
  'SM49AgEGCCqGSM49AwEBAzIABAdJVJUT4EMCuON1tMLkb9LBC8QPbzVTaC+PzEXB',
  'S2RVD0hfehwlxs49MVuqclCAK6AAMAoGCCqGSM49BAMCAzkAMDYCGQD3UH7XXYTC',
  'WeDXPGlo59s73uErp96R23YCGQD7kHs3xWbudjdlXdArIcaipm40RFKrA4E=',
);
const WEAK_RSA = pem(
  'CERTIFICATE REQUEST',
  'MIIBXTCBxwIBADAeMQ0wCwYDVQQKDARBQ01FMQ0wCwYDVQQDDARTTi0xMIGfMA0G',
  'CSqGSIb3DQEBAQUAA4GNADCBiQKBgQDQKyinURdOLN8dTjofjq34OfCdkhAARRDy',
  '9YhGnq3VcF2zm1REXZMG6GmLbfynJbhEKcnE9ZvnpKfXIaucsoCSnU0IBMn10pXD',
  'xWXPTf0exG87+8TdjOz/S6MGBOsXna4V4VfNp3zJ8SXcoVHn2Y3ISPDxkPGUCiTl',
  'aRepMFSljwIDAQABoAAwDQYJKoZIhvcNAQELBQADgYEAgz5cPWac/xvWQnFVrret',
  'N4c2RRlWztxRbcnk/WT5g9gsqfUxlCysBP/E/mM7/OBwuLmOET2CrEnFZ2QhSsvR',
  'kFJopoPKFPrF+uFLX5GriTJe223rssN6r5VsYGAvHiGtWAZe3AxGayMF7qlaIE0k',
  'MR6UO4xqIwZ3zkX4yWpTFkY=',
);
const LEAF = pem(
  'CERTIFICATE',
  'MIIBJTCBywICCwIwCgYIKoZIzj0EAwIwHjENMAsGA1UECgwEQUNNRTENMAsGA1UE',
  'AwwEUm9vdDAeFw0yNjAxMDEwMDAwMDBaFw00NjAxMDEwMDAwMDBaMB4xDTALBgNV',
  'BAoMBEFDTUUxDTALBgNVBAMMBFNOLTEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC',
  'AARN1vhdtgd62/WaWcyCFATD0I44vx9kCh5croilQrzQqmxgxDjJS4Aj0JP0Ntif',
  '8GHptmV7my1A45dqeh6bknbsMAoGCCqGSM49BAMCA0kAMEYCIQDKPloJirqxVhUl',
  'N+OeVKWRpZ+ZYcq4Jix/DCTB9H27MgIhALQht9lBDVSmuT8F2vPHwrCAkOtdg/hd',
  'cG5fcNuvLp4m',
);
/** Not self-issued: a root does not travel in a chain. */
const ISSUER = pem(
  'CERTIFICATE',
  'MIIBfzCCASSgAwIBAgICCgEwCgYIKoZIzj0EAwIwHTENMAsGA1UECgwEQUNNRTEM',
  'MAoGA1UEAwwDVG9wMB4XDTI2MDEwMTAwMDAwMFoXDTQ2MDEwMTAwMDAwMFowHjEN',
  'MAsGA1UECgwEQUNNRTENMAsGA1UEAwwEUm9vdDBZMBMGByqGSM49AgEGCCqGSM49',
  'AwEHA0IABPGzz/IeuOahUejOCJsaaEAuvia1DGrkZy/Sk/w4Pl4PleMNq3Q9UKvN',
  '3pmEEld/1WiefNCzmz6KueIZCwvdApujUzBRMA8GA1UdEwEB/wQFMAMBAf8wHQYD',
  'VR0OBBYEFFMCtjJ+xzlIHbVSzSPr0NKnd4UeMB8GA1UdIwQYMBaAFFQMX9rjn+G5',
  'KEjPtXBtyeECey0hMAoGCCqGSM49BAMCA0kAMEYCIQDWZDpJRRpGkr0zMbeCAE/t',
  'K9GgafFcXneHiEqoXA+V6AIhAOPw4+Cp0Rpt8M2rHMlVeBfKP2qnSZTHwoFYWRNt',
  'bNOX',
);
const hash = (serialNumber: string) =>
  `{"hashAlgorithm":"SHA256","issuerNameHash":"90b37f3e9a62836a49c3782271972fccf3330585ed8eefe34516a065c4e0a4a6","issuerKeyHash":"7bad1bd4459ce52acc93cd732941d7cd602e98c2ba0c677852d3f1e9690b09d1","serialNumber":"${serialNumber}"}`;

const ON = '1.6\nopen\nboot\n';
const ON2 = '2.0.1\nopen\nboot\n';
const TLS2 = '2.0.1\nopen tls=TLSv1.3 clientCn=SN-1\nboot\n';
const csr = (text: string) => `S> SignCertificate {"csr":"${text}"} = {"status":"Accepted"}\n`;
const ASK = csr(REQUEST);
const CPO_NAME =
  'C> GetConfiguration {"key":["CpoName"]} = {"configurationKey":[{"key":"CpoName","readonly":false,"value":"ACME"}]}\n';
const read = (component: string, variable: string, value: string) =>
  `C> GetVariables {"getVariableData":[{"component":{"name":"${component}"},"variable":{"name":"${variable}"}}]} = {"getVariableResult":[{"attributeStatus":"Accepted","attributeType":"Actual","attributeValue":"${value}","component":{"name":"${component}"},"variable":{"name":"${variable}"}}]}\n`;
const ORGANISATION = read('SecurityCtrlr', 'OrganizationName', 'ACME');
const WAITS =
  read('SecurityCtrlr', 'CertSigningWaitMinimum', '30') + read('SecurityCtrlr', 'CertSigningRepeatTimes', '2');
const signed = (status = 'Accepted', chain = LEAF) =>
  `C> CertificateSigned {"certificateChain":"${chain}"} = {"status":"${status}"}\n`;
const TRIGGER = 'C> TriggerMessage {"requestedMessage":"SignChargingStationCertificate"} = {"status":"Accepted"}\n';
const event = (type: string) => `S> SecurityEventNotification {"type":"${type}","timestamp":"@"} = {}\n`;
const remove = (serial: string, status = 'Accepted') =>
  `C> DeleteCertificate {"certificateHashData":${hash(serial)}} = {"status":"${status}"}\n`;
const ROOTS2 = `C> GetInstalledCertificateIds {"certificateType":["CSMSRootCertificate"]} = {"status":"Accepted","certificateHashDataChain":[{"certificateType":"CSMSRootCertificate","certificateHashData":${hash('a01')}}]}\n`;
const ROOTS = `C> GetInstalledCertificateIds {"certificateType":"CentralSystemRootCertificate"} = {"status":"Accepted","certificateHashData":[${hash('a01')}]}\n`;
const ON21 = '2.1\nopen\nboot\n';
const ASK21 = `S> SignCertificate {"csr":"${REQUEST}","requestId":5} = {"status":"Accepted"}\n`;

describeRules('F9 certificates', {
  'OCPP-SE-001': {
    passes: [ON + CPO_NAME + ASK, ON2 + ORGANISATION + ASK],
    fails: [
      ON + csr('MIHYMIGAAgEA'),
      ON + csr(REQUEST.replace('MIHYMIGA', 'AAAAAAAA')),
      ON + csr(REQUEST.replace('8/AV', '8/AW')),
      ON2 + csr(WEAK_EC),
      ON2 + csr(WEAK_RSA),
      ON2 + ORGANISATION.replace('ACME', 'Other') + ASK,
    ],
    cannotTell: ON + ASK,
    says: /is not PEM|is not a PKCS|is not signed by its own key|EC key of 192 bits|RSA key of 1024 bits|ACME, and .* is Other/,
  },
  'OCPP-SE-002': {
    passes: [
      `${ON2 + WAITS + ASK}+30 ${ASK}+60 ${ASK}`,
      ON2 + WAITS + ASK + signed() + ASK,
      `${ON2 + WAITS + ASK + signed('Rejected') + event('InvalidChargingStationCertificate') + TRIGGER}${ASK}`,
    ],
    fails: [
      `${ON2 + WAITS + ASK}+30 ${ASK}+30 ${ASK}`,
      `${ON2 + WAITS + ASK}+30 ${ASK}+60 ${ASK}+120 ${ASK}`,
      ON2 + WAITS + ASK + signed('Rejected') + event('InvalidChargingStationCertificate') + ASK,
    ],
    cannotTell: `${ON2 + ASK}+30 ${ASK}`,
    says: /should wait 60 s|CertSigningRepeatTimes is 2|refused the last/,
  },
  'OCPP-SE-003': {
    passes: [
      `${ON + ASK + signed('Rejected') + event('InvalidChargePointCertificate')}wait 70`,
      `${ON2 + ASK + event('InvalidChargingStationCertificate') + signed('Rejected')}wait 70`,
      // 2.1: an answer to a request that nobody made is refused without an event.
      `2.1\nopen\nboot\nS> SignCertificate {"csr":"${REQUEST}","requestId":5} = {"status":"Accepted"}\nC> CertificateSigned {"certificateChain":"${LEAF}","requestId":6} = {"status":"Rejected"}\nwait 70`,
    ],
    passesWith: ['OCPP21-CERT-001'],
    fails: [`${ON + ASK + signed('Rejected')}wait 70`, `${ON2 + ASK + signed('Rejected')}wait 70`],
    says: /InvalidCharg(ePoint|ingStation)Certificate did not come/,
  },
  'OCPP-SE-004': {
    passes: [
      `${TLS2 + ASK + signed()}close\nopen tls=TLSv1.3 clientCn=SN-1\nwait 130`,
      `2.0.1\nopen authorization=basic\nboot\n${ASK}${signed()}wait 130`,
    ],
    fails: `${TLS2 + ASK + signed()}wait 130`,
    cannotTell: `${ON2 + ASK + signed()}wait 130`,
  },
  'OCPP-SE-007': {
    passes: [
      ON2 + ASK + signed('Accepted', `${LEAF}\\n${ISSUER}`) + remove('b02', 'Failed'),
      TLS2 + ROOTS2 + remove('a01', 'Failed'),
      ON + ROOTS + remove('a01'),
    ],
    fails: [
      ON2 + ASK + signed('Accepted', `${LEAF}\\n${ISSUER}`) + remove('0B02'),
      TLS2 + ROOTS2 + remove('a01'),
      `1.6\nopen tls=TLSv1.2\nboot\n${ROOTS}${remove('a01')}`,
    ],
    cannotTell: [ON2 + remove('a01'), ON + ROOTS + remove('a01')],
    says: /own certificate 0B02|deleted a01, the only root/,
  },
  'OCPP-SE-009': {
    passes: [
      `${ON}C> GetConfiguration {"key":["CertificateSignedMaxChainSize"]} = {"configurationKey":[{"key":"CertificateSignedMaxChainSize","readonly":true,"value":"10000"}]}\n${ASK}${signed()}`,
      ON2 + read('SecurityCtrlr', 'MaxCertificateChainSize', '10000') + ASK + signed(),
    ],
    fails: [
      `${ON}C> GetConfiguration {"key":["CertificateSignedMaxChainSize"]} = {"configurationKey":[{"key":"CertificateSignedMaxChainSize","readonly":true,"value":"100"}]}\n${ASK}${signed()}`,
      ON2 + read('SecurityCtrlr', 'MaxCertificateChainSize', '100') + ASK + signed(),
    ],
    cannotTell: ON2 + ASK + signed(),
    says: /has \d+ characters, and .* is 100/,
  },
  'OCPP21-CERT-001': {
    passes: [
      `${ON21}${ASK21}C> CertificateSigned {"certificateChain":"${LEAF}","requestId":5} = {"status":"Accepted"}`,
      // Without a number there is none to repeat.
      `${ON21}${ASK21.replace(',"requestId":5', '')}C> CertificateSigned {"certificateChain":"${LEAF}"} = {"status":"Accepted"}`,
    ],
    fails: [
      `${ON21}${ASK21}C> CertificateSigned {"certificateChain":"${LEAF}"} = {"status":"Accepted"}`,
      `${ON21}${ASK21}C> CertificateSigned {"certificateChain":"${LEAF}","requestId":6} = {"status":"Accepted"}`,
    ],
    cannotTell: `2.1\nopen\nC> CertificateSigned {"certificateChain":"${LEAF}","requestId":6} = {"status":"Rejected"}`,
    says: /lacks requestId 5|names the request 6/,
  },
});
