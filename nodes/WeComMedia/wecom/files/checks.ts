/** Decides what a file is sent as, and refuses with numbers what WeCom would refuse with a code. */
import { amrDurationMs, pixelsOf, videoSeconds } from './measure';
import { formatBytes, MIB } from '../client/bytes';
import { WeComInputError } from '../client/errors';
import { toUploadFileName } from './fileName';
import { sniff } from './sniff';
import type { Sniffed } from './sniff';
import type { MediaRule, MediaType, MediaTaker } from './mediaRule';

/** With the checks off the server decides, but an upload is still one copy in memory. */
const UNCHECKED_MAX_BYTES = 100 * MIB;

export type RequestedType = MediaType | 'auto';

/** What is known of a file before its body is read. */
export interface Candidate {
	fileName: string;
	size: number;
	sniffed: Sniffed;
}

export interface TypeOptions {
	requested: RequestedType;
	/** Send as `file` what is unfit for its type. */
	fallbackToFile: boolean;
	/** Leave sizes, contents and durations to the server. */
	skipChecks: boolean;
}

interface Decision {
	type: MediaType;
	/** Why it is not sent as what was asked or what it looks like; '' when it is. */
	reason: string;
}

/** @returns what is wrong with the file for this rule, in one sentence, or '' */
export function problemWith(
	candidate: Candidate,
	rule: MediaRule,
	what: string,
	system: string,
): string {
	const { fileName, size, sniffed } = candidate;
	const name = `'${fileName}'`;
	if (size === 0) return `${name} is empty`;
	if (size < rule.minBytes) {
		return `${name} has ${formatBytes(size)}; ${system} takes ${what}s of at least ${rule.minBytes} bytes`;
	}
	if (size > rule.maxBytes) {
		return `${name} has ${formatBytes(size)}; ${system} takes ${what}s up to ${formatBytes(rule.maxBytes)}`;
	}
	if (rule.contents && !rule.contents.includes(sniffed.content)) {
		return `${name} is ${unlike(sniffed, rule.accepts)}; ${system} takes ${rule.accepts} as ${what}`;
	}
	return '';
}

/**
 * Refuses what fits no type of the system before a byte of it is read.
 *
 * @throws WeComInputError with the numbers
 */
export function refuseBySize(
	file: { fileName: string; size: number },
	skipChecks: boolean,
	system: MediaTaker | undefined,
): void {
	const { size } = file;
	const largest = Object.values(system?.types ?? {}).reduce(
		(most, rule) => Math.max(most, rule.maxBytes),
		0,
	);
	const maxBytes = skipChecks || largest === 0 ? UNCHECKED_MAX_BYTES : largest;
	if (size > 0 && size <= maxBytes) return;
	const fileName = toUploadFileName(file.fileName, { fallbackBase: 'file' });
	const candidate: Candidate = { fileName, size, sniffed: sniff(new Uint8Array(0)) };
	const rule: MediaRule = { minBytes: 1, maxBytes, accepts: 'any file' };
	const problem = problemWith(candidate, rule, 'file', system?.label ?? 'WeCom');
	if (problem) throw new WeComInputError(problem, adviceFor(system, candidate), fileName);
}

/**
 * The type a file is sent as, from its size and first bytes.
 *
 * @throws WeComInputError with the numbers when it fits nowhere
 */
export function decideType(
	system: MediaTaker,
	candidate: Candidate,
	options: TypeOptions,
): Decision {
	if (options.requested !== 'auto') {
		const rule = ruleOf(system, options.requested);
		if (options.skipChecks) return { type: options.requested, reason: '' };
		const problem = problemWith(candidate, rule, options.requested, system.label);
		return problem
			? fallBack(system, candidate, options, problem)
			: { type: options.requested, reason: '' };
	}
	const natural = system.autoTypes.find(([content]) => content === candidate.sniffed.content)?.[1];
	if (!natural) return withoutNaturalType(system, candidate, options);
	if (options.skipChecks) return { type: natural, reason: '' };
	const problem = problemWith(candidate, ruleOf(system, natural), natural, system.label);
	return problem
		? fallBack(system, candidate, { ...options, fallbackToFile: true }, problem)
		: { type: natural, reason: '' };
}

/**
 * The length of a voice, by walking its frames; contents without a known length pass.
 *
 * @returns what is wrong, or ''
 */
