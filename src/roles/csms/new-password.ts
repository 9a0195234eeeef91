import type { Stations } from './state/stations.ts';

/**
 * The station was given a new password. Once it has accepted it, the one it used is worth nothing (A01.FR.03). Before a
 * reboot that it asks for it may come with either, and a station without a password goes on without one until its
 * security profile changes: then the new one counts alone from its first use.
 */
export function passwordGiven(
  stations: Stations,
  station: string,
  hash: string,
  status: 'Accepted' | 'RebootRequired',
): void {
  const record = stations.get(station);
  const usesPassword = record?.securityProfile === 1 || record?.securityProfile === 2;
  if (record === undefined || status === 'RebootRequired' || !usesPassword)
    stations.update(station, { nextPasswordHash: hash });
  else {
    const { nextPasswordHash: _, ...kept } = record;
    stations.put({ ...kept, passwordHash: hash });
  }
}
