import { useEffect, useState } from 'react';
import { api, apiPath, type ProblemDocument } from '../../api/client.ts';
import { problemOf } from '../../api/problem-of.ts';
import { useGet } from '../../api/queries.ts';
import type { Message } from '../../api/shapes.ts';
import type { ActionInfo } from '../stations/command-list.tsx';
import type { SendResult } from './answer-panel.tsx';
import type { Mutator } from './mutators.ts';
import { type ComposeWorld, mayNotSpeak, pairOf, partnerOf } from './parties.ts';
import { useActionSchema, useDraft, useVerdict } from './use-draft.ts';

/** What is being composed: a place in the address of the page, or kept by the drawer. */
export type ComposePlace = Readonly<Record<string, string | undefined>>;

export interface Sent {
  readonly answer?: SendResult;
  readonly problem?: ProblemDocument;
  readonly applied: readonly Mutator[];
}

/** The message that is written, what is known about it, and sending it. */
export function useComposing(place: ComposePlace, world: ComposeWorld, base: Message | undefined) {
  const from = place['from'] ?? base?.from.id ?? (world.scope === 'emp' ? 'emp' : 'csms');
  const to = place['to'] ?? base?.to.id ?? partnerOf(from, world);
  const pair = pairOf(from, to);
  const station = pair.proto === 'ocpp' ? world.stations.find(({ id }) => id === pair.station) : undefined;
  const ver = pair.proto === 'oicp' ? '2.3' : (place['ver'] ?? station?.version ?? base?.version);
  const action = place['action'] ?? base?.action ?? '';
  const isSimulated = pair.proto === 'ocpp' && world.simulated.has(pair.station);
  const mode = modeOf(pair, place['mode'], isSimulated);
  const actions = useActionsBetween(pair.proto, ver, from, to);
  const info = actions?.find((each) => each.action === action);
  const schema = useActionSchema(pair.proto, ver, action, info?.kinds, to);
  const draft = useDraft(
    schema.data,
    `${ver} ${action} ${to === 'csms' || from === 'csms' ? '' : `${from} ${to}`} ${base?.seq ?? ''}`,
    base?.action === action ? base?.payload : undefined,
  );
  const kind = info?.kinds.includes('send') === true ? 'send' : 'request';
  const verdict = useVerdict({
    proto: pair.proto,
    ver,
    action,
    payload: draft.ready ? draft.value : undefined,
    to,
    kind,
  });
  const [invalid, setInvalid] = useState(false);
  const [applied, setApplied] = useState<readonly Mutator[]>([]);
  const [raw, setRaw] = useState<string>();
  const [sending, setSending] = useState(false);
  const [result, setResult] = useState<Sent>();
  const disconnected = station?.link === 'disconnected';

  // biome-ignore lint/correctness/useExhaustiveDependencies: another action begins anew
  useEffect(() => {
    setApplied([]);
    setRaw(undefined);
    setResult(undefined);
  }, [action, from, to]);

  const errors = (verdict?.schema ?? []).filter((remark) => remark.severity === 'error');
  const forbidden = mayNotSpeak(from, mode, world);
  const blocked =
    forbidden !== undefined ||
    action === '' ||
    pair.proto === undefined ||
    (pair.proto === 'ocpp' && pair.towardsStation && disconnected) ||
    sending ||
    (!invalid && (errors.length > 0 || draft.error !== undefined));
  const frameOf = (id: string): unknown[] => [kind === 'send' ? 6 : 2, id, action, draft.value ?? {}];

  const request = (): Record<string, unknown> => ({
    from,
    to,
    proto: pair.proto,
    ...(ver === undefined || (mode === 'wire' && pair.proto === 'ocpp') ? {} : { ver }),
    action,
    mode,
    ...content(),
    ...(invalid ? { allowInvalid: true } : {}),
  });
  const content = (): Record<string, unknown> => {
    if (raw !== undefined) return { raw };
    // On its own socket a station says whatever text it is given.
    const asText = pair.proto === 'ocpp' && !pair.towardsStation && mode === 'wire';
    return asText ? { raw: JSON.stringify(frameOf(newId())) } : { payload: draft.value };
  };
  const send = async (): Promise<void> => {
    if (blocked) return;
    setSending(true);
    try {
      const answer = await api.post<SendResult>(apiPath('/send'), request());
      if (base !== undefined && answer.seq !== undefined && answer.seq > 0)
        await api.patch(apiPath(`/messages/${answer.seq}`), { basedOn: base.seq });
      setResult({ answer, applied });
    } catch (thrown) {
      setResult({ problem: problemOf(thrown), applied });
    } finally {
      setSending(false);
    }
  };
  /** Puts a fault in; answers whether it is one of the whole frame. */
  const mutate = (mutator: Mutator): 'frame' | 'payload' | undefined => {
    if (schema.data === undefined) return undefined;
    const mutated = mutator.apply({
      payload: draft.value,
      schema: schema.data.schema,
      action,
      messageId: newId(),
    });
    if (mutated === undefined) return undefined;
    setApplied([...applied.filter((each) => each.id !== mutator.id), mutator]);
    if ('raw' in mutated) {
      setRaw(mutated.raw);
      return 'frame';
    }
    draft.setValue(mutated.payload);
    return 'payload';
  };
  const beInvalid = (on: boolean): void => {
    setInvalid(on);
    if (on) return;
    setRaw(undefined);
    setApplied([]);
  };
  return {
    from,
    to,
    pair,
    station,
    ver,
    action,
    mode,
    kind,
    isSimulated,
    disconnected,
    actions,
    info,
    schema,
    draft,
    verdict,
    invalid,
    beInvalid,
    applied,
    mutate,
    raw,
    setRaw,
    frameOf,
    blocked,
    forbidden,
    sending,
    request,
    send,
    result,
  };
}

export type Composing = ReturnType<typeof useComposing>;

function modeOf(pair: ReturnType<typeof pairOf>, wanted: string | undefined, isSimulated: boolean): 'wire' | 'inbound' {
  if (pair.proto === 'oicp') return wanted === 'inbound' ? 'inbound' : 'wire';
  if (pair.proto === 'ocpp' && !pair.towardsStation) return wanted === 'wire' && isSimulated ? 'wire' : 'inbound';
  return 'wire';
}

function useActionsBetween(
  proto: 'ocpp' | 'oicp' | undefined,
  ver: string | undefined,
  from: string,
  to: string,
): readonly ActionInfo[] | undefined {
  const query =
    proto === 'oicp'
      ? { proto, from, to }
      : proto === 'ocpp' && ver !== undefined
        ? { ver, from: from === 'csms' ? 'csms' : 'station' }
        : undefined;
  return useGet<{ readonly items: readonly ActionInfo[] }>(query === undefined ? undefined : apiPath('/actions', query))
    .data?.items;
}

/** Also where the page has no secure context, and with it no `randomUUID`. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
