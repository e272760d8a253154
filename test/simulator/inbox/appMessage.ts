import { randomBytes } from 'node:crypto';

import { eventXml, type EventFields } from '../callbackSender';
import type { App, MediaType } from '../model';
import type { SimulatorState } from '../state';
import { kindOf, type MessageKind, type PersonMessage } from './message';

/**
 * What an app is told of a member's message (vendor page 90239). A file's name is not in it.
 * @returns undefined where nothing is pushed
 */
export function appMessage(
	state: SimulatorState,
	app: App,
	message: PersonMessage,
): string | undefined {
	const kind = kindOf(message);
	const asFile = state.strict.appFileMessage;
	if (kind === 'file' && asFile === 'none') return undefined;
	const sentAs = kind === 'file' && asFile === 'text' ? 'text' : kind;
	const own = sentAs === kind ? fieldsOf(state, app, kind, message) : fileAsText(message);
	const { from: FromUserName = 'ZhangSan', fields } = message;
	const xml = eventXml({
		ToUserName: app.corpId,
		FromUserName,
		CreateTime: Math.floor(state.now() / 1000),
		MsgType: sentAs,
		...own,
		MsgId: newMsgId(),
		AgentID: app.agentId ?? '',
		...fields,
	});
	return state.strict.cdataInText === 'split' ? xml : rawText(xml);
}

/** As reported of a PDF: a text without any media_id. */
function fileAsText({ file, text = '' }: PersonMessage): EventFields {
	return { Content: file?.fileName ?? text };
}

function fieldsOf(
	state: SimulatorState,
	app: App,
	kind: MessageKind,
	message: PersonMessage,
): EventFields {
	const { text = '', file } = message;
	const mediaId = (type: MediaType, bytes = file?.bytes, fileName = file?.fileName) =>
		state.addMedia({
			bytes: bytes ?? Buffer.from('made-up content'),
			fileName: fileName ?? type,
			type,
			owner: app.corpId,
			origin: 'received',
		});
	switch (kind) {
		case 'text':
			return { Content: splitSections(text) };
		case 'image':
			return { PicUrl: 'http://p.qpic.cn.example/pic_wework/0', MediaId: mediaId('image') };
		case 'voice':
			return { MediaId: mediaId('voice'), Format: 'amr' };
		case 'video': {
			const thumb = Buffer.from('\xff\xd8\xff\xe0 made-up first picture', 'latin1');
			return { MediaId: mediaId('video'), ThumbMediaId: mediaId('image', thumb, 'thumb.jpg') };
		}
		case 'file':
			// On no page; two clients parse it with these names.
			return { MediaId: mediaId('file'), FileName: file?.fileName ?? '' };
		case 'location':
			return {
				Location_X: '23.134',
				Location_Y: '113.358',
				Scale: 15,
				Label: text,
				AppType: 'wxwork',
			};
		case 'link':
			return {
				Title: text,
				Description: '',
				Url: 'https://a.example/page',
				PicUrl: 'https://a.example/picture',
			};
	}
}

const END = ']]>';

/** A text with `]]>` in it takes two CDATA sections. */
function splitSections(text: string): string {
	return text.split(END).join(']]]]><![CDATA[>');
}

function rawText(xml: string): string {
	return xml.split(']]]]><![CDATA[>').join(END);
}

/** A 64-bit number above what a JavaScript number holds exactly. */
function newMsgId(): bigint {
	return 7_300_000_000_000_000_000n + BigInt(randomBytes(6).readUIntBE(0, 6));
}
