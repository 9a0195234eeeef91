import type { Ids } from '../../../core/ids.ts';
import type { Random } from '../../../core/random.ts';
import { AuthorizationCache } from '../authorization/cache.ts';
import { LocalList } from '../authorization/local-list.ts';
import type { Token, TokenInfo } from '../authorization/token.ts';
import { type Flaws, NO_FLAWS } from '../flaws.ts';
import { createMeter, NO_OFFER, NO_PENDING } from '../physical/meter.ts';
import { ProfileStore } from '../smart-charging/profile-store.ts';
import type { StationTemplate } from '../template.ts';
import type { Connector, Evse, Transaction } from './evse.ts';
import type { Reservation } from './reservation.ts';
import type { Settings } from './settings.ts';

/** Why a transaction began, changed or ended: the 2.x TriggerReasonEnumType words. */
export type Trigger =
  | 'AbnormalCondition'
  | 'Authorized'
  | 'CablePluggedIn'
  | 'ChargingRateChanged'
  | 'ChargingStateChanged'
  | 'CostLimitReached'
  | 'Deauthorized'
  | 'EnergyLimitReached'
  | 'EVCommunicationLost'
  | 'EVConnectTimeout'
  | 'EVDeparted'
  | 'EVDetected'
  | 'RemoteStart'
  | 'RemoteStop'
  | 'ResetCommand'
  | 'SoCLimitReached'
  | 'StopAuthorized'
  | 'TimeLimitReached'
  | 'UnlockCommand';

/** A question to the CSMS about a token. */
export interface AuthorizationQuestion {
  readonly token: Token;
  /** `start`: may it begin here; `stop`: is it of the group that may stop this transaction. */
  readonly purpose: 'start' | 'stop';
  readonly evseId: number | undefined;
  readonly remoteStartId: number | undefined;
}

/** Parts of the state that survive a restart. */
export type StoredPart =
  | 'availability'
  | 'cache'
  | 'configuration'
  | 'list'
  | 'meters'
  | 'outbox'
  | 'profiles'
  | 'reservations'
  | 'transactions'
  | 'extras';

/** What the core needs from the station around it. The protocol side listens here. */
export interface CoreHost {
  readonly ids: Ids;
  readonly random: Random;
  /** Epoch ms of the station's own clock. */
  now(): number;
  /** Connected and accepted by the CSMS. */
  readonly online: boolean;
  /** Sets the timer of that name, or clears it. */
  timer(name: string, atMs: number | undefined): void;
  /** A stored part changed. */
  touched(part: StoredPart): void;
  statusChanged(evse: Evse, connector: Connector): void;
  transactionStarted(evse: Evse, transaction: Transaction, trigger: Trigger): void;
  transactionUpdated(evse: Evse, transaction: Transaction, trigger: Trigger): void;
  transactionEnded(evse: Evse, transaction: Transaction, trigger: Trigger): void;
  askCsms(question: AuthorizationQuestion): void;
  reservationOver(reservation: Reservation, why: 'expired' | 'removed' | 'used' | 'cancelled'): void;
  /** Something that a user or a scenario may want to see. */
  happened(what: string, data?: Readonly<Record<string, unknown>>): void;
}

const CACHE_CAPACITY = 100;

/** The physical station and its state, shared by all versions. Functions of this folder work on it. */
export class StationCore {
  readonly template: StationTemplate;
  readonly host: CoreHost;
  readonly settings: Settings;
  readonly evses: readonly Evse[];
  readonly list = new LocalList();
  readonly cache = new AuthorizationCache(CACHE_CAPACITY);
  readonly profiles = new ProfileStore();
  reservations: readonly Reservation[] = [];
  operative = true;
  scheduled: boolean | undefined;
  flaws: Flaws = NO_FLAWS;
  /** Free vending: whoever plugs in charges. */
  free = false;

  constructor(template: StationTemplate, settings: Settings, host: CoreHost, seed: number, nowMs: number) {
    this.template = template;
    this.settings = settings;
    this.host = host;
    let number = 0;
    this.evses = template.evses.map((part, index) => ({
      id: index + 1,
      template: part,
      connectors: part.connectors.map((one, at) => ({
        id: at + 1,
        number: ++number,
        template: one,
        plug: 'empty' as const,
        locked: false,
        fault: undefined,
        operative: true,
        scheduled: undefined,
      })),
      path: {
        meter: createMeter(0, nowMs),
        rating: part.rating,
        grid: template.grid,
        seed: seed + index,
        ev: undefined,
        offer: NO_OFFER,
        pending: NO_PENDING,
        closed: false,
      },
      operative: true,
      scheduled: undefined,
      authorization: undefined,
      transaction: undefined,
      finished: undefined,
      facts: 0,
      plugTimedOut: false,
      priority: false,
      parked: false,
      webPaymentUntilMs: 0,
    }));
  }

  evse(id: number): Evse | undefined {
    return this.evses[id - 1];
  }

  /** By the 1.6 connector number. */
  connector(number: number): { readonly evse: Evse; readonly connector: Connector } | undefined {
    for (const evse of this.evses) {
      const connector = evse.connectors.find((one) => one.number === number);
      if (connector !== undefined) return { evse, connector };
    }
    return undefined;
  }

  transactionOf(id: string): { readonly evse: Evse; readonly transaction: Transaction } | undefined {
    for (const evse of this.evses) {
      if (evse.transaction?.id === id) return { evse, transaction: evse.transaction };
    }
    return undefined;
  }

  /** What list and cache know about a token. */
  known(token: Token): { readonly listed: TokenInfo | undefined; readonly cached: TokenInfo | undefined } {
    return { listed: this.list.find(token), cached: this.cache.find(token, this.host.now()) };
  }

  /** The group of a token as list or cache know it. */
  knownGroup(token: Token): Token | undefined {
    const { listed, cached } = this.known(token);
    return (
      (this.settings.localListEnabled ? listed?.group : undefined) ??
      (this.settings.cacheEnabled ? cached?.group : undefined)
    );
  }

  /** Tells the protocol side that every connector of the EVSE may show another status. */
  statusMayDiffer(evse: Evse): void {
    for (const connector of evse.connectors) this.host.statusChanged(evse, connector);
  }
}
