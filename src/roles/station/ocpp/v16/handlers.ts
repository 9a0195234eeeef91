import { RpcRefusal } from '../../../../link/ocpp-link.ts';
import type { CsmsAction } from '../../../../protocols/ocpp/actions.ts';
import type { RequestOf, ResponseOf } from '../../../../protocols/ocpp/messages.ts';
import type { Features } from '../../template.ts';
import { changeAvailability16, unlockConnector } from './availability.ts';
import { getDiagnostics, updateFirmware } from './firmware.ts';
import { clearCache, getLocalListVersion, sendLocalList } from './local-list.ts';
import { changeConfiguration, dataTransfer, getConfiguration, reset } from './provisioning.ts';
import { remoteStart, remoteStop } from './remote.ts';
import { cancelReservation16, reserveNow } from './reservations.ts';
import {
  certificateSigned,
  deleteCertificate,
  getInstalledCertificateIds,
  getLog,
  installCertificate,
  signedUpdateFirmware,
} from './security.ts';
import type { Side16 } from './side.ts';
import { clearChargingProfile, getCompositeSchedule, setChargingProfile } from './smart-charging.ts';
import { extendedTrigger, trigger } from './triggers.ts';

/** Every action that a 1.6 central system may send has its handler; a missing one does not compile. */
export type Handlers16 = {
  readonly [A in CsmsAction<'1.6'>]: (side: Side16, request: RequestOf<'1.6', A>) => ResponseOf<'1.6', A>;
};

export const HANDLERS_16: Handlers16 = {
  CancelReservation: needs('reservation', cancelReservation16),
  CertificateSigned: needs('security', certificateSigned),
  ChangeAvailability: changeAvailability16,
  ChangeConfiguration: changeConfiguration,
  ClearCache: clearCache,
  ClearChargingProfile: needs('smartCharging', clearChargingProfile),
  DataTransfer: dataTransfer,
  DeleteCertificate: needs('security', deleteCertificate),
  ExtendedTriggerMessage: needs('security', extendedTrigger),
  GetCompositeSchedule: needs('smartCharging', getCompositeSchedule),
  GetConfiguration: getConfiguration,
  GetDiagnostics: needs('firmware', getDiagnostics),
  GetInstalledCertificateIds: needs('security', getInstalledCertificateIds),
  GetLocalListVersion: needs('localList', getLocalListVersion),
  GetLog: needs('security', getLog),
  InstallCertificate: needs('security', installCertificate),
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  ReserveNow: needs('reservation', reserveNow),
  Reset: reset,
  SendLocalList: needs('localList', sendLocalList),
  SetChargingProfile: needs('smartCharging', setChargingProfile),
  SignedUpdateFirmware: needs('security', signedUpdateFirmware),
  TriggerMessage: needs('remoteTrigger', trigger),
  UnlockConnector: unlockConnector,
  UpdateFirmware: needs('firmware', updateFirmware),
};

/** A message of a profile that the station does not list is refused with NotSupported. */
function needs<Q, R>(
  feature: keyof Features,
  handler: (side: Side16, request: Q) => R,
): (side: Side16, request: Q) => R {
  return (side, request) => {
    if (!side.template.features[feature]) throw new RpcRefusal('NotSupported', `This station has no ${feature}`);
    return handler(side, request);
  };
}
