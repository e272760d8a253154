import type { Simulator } from '../simulator';

/** What the accounts of a simulator's demo are entered with, and every token handed out so far. */
export function secretsOf({ demo, state }: Simulator): string[] {
	const { corp, suite, robot, bot, officialAccount } = demo;
	return [
		corp.corpSecret,
		corp.customerServiceSecret,
		corp.callbackToken,
		corp.encodingAesKey,
		suite.suiteSecret,
		suite.suiteTicket,
		suite.permanentCode,
		robot.webhookKey,
		bot.callbackToken,
		bot.encodingAesKey,
		officialAccount.appSecret,
		...state.tokens.all().map(({ value }) => value),
	];
}

/** Errors of Node's own modules come from outside jest's sandbox, where `instanceof` fails. */
function isError(value: object): value is Error {
	return Object.prototype.toString.call(value) === '[object Error]';
}

/**
 * JSON text of anything, as n8n would store it: what `toJSON` gives is used, enumerable fields of
 * errors are included, cycles are cut. Byte buffers become text, so that a secret in a request
 * body is found as well.
 */
export function serialize(value: unknown): string {
	const open: Array<{ source: object; shown: object }> = [];
	const show = function (this: Record<string, unknown>, key: string, current: unknown) {
		const raw = this[key];
		if (Buffer.isBuffer(raw)) return raw.toString('latin1');
		if (typeof current === 'bigint') return current.toString();
		if (typeof current !== 'object' || current === null) return current;
		// `this` holds the current value, so everything opened below it is closed by now.
		while (open.length > 0 && open[open.length - 1].shown !== this) open.pop();
		if (open.some(({ source }) => source === current)) return '[circular]';
		let shown: object = current;
		if (isError(current)) {
			const { name, message, stack, cause } = current;
			shown = Object.assign({ name, message, stack, cause }, current);
		}
		open.push({ source: current, shown });
		return shown;
	};
	return JSON.stringify(value, show) ?? 'undefined';
}

/**
 * Which of the secrets occur in the texts or objects, in whatever spelling they would have there:
 * plain, as part of a URL, escaped in JSON, in Base64.
 *
 * @returns the secrets found; an empty list means nothing leaked.
 */
export function leaks(secrets: string[], ...places: unknown[]): string[] {
	const haystack = places.map((p) => (typeof p === 'string' ? p : serialize(p))).join('\n');
	return secrets.filter((secret) => {
		if (secret.length < 4) throw new Error(`"${secret}" is too short to be searched for`);
		const base64 = Buffer.from(secret).toString('base64').replace(/=+$/, '');
		const spellings = [
			secret,
			encodeURIComponent(secret),
			encodeURIComponent(secret).replace(/%20/g, '+'),
			JSON.stringify(secret).slice(1, -1),
			// The last character also carries bits of whatever follows the secret.
			base64.slice(0, -1),
		];
		return spellings.some((spelling) => haystack.includes(spelling));
	});
}
