/** A shorter "secret" would be found in half of all words. */
const MIN_SECRET_LENGTH = 4;
const MASK = '***';

/** Parameters and JSON members whose value is a secret in one of WeCom's calls. */
const SECRET_NAMES = [
	'(?:\\w+_)?access_token',
	'token',
	'key',
	'(?:corp|app|suite_|provider_)?secret',
	'suite_ticket',
	'permanent_code',
	'response_code',
].join('|');
/** A whole word, where the end of a percent code (`%3Faccess_token`) ends the word before. */
const NAME = `(?:(?<![A-Za-z0-9_])|(?<=%[0-9A-Fa-f]{2}))(?:${SECRET_NAMES})`;

/** `key=value` in a query string. */
const IN_QUERY = new RegExp(`(${NAME}=)[^&\\s"'<>#\\\\]+`, 'gi');

/** The same in a URL that is itself a query value: `key%3Dvalue%26…`. */
const IN_CODED_QUERY = new RegExp(`(${NAME}%3D)(?:(?!%26)[^&\\s"'<>#\\\\])+`, 'gi');

/** `"key":"value"`, as Node prints objects (`key: 'value'`), and in JSON inside JSON (`\"key\":\"value\"`). */
const IN_JSON = new RegExp(
	`(${NAME}\\\\*["']?\\s*:\\s*)(?:(["'])(?:\\\\.|(?!\\2)[^\\\\])+|(\\\\+["'])(?:(?!\\3).)+)`,
	'gis',
);

/**
 * Removes secrets from a text before it is shown, logged or thrown. WeCom's URLs carry access_token, key and
 * corpsecret in the query, so any text that quotes a URL does too.
 *
 * @param secrets values to remove wherever they stand, raw or percent-coded; those under 4 characters are ignored
 */
export function redact(text: string, secrets: readonly string[]): string {
	// Longest first: one secret may contain another.
	const forms = [
		...new Set(secrets.filter((s) => s.length >= MIN_SECRET_LENGTH).flatMap(spellings)),
	].sort((a, b) => b.length - a.length);
	let clean = text;
	for (const form of forms) clean = clean.split(form).join(MASK);
	return clean
		.replace(IN_QUERY, `$1${MASK}`)
		.replace(IN_CODED_QUERY, `$1${MASK}`)
		.replace(IN_JSON, `$1$2$3${MASK}`);
}

/** How a secret can be spelled in a URL, in a form body or in JSON. */
function spellings(secret: string): string[] {
	// encodeURIComponent throws on lone surrogates.
	const valid = secret.replace(/\p{Cs}/gu, '\uFFFD');
	const uri = encodeURIComponent(valid);
	const form = new URLSearchParams({ s: valid }).toString().slice(2);
	return [
		secret,
		JSON.stringify(secret).slice(1, -1),
		...[uri, form, form.replace(/\+/g, '%20')].flatMap((coded) => [coded, lowerCaseCodes(coded)]),
	];
}

function lowerCaseCodes(coded: string): string {
	return coded.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
