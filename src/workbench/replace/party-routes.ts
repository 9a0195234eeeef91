import Type from 'typebox';
import type { Clock } from '../../core/clock.ts';
import { CompoteError, messageOf } from '../../core/errors.ts';
import type { LoadedConfig } from '../../platform/config/load-config.ts';
import { type Route, route } from '../../platform/http/route.ts';
import { oneOf } from '../../platform/schema/words.ts';
import type { Forwarder } from '../forward.ts';
import type { Services } from '../services.ts';
import { reach } from './reach.ts';
import type { Replacement, Replacements } from './replacements.ts';
import { configLines, configured, REPLACEABLE, type Replaceable, type Switch } from './switches.ts';
import { toEnter } from './to-enter.ts';

export interface PartyApi {
  readonly services: Services;
  readonly forwarder: Forwarder;
  readonly replacements: Replacements;
  readonly config: LoadedConfig;
  readonly clock: Clock;
  /** The picture of the world is another one. */
  readonly changed: () => void;
}

const tags = ['world'];
const params = Type.Object({ id: oneOf(REPLACEABLE.map(({ id }) => id)) });
const address = Type.String({ minLength: 1, maxLength: 500, description: 'Of somebody else’s system.' });
const oicpAddress = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'Of a CSMS: where it takes OICP (`http://` or `https://`), beside its door for stations.',
});

const Party = Type.Object({
  id: Type.String(),
  name: Type.String(),
  mode: oneOf(['simulated', 'real', 'off'], { description: '`off`: nobody plays it.' }),
  address: Type.Optional(address),
  oicpAddress: Type.Optional(oicpAddress),
  example: Type.String({ description: 'What an address looks like.' }),
  switches: Type.Array(
    Type.Object({
      service: Type.String(),
      key: Type.String({ description: 'The key of the configuration that says it.' }),
      live: Type.Boolean({ description: 'Changes while the service runs, and stays over restarts.' }),
      lines: Type.Optional(
        Type.String({ description: 'Not yet in force: these lines in the configuration, then a restart.' }),
      ),
      problem: Type.Optional(Type.String({ description: 'Why the service was not told.' })),
    }),
    { description: 'Which of our services call it, and whether they do so now.' },
  ),
  enter: Type.Array(Type.Object({ label: Type.String(), value: Type.String(), note: Type.Optional(Type.String()) }), {
    description: 'What to enter into the other system.',
  }),
});

const Step = Type.Object({
  step: oneOf(['name', 'connection', 'tls', 'answer']),
  ok: Type.Boolean(),
  text: Type.String(),
  hint: Type.Optional(Type.String()),
  ms: Type.Number(),
});

/** Parties that are ours or somebody else's: which, where, and what each side has to know of the other. */
export function partyRoutes(api: PartyApi): Route[] {
  const { replacements, services, forwarder } = api;
  const view = (party: Replaceable, problems: ReadonlyMap<Switch, string> = new Map()) => {
    const now = replacements.of(party);
    const mode = now !== undefined ? 'real' : services.healthOf(party.service) === 'off' ? 'off' : 'simulated';
    return {
      id: party.id,
      name: party.name,
      mode: mode as 'simulated' | 'real' | 'off',
      ...now,
      example: party.example,
      switches: party.switches.map((each) => switchView(api, each, now, problems.get(each))),
      enter: toEnter(party.id, api.config, (name) => services.states.find((state) => state.name === name)?.url),
    };
  };
  return [
    route({
      method: 'GET',
      path: '/parties',
      summary: 'Which parties are simulated, which are somebody else’s systems, and how to replace one',
      tags,
      response: Type.Object({ items: Type.Array(Party) }),
      async handler() {
        await services.look();
        return { items: REPLACEABLE.map((party) => view(party)) };
      },
    }),
    route({
      method: 'PATCH',
      path: '/parties/{id}',
      summary: 'Let somebody else’s system stand for a party, or ours again',
      description:
        'Services that can change while they run are told at once and keep it over restarts; for the others the answer has the lines of the configuration.',
      tags,
      access: 'admin',
      params,
      body: Type.Object(
        {
          mode: oneOf(['simulated', 'real'], { description: 'To have nobody, stop the service.' }),
          address: Type.Optional(address),
          oicpAddress: Type.Optional(oicpAddress),
        },
        { additionalProperties: false },
      ),
      response: Party,
      async handler({ params: { id }, body, token }) {
        const party = partyOf(id);
        const wanted = body.mode === 'real' ? replacementOf(party, body) : undefined;
        const problems = new Map<Switch, string>();
        for (const each of party.switches) {
          if (each.how === 'restart') continue;
          await tell(forwarder, each, party, wanted?.[each.takes], token).catch((cause: unknown) => {
            problems.set(each, messageOf(cause));
          });
        }
        replacements.set(party, wanted);
        await services.look();
        api.changed();
        return view(party, problems);
      },
    }),
    route({
      method: 'POST',
      path: '/parties/{id}/test',
      summary: 'Go the way to the system of a party step by step: name, connection, TLS, answer',
      tags,
      params,
      body: Type.Object({ address: Type.Optional(address) }, { additionalProperties: false }),
      response: Type.Object({ ok: Type.Boolean(), address: Type.String(), steps: Type.Array(Step) }),
      async handler({ params: { id }, body }) {
        const party = partyOf(id);
        const wanted = replacementOf(party, { address: body.address ?? replacements.of(party)?.address });
        const steps = await reach(wanted.address, api.clock);
        return { ok: steps.every(({ ok }) => ok), address: wanted.address, steps };
      },
    }),
  ];
}

