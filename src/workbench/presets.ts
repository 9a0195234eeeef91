import { mkdirSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { CompoteError, systemCodeOf } from '../core/errors.ts';
import { type Route, route } from '../platform/http/route.ts';
import { writeWhole } from '../storage/whole-file.ts';

const fields = {
  name: Type.String({ minLength: 1, maxLength: 100 }),
  ver: Type.String({ maxLength: 20 }),
  action: Type.String({ minLength: 1, maxLength: 100 }),
  payload: Type.Unknown(),
};
const PresetBody = Type.Object(fields, { additionalProperties: false });
const PresetView = Type.Object({ id: Type.String(), ...fields });
type Preset = Static<typeof PresetBody>;

const params = Type.Object({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,63}$', description: 'Lower case letters, digits and hyphens.' }),
});
const MAX_PRESETS = 1_000;

/** Messages worth keeping: one JSON file each in a folder, so that they can be put into a repository. */
export class PresetFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  async list(): Promise<Static<typeof PresetView>[]> {
    const names = (await readdir(this.#folder)).filter((name) => /^[a-z0-9][a-z0-9-]*\.json$/.test(name)).sort();
    const read = await Promise.all(names.slice(0, MAX_PRESETS).map((name) => this.#read(name.slice(0, -5))));
    return read.filter((preset) => preset !== undefined);
  }

  async put(id: string, preset: Preset): Promise<void> {
    if ((await readdir(this.#folder)).length >= MAX_PRESETS)
      throw new CompoteError('CONFLICT', { detail: `there are ${MAX_PRESETS} presets`, hint: 'Delete some first.' });
    const file = join(this.#folder, `${id}.json`);
    writeWhole(file, `${JSON.stringify(preset, null, 2)}\n`, 0o644);
  }

  async delete(id: string): Promise<void> {
    await rm(join(this.#folder, `${id}.json`)).catch((cause: unknown) => {
      if (systemCodeOf(cause) === 'ENOENT') throw new CompoteError('NOT_FOUND', { detail: `there is no preset ${id}` });
      throw cause;
    });
  }

  /** A file that somebody spoilt is left out: one bad preset must not hide the others. */
  async #read(id: string): Promise<Static<typeof PresetView> | undefined> {
    try {
      const { name, ver, action, payload } = JSON.parse(
        await readFile(join(this.#folder, `${id}.json`), 'utf8'),
      ) as Preset;
      return typeof name === 'string' && typeof action === 'string'
        ? { id, name, ver: String(ver), action, payload }
        : undefined;
    } catch {
      return undefined;
    }
  }
}

export function presetRoutes(presets: PresetFolder): Route[] {
  const tags = ['presets'];
  return [
    route({
      method: 'GET',
      path: '/presets',
      summary: 'Messages that were kept for sending',
      tags,
      response: Type.Object({ items: Type.Array(PresetView) }),
      handler: async () => ({ items: await presets.list() }),
    }),
    route({
      method: 'PUT',
      path: '/presets/{id}',
      summary: 'Keep a message for sending',
      tags,
      params,
      body: PresetBody,
      response: PresetView,
      problems: ['CONFLICT'],
      async handler({ params: { id }, body }) {
        await presets.put(id, body);
        return { id, ...body };
      },
    }),
    route({
      method: 'DELETE',
      path: '/presets/{id}',
      summary: 'Forget a kept message',
      tags,
      params,
      problems: ['NOT_FOUND'],
      handler: ({ params: { id } }) => presets.delete(id),
    }),
  ];
}
