import { describe, expect, it } from 'vitest';
import { CHECK_ORDER } from './check-order.ts';
import { eRoamingFault, faultBody, fieldReference, httpMapping, refusal, situationOf } from './http-answers.ts';
import { isNotificationField, missingNotificationField } from './notification-fields.ts';
import { OPERATION_NAMES } from './operations.ts';
import { pageOfList, readPageQuery } from './paging.ts';
import { ERoamingFault, FaultBody } from './schema/fault.ts';
import {
  isLegalAuthorizationRefusal,
  isLegalRemoteRefusal,
  isStatusCode,
  STATUS_CODE_VALUES,
  sameDescription,
  statusCode,
} from './status-codes.ts';
import { OperationBodies } from './validation/operation-bodies.ts';
import { BodyValidator } from './validation/validator.ts';

/** The published list, by hand. */
const CODES =
  '000 001 002 009 017 018 019 021 022 101 102 103 105 106 110 120 121 122 200 210 300 310 320 400 501 510 601 602 603 604 700';

describe('status codes', () => {
  it('are the published ones', () => {
    expect(STATUS_CODE_VALUES.join(' ')).toBe(CODES);
    expect(isStatusCode('404')).toBe(false);
    expect(isStatusCode('toString')).toBe(false);
  });

  it('descriptions are compared loosely', () => {
    expect(sameDescription('602', 'EVSE already in use/ wrong token.')).toBe(true);
    expect(sameDescription('101', 'QR Code Authentication failed - Invalid Credentials')).toBe(true);
    expect(sameDescription('602', 'Unknown EVSE ID')).toBe(false);
  });

  it('additional information is cut to its limit', () => {
    expect(statusCode('022', 'x'.repeat(1001)).AdditionalInfo).toHaveLength(1000);
  });

  it('an EMP refuses with 100 to 200, a CPO with 500 to 700', () => {
    expect(STATUS_CODE_VALUES.filter(isLegalAuthorizationRefusal).join(' ')).toBe(
      '101 102 103 105 106 110 120 121 122 200',
    );
    expect(STATUS_CODE_VALUES.filter(isLegalRemoteRefusal).join(' ')).toBe('501 510 601 602 603 604 700');
  });
});

describe('refusals in HTTP', () => {
  it.each([
    ['unreadable', 'PushEvseData', 400, 'fault-body'],
    ['identity-mismatch', 'PushEvseData', 401, 'fault'],
    ['no-subscription', 'PullEvseData', 403, 'fault'],
    ['no-subscription', 'AuthorizeStart', 200, 'message'],
    ['unknown-partner', 'AuthorizeStop', 404, 'fault'],
    ['invalid-session', 'ChargeDetailRecord', 404, 'fault'],
    ['rate-limit', 'PullEvseStatus', 429, 'none'],
    ['processed', 'AuthorizeRemoteStart', 200, 'message'],
  ] as const)(
    'observed: %s of %s is %i with %s; documented: 200 with the message',
    (situation, operation, status, body) => {
      expect(httpMapping('observed', situation, operation)).toEqual({ status, body });
      if (situation !== 'rate-limit') {
        expect(httpMapping('doc', situation, operation)).toEqual({ status: 200, body: 'message' });
      }
    },
  );

  it('codes tell their situation', () => {
    expect((['017', '210', '300', '400', '603', '009'] as const).map(situationOf)).toEqual([
      'identity-mismatch',
      'no-subscription',
      'unknown-partner',
      'invalid-session',
      'processed',
      'processed',
    ]);
  });

  it('the refusals of the authorizations and of all others have their own shapes, and fit (HUB-04)', () => {
    expect(refusal('AuthorizeStart', '210', undefined, { CPOPartnerSessionID: 'c', SessionID: undefined })).toEqual({
      AuthorizationStatus: 'NotAuthorized',
      StatusCode: { Code: '210', Description: 'No valid contract' },
      CPOPartnerSessionID: 'c',
    });
    expect(refusal('PushEvseData', '009', 'DE*ABC*E1 is known')).toEqual({
      Result: false,
      StatusCode: { Code: '009', Description: 'Data transaction error', AdditionalInfo: 'DE*ABC*E1 is known' },
    });
  });

  it('fault bodies have the live hub’s shape and notation (HUB-05)', () => {
    const reading = new OperationBodies().request(
      'PushEvseData',
      { ActionType: 'x', OperatorEvseData: { OperatorID: 'DE*ABC', EvseDataRecord: [] } },
      'lenient',
    );
    const body = faultBody(reading.findings);
    expect(body).toEqual({
      extendedInfo: null,
      message: 'Error parsing/validating JSON.',
      validationErrors: [
        { fieldReference: 'actionType', errorMessage: 'must be one of fullLoad, update, insert, delete' },
        { fieldReference: 'operatorEvseData.operatorName', errorMessage: 'may not be null' },
      ],
    });
    expect(new BodyValidator(FaultBody).read(body, 'lenient').ok).toBe(true);
    expect(
      new BodyValidator(ERoamingFault).read(eRoamingFault('210', 'No active subscription found'), 'strict').ok,
    ).toBe(true);
  });

  it('field references are lower camel, lists by index', () => {
    expect(fieldReference('/OperatorEvseData/EvseDataRecord/0/HotlinePhoneNumber')).toBe(
      'operatorEvseData.evseDataRecord[0].hotlinePhoneNumber',
    );
    expect(fieldReference('/EvseID')).toBe('evseID');
    expect(fieldReference('/Identification/RFIDMifareFamilyIdentification/UID')).toBe(
      'identification.rfidMifareFamilyIdentification.uid',
    );
  });
});

