/** Runs one scenario and judges it. */
import type { INodeExecutionData } from 'n8n-workflow';

import { leaks, serialize } from '../helpers/engine';
import { secretsOf } from '../helpers/leaks';
import type { NodeRun } from '../helpers/runNode';
import type { FaultClock } from './clock';
import type { Target } from './proxy';
import { Stage } from './stage';
import type { Work } from './work';

export interface Scenario {
	work: Work;
	target: Target;
	/** What the node does with a failure. */
	onError: 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';
}

export interface Verdict {
	/** What is wrong; empty when nothing is. */
	complaints: string[];
	succeeded: boolean;
	/** To be looked for in the logs. */
	secrets: string[];
}

/** By the nodes' clock (ms). The longest right way: three tries of a few calls, each with its timeout and pauses. */
const DEADLINE_MS = 15 * 60_000;
/** A closed connection is seen to be closed (ms). */
const CLOSING_MS = 10_000;

/** Repeating one of these does something twice. */
const UNREPEATABLE = new Set([
	'message/send',
	'appchat/send',
	'appchat/create',
	'externalcontact/group_welcome_template/add',
	'kf/send_msg',
	'message/custom/send',
	'webhook/send',
	'aibot/response',
	'media/uploadimg',
	'media/upload_by_url',
	'material/add_material',
]);
/** Asked for the sake of its refusals only; whatever else it answers is no reason to fail. */
const LENIENT = new Set(['get_api_domain_ip', 'kf/customer/batchget']);
const TOKEN_CALLS = /^(gettoken|stable_token|service\/get_\w+)$/;

export function describe({ work, target }: Scenario): string {
	const { call, fault, always } = target;
	return `${work.name} · ${call.name} ${call.nth}${always ? '…' : ''} · ${fault.group}: ${fault.name}`;
}

export async function play(scenario: Scenario, clock: FaultClock): Promise<Verdict> {
	const { work, target, onError } = scenario;
	const stage = await Stage.set(work, clock, target);
	try {
		let cancel = () => {};
		const running = stage.run({ onError, onRunning: (handle) => (cancel = () => handle.cancel()) });
		const run = await Promise.race([running, clock.sleep(DEADLINE_MS)]);
		if (!run) {
			cancel();
			const ended = await Promise.race([running, clock.sleep(CLOSING_MS)]);
			const how = ended ? 'only a cancellation ended it' : 'not even a cancellation ended it';
			return {
				complaints: [`no end within ${DEADLINE_MS / 60_000} min; ${how}`],
				succeeded: false,
				secrets: secretsOf(stage.simulator),
			};
		}
		return await judge(scenario, stage, run, clock);
	} finally {
		await stage.close();
	}
}

async function judge(
	scenario: Scenario,
	stage: Stage,
	run: NodeRun,
	clock: FaultClock,
): Promise<Verdict> {
	const { work, target } = scenario;
	const failure = failureOf(run);
	const secrets = secretsOf(stage.simulator);
	const complaints = [
		...(failure ? judgeFailure(scenario, failure) : await work.check(stage, run)),
		...judgeEvent(work, run),
		...judgeEnding(scenario, stage, failure),
	];
	const effects = stage.effects();
	if (effects > work.effects) complaints.push(`${effects} effects instead of ${work.effects}`);
	if (stage.proxy.followed > 0) complaints.push('a redirect was followed');
	const calls = stage.proxy.calls.length;
	const until = clock.now() + CLOSING_MS;
	while (stage.proxy.openSockets > 0 && clock.now() < until) await clock.sleep(1);
	if (stage.proxy.openSockets > 0) complaints.push(`${stage.proxy.openSockets} sockets stay open`);
	if (stage.proxy.calls.length > calls) complaints.push('calls go on after the end of the run');
	const parts = failure ? Object.values(failure.parts) : [];
	const shown = leaks(secrets, run.run, run.items, run.errorItems, ...parts.map(serialize));
	if (shown.length > 0) complaints.push(`shows ${shown.join(', ')}`);
	if (target.fault.name.includes('full speed') && stage.proxy.longestAnswer > 48 * 1024 * 1024) {
		complaints.push(`${stage.proxy.longestAnswer} bytes of one answer were taken`);
	}
	return { complaints, succeeded: !failure, secrets };
}

