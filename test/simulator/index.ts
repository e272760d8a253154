/** Everything others may use; the rest of this folder is private to the simulator. */
export type { AnswerForm } from './answerForm';
export type { AsyncJob, AsyncJobs, JobBehavior } from './asyncJobs';
export {
	eventXml,
	type CallbackAttempt,
	type CallbackSender,
	type CallbackTarget,
	type PushOptions,
	type SentCallback,
	type VerificationResult,
} from './callbackSender';
export type { DemoCredentials } from './demo';
export type { Fault, Faults } from './faults';
export {
	startLinkHost,
	type HostedFile,
	type LinkHost,
	type LinkHostOptions,
	type LinkRequest,
} from './linkHost';
export type { CustomerMessage } from './inbox/customerService';
export type { MessageKind, PersonMessage, SentFile } from './inbox/message';
export type { People } from './inbox/people';
export { encryptFile, type BotFileQuirks, type BotMessage } from './inbox/smartBot';
export type * from './model';
export { mask, maskedQuery, type CallRecord, type RecordedCall, type RecordedPart } from './record';
export { startSimulator, type Simulator, type SimulatorOptions } from './simulator';
export type { SimulatorState } from './state';
export { DEFAULT_SWITCHES, type StrictSwitches } from './strict';
