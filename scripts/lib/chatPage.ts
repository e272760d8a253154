import { MIB } from '../../test/e2e/files';
import type { DeliveredMessage } from '../../test/simulator/model';

/** What somebody has said: some text, or a file. */
export interface Bubble {
	sender: string;
	text?: string;
	file?: { fileName: string; bytes: Buffer };
	picture?: Buffer;
}

const STYLE = `
body { margin: 0; background: #fff; font: 15px/1.5 system-ui, sans-serif; color: #1f2329; }
main { width: 520px; padding: 20px 24px 24px; background: #eef0f3; }
h1 { margin: 0 0 14px; font-size: 15px; font-weight: 600; text-align: center; }
article { display: flex; gap: 10px; margin-top: 14px; } b { flex: none; width: 36px; height: 36px; border-radius: 6px; background: #0082ef; color: #fff; text-align: center; line-height: 36px; }
small { color: #8a919f; } section { background: #fff; border-radius: 6px; padding: 9px 12px; width: fit-content; max-width: 380px; white-space: pre-line; overflow-wrap: anywhere; }
.file { display: flex; gap: 16px; align-items: center; width: 300px; } .file div { flex: 1; } .file i { width: 38px; height: 44px; border-radius: 4px; background: #f5533d; color: #fff; font: 600 12px/44px system-ui; text-align: center; }
img { display: block; max-width: 300px; border-radius: 4px; }`;

/** A page in the form of a chat; what is in it is what the simulated WeCom holds. */
export function chatPage(title: string, bubbles: Bubble[]): string {
	const said = bubbles.map(
		(bubble) =>
			`<article><b>${bubble.sender.at(0)}</b><div><small>${bubble.sender}</small><section>${contentOf(bubble)}</section></div></article>`,
	);
	return `<style>${STYLE}</style><main><h1>${title}</h1>${said.join('')}</main>`;
}

/** What a robot has brought into its group. */
export function bubbleOf({ msgtype, body, media, image }: DeliveredMessage): Bubble {
	const { content } = (body[msgtype] ?? {}) as { content?: string };
	return { sender: '文件机器人', file: media, picture: image, text: content };
}

function contentOf({ text = '', file, picture }: Bubble): string {
	if (picture) return `<img src="data:image/png;base64,${picture.toString('base64')}">`;
	if (!file) return text;
	const size = `${(file.bytes.length / MIB).toFixed(1)} MB`;
	const extension = file.fileName.split('.').pop()?.toUpperCase();
	return `<div class="file"><div>${file.fileName}<br><small>${size}</small></div><i>${extension}</i></div>`;
}
