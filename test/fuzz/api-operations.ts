import type { SchemaNode } from './schema-node.ts';

/** A document of a service, by where it is read. */
export interface FuzzedDocument {
  readonly service: string;
  readonly baseUrl: string;
  /** Path of `openapi.json`. */
  readonly path: string;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: SchemaNode;
}

/** One operation as its service's OpenAPI document declares it. */
export interface ApiOperation {
  readonly service: string;
  readonly baseUrl: string;
  readonly method: string;
  readonly path: string;
  readonly description: string;
  /** `rest` answers problems of ours; `oicp` and `pools` answer as their protocols prescribe. */
  readonly speaks: 'rest' | 'oicp' | 'pools';
  /** The document, which references start from. */
  readonly root: object;
  readonly parameters: readonly Parameter[];
  readonly body:
    | {
        readonly contentType: string;
        readonly schema: SchemaNode;
        readonly required: boolean;
        /** The document's own, which names parties that exist. */
        readonly example?: unknown;
      }
    | undefined;
  /** Successes by status; undefined: no JSON. */
  readonly successes: ReadonlyMap<number, SchemaNode | undefined>;
  /** Statuses of the declared problems with their codes. */
  readonly problems: ReadonlyMap<number, readonly string[]>;
}

interface DeclaredOperation {
  readonly description?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: SchemaNode; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<
    Record<
      string,
      { readonly description?: string; readonly content?: Readonly<Record<string, { schema: SchemaNode }>> }
    >
  >;
}

/** Reads the documents of running services. */
export async function readOperations(documents: readonly FuzzedDocument[]): Promise<ApiOperation[]> {
  const read = await Promise.all(
    documents.map(async (document) => {
      const response = await fetch(document.baseUrl + document.path);
      if (!response.ok) throw new Error(`${document.service}${document.path} answers ${response.status}`);
      const root = (await response.json()) as { paths: Record<string, Record<string, DeclaredOperation>> };
      return Object.entries(root.paths).flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, declared]) => operationOf(document, root, method, path, declared)),
      );
    }),
  );
  return read.flat();
}

export function operationOf(
  { service, baseUrl, path: documentPath }: FuzzedDocument,
  root: object,
  method: string,
  path: string,
  declared: DeclaredOperation,
): ApiOperation {
  const [content] = Object.entries(declared.requestBody?.content ?? {});
  const answers = Object.entries(declared.responses).map(([status, answer]) => [Number(status), answer] as const);
  return {
    service,
    baseUrl,
    method: method.toUpperCase(),
    path,
    description: declared.description ?? '',
    speaks: /^\/(api\/)?oicp\//.test(path)
      ? 'oicp'
      : service === 'trust' && documentPath === '/openapi.json'
        ? 'pools'
        : 'rest',
    root,
    parameters: declared.parameters ?? [],
    body:
      content === undefined
        ? undefined
        : {
            contentType: content[0],
            schema: content[1].schema,
            required: declared.requestBody?.required === true,
            example: content[1].example,
          },
    successes: new Map(
      answers
        .filter(([status]) => status < 400)
        .map(([status, answer]) => [status, answer.content?.['application/json']?.schema]),
    ),
    problems: new Map(
      answers
        .filter(([status]) => status >= 400)
        .map(([status, { description = '' }]) => [
          status,
          [...description.matchAll(/`([A-Z_]+)`:/g)].map(([, code]) => code ?? ''),
        ]),
    ),
  };
}