describe('the order of checks', () => {
  it('starts each sessionless operation with the partner and its lock', () => {
    for (const name of OPERATION_NAMES) {
      const codes = CHECK_ORDER[name].map(({ code }) => code);
      if (codes[0] === '400') continue;
      expect([name, codes[0]]).toEqual([name, '300']);
      expect(codes.find((code) => code !== '300')).toBe(name === 'AuthorizeRemoteStop' ? '320' : '017');
    }
  });

  it('a remote stop looks at the EVSE before the session', () => {
    expect(CHECK_ORDER.AuthorizeRemoteStop.map(({ code }) => code).join(' ')).toBe('300 300 320 320 603 604 400 400');
  });
});

describe('fields of a notification (HUB-36)', () => {
  const fields = {
    Start: ['EvseID', 'ChargingStart'],
    Progress: ['EvseID', 'ChargingStart', 'EventOccurred', 'ChargingDuration'],
    End: ['EvseID', 'ChargingEnd'],
    Error: ['EvseID', 'ErrorType'],
  };

  it.each(Object.entries(fields))('%s lacks its fields one after the other', (Type, needed) => {
    const body: Record<string, unknown> = { Type, SessionID: 's' };
    for (const field of needed) {
      expect(missingNotificationField({ ...body, [field]: null })?.field).toBe(field);
      expect(missingNotificationField(body)?.text).toContain(`Please provide ${field}`);
      expect(isNotificationField(`/${field}`)).toBe(true);
      body[field] = 'there';
    }
    expect(missingNotificationField(body)).toBeUndefined();
  });

  it('energy does instead of duration', () => {
    const body = { Type: 'Progress', EvseID: 'e', ChargingStart: 't', EventOccurred: 't', ConsumedEnergyProgress: 0 };
    expect(missingNotificationField(body)).toBeUndefined();
  });
});

describe('pages (HUB-25)', () => {
  it('the default is the first page of 20, the most is 2000', () => {
    expect(readPageQuery(new URLSearchParams(), 'strict')).toEqual({ query: { page: 0, size: 20 }, findings: [] });
    expect(readPageQuery(new URLSearchParams('size=5000&page=2'), 'lenient')).toMatchObject({
      query: { page: 2, size: 2000 },
      findings: [{ pointer: '/query/size', severity: 'warning' }],
    });
    expect(readPageQuery(new URLSearchParams('page=-1'), 'strict').findings).toMatchObject([
      { pointer: '/query/page', severity: 'error' },
    ]);
    expect(readPageQuery(new URLSearchParams('page=one&sort=EvseID,asc'), 'lenient').query).toEqual({
      page: 0,
      size: 20,
      sort: ['EvseID,asc'],
    });
  });

  it('counters are right, and a page past the end is empty and the last', () => {
    const items = Array.from({ length: 45 }, (_, index) => index);
    expect(pageOfList(items, { page: 0, size: 20 })).toMatchObject({
      first: true,
      last: false,
      totalPages: 3,
      numberOfElements: 20,
    });
    expect(pageOfList(items, { page: 2, size: 20 })).toMatchObject({
      content: [40, 41, 42, 43, 44],
      number: 2,
      first: false,
      last: true,
      totalElements: 45,
    });
    expect(pageOfList(items, { page: 9, size: 20 })).toMatchObject({ content: [], last: true, numberOfElements: 0 });
    expect(pageOfList([], { page: 0, size: 20 })).toMatchObject({ first: true, last: true, totalPages: 0 });
  });
});
