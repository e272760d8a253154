/** What operations.test.ts runs: which file goes which way, and what must come of it. */
import type { IDataObject, NodeParameterValueType } from 'n8n-workflow';
import type { DeliveredMessage } from '../simulator';
import type { SystemName } from './accounts';

type UploadCase = [system: SystemName, type: string, original: string, mime: string];

const WECOM_FILES: Array<[type: string, original: string, mime: string]> = [
	['image', 'photo.jpg', 'image/jpeg'],
	['voice', 'voice.amr', 'audio/amr'],
	['video', 'video.mp4', 'video/mp4'],
	['file', 'report.pdf', 'application/pdf'],
];
/** Uploaded as temporary media and fetched again. */
export const ROUND_TRIPS: UploadCase[] = [
	...(['app', 'thirdPartyApp', 'customerService'] as const).flatMap((system) =>
		WECOM_FILES.map((file): UploadCase => [system, ...file]),
	),
	['officialAccount', 'image', 'picture.gif', 'image/gif'],
	['officialAccount', 'voice', 'voice.mp3', 'audio/mpeg'],
	['officialAccount', 'video', 'video.mp4', 'video/mp4'],
	['officialAccount', 'thumb', 'photo.jpg', 'image/jpeg'],
];

interface Sending {
	parameters?: Record<string, NodeParameterValueType>;
	/** What the output says of the receivers, and whom the simulator delivered to. */
	receivers: IDataObject;
	via: DeliveredMessage['via'];
	to: string[];
}

const MEMBER: Sending = {
	parameters: { sendTo: 'members', toUser: 'ZhangSan' },
	receivers: { touser: 'ZhangSan' },
	via: 'app',
	to: ['ZhangSan'],
};
const CHAT: Sending = {
	parameters: { sendTo: 'appChat', chatId: 'demochat' },
	receivers: { chatid: 'demochat' },
	via: 'appChat',
	to: ['demochat'],
};
const CUSTOMER: Sending = {
	parameters: { toUser: 'wmdemocustomer', openKfId: 'wkdemo' },
	receivers: { touser: 'wmdemocustomer', open_kfid: 'wkdemo' },
	via: 'customerService',
	to: ['wmdemocustomer'],
};
const FOLLOWER: Sending = {
	parameters: { toUser: 'odemofollower' },
	receivers: { touser: 'odemofollower' },
	via: 'officialAccount',
	to: ['odemofollower'],
};
const GROUP: Sending = { receivers: {}, via: 'robot', to: ['wrdemogroup'] };

/** Sent in one step. */
export const SENDINGS: Array<
	[system: SystemName, type: string, original: string, sending: Sending]
> = [
	['app', 'video', 'video.mp4', MEMBER],
	['app', 'file', 'report.pdf', CHAT],
	['thirdPartyApp', 'file', 'report.pdf', MEMBER],
	['customerService', 'voice', 'voice.amr', CUSTOMER],
	['officialAccount', 'image', 'picture.png', FOLLOWER],
	['officialAccount', 'video', 'video.mp4', FOLLOWER],
	['robot', 'file', 'report.pdf', GROUP],
	['robot', 'image', 'picture.png', GROUP],
];
