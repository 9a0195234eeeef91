/** The vendor id whose DataTransfer this simulator answers (message `Echo`); every other one is unknown to it. */
export const OWN_VENDOR = 'org.ocpp-compote.station';
