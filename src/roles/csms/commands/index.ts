import { availability } from './availability.ts';
import { cancelReservation } from './cancel-reservation.ts';
import { deleteCertificate, getCertificates, installCertificate } from './certificates.ts';
import { clearCache } from './clear-cache.ts';
import type { Command } from './command.ts';
import { dataTransfer } from './data-transfer.ts';
import { getLog } from './get-log.ts';
import { getLocalListVersion, sendLocalList } from './local-list.ts';
import { clearProfile, composite, getProfiles, setProfile } from './profiles.ts';
import { reserve } from './reserve.ts';
import { reset } from './reset.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { transactionStatus } from './transaction-status.ts';
import { trigger } from './trigger.ts';
import { unlock } from './unlock.ts';
import { updateFirmware } from './update-firmware.ts';
import { getVariables, report, setVariables } from './variables.ts';

/** All version-neutral commands. Routes and documentation derive from this list. */
export const COMMANDS: readonly Command[] = [
  start,
  stop,
  unlock,
  reset,
  reserve,
  cancelReservation,
  availability,
  trigger,
  setVariables,
  getVariables,
  report,
  setProfile,
  clearProfile,
  getProfiles,
  composite,
  sendLocalList,
  getLocalListVersion,
  clearCache,
  updateFirmware,
  getLog,
  dataTransfer,
  transactionStatus,
  getCertificates,
  installCertificate,
  deleteCertificate,
];
