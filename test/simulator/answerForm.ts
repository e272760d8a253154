import { jsonReply, type Reply } from './reply';

/**
 * How a successful answer reaches the client although the call had its effect: without its errcode,
 * or as something a proxy, a broken gateway or a lost connection makes of it.
 */
export type AnswerForm =
	'withoutErrcode' | 'empty' | 'noContent' | 'cutJson' | 'html' | 'array' | 'emptyObject';

const LOGIN_PAGE = '<!doctype html><html><body>Please sign in to the made-up gateway</body></html>';

/** A successful JSON answer in another form; refusals and files stay as they are. */
export function inForm(reply: Reply, form: AnswerForm): Reply {
	if (!isSuccess(reply)) return reply;
	const text = reply.body.toString('utf8');
	const as = (body: string, status = 200): Reply => ({ ...reply, status, body: Buffer.from(body) });
	switch (form) {
		case 'withoutErrcode':
			return withoutErrcode(text);
		case 'empty':
			return as('');
		case 'noContent':
			return { ...as('', 204), withoutLength: true };
		case 'cutJson':
			return as(text.slice(0, Math.floor(text.length / 2)));
		case 'html':
			return { ...as(LOGIN_PAGE), headers: { 'Content-Type': 'text/html; charset=utf-8' } };
		case 'array':
			return as(`[${text}]`);
		case 'emptyObject':
			return as('{}');
	}
}

function isSuccess({ status, headers, errcode = 0 }: Reply): boolean {
	return status === 200 && errcode === 0 && /json/.test(headers['Content-Type'] ?? '');
}

function withoutErrcode(text: string): Reply {
	const fields = Object.entries(JSON.parse(text) as Record<string, unknown>);
	return jsonReply(Object.fromEntries(fields.filter(([name]) => !/^err(code|msg)$/.test(name))));
}
