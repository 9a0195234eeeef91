import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconArrowUpRight, IconChevronDown, IconX } from '@tabler/icons-react';
import { apiPath, part } from '../../api/client.ts';
import { useGet } from '../../api/queries.ts';
import type { Message, Related } from '../../api/shapes.ts';
import { type KeyBinding, useKeys } from '../../app/keys.ts';
import { AppLink, go } from '../../app/router.tsx';
import { FlagTags, PartyText, ProtoTag, Tag } from '../../parts/atoms.tsx';
import { copyText } from '../../parts/clipboard.ts';
import { duration } from '../../parts/format.ts';
import { Loaded } from '../../parts/states.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { MessageFindings } from './finding-card.tsx';
import { Context } from './message-context.tsx';
import { copies } from './message-copies.ts';
import { Note } from './message-note.tsx';
import { Answer, Payload } from './message-payload.tsx';
import { Raw, Transport } from './message-transport.tsx';
import './traffic.css';
import { annotate, useMessage, useSchema } from './use-message.ts';

interface Props {
  readonly seq: number;
  readonly tab: string;
  readonly pointer?: string | undefined;
  onTab(tab: string): void;
  onSelect(seq: number): void;
  readonly onClose?: (() => void) | undefined;
  /** The whole page is the message: its name is in the header already. */
  readonly page?: boolean;
}

/** Everything about one message: payload, answer, findings, what came before and after, how it was carried, its bytes. */
export function MessageDetail(props: Props) {
  const query = useMessage(props.seq);
  return (
    <aside className="detail" data-testid="detail" aria-label={`Message ${props.seq}`}>
      <Loaded query={query} what={`message #${props.seq}`} lines={12}>
        {(message) => <Detail {...props} message={message} />}
      </Loaded>
    </aside>
  );
}

function Detail({ message, tab, pointer, onTab, onSelect, onClose, page }: Props & { readonly message: Message }) {
  const partner = useMessage(message.partner?.seq);
  const related = useGet<Related>(apiPath(`/messages/${message.seq}/related`));
  const schema = useSchema(message);
  const partnerSchema = useSchema(partner.data);
  const isAnswer = message.kind === 'response' || message.kind === 'error';
  const tabs = [
    { id: 'payload', label: message.payload === undefined ? 'Content' : 'Payload' },
    ...(message.partner === undefined && message.kind !== 'request'
      ? []
      : [{ id: 'answer', label: isAnswer ? 'Request' : 'Answer' }]),
    { id: 'findings', label: `Findings${message.findings.length === 0 ? '' : ` ${message.findings.length}`}` },
    { id: 'context', label: 'Context' },
    { id: 'transport', label: 'Transport' },
    { id: 'raw', label: 'Raw' },
    { id: 'note', label: message.note === undefined ? 'Note' : 'Note ✎' },
  ];
  const shown = tabs.some((each) => each.id === tab) ? tab : 'payload';
  const editable =
    (message.proto === 'ocpp' || message.proto === 'oicp') && (message.kind === 'request' || message.kind === 'send');
  const edit = (): void => go(`/compose?base=${message.seq}`);
  const keys: KeyBinding[] = tabs.map((each, index) => ({
    keys: String(index + 1),
    does: `Tab ${typeof each.label === 'string' ? each.label : each.id}`,
    run: () => onTab(each.id),
  }));
  useKeys([
    ...(editable ? [{ keys: 'e', does: 'Edit and send again', run: edit }] : []),
    { keys: 'm', does: 'Mark the message', run: () => void annotate(message.seq, { marked: message.marked !== true }) },
    {
      keys: 's',
      does: 'Only this session',
      run: () => message.session !== undefined && go(`/traffic?q=session:${part(message.session)}`),
    },
    {
      keys: 'D',
      does: 'Compare with the one before of the same action',
      run: () => related.data?.previous !== undefined && go(`/diff?a=${related.data.previous.s}&b=${message.seq}`),
    },
    ...keys,
  ]);
  return (
    <>
      <header className="detail-head">
        {page !== true && (
          <h2 className="row">
            <span className="mono muted">#{message.seq}</span>
            {message.action === '' ? message.kind : message.action}
          </h2>
        )}
        <ProtoTag protocol={message.proto} version={message.version} />
        <span className="flow small">
          <PartyText id={message.from.id} /> <span className="muted">→</span> <PartyText id={message.to.id} />
        </span>
        {message.partner !== undefined && <span className="small muted">{duration(message.partner.latencyMs)}</span>}
        <FlagTags flags={message.flags} />
        {message.basedOn !== undefined && (
          <AppLink className="small" to={`/diff?a=${message.basedOn}&b=${message.seq}`}>
            edited from #{message.basedOn}
          </AppLink>
        )}
        {message.marked === true && <Tag tone="warn">★ marked</Tag>}
        {message.code !== undefined && <Tag tone="error">{message.code}</Tag>}
        <span className="push row" style={{ gap: 4 }}>
          {editable && (
            <Tooltip label="Open it in the composer (e)">
              <Button variant="default" onClick={edit}>
                Edit & resend
              </Button>
            </Tooltip>
          )}
          <CopyMenu message={message} />
          {page !== true && (
            <Tooltip label="Open as a page (Enter)">
              <ActionIcon aria-label="Open as a page" onClick={() => go(`/m/${message.seq}`)}>
                <IconArrowUpRight size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {onClose !== undefined && (
            <ActionIcon aria-label="Close the detail" onClick={onClose}>
              <IconX size={16} />
            </ActionIcon>
          )}
        </span>
      </header>
      <Tabs label="Message" tabs={tabs} value={shown} onChange={onTab} testId="detail-tab" />
      {message.note !== undefined && message.note !== '' && shown !== 'note' && (
        <div className="detail-head small" data-testid="message-note">
          ✎ {message.note}
        </div>
      )}
      <div className="detail-panel" role="tabpanel">
        {shown === 'payload' && <Payload message={message} schema={schema} pointer={pointer} />}
        {shown === 'answer' && (
          <Answer message={message} partner={partner.data} schema={partnerSchema} onSelect={onSelect} />
        )}
        {shown === 'findings' && <MessageFindings findings={message.findings} onPointer={() => onTab('payload')} />}
        {shown === 'context' && <Context message={message} related={related} onSelect={onSelect} />}
        {shown === 'transport' && <Transport message={message} />}
        {shown === 'raw' && <Raw message={message} />}
        {shown === 'note' && <Note message={message} />}
      </div>
    </>
  );
}

function CopyMenu({ message }: { readonly message: Message }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          Copy
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {copies(message).map(({ label, text }) => (
          <Menu.Item key={label} onClick={() => void copyText(text, `${label} copied`)}>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