export function voiceProblem(
	candidate: Candidate,
	rule: MediaRule,
	bytes: Uint8Array,
	system: string,
): string {
	if (rule.maxSeconds === undefined || candidate.sniffed.content !== 'amr') return '';
	const ms = amrDurationMs(bytes);
	if (Number.isNaN(ms)) {
		return `'${candidate.fileName}' starts like an AMR voice but its frames are broken`;
	}
	if (ms <= rule.maxSeconds * 1000) return '';
	return `'${candidate.fileName}' lasts ${Math.ceil(ms / 1000)} s; ${system} takes voices up to ${rule.maxSeconds} s`;
}

/**
 * Pixels of a picture and length of a video, where the rule limits them; what cannot be read is left to the server.
 *
 * @param pieces of the file
 * @returns what is wrong, or ''
 */
export async function measuredProblem(
	{ fileName, sniffed }: Candidate,
	rule: MediaRule,
	pieces: AsyncIterable<Uint8Array>,
	system: string,
): Promise<string> {
	const { maxPixels, maxSeconds } = rule;
	if (maxSeconds !== undefined && sniffed.content === 'mp4') {
		// Encoders add a few frames: 30.02 s are 30 s.
		const seconds = Math.floor((await videoSeconds(pieces)) ?? 0);
		if (seconds <= maxSeconds) return '';
		return `'${fileName}' lasts ${seconds} s; ${system} takes videos up to ${maxSeconds} s`;
	}
	const pixels = maxPixels && (await pixelsOf(pieces, sniffed.content));
	if (!pixels) return '';
	const [short, long] = [pixels.width, pixels.height].sort((a, b) => a - b);
	if (long <= maxPixels.longSide && short <= maxPixels.shortSide) return '';
	return `'${fileName}' has ${pixels.width} × ${pixels.height} pixels; ${system} takes pictures up to ${maxPixels.longSide} on the long and ${maxPixels.shortSide} on the short side`;
}

/**
 * What to do with a file that is unfit for its type: send it as `file` where that is wished and possible.
 *
 * @throws WeComInputError
 */
export function fallBack(
	system: MediaTaker,
	candidate: Candidate,
	options: TypeOptions,
	problem: string,
): Decision {
	const fileRule = system.types.file;
	if (options.fallbackToFile && fileRule) {
		const still = problemWith(candidate, fileRule, 'file', system.label);
		if (!still) return { type: 'file', reason: problem };
		throw new WeComInputError(still, adviceFor(system, candidate), candidate.fileName);
	}
	throw new WeComInputError(problem, adviceFor(system, candidate), candidate.fileName);
}

/** @throws WeComInputError when the system has no such media type */
export function ruleOf(system: MediaTaker, type: MediaType): MediaRule {
	const rule = system.types[type];
	if (rule) return rule;
	const known = Object.keys(system.types).join(', ');
	throw new WeComInputError(
		`'Media Type' is '${type}', which the ${system.label} does not take`,
		`Choose one of: ${known}.`,
		'Media Type',
	);
}

function withoutNaturalType(
	system: MediaTaker,
	candidate: Candidate,
	options: TypeOptions,
): Decision {
	const fileRule = system.types.file;
	if (!fileRule) {
		const takes = Object.entries(system.types).map(([type, rule]) => `${type} (${rule.accepts})`);
		throw new WeComInputError(
			`'${candidate.fileName}' is of a kind (${candidate.sniffed.label}) that the ${system.label} does not take`,
			`It takes ${takes.join(', ')}.`,
			candidate.fileName,
		);
	}
	if (options.skipChecks) return { type: 'file', reason: '' };
	const problem = problemWith(candidate, fileRule, 'file', system.label);
	if (problem) {
		throw new WeComInputError(problem, adviceFor(system, candidate), candidate.fileName);
	}
	return { type: 'file', reason: '' };
}

function adviceFor(system: MediaTaker | undefined, candidate: Candidate): string {
	const { size, sniffed } = candidate;
	const fileRule = system?.types.file;
	if (size === 0) return 'Check the node that makes the file.';
	if (fileRule && size > fileRule.maxBytes) {
		return system?.id === 'corpApp' || system?.id === 'thirdPartyApp'
			? "Make it smaller, or use the operation 'Upload Large File' (from a link, up to 200 MB, welcome material only)."
			: 'Make it smaller, or send a link to it.';
	}
	if (sniffed.content === 'silk') {
		return 'It is SILK audio, whatever its name says. Convert it to AMR (8 kHz), or send it as file.';
	}
	return fileRule && size >= fileRule.minBytes
		? "Convert the file, choose another 'Media Type' ('Automatic' takes one that fits), or, for an upload, turn on 'Send as File if Unfit'."
		: 'Convert the file or make it fit.';
}

function unlike(sniffed: Sniffed, accepts: string): string {
	return sniffed.content === 'unknown' ? `not ${accepts}` : `not ${accepts} but ${sniffed.label}`;
}
