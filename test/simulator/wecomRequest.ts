import type { AsyncJobs } from './asyncJobs';
import { Refusal } from './errcodes';
import type { ReceivedMultipart } from './multipart';
import type { CallRecord, RecordedCall } from './record';
import type { Product, Reply } from './reply';
import type { SimulatorState } from './state';
import type { SuiteTickets } from './suiteTickets';

/** A call as the route handlers see it. */
export interface WeComRequest {
	call: RecordedCall;
	query: URLSearchParams;
	/** Undefined when the body was not multipart. */
	multipart?: ReceivedMultipart;
	state: SimulatorState;
	jobs: AsyncJobs;
	tickets: SuiteTickets;
	record: CallRecord;
	/** Origin and path prefix under which the simulator is reached. */
	baseUrl: string;
	/** In whose manner a refusal is answered; set as soon as the token is known. */
	product: Product;
	/** A JSON body was malformed and only parsed in part. */
	wrongJson: boolean;
}

export interface Route {
	method: 'GET' | 'POST';
	/** Below `/cgi-bin/`, unless it begins with a slash. */
	path: string;
	handle: (request: WeComRequest) => Reply | Promise<Reply>;
	/** The endpoint's own fields, which a failure carries with empty values. */
	fieldsOfFailure?: Record<string, unknown>;
}

/**
 * The JSON object a call carries. A malformed body counts as partly understood: as an empty object,
 * with the vendor's warning added to whatever refusal follows from that.
 */
export function jsonBody(request: WeComRequest): Record<string, unknown> {
	const { json } = request.call;
	if (isObject(json)) return json;
	request.wrongJson = true;
	return {};
}

/** A non-empty string of a JSON body; otherwise refuses with the code given. */
export function requiredText(
	body: Record<string, unknown>,
	name: string,
	errcode: number,
	maxBytes = Infinity,
	tooLong = 40058,
): string {
	const value = body[name];
	if (typeof value !== 'string' || value === '') throw new Refusal(errcode, undefined);
	if (Buffer.byteLength(value) > maxBytes) {
		throw new Refusal(tooLong, `${name} exceed max length ${maxBytes}`);
	}
	return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