function partyOf(id: string): Replaceable {
  const party = REPLACEABLE.find((each) => each.id === id);
  if (party === undefined) throw new CompoteError('NOT_FOUND', { detail: `there is no party ${id}` });
  return party;
}

/** @throws INVALID_REQUEST that names the field and what it should look like */
function replacementOf(
  party: Replaceable,
  {
    address: given,
    oicpAddress: oicp,
  }: { readonly address?: string | undefined; readonly oicpAddress?: string | undefined },
): Replacement {
  const wrong = (pointer: string, msg: string): CompoteError =>
    new CompoteError('INVALID_REQUEST', { fields: [{ pointer, msg }] });
  const check = (pointer: string, text: string, schemes: readonly string[], example: string): void => {
    if (!URL.canParse(text)) throw wrong(pointer, `is no address: give one like ${example}`);
    const url = new URL(text);
    if (!schemes.includes(url.protocol))
      throw wrong(
        pointer,
        `begins with ${url.protocol}// instead of ${schemes.join('// or ')}//, for example ${example}`,
      );
    if (url.username !== '' || url.password !== '')
      throw wrong(pointer, 'holds a user or a password: those belong into the configuration of the service that calls');
  };
  if (given === undefined) throw wrong('/address', `is missing: give one like ${party.example}`);
  check('/address', given, party.schemes, party.example);
  if (oicp === undefined) return { address: given };
  if (!party.switches.some(({ takes }) => takes === 'oicpAddress'))
    throw wrong('/oicpAddress', `is for a CSMS; the ${party.name} has one address`);
  check('/oicpAddress', oicp, ['http:', 'https:'], 'https://csms.example');
  return { address: given, oicpAddress: oicp };
}

async function tell(
  forwarder: Forwarder,
  { how, service }: Switch,
  party: Replaceable,
  url: string | undefined,
  token: string | undefined,
): Promise<void> {
  if (how === 'peer')
    await forwarder.call(service, 'PUT', `/api/v1/peers/${party.id}`, url === undefined ? {} : { url }, token);
  else await forwarder.call(service, 'PATCH', `/api/v1/hub/partners/${party.id}`, { baseUrl: url ?? null }, token);
}

function switchView(
  api: PartyApi,
  { service, key, how, takes }: Switch,
  now: Replacement | undefined,
  problem?: string,
) {
  const wanted = now?.[takes];
  const live = how !== 'restart';
  const isInForce = live || wanted === configured(api.config, key);
  return {
    service,
    key,
    live,
    ...(isInForce || wanted === undefined ? {} : { lines: configLines(key, wanted) }),
    ...(problem === undefined ? {} : { problem }),
  };
}