/** The trigger gives its event whatever fails. */
function judgeEvent(work: Work, { items, error }: NodeRun): string[] {
	if (!('keepsEvent' in work)) return [];
	const isHalf = ({ json, binary = {} }: INodeExecutionData) =>
		json.error !== undefined && Object.keys(binary).length > 0 && json.file_size === undefined;
	return [
		...(error || items.length === 0 ? ['the event is lost'] : []),
		...(items.some(isHalf) ? ['a file that could not be had is given'] : []),
	];
}

interface Failure {
	message: string;
	advice: string;
	parts: Record<string, unknown>;
}

/** What the user is told, whichever way failures go. */
function failureOf({ error, items, errorItems }: NodeRun): Failure | undefined {
	if (error) {
		const { message, description, stack, cause, context } = error;
		return {
			message,
			advice: String(description ?? ''),
			parts: { message, description, stack, cause, context },
		};
	}
	const failed = [...items, ...errorItems].find(({ json }) => json.error !== undefined);
	if (!failed) return undefined;
	const { error: message, hint } = failed.json;
	return { message: String(message), advice: String(hint ?? ''), parts: {} };
}

/** Calls that the user knows by another name. */
const WORDS: Record<string, RegExp | undefined> = {
	'aibot/response': /response_url/,
	link: /\blink\b|video_url|down_url|^The file has|'Host URL'/i,
	'media/get_upload_by_url_result': /upload job|get_upload_by_url_result/,
};

const RAW =
	/undefined|\[object|NaN|TypeError|RangeError|SyntaxError|Cannot read|is not a function|Unexpected token/;

function judgeFailure({ target }: Scenario, { message, advice }: Failure): string[] {
	const { name } = target.call;
	const isNamed = LENIENT.has(name) || (WORDS[name]?.test(message) ?? message.includes(name));
	const complaints: string[] = [];
	if (!isNamed) complaints.push(`the error does not name ${name}: ${message}`);
	if (RAW.test(message) || RAW.test(advice)) complaints.push(`raw: ${message} | ${advice}`);
	// eslint-disable-next-line no-control-regex -- that is what is looked for
	if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(`${message}${advice}`)) {
		complaints.push(`control characters: ${JSON.stringify(message)}`);
	}
	if (advice === '') complaints.push(`no advice: ${message}`);
	if (message.length + advice.length > 2_000) complaints.push(`${message.length} characters long`);
	return complaints;
}

/** Whether the run had to succeed, or must not. */
function judgeEnding(
	{ work, target }: Scenario,
	stage: Stage,
	failure: Failure | undefined,
): string[] {
	const { call, fault, always } = target;
	const { name, nth } = call;
	const mayFail = (fault.refused && always) || fault.group === 'refusals';
	if (LENIENT.has(name))
		return failure && !mayFail ? [`${name} is no reason to fail: ${failure.message}`] : [];
	const isOnce = !always;
	const repeatable = !UNREPEATABLE.has(name) || fault.refused === true;
	if (failure) {
		if (fault.means === 'harmless') return [`had to succeed: ${failure.message}`];
		if (fault.means === 'passing' && isOnce && repeatable) {
			return [`once had to be no reason to fail: ${failure.message}`];
		}
		return unknownOutcome(stage, target, work, failure);
	}
	const struck = stage.proxy.calls.filter((other) => other.name === name);
	if (fault.means !== 'fatal' && !(fault.means === 'passing' && always)) return [];
	// Of two calls made at once the second is there already when the host goes down.
	if (fault.refused && struck.length >= nth) return [];
	const wasRepeated = isOnce && struck.length > nth;
	return wasRepeated ? [] : ['was taken for a good answer'];
}

/** Where WeCom has acted and nobody could know, the advice must say so. */
function unknownOutcome(
	stage: Stage,
	{ call, fault }: Target,
	work: Work,
	{ message, advice }: Failure,
): string[] {
	const hasActed = stage.effects() > 0 && work.effects === 1 && UNREPEATABLE.has(call.name);
	// A status 4xx is a refusal: whoever gives it says that nothing was done.
	if (!hasActed || fault.reaches === false || fault.group === 'status 4xx') return [];
	return /\bmay\b/.test(advice)
		? []
		: [`does not say that it may have happened: ${message} | ${advice}`];
}

export { LENIENT, TOKEN_CALLS };
