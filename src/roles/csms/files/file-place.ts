import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Clock } from '../../../core/clock.ts';
import { CompoteError } from '../../../core/errors.ts';
import type { Ids } from '../../../core/ids.ts';
import { type StoredFile, UploadFolder } from '../../../platform/http/uploads.ts';
import { Collection } from '../../../storage/collection.ts';
import type { Database } from '../../../storage/database.ts';

/** What a slot is for: stations put logs into `upload` slots and fetch firmware from `firmware` slots. */
export type SlotPurpose = 'upload' | 'firmware';

/** One unguessable address under which files are exchanged with a station. */
export interface FileSlot {
  /** The random part of the address. Who knows it may use it. */
  readonly slot: string;
  readonly purpose: SlotPurpose;
  readonly station?: string;
  readonly createdAt: number;
  readonly files: readonly StoredFile[];
}

export interface FilePlaceOptions {
  readonly folder: string;
  readonly database: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly maxFileBytes: number;
  readonly maxTotalBytes: number;
  readonly maxFiles: number;
  /** Where stations reach this service, without a slash at the end. */
  readonly baseUrl: () => string;
}

const MAX_FILES_PER_SLOT = 20;

/**
 * The small file place of the CSMS: stations upload logs and diagnostics into a slot of their own and download firmware.
 * Each slot is a folder; names are flattened, sizes and counts bounded, and the oldest slots give way.
 */
export class FilePlace {
  readonly #options: FilePlaceOptions;
  readonly #slots: Collection<FileSlot, 'createdAt' | 'station' | 'purpose'>;

  constructor(options: FilePlaceOptions) {
    this.#options = options;
    this.#slots = new Collection(options.database, {
      name: 'file_slots',
      key: (slot) => slot.slot,
      index: {
        createdAt: (slot) => slot.createdAt,
        station: (slot) => slot.station,
        purpose: (slot) => slot.purpose,
      },
    });
  }

  /** Makes a new slot. */
  open(purpose: SlotPurpose, station?: string): FileSlot {
    const { ids, clock, maxFiles } = this.#options;
    const oldest =
      this.#slots.count() < maxFiles ? undefined : this.#slots.list({ by: 'createdAt', limit: 1 }).items[0];
    if (oldest !== undefined) this.removeSlot(oldest.slot);
    const slot: FileSlot = {
      slot: ids.uuid().replaceAll('-', ''),
      purpose,
      createdAt: clock.now(),
      files: [],
      ...(station === undefined ? {} : { station }),
    };
    this.#slots.put(slot);
    return slot;
  }

  /** The address of a slot (a directory, with a slash at the end) or of a file in it. */
  urlOf(slot: string, file = ''): string {
    return `${this.#options.baseUrl()}/files/${slot}/${encodeURIComponent(file)}`;
  }

  /** @throws NOT_FOUND */
  slot(slot: string): FileSlot {
    const found = this.#slots.get(slot);
    if (found === undefined) throw new CompoteError('NOT_FOUND', { detail: 'there is no such file address' });
    return found;
  }

  list(where: { station?: string; purpose?: SlotPurpose }, limit: number, after: string | undefined) {
    return this.#slots.list({
      where,
      by: 'createdAt',
      order: 'descending',
      limit,
      ...(after === undefined ? {} : { after }),
    });
  }

  /** The newest firmware slot that holds a file of this name. */
  firmware(name: string): FileSlot | undefined {
    for (const slot of this.#slots.list({
      where: { purpose: 'firmware' },
      by: 'createdAt',
      order: 'descending',
      limit: 1_000,
    }).items)
      if (slot.files.some((file) => file.name === name)) return slot;
    return undefined;
  }

  /** Takes a file. The name is what a peer says: it is flattened to one that is safe. */
  async store(slot: string, name: string, content: Readable): Promise<StoredFile> {
    const { maxFileBytes, maxTotalBytes } = this.#options;
    const before = this.slot(slot);
    const safe = safeName(name);
    if (before.files.length >= MAX_FILES_PER_SLOT && !before.files.some((file) => file.name === safe)) {
      throw new CompoteError('CONFLICT', { detail: `this address holds ${MAX_FILES_PER_SLOT} files already` });
    }
    const free = Math.max(0, maxTotalBytes - this.#usedBytes());
    const stored = await this.#folder(slot, Math.min(maxFileBytes, free)).store(safe, content);
    const now = this.#slots.get(slot);
    if (now === undefined) {
      this.#erase(slot);
      throw new CompoteError('GONE', { detail: 'the address was removed during the upload' });
    }
    this.#slots.put({ ...now, files: [...now.files.filter((file) => file.name !== safe), stored] });
    return stored;
  }

  /** @throws NOT_FOUND */
  async read(slot: string, name: string): Promise<{ file: StoredFile; content: Readable }> {
    this.slot(slot);
    return this.#folder(slot, this.#options.maxFileBytes).open(name);
  }

  async remove(slot: string, name: string): Promise<void> {
    await this.#folder(slot, this.#options.maxFileBytes).remove(name);
    const now = this.slot(slot);
    this.#slots.put({ ...now, files: now.files.filter((file) => file.name !== name) });
  }

  removeSlot(slot: string): void {
    this.slot(slot);
    this.#slots.delete(slot);
    this.#erase(slot);
  }

  #erase(slot: string): void {
    rmSync(join(this.#options.folder, slot), { recursive: true, force: true });
  }

  #usedBytes(): number {
    let used = 0;
    for (const { files } of this.#slots.all()) for (const file of files) used += file.lengthBytes;
    return used;
  }

  #folder(slot: string, maxFileBytes: number): UploadFolder {
    // Slots are random hex of ours: `slot()` was asked before, so the path stays in the folder.
    return new UploadFolder(join(this.#options.folder, this.slot(slot).slot), this.#options.ids, {
      maxFileBytes,
      maxTotalBytes: this.#options.maxTotalBytes,
    });
  }
}

/** A name that the folder takes: the last part of a path, other signs than letters, digits and `._@+-` replaced. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(/[^A-Za-z0-9._@+-]/g, '_').replace(/^[^A-Za-z0-9]+/, '');
  return plain.slice(0, 160) || 'upload';
}
