import type { SentCallback } from './callbackSender';
import { demoValues, demoValuesPage } from './demoValues';
import type { World } from './dispatcher';
import { contentTypeOf } from './fileKinds';
import { escape } from './html';
import type { DeliveredMessage, StoredMedia } from './model';
import { forms, SCRIPT } from './pageForms';
import { mask, maskedQuery, type RecordedCall } from './record';
import { isObject } from './wecomRequest';

const SHOWN = 50;

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#e3e6ea, #3a3f45); --soft: light-dark(#6b7280, #9aa3ad); }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.05rem; margin: 2rem 0 .4rem; }
p { margin: .3rem 0; } .soft { color: var(--soft); }
section { overflow-x: auto; } table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; padding: .3rem 1rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td { overflow-wrap: anywhere; } th { font-weight: 500; color: var(--soft); white-space: nowrap; }
td:first-child, th:first-child { width: 1%; white-space: nowrap; } .whole { white-space: nowrap; }
code { font-size: .85em; } img { display: block; max-height: 64px; max-width: 160px; margin: .2rem 0; border: 1px solid var(--line); }
q { quotes: none; white-space: pre-line; } a { color: light-dark(#175cd3, #84adff); }
.bad { color: light-dark(#b42318, #f97066); } .good { color: light-dark(#067647, #47cd89); }
form { display: flex; gap: .5rem; margin: .4rem 0; flex-wrap: wrap; } input, select { padding: .4rem .6rem; font: inherit; } input[type=url], input[name=text] { flex: 1; }
button { font: inherit; padding: .4rem 1rem; }`;

function headOf(world: World, title: string): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<meta name="viewport" content="width=device-width"><base href="${escape(world.baseUrl())}/"><style>${STYLE}</style></head><body>`;
}

/** What the demo's credentials hold, in full: it is made up. */
export function credentialsPage(world: World): string {
	const sections = demoValuesPage(demoValues(world.baseUrl(), world.demo()));
	return `${headOf(world, 'Values of the WeCom simulator')}
<h1>Values for credentials in n8n</h1>
<p class="soft">All made up; they open nothing but this simulator. <a href="">Back</a></p>${sections}</body></html>`;
}

/** The page for people: what arrived, refreshed every two seconds. Secrets are masked. */
export function wholePage(world: World): string {
	const { state } = world;
	const [app] = state.apps;
	return `${headOf(world, 'WeCom simulator')}
<h1>WeCom simulator</h1>
<p class="soft">Not WeCom: a stand-in on this machine. Nothing you see here has left it, and everything is forgotten when it stops.</p>
<p>Base URL <code>${escape(world.baseUrl())}</code> · corp <code>${escape(app.corpId)}</code>,
secret <code>${escape(mask(app.secret))}</code>, agent <code>${app.agentId}</code> ·
robot key <code>${escape(mask(state.robots[0].webhookKey))}</code> ·
account <code>${escape(state.officialAccounts[0].appId)}</code> ·
<a href="_simulator/credentials">all values, to copy</a></p>
${forms(state)}
<div id="live">${livePart(world)}</div><script>${SCRIPT}</script></body></html>`;
}

const NOTHING = `<h2>Nothing has arrived yet</h2>
<p>Put the Base URL above into a credential in n8n, with <a href="_simulator/credentials">these values</a>, and run a workflow:
files, messages, large uploads and every call show up here by themselves.</p>`;

/** The part of the page that changes. */
export function livePart(world: World): string {
	const { state, record, callbacks } = world;
	const counters = Object.entries(record.counters()).sort(([, a], [, b]) => b - a);
	if ([record.all, state.media.all(), callbacks.sent].every(({ length }) => length === 0))
		return NOTHING;
	return [
		table(
			'Messages delivered',
			['When', 'Through', 'To', 'What'],
			newest(state.messages),
			(message) => [
				time(message.at),
				escape(message.via),
				escape(message.to.join(', ')),
				content(message),
			],
		),
		table(
			'Files',
			['When', 'Name', 'Type', 'Size', 'media_id'],
			newest(state.media.all()),
			(media) => [
				time(media.createdAt),
				linkTo(media),
				escape(`${media.type} (${media.system}, ${media.origin})`),
				`<span class="whole">${bytes(media.bytes.length)}</span>`,
				`<code>${escape(media.mediaId)}</code>`,
			],
		),
		table(
			'Large uploads (upload_by_url)',
			['When', 'File', 'State', 'jobid'],
			newest([...state.jobs.values()]),
			(job) => [
				time(job.createdAt),
				escape(job.fileName),
				job.status === 3
					? `<span class="bad">failed, ${job.errcode}</span>`
					: ['', 'processing', 'done'][job.status],
				`<code>${escape(job.jobId)}</code>`,
			],
		),
		table(
			'Callbacks pushed',
			['When', 'What', 'Delivered', 'Answers'],
			newest(callbacks.sent),
			(sent) => [
				time(sent.at),
				escape(whatWasPushed(sent.message)),
				delivery(sent),
				escape(sent.attempts.map(({ status, error }) => status ?? error).join(', ')),
			],
		),
		table('Calls by endpoint', ['Endpoint', 'Calls'], counters, ([path, count]) => [
			escape(path),
			String(count),
		]),
		table('Latest calls', ['When', 'Call', 'Brought', 'Answer'], newest(record.all), (call) => [
			time(call.at),
			`${escape(call.method)} ${escape(call.path)}<br><code class="soft">${escape(queryText(call))}</code>`,
			call.parts
				.map((part) => `${escape(part.fileName ?? part.name)}, ${bytes(part.size)}`)
				.join('<br>'),
			answer(call),
		]),
	].join('');
}

function table<Row>(
	title: string,
	columns: string[],
	rows: Row[],
	cells: (row: Row) => string[],
): string {
	if (rows.length === 0) return `<section><h2>${title}</h2><p class="soft">none yet</p></section>`;
	const head = columns.map((column) => `<th>${column}</th>`).join('');
	const body = rows.map(
		(row) =>
			`<tr>${cells(row)
				.map((cell) => `<td>${cell}</td>`)
				.join('')}</tr>`,
	);
	return `<section><h2>${title}</h2><table><tr>${head}</tr>${body.join('')}</table></section>`;
}

function newest<Entry>(entries: Entry[]): Entry[] {
	return entries.slice(-SHOWN).reverse();
}

function content({ msgtype, body, media, image }: DeliveredMessage): string {
	const kind = `<span class="soft">${escape(msgtype)}</span>`;
	if (media) return `${kind} ${linkTo(media)}, ${bytes(media.bytes.length)}`;
	if (image) {
		const source = `data:${contentTypeOf(image)};base64,${image.toString('base64')}`;
		return `${kind} <img alt="inline image" src="${source}">`;
	}
	const detail = body[msgtype];
	const text = isObject(detail) && typeof detail.content === 'string' ? detail.content : '';
	return text === '' ? kind : `${kind} <q>${escape(text.slice(0, 300))}</q>`;
}

/** A file's name, which opens it, and under it the picture if it is one. */
function linkTo({ mediaId, fileName, bytes: content }: StoredMedia): string {
	const address = `_simulator/media/${encodeURIComponent(mediaId)}`;
	const picture = contentTypeOf(content).startsWith('image/')
		? `<img alt="" loading="lazy" src="${address}">`
		: '';
	return `<a href="${address}">${escape(fileName)}${picture}</a>`;
}

function answer(call: RecordedCall): string {
	const { reply, ending } = call;
	const code = reply?.errcode ? `errcode ${reply.errcode}` : '';
	const status = reply === undefined ? '…' : String(reply.status);
	const bad = Boolean(reply?.errcode) || (reply?.status ?? 0) >= 400 || ending !== undefined;
	const text = [status, code, ending ?? ''].filter((entry) => entry !== '').join(', ');
	return `<span class="${bad ? 'bad' : 'good'}">${escape(text)}</span>`;
}

function delivery({ delivered, open }: SentCallback): string {
	if (open) return '<span class="soft">under way…</span>';
	return delivered ? '<span class="good">yes</span>' : '<span class="bad">no</span>';
}

/** The kind of an event or a message; its content may hold a token, or a link that opens a file. */
function whatWasPushed(message: string): string {
	const node = (name: string) =>
		new RegExp(`<${name}><!\\[CDATA\\[(.*?)\\]\\]>`).exec(message)?.[1];
	if (message.startsWith('<xml>')) {
		return node('Event') ?? node('InfoType') ?? node('MsgType') ?? '';
	}
	const { msgtype, event } = JSON.parse(message) as {
		msgtype: string;
		event?: { eventtype: string };
	};
	return `smart bot: ${event?.eventtype ?? msgtype}`;
}

function queryText(call: RecordedCall): string {
	return Object.entries(maskedQuery(call))
		.map(([name, value]) => `${name}=${value}`)
		.join('&');
}

function bytes(size: number): string {
	if (size < 1024) return `${size} B`;
	return size < 1024 ** 2
		? `${(size / 1024).toFixed(1)} KB`
		: `${(size / 1024 ** 2).toFixed(1)} MB`;
}

function time(milliseconds: number): string {
	// The time of this machine, as on its clock.
	return new Date(milliseconds).toLocaleTimeString('en-GB');
}
