/**
 * Whether a connection failed because the station does not trust the server: Node tells it in words. An `alert` is the
 * server's word about our certificate.
 */
export function isBadCertificate(why: string): boolean {
  return /certificate|altnames/i.test(why) && !/alert/i.test(why);
}
