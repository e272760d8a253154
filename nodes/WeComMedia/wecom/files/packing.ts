/** From a file to a request body: looked at, checked, named, and framed as multipart. */
import { bytesOf, LOOK_BYTES, streamOfAll } from '../client/body';
import {
	decideType,
	fallBack,
	measuredProblem,
	refuseBySize,
	ruleOf,
	voiceProblem,
} from './checks';
import type { Candidate, RequestedType, TypeOptions } from './checks';
import { readWhole, sourceError, wholeOf } from './mediaFile';
import type { MediaFile } from './mediaFile';
import { createMultipartFrame, randomBoundary } from './multipart';
import type { MultipartInput } from './multipart';
import { fitToType, nameToSend } from './naming';
import { sniff } from './sniff';
import type { Sniffed } from './sniff';
import type { MediaType, MediaTaker } from './mediaRule';
import type { ByteSource, ByteStream } from '../client/wire';

/** Part name of every upload (vendor pages 90253, 90256, 99110). */
const FIELD_NAME = 'media';
/**
 * Bytes up to which a file is held while it is uploaded; larger ones are read while they are sent. Voices are measured and
 * pictures sent inside a message, so both, of 2 MB at most (vendor pages 90253, 99110), must be among the held ones.
 */
export const HELD_BYTES = 2 * 1024 * 1024;

export interface UploadRequest {
	file: MediaFile;
	requested: RequestedType;
	/** Replaces the file's own name; '' keeps it. */
	fileName: string;
	fallbackToFile: boolean;
	skipChecks: boolean;
}

/** A file packed for the wire: checked and named; may be sent several times. */
export interface PackedFile {
	type: MediaType;
	requested: RequestedType;
	reason: string;
	fileName: string;
	fileSize: number;
	sniffed: Sniffed;
	/** Where it came from. */
	file: MediaFile;
	/** The file itself, if it has at most {@link HELD_BYTES}; the same memory as in `body`, and gone when that was sent. */
	held?: Buffer;
	/** For the request's Content-Type header. */
	contentType: string;
	/** The multipart body: a stream, or one Buffer for a held file that n8n did not give as one. */
	body: Buffer | ByteSource;
	/** Opens the bytes of a file that is not held; the first time it is the opening in which they were looked at. */
	open(): Promise<ByteStream>;
	/** Closes that opening where nobody has taken it. */
	close(): void;
}

/**
 * @returns the bytes of a voice or of a picture that passed its checks
 * @throws RangeError for a file that is not held, or was sent
 */
export function bytesOfPacked({ held, fileSize }: PackedFile): Buffer {
	if (held?.length !== fileSize)
		throw new RangeError(`Only files up to ${HELD_BYTES} bytes are held`);
	return held;
}

/**
 * Reads the file once more, whatever its size.
 *
 * @throws WeComInputError when it is gone, or not what it was
 */
export async function* readPacked({ held, file, open }: PackedFile): AsyncGenerator<Uint8Array> {
	try {
		if (held?.length === file.size) yield held;
		else yield* wholeOf(file, await open());
	} catch (error) {
		throw sourceError(file, error);
	}
}

/**
 * Checks and packs a file for temporary media.
 *
 * @throws WeComInputError when the file is not fit for what it is asked to be
 */
export async function packMedia(
	system: MediaTaker,
	request: UploadRequest & PackRequest,
): Promise<PackedFile> {
	const options: TypeOptions = request;
	const packed = await packFile(
		request,
		(candidate) => decideType(system, candidate, options),
		system,
	);
	if (request.skipChecks) return packed;
	const { fileName, fileSize: size, sniffed } = packed;
	const candidate: Candidate = { fileName, size, sniffed };
	const rule = ruleOf(system, packed.type);
	const problem =
		packed.type === 'voice'
			? voiceProblem(candidate, rule, bytesOfPacked(packed), system.label)
			: await measuredProblem(candidate, rule, readPacked(packed), system.label);
	if (!problem) return packed;
	const fallbackToFile = options.fallbackToFile || options.requested === 'auto';
	return { ...packed, ...fallBack(system, candidate, { ...options, fallbackToFile }, problem) };
}

interface PackRequest extends Pick<UploadRequest, 'file' | 'fileName' | 'skipChecks'> {
	requested?: RequestedType;
	/** What goes with a file of this type, as text parts by name. */
	textParts?(type: MediaType, fileName: string): Readonly<Record<string, string>>;
}

