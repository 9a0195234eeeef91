import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CompoteError, messageOf } from '../../../core/errors.ts';
import { readIfThere, writeWhole } from '../../../storage/whole-file.ts';

/** PEM texts of one authority. */
export interface AuthorityPem {
  readonly certificate: string;
  /** A secret; absent for an authority whose key is elsewhere. */
  readonly key: string | undefined;
}

/** Where the keys of the authorities are kept. */
export interface KeyStore {
  read(name: string): AuthorityPem | undefined;
  write(name: string, pem: AuthorityPem): void;
  readSecret(name: string): string | undefined;
  writeSecret(name: string, text: string): void;
}

/** Keys and certificates as PEM files, readable by their owner only: they can be copied and looked at with any tool. */
export class KeyFolder implements KeyStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (cause) {
      throw new CompoteError('STORAGE_UNUSABLE', { detail: `${folder}: ${messageOf(cause)}`, cause });
    }
  }

  read(name: string): AuthorityPem | undefined {
    const certificate = this.#readFile(`${name}.pem`);
    return certificate === undefined ? undefined : { certificate, key: this.#readFile(`${name}.key.pem`) };
  }

  write(name: string, { certificate, key }: AuthorityPem): void {
    // The key first: a certificate without its key would be taken for one whose key is elsewhere.
    if (key !== undefined) this.#writeFile(`${name}.key.pem`, key);
    this.#writeFile(`${name}.pem`, certificate);
  }

  readSecret(name: string): string | undefined {
    return this.#readFile(`${name}.key.pem`);
  }

  writeSecret(name: string, text: string): void {
    this.#writeFile(`${name}.key.pem`, text);
  }

  #readFile(name: string): string | undefined {
    try {
      return readIfThere(join(this.#folder, name));
    } catch (cause) {
      throw new CompoteError('STORAGE_UNUSABLE', { detail: `${join(this.#folder, name)}: ${messageOf(cause)}`, cause });
    }
  }

  #writeFile(name: string, text: string): void {
    const path = join(this.#folder, name);
    try {
      writeWhole(path, text);
    } catch (cause) {
      throw new CompoteError('STORAGE_UNUSABLE', { detail: `${path}: ${messageOf(cause)}`, cause });
    }
  }
}

/** For tests. */
export class MemoryKeys implements KeyStore {
  readonly #pems = new Map<string, AuthorityPem>();
  readonly #secrets = new Map<string, string>();

  read(name: string): AuthorityPem | undefined {
    return this.#pems.get(name);
  }

  write(name: string, pem: AuthorityPem): void {
    this.#pems.set(name, pem);
  }

  readSecret(name: string): string | undefined {
    return this.#secrets.get(name);
  }

  writeSecret(name: string, text: string): void {
    this.#secrets.set(name, text);
  }
}
