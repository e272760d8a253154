/** Why something could not be had, as fields of the item that comes nevertheless. */
import type { IDataObject } from 'n8n-workflow';

import { isWeComError, WeComApiError, WeComJobError } from '../wecom/client/errors';

/** @param otherwise what to say of an error that is not ours, whose text may hold anything */
export function reasonJson(error: unknown, otherwise: string): IDataObject {
	if (!isWeComError(error)) return { error: otherwise };
	const json: IDataObject = { error: error.message };
	if (error instanceof WeComJobError || error instanceof WeComApiError) {
		if (error.errcode !== undefined) json.errcode = error.errcode;
		if (error.errmsg) json.errmsg = error.errmsg;
	}
	if (error.hint) json.hint = error.hint;
	return json;
}
