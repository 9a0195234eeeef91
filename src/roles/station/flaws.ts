/** What the firmware of a station does wrong for as long as it is told so. */
export interface Flaws {
  /** Goes on as if it were accepted, without BootNotification. */
  readonly skipBoot?: boolean;
  readonly bootOnEveryConnect?: boolean;
  /** Sends everything while Pending or Rejected. */
  readonly talkUnaccepted?: boolean;
  /** Boots again every second, whatever the CSMS says. */
  readonly ignoreBootInterval?: boolean;
  /** Charging profiles are kept, told, and not obeyed. */
  readonly ignoreLimits?: boolean;
}

/** Shared by all stations that behave. */
export const NO_FLAWS: Flaws = {};
