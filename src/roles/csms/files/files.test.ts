import { existsSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testCsms } from '../../../../test/support/csms.ts';
import { safeName } from './file-place.ts';
import { multipartFile } from './multipart-file.ts';

describe('the file place', () => {
  let csms: Awaited<ReturnType<typeof testCsms>>;
  beforeAll(async () => {
    csms = await testCsms({ files: { maxFileBytes: 1_000, maxTotalBytes: 3_000, maxFiles: 4 } });
  });
  afterAll(() => csms.end());

  const open = async (purpose: string, station?: string) =>
    (await csms.call('POST', '/files', { purpose, ...(station === undefined ? {} : { station }) })).body;
  const put = (url: string, body: string, init: RequestInit = {}) => fetch(url, { method: 'PUT', body, ...init });

  it('takes uploads by PUT and POST, to the directory and to a file', async () => {
    const slot = await open('upload', 'CS-1');
    expect(slot.url).toMatch(new RegExp(`^${csms.base}/files/[0-9a-f]{32}/$`));
    expect((await put(`${slot.url}diag.zip`, 'one')).status).toBe(201);
    expect((await put(`${slot.url}deep/er/log.txt`, 'two', { method: 'POST' })).status).toBe(201);
    expect(
      (await put(slot.url, 'three', { headers: { 'content-disposition': 'attachment; filename="d 3.log"' } })).status,
    ).toBe(201);
    expect((await put(slot.url.replace(/\/$/, ''), 'four', { method: 'POST' })).status).toBe(201);
    const { body } = await csms.call('GET', `/files/${slot.slot}`);
    expect(body.files.map((file: { name: string }) => file.name)).toEqual(['diag.zip', 'log.txt', 'd_3.log', 'upload']);
    expect(body.files[0]).toMatchObject({ lengthBytes: 3, href: `/api/v1/files/${slot.slot}/diag.zip` });
    expect(await (await fetch(`${csms.base}${body.files[0].href}`)).text()).toBe('one');
    expect((await csms.call('GET', '/files?station=CS-1')).body.items).toHaveLength(1);
    expect((await csms.call('GET', '/files?station=CS-2')).body.items).toEqual([]);
  });

  it('takes a body without content type, as small clients send it', async () => {
    const { url, slot } = await open('upload');
    const status = await new Promise((resolve) => {
      const sending = request(`${url}bare.log`, { method: 'PUT' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.removeHeader('content-type');
      sending.end('bare');
    });
    expect(status).toBe(201);
    expect((await csms.call('GET', `/files/${slot}`)).body.files[0]).toMatchObject({
      name: 'bare.log',
      lengthBytes: 4,
    });
  });

  it('takes the file of a form', async () => {
    const { url, slot } = await open('upload');
    const form = new FormData();
    form.set('comment', 'nothing');
    form.set('file', new Blob(['log line\r\n--not the end']), '../../form.log');
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(201);
    const { files } = (await csms.call('GET', `/files/${slot}`)).body;
    expect(files).toHaveLength(1);
    expect(files[0].name).toBe('form.log');
    expect(await (await fetch(`${csms.base}${files[0].href}`)).text()).toBe('log line\r\n--not the end');
  });

  it('bounds each file and all together, and keeps no rest of a refused one', async () => {
    const { url, slot } = await open('upload');
    const refused = await put(`${url}big`, 'x'.repeat(1_001));
    expect(refused.status).toBe(413);
    expect(((await refused.json()) as { code: string }).code).toBe('PAYLOAD_TOO_LARGE');
    expect((await put(`${url}fits-1`, 'x'.repeat(1_000))).status).toBe(201);
    expect((await put(`${url}fits-2`, 'x'.repeat(1_000))).status).toBe(201);
    expect((await put(`${url}fits-3`, 'x'.repeat(1_000))).status).toBe(413);
    expect(readdirSync(join(csms.folder, 'files', slot)).sort()).toEqual(['fits-1', 'fits-2']);
    await csms.call('DELETE', `/files/${slot}`);
    expect(existsSync(join(csms.folder, 'files', slot))).toBe(false);
  });

  it('stays in its folder whatever the name, and knows nothing of guessed addresses', async () => {
    const { url, slot } = await open('upload');
    expect((await put(`${url}..%2F..%2Fescape`, 'x')).status).toBe(201);
    expect((await put(`${url}%252e%252e%252fagain`, 'x')).status).toBe(201);
    expect(readdirSync(join(csms.folder, 'files', slot)).sort()).toEqual(['again', 'escape']);
    expect((await put(`${csms.base}/files/${'0'.repeat(32)}/x`, 'x')).status).toBe(404);
    expect((await fetch(`${url}escape`)).status).toBe(404);
  });

  it('hands out firmware, and only that', async () => {
    const made = await fetch(`${csms.base}/api/v1/firmware/fw-1.2.bin`, { method: 'PUT', body: 'firmware' });
    expect(made.status).toBe(201);
    const slot = (await made.json()) as { url: string; files: { url: string }[] };
    const fetched = await fetch(slot.files[0]?.url ?? '');
    expect(await fetched.text()).toBe('firmware');
    expect(fetched.headers.get('content-length')).toBe('8');
    expect((await put(`${slot.url}other.bin`, 'x')).status).toBe(403);
  });

  it('lets the oldest address go when there are too many', async () => {
    const first = await open('upload');
    for (let n = 0; n < 4; n++) await open('upload');
    expect((await csms.call('GET', `/files/${first.slot}`)).body.code).toBe('NOT_FOUND');
    expect((await csms.call('GET', '/files')).body.items).toHaveLength(4);
  });
});

describe('names and forms', () => {
  it('flattens names', () => {
    expect(['a/b/c.log', '..', '.hidden', 'ä b.log', '', 'C:\\logs\\x.zip'].map(safeName)).toEqual([
      'c.log',
      'upload',
      'hidden',
      'b.log',
      'upload',
      'x.zip',
    ]);
  });

  it('reads a form that comes byte by byte', async () => {
    const text =
      '--B\r\ncontent-disposition: form-data; name="f"; filename="x.log"\r\n\r\nhello\r\n-- you\r\n--B--\r\n';
    const bytes = Readable.from([...Buffer.from(text)].map((byte) => Buffer.from([byte])));
    const { name, content } = await multipartFile(bytes, 'B');
    expect(name).toBe('x.log');
    expect(Buffer.concat(await content.toArray()).toString()).toBe('hello\r\n-- you');
  });

  it('says that a form holds no file, or ends inside it', async () => {
    const form = (text: string) => multipartFile(Readable.from([Buffer.from(text)]), 'B');
    await expect(form('--B\r\ncontent-disposition: form-data; name="f"\r\n\r\nhello\r\n--B--\r\n')).rejects.toThrow(
      'no file',
    );
    const cut = await form('--B\r\ncontent-disposition: form-data; name="f"; filename="x"\r\n\r\nhello');
    await expect(cut.content.toArray()).rejects.toThrow('ends inside');
  });
});
