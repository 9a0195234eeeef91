import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../platform/logging/log.ts';
import { errorsOfReply, evseNumberOfReply } from '../../protocols/everest/decode.ts';
import { withReplyTo } from '../../protocols/everest/encode.ts';
import { isObject } from '../../protocols/everest/payloads.ts';
import { topicOf } from '../../protocols/everest/topics.ts';
import type { ActiveErrors } from './model/active-errors.ts';
import type { HeardModules } from './model/heard-modules.ts';
import type { StationRequests } from './station-requests.ts';

export interface DiscoveryOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly modules: HeardModules;
  readonly errors: ActiveErrors;
  readonly requests: StationRequests;
  readonly publish: (topic: string, payload: string) => Promise<void>;
  /** The number of an EVSE that the configuration or an earlier answer gives an API module. */
  readonly numberOfApi: (module: string) => number | undefined;
  readonly changed: (n: number | undefined) => void;
}

/** Finds out which modules of dialect E a station has and which EVSE stands behind each. */
export class Discovery {
  readonly #options: DiscoveryOptions;
  readonly #asked = new Set<string>();

  constructor(options: DiscoveryOptions) {
    this.#options = options;
  }

  /** The broker is new: everybody may have changed. */
  begin(): void {
    this.#asked.clear();
    this.#askWhoIsThere().catch((cause: unknown) => this.#options.log.debug({ err: cause }, 'discovery'));
  }

  /** Looks again for what speaks there. */
  async again(): Promise<void> {
    this.#asked.clear();
    await this.#askWhoIsThere();
    for (const module of this.#options.modules.of('evse_manager_consumer')) this.#askNumber(module);
  }

  heard(type: string, module: string): void {
    const { requests, errors, log, changed, numberOfApi } = this.#options;
    if (type === 'evse_manager_consumer' && numberOfApi(module) === undefined) this.#askNumber(module);
    if (type === 'error_history_consumer' && !this.#asked.has(module)) {
      this.#asked.add(module);
      requests
        .ask(topicOf('eActiveErrors', { module }), 'null')
        .then(({ reply }) => {
          errors.replace(errorsOfReply(reply));
          changed(undefined);
        })
        .catch((cause: unknown) => log.debug({ err: cause }, 'active errors'));
    }
  }

  /** Which EVSE stands behind an API module: its name does not tell. */
  #askNumber(module: string): void {
    if (this.#asked.has(module)) return;
    this.#asked.add(module);
    const { requests, modules, changed, log } = this.#options;
    requests
      .ask(topicOf('eGetEvse', { api: module }), 'null')
      .then(({ reply }) => {
        const n = evseNumberOfReply(reply);
        if (n !== undefined) modules.setNumber(module, n);
        changed(n);
      })
      .catch((cause: unknown) => {
        // It will be asked again with its next message.
        this.#asked.delete(module);
        log.debug({ err: cause }, 'get_evse');
      });
  }

  async #askWhoIsThere(): Promise<void> {
    const replyTo = `everest_api/1/toolkit/discovery/e2m/discover/${this.#options.newId()}`;
    await this.#options.publish(topicOf('eDiscover'), withReplyTo('null', replyTo));
  }

  /** An answer of the discovery, which has several; false when it is none. */
  answered(value: unknown): boolean {
    if (!isObject(value) || !Array.isArray(value['apis'])) return false;
    for (const api of value['apis']) {
      if (!isObject(api)) continue;
      const { type, module_id: module } = api;
      if (typeof type !== 'string' || typeof module !== 'string') continue;
      this.#options.modules.add(type.replace(/_API$/, ''), module);
      this.heard(type.replace(/_API$/, ''), module);
    }
    return true;
  }
}
