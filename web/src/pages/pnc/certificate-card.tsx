import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { api, apiPath, part } from '../../api/client.ts';
import { refresh, useGet } from '../../api/queries.ts';
import { AppLink, go } from '../../app/router.tsx';
import { IdText, Tag } from '../../parts/atoms.tsx';
import { attempt, useAttempt } from '../../parts/attempt.ts';
import { saveFile } from '../../parts/clipboard.ts';
import { DetailCard, Facts } from '../../parts/desk.tsx';
import { dayTime } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { ChainLadder } from './chain-ladder.tsx';
import { type CertificateDetail, commonName, editionWord, type Ladder } from './pnc-shapes.ts';
import { roleWord, StandingMark } from './pnc-words.tsx';

const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  'privilegeWithdrawn',
];

/** Everything about one certificate: what it says, whether it is believed and why, and what can be done to it. */
export function CertificateCard({ id, back }: { readonly id: string; readonly back: string }) {
  const certificate = useGet<CertificateDetail>(apiPath(`/pnc/certificates/${part(id)}`));
  return (
    <DetailCard
      title={certificate.data === undefined ? 'Certificate' : commonName(certificate.data.subject)}
      back={back}
    >
      <Loaded query={certificate} what="the certificate">
        {(data) => <Shown key={data.id} certificate={data} back={back} />}
      </Loaded>
    </DetailCard>
  );
}

function Shown({ certificate, back }: { readonly certificate: CertificateDetail; readonly back: string }) {
  const path = `/pnc/certificates/${part(certificate.id)}`;
  const [ladder, setLadder] = useState<Ladder>();
  const { busy, run } = useAttempt();
  const verify = (): void => {
    void run('verify', () => api.post<Ladder>(apiPath('/pnc/verify'), { chain: certificate.chainPem })).then((result) =>
      setLadder(result?.answer),
    );
  };
  const fileName = commonName(certificate.subject).replace(/[^A-Za-z0-9.-]+/g, '-');
  return (
    <>
      <div className="row wrap">
        <StandingMark state={certificate.state} />
        <Tag>{roleWord(certificate.role)}</Tag>
        <Tag>{editionWord(certificate.edition)}</Tag>
      </div>
      <Validity certificate={certificate} />
      {certificate.revokedAt !== undefined && (
        <p className="bad small">
          Revoked {dayTime(certificate.revokedAt)}, reason {certificate.reason}
        </p>
      )}
      <Facts
        facts={[
          ['Subject', certificate.subject],
          ['Issuer', certificate.issuerName],
          ['Serial', <IdText key="serial" id={certificate.serial} most={36} />],
          ['Key', certificate.keyKind],
          ['Usage', [...certificate.keyUsage, ...certificate.extendedKeyUsage].join(', ')],
          [
            'Authority',
            certificate.isCa
              ? `yes${certificate.pathLength === undefined ? '' : `, path length ${certificate.pathLength}`}`
              : 'no',
          ],
          [
            'Size',
            certificate.maxBytes === undefined
              ? `${certificate.bytes} B`
              : `${certificate.bytes} of at most ${certificate.maxBytes} B`,
          ],
          ['OCSP', certificate.ocspUrls.join(', ')],
          ['Profile', <Lint key="lint" lint={certificate.lint} />],
        ]}
      />
      <div className="row wrap">
        <Button loading={busy === 'verify'} onClick={verify}>
          Explain its verification
        </Button>
        {certificate.state !== 'revoked' && (
          <Menu>
            <Menu.Target>
              <Button variant="default" color="red" rightSection={<IconChevronDown size={12} />}>
                Revoke
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {REASONS.map((reason) => (
                <Menu.Item
                  key={reason}
                  onClick={() => {
                    setLadder(undefined);
                    void attempt(
                      () => api.post(apiPath(`${path}/revoke`), { reason }),
                      'Revoked. OCSP says so now.',
                    ).then(() => refresh('/pnc'));
                  }}
                >
                  {reason}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <Button
          variant="default"
          onClick={() => {
            void attempt(() => api.post<CertificateDetail>(apiPath(`${path}/renew`)), 'Issued anew').then((result) => {
              refresh('/pnc');
              const renewed = result?.answer.id;
              if (renewed !== undefined) go(`${back === '/pnc' ? '/pnc/pki' : back}/${part(renewed)}`);
            });
          }}
        >
          Renew
        </Button>
        <Menu>
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={12} />}>
              Download
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => saveFile(`${fileName}.pem`, 'application/x-pem-file', certificate.pem)}>
              The certificate, PEM
            </Menu.Item>
            <Menu.Item
              onClick={() => saveFile(`${fileName}-chain.pem`, 'application/x-pem-file', certificate.chainPem)}
            >
              With its chain, PEM
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {ladder !== undefined && <ChainLadder ladder={ladder} />}
      <details>
        <summary className="small">Hash data, as stations and OCSP name it</summary>
        {certificate.hashData.map((hash) => (
          <Facts
            key={hash.hashAlgorithm}
            facts={[
              ['Algorithm', hash.hashAlgorithm],
              ['issuerNameHash', <IdText key="name" id={hash.issuerNameHash} most={36} />],
              ['issuerKeyHash', <IdText key="key" id={hash.issuerKeyHash} most={36} />],
            ]}
          />
        ))}
      </details>
      <div className="row wrap small">
        <AppLink to={`/traffic?q=${part(`text:"${certificate.serial}"`)}`}>Messages that name it</AppLink>
      </div>
    </>
  );
}

function Lint({ lint }: { readonly lint: CertificateDetail['lint'] }) {
  if (lint.length === 0) return <span className="ok">✓ fits</span>;
  return (
    <ul className="warn">
      {lint.map((each) => {
        const text = typeof each === 'string' ? each : (each.text ?? JSON.stringify(each));
        return <li key={text}>⚠ {text}</li>;
      })}
    </ul>
  );
}

function Validity({ certificate: { validFrom, validTo } }: { readonly certificate: CertificateDetail }) {
  const [from, to, now] = [new Date(validFrom).getTime(), new Date(validTo).getTime(), Date.now()];
  const used = Math.max(0, Math.min(1, (now - from) / Math.max(1, to - from)));
  const days = Math.round((to - now) / 86_400_000);
  return (
    <div className="small">
      <div className="validity" role="img" aria-label={`${Math.round(used * 100)} percent of its life have passed`}>
        <i style={{ width: `${used * 100}%` }} />
      </div>
      <div className="row muted">
        {validFrom.slice(0, 10)}
        <span className="push">
          {validTo.slice(0, 10)}, {days >= 0 ? `${days} days left` : `${-days} days ago`}
        </span>
      </div>
    </div>
  );
}
