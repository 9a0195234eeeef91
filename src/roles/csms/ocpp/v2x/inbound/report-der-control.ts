import type { v21 } from '../../../../../protocols/ocpp/messages.ts';
import type { Inbound } from '../../handler.ts';
import { dropUnreported, reportPart } from '../../reports.ts';
import { derControlKnown } from '../der-controls.ts';

/** 2.1 R04.FR.31/32. A complete report that was asked for without criteria names all controls: others are gone. */
export const reportDERControl: Inbound<'2.1', 'ReportDERControl'> = {
  changes: 'DER controls as reported; how far the report has come',
  shows: '/stations/{id}/der-controls; /stations/{id}/reports',
  handle(context, request) {
    const controls = controlsOf(request);
    for (const { superseded, ...control } of controls)
      derControlKnown(context, { ...control, source: 'reported' }, superseded ? 'Superseded' : 'Accepted');
    const { requestId, tbc } = request;
    const complete = reportPart(context, 'der-controls', requestId, { tbc, entries: controls.length });
    if (
      complete !== undefined &&
      !['isDefault', 'controlType', 'controlId'].some((criterion) => Object.hasOwn(complete.request, criterion))
    )
      dropUnreported(context, 'der-controls', complete.requestedAt);
    return {};
  },
};

interface ReportedControl {
  readonly controlId: string;
  readonly controlType: string;
  readonly isDefault: boolean;
  readonly superseded: boolean;
  readonly settings: unknown;
}

/** The report has a list per type. Types without the two marks exist only as defaults that nothing supersedes. */
function controlsOf(report: v21.ReportDERControlRequest): ReportedControl[] {
  const marked = (
    each: { readonly id: string; readonly isDefault: boolean; readonly isSuperseded: boolean },
    controlType: string,
    settings: unknown,
  ): ReportedControl => ({
    controlId: each.id,
    controlType,
    isDefault: each.isDefault,
    superseded: each.isSuperseded,
    settings,
  });
  const lasting = (id: string, controlType: string, settings: unknown): ReportedControl => ({
    controlId: id,
    controlType,
    isDefault: true,
    superseded: false,
    settings,
  });
  return [
    ...(report.curve ?? []).map((each) => marked(each, each.curveType, each.curve)),
    ...(report.enterService ?? []).map((each) => lasting(each.id, 'EnterService', each.enterService)),
    ...(report.fixedPFAbsorb ?? []).map((each) => marked(each, 'FixedPFAbsorb', each.fixedPF)),
    ...(report.fixedPFInject ?? []).map((each) => marked(each, 'FixedPFInject', each.fixedPF)),
    ...(report.fixedVar ?? []).map((each) => marked(each, 'FixedVar', each.fixedVar)),
    ...(report.freqDroop ?? []).map((each) => marked(each, 'FreqDroop', each.freqDroop)),
    ...(report.gradient ?? []).map((each) => lasting(each.id, 'Gradients', each.gradient)),
    ...(report.limitMaxDischarge ?? []).map((each) => marked(each, 'LimitMaxDischarge', each.limitMaxDischarge)),
  ];
}
