/**
 * `ocpp-compote/rules`: what `compote inspect` does, for programs. Messages go in, from a log or made by hand; broken rules with
 * causes, sessions and sequence diagrams come out.
 */
export type { FindingAxis, NewFinding, Party, PeerReaction, Severity } from '../entry.ts';
export { Anonymiser } from '../formats/anonymise.ts';
export type { InspectedFinding, RankedFinding } from '../formats/found-rules.ts';
export { type InspectOptions, inspect } from '../formats/inspect-messages.ts';
export type { InspectedSession, InspectionResult } from '../formats/inspection.ts';
export type { LogFrame, LogMessage, LogWhole } from '../formats/log-message.ts';
export { type ReadCounts, readLog } from '../formats/log-reader.ts';
export { reportHtml, reportJunit } from '../formats/report-files.ts';
export { reportText } from '../formats/report-text.ts';
export type { MuteScope } from '../mutes.ts';
export type { Session } from '../sessions/session.ts';
export { everyRule } from './catalogue.ts';
export type { RuleDeclaration, RuleProtocol } from './rule.ts';