/**
 * Packs a file once `decide` has found it fit.
 *
 * @param decide throws WeComInputError for one that is not
 */
export async function packFile(
	request: PackRequest,
	decide: (candidate: Candidate) => { type: MediaType; reason: string },
	system?: MediaTaker,
): Promise<PackedFile> {
	const { file } = request;
	refuseBySize(file, request.skipChecks, system);
	if (file.size <= HELD_BYTES) {
		const bytes = await readWhole(file);
		const { input, packed } = describe(bytes);
		return { ...packed, ...heldBody(file, bytes, input) };
	}
	const { start, rest } = await look(file, LOOK_BYTES);
	let isPacked = false;
	try {
		const { input, packed } = describe(start);
		const opening = openingOf(file, rest);
		const body = streamedBody(file, opening.open, input);
		isPacked = true;
		return { ...packed, ...body, ...opening };
	} finally {
		if (!isPacked) rest.destroy?.();
	}

	/** @param start the first bytes, or all of them */
	function describe(start: Buffer) {
		const sniffed = sniff(start);
		const named = nameToSend(request.fileName, file, sniffed, start);
		const decision = decide({ fileName: named, size: file.size, sniffed });
		const fileName = fitToType(named, decision.type, sniffed);
		const { requested = 'image' } = request;
		const input: MultipartInput = {
			fieldName: FIELD_NAME,
			fileName,
			fileSize: file.size,
			contentType: sniffed.mimeType,
			boundary: randomBoundary(),
			textParts: request.textParts?.(decision.type, fileName),
		};
		const { type, reason } = decision;
		const packed = { type, reason, requested, fileName, fileSize: file.size, sniffed, file };
		return { packed, input };
	}
}

/** @throws WeComInputError when the file is gone or cannot be read */
async function look(file: MediaFile, count: number) {
	try {
		return await bytesOf(await file.open(), count);
	} catch (error) {
		throw sourceError(file, error);
	}
}

type PackedBody = Pick<PackedFile, 'held' | 'contentType' | 'body'>;

/** Opening costs: n8n's database mode reads the whole file each time. */
function openingOf(file: MediaFile, first?: ByteStream): Pick<PackedFile, 'open' | 'close'> {
	let waiting = first;
	const take = () => {
		const taken = waiting;
		waiting = undefined;
		return taken;
	};
	return {
		// A stream that nobody has begun to read would end the whole process with an error of its own.
		open: async () => take() ?? (await look(file, 0)).rest,
		close: () => take()?.destroy?.(),
	};
}

/**
 * To join file and frame copies the file, so that happens only where no stream can be made. A stream takes the held bytes with
 * it, and another attempt reads the file again: whatever of ours still knew of them would keep them as long as V8 keeps it.
 */
function heldBody(
	file: MediaFile,
	held: Buffer,
	input: MultipartInput,
): PackedBody & Pick<PackedFile, 'open' | 'close'> {
	const { handed } = file;
	if (handed) {
		const opening = openingOf(file, { ...streamOfAll([held]), handed });
		return { held, ...streamedBody(file, opening.open, input), ...opening };
	}
	const { contentType, head, tail } = createMultipartFrame(input);
	const body = Buffer.concat([head, held, tail]);
	const bytes = body.subarray(head.length, head.length + held.length);
	return { held: bytes, contentType, body, ...openingOf(file) };
}

/** Every attempt after the first opens the source anew. */
function streamedBody(
	file: MediaFile,
	openSource: PackedFile['open'],
	input: MultipartInput,
): PackedBody {
	const { contentType, head, tail } = createMultipartFrame(input);
	async function* framed(bytes: ByteStream): AsyncGenerator<Uint8Array> {
		try {
			yield head;
			yield* wholeOf(file, bytes);
			yield tail;
		} catch (error) {
			throw sourceError(file, error);
		}
	}
	const open = async (): Promise<ByteStream> => {
		const bytes = await openSource();
		const { whole, handed } = bytes;
		if (whole) return { ...streamOfAll([head, ...whole, tail]), handed };
		const destroy = (error?: Error) => bytes.destroy?.(error);
		return Object.assign(framed(bytes), { destroy, handed });
	};
	return { contentType, body: { size: head.length + file.size + tail.length, open } };
}
