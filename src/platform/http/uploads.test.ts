import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { SystemIds } from '../../core/ids.ts';
import { UploadFolder } from './uploads.ts';

const folderOf = (): string => mkdtempSync(join(tmpdir(), 'compote-uploads-'));

describe('an upload folder', () => {
  it('gives back what was stored, and forgets what was removed', async () => {
    const files = new UploadFolder(folderOf(), new SystemIds());
    await files.store('log-1.txt', Readable.from(['hello ', 'world']));
    const { file, content } = await files.open('log-1.txt');
    expect([file.lengthBytes, await text(content)]).toEqual([11, 'hello world']);
    await files.remove('log-1.txt');
    await expect(files.open('log-1.txt')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it.each(['../evil', '..', 'a/b', 'a\\b', '.hidden', '', 'nul\u0000', 'x'.repeat(200)])(
    'never leaves its folder: %j is refused',
    async (name) => {
      const folder = folderOf();
      const files = new UploadFolder(folder, new SystemIds());
      await expect(files.store(name, Readable.from(['x']))).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
      await expect(files.open(name)).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it('refuses what is too long, alone or together, and leaves no part of it', async () => {
    const folder = folderOf();
    const files = new UploadFolder(folder, new SystemIds(), { maxFileBytes: 10, maxTotalBytes: 15 });
    await expect(files.store('a', Readable.from(['x'.repeat(11)]))).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
    });
    await files.store('b', Readable.from(['x'.repeat(10)]));
    await expect(files.store('c', Readable.from(['x'.repeat(6)]))).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(readdirSync(folder)).toEqual(['b']);
  });
});
