import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import Type from 'typebox';
import { CompoteError } from '../../../core/errors.ts';
import { Answer, Download } from '../../../platform/http/answers.ts';
import { type Route, rawRoute, route } from '../../../platform/http/route.ts';
import type { FilePlace } from './file-place.ts';
import { fileNameOf, multipartBoundary, multipartFile } from './multipart-file.ts';

const slotPath = Type.Object({ slot: Type.String() });
const filePath = Type.Object({ slot: Type.String(), rest: Type.String() });

/**
 * The doors for stations: uploads by PUT or POST to a slot's directory address or to a file below it (1.6 §5.4, 2.x
 * N01.FR.18 wants both methods), downloads of firmware by GET. Who knows the random part may use it; nothing is listed.
 */
export function stationFileRoutes(files: FilePlace): Route[] {
  const upload = async (slot: string, named: string, headers: IncomingHttpHeaders, body: Readable): Promise<Answer> => {
    if (files.slot(slot).purpose !== 'upload')
      throw new CompoteError('FORBIDDEN', { detail: 'firmware is only downloaded from here' });
    const boundary = multipartBoundary(headers['content-type']);
    const part = boundary === undefined ? undefined : await multipartFile(body, boundary);
    const said = fileNameOf(`content-disposition: ${headers['content-disposition'] ?? ''}`);
    const name = named === '' ? (part?.name ?? said ?? 'upload') : decoded(named);
    const { lengthBytes, ...file } = await files.store(slot, name, part?.content ?? body);
    return new Answer(201, { name: file.name, lengthBytes });
  };
  const uploads = (['PUT', 'POST'] as const).flatMap((method) => [
    rawRoute({
      method,
      path: '/files/{slot}',
      summary: 'Upload to a directory',
      access: 'public',
      reads: 'stream',
      params: slotPath,
      handler: ({ params, headers, body }) => upload(params.slot, '', headers, body),
    }),
    rawRoute({
      method,
      path: '/files/{slot}/{rest*}',
      summary: 'Upload a file',
      access: 'public',
      reads: 'stream',
      params: filePath,
      handler: ({ params, headers, body }) => upload(params.slot, params.rest, headers, body),
    }),
  ]);
  return [
    ...uploads,
    route({
      method: 'GET',
      path: '/files/{slot}/{rest*}',
      summary: 'Download firmware',
      access: 'public',
      params: filePath,
      async handler({ params: { slot, rest } }) {
        if (files.slot(slot).purpose !== 'firmware')
          throw new CompoteError('NOT_FOUND', { detail: 'there is no such file address' });
        const { file, content } = await files.read(slot, decoded(rest));
        return new Download({
          contentType: 'application/octet-stream',
          fileName: file.name,
          chunks: content,
          lengthBytes: file.lengthBytes,
        });
      },
    }),
  ];
}

/** The router decodes the path once; a name that still has an escape was encoded twice by its sender. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
