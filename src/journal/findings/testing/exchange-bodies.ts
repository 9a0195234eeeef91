/** Bodies for traces, written by hand from OICP 2.3; `$CODE` is the digits after the name in the trace. */
export const BODIES: Readonly<Record<string, string>> = {
  /** AuthorizeStart of a card. */
  as: '{"OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","CPOPartnerSessionID":"cpo-1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}',
  yes: '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","CPOPartnerSessionID":"cpo-1","ProviderID":"DE-DCB","AuthorizationStatus":"Authorized","StatusCode":{"Code":"000"}}',
  denied: '{"ProviderID":"DE-DCB","AuthorizationStatus":"NotAuthorized","StatusCode":{"Code":"$CODE"}}',
  stop: '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","OperatorID":"DE*ABC","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}}}',
  /** AuthorizeRemoteStart of an EMP; the hub fills the SessionID in. */
  rs: '{"ProviderID":"DE-DCB","EvseID":"DE*ABC*E1*1","Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}}',
  rsf: '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","ProviderID":"DE-DCB","EvseID":"DE*ABC*E1*1","Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}}',
  rt: '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","ProviderID":"DE-DCB","EvseID":"DE*ABC*E1*1"}',
  /** Reservation for a quarter of an hour. */
  rr: '{"ProviderID":"DE-DCB","EvseID":"DE*ABC*E1*1","Duration":15,"Identification":{"RemoteIdentification":{"EvcoID":"DE-DCB-C12345678-X"}}}',
  ok: '{"Result":true,"StatusCode":{"Code":"000"}}',
  oks: '{"Result":true,"StatusCode":{"Code":"000"},"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25"}',
  no: '{"Result":false,"StatusCode":{"Code":"$CODE"}}',
  fault: '{"StatusCode":{"Code":"$CODE"},"message":"refused"}',
  unreadable: '{"message":"Error parsing/validating JSON.","validationErrors":[]}',
  start:
    '{"Type":"Start","SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","EvseID":"DE*ABC*E1*1","OperatorID":"DE*ABC","ChargingStart":"2026-03-01T10:00:00+00:00"}',
  progress:
    '{"Type":"Progress","SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","EvseID":"DE*ABC*E1*1","OperatorID":"DE*ABC","ChargingStart":"2026-03-01T10:00:00+00:00","EventOccurred":"@","ConsumedEnergyProgress":1.5}',
  end: '{"Type":"End","SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","EvseID":"DE*ABC*E1*1","OperatorID":"DE*ABC","ChargingStart":"2026-03-01T10:00:00+00:00","ChargingEnd":"@"}',
  /** Two and a quarter kWh in the last half hour. */
  cdr: '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2026-03-01T10:00:00+00:00","ChargingStart":"2026-03-01T10:00:00+00:00","ChargingEnd":"2026-03-01T10:30:00+00:00","SessionEnd":"@","MeterValueStart":1000.5,"MeterValueEnd":1002.75,"ConsumedEnergy":2.25}',
  /** The same, at a time that does not move. */
  fixed:
    '{"SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","EvseID":"DE*ABC*E1*1","Identification":{"RFIDMifareFamilyIdentification":{"UID":"044A2DAA856280"}},"SessionStart":"2026-03-01T10:00:00+00:00","ChargingStart":"2026-03-01T10:00:00+00:00","ChargingEnd":"2026-03-01T10:30:00+00:00","SessionEnd":"2026-03-01T10:30:00+00:00","MeterValueStart":1000.5,"MeterValueEnd":1002.75,"ConsumedEnergy":2.25}',
  data: '{"ActionType":"fullLoad","OperatorEvseData":{"OperatorID":"DE*ABC","OperatorName":"ABC","EvseDataRecord":[{"EvseID":"DE*ABC*E1*1","ChargingStationID":"CS1","ChargingStationNames":[{"lang":"en","value":"Test station"}],"Address":{"Country":"DEU","City":"Berlin","Street":"Teststr.","PostalCode":"10829","HouseNum":"22","TimeZone":"UTC+01:00"},"GeoCoordinates":{"Google":{"Coordinates":"52.480495 13.356465"}},"Plugs":["Type 2 Outlet"],"ChargingFacilities":[{"PowerType":"AC_3_PHASE","Power":22}],"RenewableEnergy":true,"CalibrationLawDataAvailability":"Local","AuthenticationModes":["NFC RFID Classic","REMOTE"],"PaymentOptions":["Contract"],"ValueAddedServices":["Reservation"],"Accessibility":"Free publicly accessible","HotlinePhoneNumber":"+49301234567","IsOpen24Hours":true,"IsHubjectCompatible":true,"DynamicInfoAvailable":"auto"}]}}',
  error:
    '{"Type":"Error","SessionID":"3b129fb6-c4af-476e-8bec-6e307c8e5d25","EvseID":"DE*ABC*E1*1","OperatorID":"DE*ABC","ErrorType":"ConnectorError"}',
  records: '{"ProviderID":"DE-DCB","From":"2026-02-01T00:00:00+00:00","To":"2026-03-01T00:00:00+00:00"}',
  pull: '{"ProviderID":"DE-DCB","GeoCoordinatesResponseFormat":"Google"}',
  /** An empty page. */
  none: '{"content":[],"number":0,"size":20,"totalElements":0,"totalPages":0,"first":true,"last":true,"numberOfElements":0,"StatusCode":{"Code":"000"}}',
  status:
    '{"ActionType":"update","OperatorEvseStatus":{"OperatorID":"DE*ABC","OperatorName":"ABC","EvseStatusRecord":[{"EvseID":"DE*ABC*E1*1","EvseStatus":"Occupied"}]}}',
};
