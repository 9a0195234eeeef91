import Type from 'typebox';
import { CompoteError } from '../core/errors.ts';
import { readIfThere, writeWhole } from '../storage/whole-file.ts';
import { type Route, route } from './http/route.ts';
import { oneOf } from './schema/words.ts';

/** Where a service may take one of its peers from. */
export interface PeerDeclaration {
  /** `hub` */
  readonly peer: string;
  /** The key of the configuration that names it: `csms.oicp.hubUrl`. */
  readonly key: string;
  /** What the configuration says there. */
  readonly configured: string | undefined;
  /** Where the one of this world answers, as long as it is known. */
  ours(): string | undefined;
}

export interface PeerView {
  readonly peer: string;
  readonly key: string;
  readonly url?: string;
  readonly source: 'chosen' | 'configuration' | 'ours' | 'none';
}

/**
 * The address of a peer, which can be changed while the service runs: what somebody chose here, else the configuration, else
 * the service of this world. The choice is kept in the service's own data folder (decision 43).
 */
export class ChosenPeer {
  readonly declared: PeerDeclaration;
  readonly #file: string;
  #chosen: string | undefined;

  constructor(file: string, declared: PeerDeclaration) {
    this.#file = file;
    this.declared = declared;
    this.#chosen = readChoice(file, declared.peer);
  }

  get url(): string | undefined {
    return this.#chosen ?? this.declared.configured ?? this.declared.ours();
  }

  /** Whether it is the one of this world, which records the hop itself. */
  get isOurs(): boolean {
    const ours = this.declared.ours();
    return ours !== undefined && originOf(this.url) === originOf(ours);
  }

  get view(): PeerView {
    const { peer, key, configured } = this.declared;
    const source =
      this.#chosen !== undefined ? 'chosen' : configured !== undefined ? 'configuration' : this.url ? 'ours' : 'none';
    return { peer, key, ...(this.url === undefined ? {} : { url: this.url }), source };
  }

  /** @param url none: back to the configuration */
  choose(url: string | undefined): void {
    this.#chosen = url;
    writeWhole(this.#file, JSON.stringify(url === undefined ? {} : { [this.declared.peer]: url }));
  }
}

function originOf(url: string | undefined): string | undefined {
  return url === undefined || !URL.canParse(url) ? undefined : new URL(url).origin;
}

function readChoice(file: string, peer: string): string | undefined {
  const text = readIfThere(file);
  if (text === undefined) return undefined;
  try {
    const url = (JSON.parse(text) as Readonly<Record<string, unknown>>)[peer];
    return typeof url === 'string' ? url : undefined;
  } catch (cause) {
    throw new CompoteError('STORAGE_UNUSABLE', {
      detail: `${file} is not JSON, so it is not known which ${peer} was chosen`,
      hint: 'Correct it, or delete it to go back to the configuration.',
      cause,
    });
  }
}

const Peer = Type.Object({
  peer: Type.String(),
  key: Type.String({ description: 'The key of the configuration that names it.' }),
  url: Type.Optional(Type.String({ description: 'Where it is called now.' })),
  source: oneOf(['chosen', 'configuration', 'ours', 'none'], {
    description: '`chosen` by this interface, by the `configuration`, or `ours`: the service of this world.',
  }),
});

/** Which peer a service talks to, and another one without a restart. For the prefix `/api/v1`. */
export function peerRoutes(chosen: ChosenPeer): Route[] {
  const { peer } = chosen.declared;
  return [
    route({
      method: 'GET',
      path: '/peers',
      summary: 'Whom this service calls, and who says so',
      tags: ['service'],
      response: Type.Object({ items: Type.Array(Peer) }),
      handler: () => ({ items: [chosen.view] }),
    }),
    route({
      method: 'PUT',
      path: `/peers/${peer}`,
      summary: 'Call another one from now on',
      description:
        'Holds from the next call on and over restarts, before the configuration. Without `url` back to the configuration.',
      tags: ['service'],
      access: 'admin',
      body: Type.Object(
        {
          url: Type.Optional(
            Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 500, description: 'Its base address.' }),
          ),
        },
        { additionalProperties: false },
      ),
      response: Peer,
      handler: ({ body }) => {
        chosen.choose(body.url);
        return chosen.view;
      },
    }),
  ];
}
