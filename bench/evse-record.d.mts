/** An EVSE with all that OICP 2.3 demands of a record. */
export declare function evseRecord(evseId: string, name: string): object;
