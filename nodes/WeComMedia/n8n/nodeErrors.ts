/** Turns our errors into n8n's: the only place. */
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { IDataObject, INode, INodeExecutionData, JsonObject } from 'n8n-workflow';

import {
	isWeComError,
	WeComApiError,
	WeComCanceledError,
	WeComHttpError,
	WeComJobError,
	WeComNetworkError,
} from '../wecom/client/errors';
import type { AnyWeComError } from '../wecom/client/errors';
import { hintIdFromErrmsg, ownWords } from '../wecom/hints/errorHints';

/** @returns the error n8n shows for the item: what happened, and as description what to do */
export function toNodeError(
	node: INode,
	error: unknown,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;
	if (!isWeComError(error)) return unexpected(node, error, itemIndex);
	if (error instanceof WeComCanceledError) {
		// By this word in the text n8n tells a stopped run from a failed one.
		return new NodeOperationError(node, 'The execution was canceled', { itemIndex });
	}
	const message = `${error.message} [item ${itemIndex}]`;
	const description = adviceOf(error);
	const options = { description, itemIndex };
	const nodeError =
		hasErrmsg(error) || error instanceof WeComHttpError || error instanceof WeComNetworkError
			? new NodeApiError(node, answerOf(error), { message, ...options })
			: new NodeOperationError(node, message, options);
	// n8n replaces a text that holds a code such as ECONNREFUSED by its own, which does not name the host.
	nodeError.message = message;
	return nodeError;
}

/**
 * @param field the binary field of an item with several files, else ''
 * @returns the item that stands for a failure when the workflow goes on
 */
export function errorItem(
	node: INode,
	error: unknown,
	itemIndex: number,
	field: string,
): INodeExecutionData {
	const nodeError = toNodeError(node, error, itemIndex);
	const json = failureJson(error, nodeError.message);
	if (field) json.field = field;
	const item: INodeExecutionData = { json, pairedItem: { item: itemIndex } };
	// n8n sends an item to the error output by its `error`, but empties the JSON of every item that still has one
	// afterwards. It copies items on the way, and a copy leaves hidden properties behind. Writable: n8n up to 1.120
	// assigns to it, and where that throws it hands the input to the success output.
	if (node.onError === 'continueErrorOutput') {
		Object.defineProperty(item, 'error', { value: nodeError, enumerable: false, writable: true });
	}
	return item;
}

/**
 * A failure as fields of an item that comes nevertheless.
 *
 * @param otherwise what to say of an error that is not ours, whose text may hold anything
 */
export function failureJson(error: unknown, otherwise: string): IDataObject {
	if (!isWeComError(error)) return { error: otherwise };
	const json: IDataObject = { error: error.message };
	if (error instanceof WeComJobError) json.jobid = error.jobid;
	if (hasErrmsg(error)) {
		if (error.errcode !== undefined) json.errcode = error.errcode;
		if (error.errmsg) json.errmsg = error.errmsg;
	}
	if (error.hint) json.hint = error.hint;
	return json;
}

/**
 * What stands below an error: what to do, and WeCom's own words, which the editor shows nowhere else.
 *
 * @returns several sentences
 */
function adviceOf(error: AnyWeComError): string {
	const errmsg = hasErrmsg(error) ? (error.errmsg ?? '') : '';
	const words = ownWords(errmsg);
	const reference = hintIdFromErrmsg(errmsg);
	// The editor shows nothing else of an error, and with the jobid its job can still be asked for.
	const isJobNamed = !(error instanceof WeComJobError) || error.message.includes(error.jobid);
	const sentences = [
		error.hint,
		isJobNamed ? '' : `The job is ${error.jobid}.`,
		words && !error.message.includes(words) ? `WeCom's own text: "${words}".` : '',
		reference ? `If you ask WeCom's support, name this reference: ${reference}` : '',
	];
	return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** WeCom's own words: why it refused a call, or why a job failed or could not be asked for. */
function hasErrmsg(error: unknown): error is WeComApiError | WeComJobError {
	return error instanceof WeComApiError || error instanceof WeComJobError;
}

function answerOf(
	error: WeComApiError | WeComJobError | WeComHttpError | WeComNetworkError,
): JsonObject {
	if (error instanceof WeComApiError) return { errcode: error.errcode, errmsg: error.errmsg };
	if (error instanceof WeComJobError) {
		return { jobid: error.jobid, errcode: error.errcode ?? '', errmsg: error.errmsg ?? '' };
	}
	return { message: error.message };
}

/**
 * @param advise gives what stands behind it: what to do, unless told otherwise with WeCom's own words
 * @returns what happened and what to do as one text, for places that show nothing else of an error
 */
export function sentenceOf(
	error: unknown,
	advise: (error: AnyWeComError) => string | undefined = adviceOf,
): string {
	if (!(error instanceof Error)) return String(error);
	if (!isWeComError(error)) return error.message;
	// n8n replaces a text that holds a code such as ECONNREFUSED by its own, which does not name the host.
	const text = error.message.replace(/ \([A-Z_]+\)$/, '');
	const advice = advise(error);
	return advice ? `${text}. ${advice}` : text;
}

/** Not ours: an expression that fails, or a defect. Its text is n8n's or JavaScript's own and holds no request. */
function unexpected(node: INode, error: unknown, itemIndex: number): NodeOperationError {
	if (error instanceof Error) return new NodeOperationError(node, error, { itemIndex });
	return new NodeOperationError(node, String(error), { itemIndex });
}
