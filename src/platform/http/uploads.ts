import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CompoteError, systemCodeOf } from '../../core/errors.ts';
import type { Ids } from '../../core/ids.ts';

export interface StoredFile {
  readonly name: string;
  readonly lengthBytes: number;
  /** Epoch milliseconds. */
  readonly changed: number;
}

/** One flat name: nothing that could leave the folder, be hidden, or mean something to a shell. */
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,159}$/;
const PART = '.part';

/**
 * A folder that peers may upload to and download from. File names are flat; a file appears under its name only when it
 * is complete; the number and size of files are bounded.
 */
export class UploadFolder {
  readonly #folder: string;
  readonly #ids: Ids;
  readonly #maxFileBytes: number;
  readonly #maxTotalBytes: number;

  constructor(folder: string, ids: Ids, limits: { maxFileBytes?: number; maxTotalBytes?: number } = {}) {
    this.#folder = folder;
    this.#ids = ids;
    this.#maxFileBytes = limits.maxFileBytes ?? 256 * 1024 * 1024;
    this.#maxTotalBytes = limits.maxTotalBytes ?? 2 * 1024 * 1024 * 1024;
    mkdirSync(folder, { recursive: true });
  }

  /** Stores a whole stream under `name`, replacing what is there. @throws PAYLOAD_TOO_LARGE, INVALID_REQUEST */
  async store(name: string, content: Readable): Promise<StoredFile> {
    const path = this.#path(name);
    const used = (await this.list()).reduce((sum, file) => sum + file.lengthBytes, 0);
    const limit = Math.min(this.#maxFileBytes, this.#maxTotalBytes - used);
    const part = join(this.#folder, `.${this.#ids.uuid()}${PART}`);
    let lengthBytes = 0;
    const bounded = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        lengthBytes += chunk.length;
        if (lengthBytes <= limit) return done(null, chunk);
        done(
          new CompoteError('PAYLOAD_TOO_LARGE', { detail: `${name} is longer than the ${limit} bytes that are left` }),
        );
      },
    });
    try {
      await pipeline(content, bounded, createWriteStream(part, { flags: 'wx', mode: 0o600 }));
      await rename(part, path);
    } catch (cause) {
      await rm(part, { force: true });
      throw cause;
    }
    return this.#describe(name);
  }

  /** @throws NOT_FOUND */
  async open(name: string): Promise<{ file: StoredFile; content: Readable }> {
    const file = await this.#describe(name);
    return { file, content: createReadStream(this.#path(name)) };
  }

  async remove(name: string): Promise<void> {
    await this.#describe(name);
    await rm(this.#path(name));
  }

  async list(): Promise<StoredFile[]> {
    const names = (await readdir(this.#folder)).filter((name) => FILE_NAME.test(name)).sort();
    return Promise.all(names.map((name) => this.#describe(name)));
  }

  async #describe(name: string): Promise<StoredFile> {
    try {
      const found = await stat(this.#path(name));
      if (found.isFile()) return { name, lengthBytes: found.size, changed: found.mtimeMs };
    } catch (cause) {
      if (systemCodeOf(cause) !== 'ENOENT') throw cause;
    }
    throw new CompoteError('NOT_FOUND', { detail: `there is no file ${name}` });
  }

  #path(name: string): string {
    if (FILE_NAME.test(name)) return join(this.#folder, name);
    throw new CompoteError('INVALID_REQUEST', {
      fields: [
        {
          pointer: '/path/name',
          msg: 'must be a plain file name: letters, digits and . _ @ + -, at most 160, not starting with a dot',
        },
      ],
    });
  }
}
