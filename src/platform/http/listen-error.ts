import { CompoteError, messageOf, systemCodeOf } from '../../core/errors.ts';

/** Why an address cannot be had, for a person. */
export function listenError(cause: unknown, name: string, host: string, port: number): CompoteError {
  switch (systemCodeOf(cause)) {
    case 'EADDRINUSE':
      return new CompoteError('PORT_IN_USE', { detail: `${name} cannot have port ${port} on ${host}`, cause });
    case 'EACCES':
      return new CompoteError('CONFIG_INVALID', {
        detail: `${name} may not open port ${port} on ${host}`,
        hint: 'Ports below 1024 belong to the administrator: choose a higher one.',
        cause,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CompoteError('CONFIG_INVALID', {
        detail: `${name} cannot listen on ${host}: this machine has no such address`,
        hint: 'Use 127.0.0.1, or an address of this machine.',
        cause,
      });
    default:
      return new CompoteError('INTERNAL', {
        detail: `${name} cannot listen on ${host}:${port}: ${messageOf(cause)}`,
        cause,
      });
  }
}
