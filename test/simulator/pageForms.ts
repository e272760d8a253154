import type { CallbackTarget } from './callbackSender';
import { escape } from './html';
import type { SimulatorState } from './state';

/** Whom a person can write to on the page; each has a callback URL of its own. */
export const RECIPIENTS = ['app', 'bot', 'customerService'] as const;
export type Recipient = (typeof RECIPIENTS)[number];

/** Everything of the demo world that can have a callback URL. */
export type TargetName = Recipient | 'suite';

const NAMES: Record<TargetName, string> = {
	app: 'the demo app',
	bot: 'the demo smart bot',
	customerService: 'Customer Service',
	suite: 'the demo suite',
};

export function isRecipient(name: unknown): name is Recipient {
	return RECIPIENTS.some((recipient) => recipient === name);
}

/** The target of a form; undefined for a name nobody has. */
export function targetNamed(state: SimulatorState, name: string): CallbackTarget | undefined {
	const targets: Record<TargetName, CallbackTarget> = {
		app: state.apps[0],
		customerService: state.apps[1],
		bot: state.smartBots[0],
		suite: state.suites[0],
	};
	return Object.hasOwn(targets, name) ? targets[name as TargetName] : undefined;
}

/** The page's two forms: the console's "save", and a client in which somebody writes. */
export function forms(state: SimulatorState): string {
	const saved = (Object.keys(NAMES) as TargetName[]).map((name) => {
		const url = targetNamed(state, name)?.callback?.url;
		return url === undefined ? '' : `<br>${NAMES[name]}: <code>${escape(url)}</code>`;
	});
	return `<h2>Callback URL</h2>
<form id="save">${choice('target', Object.keys(NAMES) as TargetName[])}
<input name="url" type="url" required placeholder="http://127.0.0.1:5678/webhook/…" value="${escape(state.apps[0].callback?.url ?? '')}"><button>Save</button></form>
<p class="said soft">Saving asks the URL for its echo, as WeCom's console does under 接收消息 → 设置API接收.${saved.join('')}</p>
<h2>Write as somebody else</h2>
<form id="say">${choice('to', RECIPIENTS)}
<input name="text" placeholder="Message"><input name="file" type="file"><button>Send</button></form>
<p class="said soft">A member writes to the app or the bot, a customer to Customer Service. It reaches the callback URL as from WeCom: encrypted, and up to three times more, 5 s apart, until it is answered.</p>`;
}

function choice(name: string, targets: readonly TargetName[]): string {
	const options = targets.map((target) => `<option value="${target}">${NAMES[target]}</option>`);
	return `<select name="${name}">${options.join('')}</select>`;
}

export const SCRIPT = `
const live = document.getElementById('live');
let shown;
setInterval(async () => {
	const answer = await fetch('_simulator/live').catch(() => undefined);
	const news = answer?.ok ? await answer.text() : shown;
	// Only what has changed: a selection stays, and pictures do not flicker.
	if (news !== shown) live.innerHTML = shown = news;
}, 2000);
function onSubmit(id, asking, submit) {
	const form = document.getElementById(id);
	const said = form.nextElementSibling;
	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		said.className = 'said soft';
		said.textContent = asking;
		const { ok, reason, done } = await submit(form.elements).then((answer) => answer.json());
		said.textContent = ok ? done : reason;
		said.className = ok ? 'said good' : 'said bad';
		if (ok && id === 'say') form.elements.text.value = form.elements.file.value = '';
	});
}
onSubmit('save', 'Asking the URL for its echo…', async ({ target, url }) =>
	await fetch('_simulator/callback-url', {
		method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ target: target.value, url: url.value }),
	}));
onSubmit('say', 'Sending…', async ({ to, text, file }) => {
	const [attached] = file.files;
	const query = new URLSearchParams({ to: to.value, text: text.value, fileName: attached?.name ?? '' });
	return await fetch('_simulator/say?' + query, { method: 'POST', body: attached });
});`;
