import Type, { type Static } from 'typebox';
import { isoTime } from '../../../core/time.ts';
import { created, Download } from '../../../platform/http/answers.ts';
import { pageOf, pageQuery } from '../../../platform/http/paging.ts';
import { type Route, rawRoute, route } from '../../../platform/http/route.ts';
import { oneOf } from '../../../platform/schema/words.ts';
import type { FilePlace, FileSlot } from '../files/file-place.ts';

const purpose = oneOf(['upload', 'firmware'], {
  description: '`upload`: stations put logs there. `firmware`: stations fetch it there.',
});

const SlotView = Type.Object({
  slot: Type.String({ description: 'The random part of the address.' }),
  purpose,
  station: Type.Optional(Type.String()),
  createdAt: Type.String(),
  url: Type.String({ description: 'What a station is told.' }),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      lengthBytes: Type.Integer(),
      changedAt: Type.String(),
      url: Type.String({ description: 'Where a station fetches it; users fetch it from `href`.' }),
      href: Type.String(),
    }),
  ),
});

const slotParams = Type.Object({ slot: Type.String() });
const fileParams = Type.Object({ slot: Type.String(), name: Type.String() });

/** The file place, for users: what stations uploaded, and firmware for them. */
export function fileRoutes(files: FilePlace): Route[] {
  const tags = ['Files'];
  const view = ({ slot, purpose: kind, station, createdAt, files: stored }: FileSlot): Static<typeof SlotView> => ({
    slot,
    purpose: kind,
    ...(station === undefined ? {} : { station }),
    createdAt: isoTime(createdAt),
    url: files.urlOf(slot),
    files: stored.map(({ name, lengthBytes, changed }) => ({
      name,
      lengthBytes,
      changedAt: isoTime(changed),
      url: files.urlOf(slot, name),
      href: `/api/v1/files/${slot}/${encodeURIComponent(name)}`,
    })),
  });
  return [
    route({
      method: 'GET',
      path: '/files',
      summary: 'Addresses that stations were given, with their files',
      description: 'The newest first.',
      tags,
      query: Type.Object({ ...pageQuery, station: Type.Optional(Type.String()), purpose: Type.Optional(purpose) }),
      response: pageOf(SlotView),
      handler({ query: { station, purpose: kind, limit = 100, cursor } }) {
        const where = {
          ...(station === undefined ? {} : { station }),
          ...(kind === undefined ? {} : { purpose: kind }),
        };
        const { items, next } = files.list(where, limit, cursor);
        return { items: items.map(view), ...(next === undefined ? {} : { next }) };
      },
    }),
    route({
      method: 'POST',
      path: '/files',
      summary: 'Make an address',
      description: 'The commands get-log and update-firmware make one by themselves.',
      tags,
      body: Type.Object({ purpose, station: Type.Optional(Type.String()) }, { additionalProperties: false }),
      response: SlotView,
      status: 201,
      handler({ body }) {
        const slot = files.open(body.purpose, body.station);
        return created(`/api/v1/files/${slot.slot}`, view(slot));
      },
    }),
    rawRoute({
      method: 'PUT',
      path: '/firmware/{name}',
      summary: 'Upload a firmware file for stations',
      description: 'Makes a new address with this file. The command update-firmware finds it by `file`.',
      tags,
      reads: 'stream',
      consumes: 'application/octet-stream',
      params: Type.Object({ name: Type.String() }),
      response: SlotView,
      status: 201,
      problems: ['PAYLOAD_TOO_LARGE'],
      async handler({ params, body }) {
        const { slot } = files.open('firmware');
        try {
          await files.store(slot, params.name, body);
        } catch (cause) {
          files.removeSlot(slot);
          throw cause;
        }
        return created(`/api/v1/files/${slot}`, view(files.slot(slot)));
      },
    }),
    route({
      method: 'GET',
      path: '/files/{slot}',
      summary: 'One address',
      tags,
      params: slotParams,
      response: SlotView,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => view(files.slot(params.slot)),
    }),
    route({
      method: 'DELETE',
      path: '/files/{slot}',
      summary: 'Remove an address and its files',
      tags,
      params: slotParams,
      problems: ['NOT_FOUND'],
      handler: ({ params }) => files.removeSlot(params.slot),
    }),
    rawRoute({
      method: 'PUT',
      path: '/files/{slot}/{name}',
      summary: 'Put a file there',
      tags,
      reads: 'stream',
      consumes: 'application/octet-stream',
      params: fileParams,
      response: SlotView,
      problems: ['NOT_FOUND', 'PAYLOAD_TOO_LARGE', 'CONFLICT'],
      async handler({ params: { slot, name }, body }) {
        await files.store(slot, name, body);
        return view(files.slot(slot));
      },
    }),
    route({
      method: 'GET',
      path: '/files/{slot}/{name}',
      summary: 'Fetch a file',
      tags,
      params: fileParams,
      produces: 'application/octet-stream',
      problems: ['NOT_FOUND'],
      async handler({ params: { slot, name } }) {
        const { file, content } = await files.read(slot, name);
        return new Download({
          contentType: 'application/octet-stream',
          fileName: file.name,
          chunks: content,
          lengthBytes: file.lengthBytes,
        });
      },
    }),
    route({
      method: 'DELETE',
      path: '/files/{slot}/{name}',
      summary: 'Remove a file',
      tags,
      params: fileParams,
      problems: ['NOT_FOUND'],
      handler: ({ params: { slot, name } }) => files.remove(slot, name),
    }),
  ];
}
