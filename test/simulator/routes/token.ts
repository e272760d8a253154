import { callerIp, requireCaller, requireSuite } from '../access';
import { countSince } from '../clock';
import { Refusal } from '../errcodes';
import type { App } from '../model';
import { jsonReply, type Reply } from '../reply';
import { jsonBody, requiredText, type Route, type WeComRequest } from '../wecomRequest';

/** `expires_in` of a token that is handed out again is what is left of it. */
function tokenOf(request: WeComRequest, app: App): { access_token: string; expires_in: number } {
	const { tokens } = request.state;
	const holder = { kind: 'app' as const, app };
	// Repeated calls within the validity give the same token (vendor page 91039).
	const token = tokens.current(holder) ?? tokens.issue(holder);
	return { access_token: token.value, expires_in: tokens.secondsLeft(token) };
}

/** gettoken (vendor page 91039). The secret is looked at first. */
function getToken(request: WeComRequest): Reply {
	const { state, query } = request;
	const hourAgo = state.now() - 3_600_000;
	if (countSince(state.wrongSecrets, hourAgo) >= state.strict.wrongSecretsPerHour) {
		throw new Refusal(45009);
	}
	const secret = query.get('corpsecret');
	if (!secret) throw new Refusal(41004);
	const corpId = query.get('corpid');
	if (!corpId) throw new Refusal(41002);
	if (!state.corp(corpId)) throw new Refusal(40013);

	const own = state.apps.filter((app) => app.suiteId === undefined || app.providerDeveloped);
	const holders = own.filter((app) => app.secret === secret);
	const app = holders.find((candidate) => candidate.corpId === corpId);
	if (app) return jsonReply({ errcode: 0, errmsg: 'ok', ...tokenOf(request, app) });
	state.wrongSecrets.push(state.now());
	throw new Refusal(holders.length > 0 ? 40091 : 40001);
}

/** service/get_suite_token (vendor page 90600): no errcode on success. */
function getSuiteToken(request: WeComRequest): Reply {
	const body = jsonBody(request);
	const suiteId = requiredText(body, 'suite_id', 41021);
	const suite = request.state.suites.find((candidate) => candidate.suiteId === suiteId);
	if (!suite) throw new Refusal(40083);
	if (body.suite_secret !== suite.suiteSecret) throw new Refusal(40001);
	request.tickets.renewDue();
	if (!request.tickets.isValid(suite, body.suite_ticket)) throw new Refusal(40085);
	const { tokens } = request.state;
	const holder = { kind: 'suite' as const, suite };
	const token = tokens.current(holder) ?? tokens.issue(holder);
	return jsonReply({ suite_access_token: token.value, expires_in: tokens.secondsLeft(token) });
}

/** service/get_corp_token (vendor page 90605): no errcode on success. */
function getCorpToken(request: WeComRequest): Reply {
	const suite = requireSuite(request);
	const body = jsonBody(request);
	const corpId = requiredText(body, 'auth_corpid', 40013);
	const authorized = request.state.apps.filter((app) => app.suiteId === suite.suiteId);
	if (!authorized.some((app) => app.corpId === corpId)) throw new Refusal(40013);
	const app = authorized.find(
		(candidate) => candidate.corpId === corpId && candidate.secret === body.permanent_code,
	);
	if (!app) throw new Refusal(40084);
	return jsonReply(tokenOf(request, app));
}

/** Both products have it; an Official Account's answer has no errcode. */
function ipList(request: WeComRequest, list: string[]): Reply {
	const caller = requireCaller(request);
	const status = caller.kind === 'app' ? { errcode: 0, errmsg: 'ok' } : {};
	return jsonReply({ ip_list: list, ...status });
}

export const TOKEN_ROUTES: Route[] = [
	{ method: 'GET', path: 'gettoken', handle: getToken },
	{ method: 'POST', path: 'service/get_suite_token', handle: getSuiteToken },
	{ method: 'POST', path: 'service/get_corp_token', handle: getCorpToken },
	{
		method: 'GET',
		path: 'get_api_domain_ip',
		handle: (request) => ipList(request, ['192.0.2.10', '192.0.2.11']),
		fieldsOfFailure: { ip_list: [] },
	},
	{
		method: 'GET',
		path: 'getcallbackip',
		// Entries may contain a star (vendor page 92521).
		handle: (request) => ipList(request, [callerIp(request), '192.0.2.*']),
		fieldsOfFailure: { ip_list: [] },
	},
];
