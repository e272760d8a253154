/** The advice on a refused file or text names the limits that are checked before; hints import nothing, so it is typed there. */
import { ATTACHMENTS } from '../../nodes/WeComMedia/wecom/accounts/materials';
import {
	CHAT_RULES,
	LINK_TYPES,
	OFFICIAL_ACCOUNT_TYPES,
	PACES,
	ROBOT_INLINE_IMAGE,
	ROBOT_TYPES,
	TEXT_RULES,
	WECOM_TYPES,
	WECOM_UPLOADIMG,
} from '../../nodes/WeComMedia/wecom/accounts/rules';
import { MAX_URL_BYTES } from '../../nodes/WeComMedia/wecom/calls/link';
import { formatBytes } from '../../nodes/WeComMedia/wecom/client/bytes';
import type { MediaRule } from '../../nodes/WeComMedia/wecom/files/mediaRule';
import { hintFor } from '../../nodes/WeComMedia/wecom/hints/errorHints';
import type { SystemId } from '../../nodes/WeComMedia/wecom/hints/types';

const most = (rule: MediaRule | undefined) => formatBytes(rule!.maxBytes);
const wecom = WECOM_TYPES;
const account = OFFICIAL_ACCOUNT_TYPES;
const { image, video } = ATTACHMENTS.moments.types;
const grouped = (count: number) => count.toLocaleString('en-US');

const moreThan = `more than ${wecom.file!.minBytes - 1} bytes`;
const ofWeCom = `${most(wecom.image)} for images and videos, ${most(wecom.voice)} for voices`;
const ofAccount = `${most(account.image)} for images and videos, ${most(account.voice)} for voices and ${most(account.thumb)} for thumbs`;

test.each<[SystemId, number, string]>([
	['corpApp', 40006, `${moreThan} and at most ${ofWeCom}, ${most(wecom.file)} for files`],
	[
		'corpApp',
		40009,
		`at most ${most(wecom.image)}, for a permanent image URL to at most ${most(WECOM_UPLOADIMG)}`,
	],
	['corpApp', 40011, `at most ${most(wecom.video)};`],
	['corpApp', 40011, `may have up to ${most(LINK_TYPES.video)}`],
	['corpApp', 40039, `at most ${MAX_URL_BYTES} bytes`],
	['corpApp', 41080, `at most ${most(image)}`],
	[
		'corpApp',
		41081,
		`${grouped(image!.maxPixels!.longSide)} pixels on the long and ${grouped(image!.maxPixels!.shortSide)} on the short`,
	],
	['corpApp', 41082, `${video!.maxSeconds} seconds`],
	['corpApp', 45001, `Keep to ${ofWeCom} and ${most(wecom.file)} for files`],
	['corpApp', 45001, `may have up to ${most(LINK_TYPES.file)}`],
	['corpApp', 45002, `${TEXT_RULES.members.text.maxBytes} bytes`],
	['corpApp', 45007, `${wecom.voice!.maxSeconds} seconds`],
	['corpApp', 86004, `at most ${CHAT_RULES.nameCharacters} characters`],
	['corpApp', 86006, `${CHAT_RULES.members.fewest} to ${grouped(CHAT_RULES.members.most)} members`],
	[
		'robot',
		40006,
		`${moreThan} and at most ${most(ROBOT_TYPES.file)}, for voices at most ${most(ROBOT_TYPES.voice)}`,
	],
	['robot', 40009, `at most ${most(ROBOT_INLINE_IMAGE)}`],
	[
		'robot',
		45001,
		`${most(ROBOT_TYPES.file)} for files and ${most(ROBOT_TYPES.voice)} for voices and images`,
	],
	['robot', 45009, `${PACES.robot.windows[0].most} messages a minute`],
	['customerService', 40011, `at most ${most(wecom.video)}`],
	['customerService', 45001, `${most(wecom.voice)} for voices and ${most(wecom.file)} for files`],
	['officialAccount', 40006, ofAccount],
	['officialAccount', 40009, `at most ${most(account.image)}`],
	['officialAccount', 40010, `${account.voice!.maxSeconds} seconds and ${most(account.voice)}`],
	['officialAccount', 40011, `at most ${most(account.video)}`],
	['officialAccount', 40012, `at most ${most(account.thumb)}`],
	['officialAccount', 45001, ofAccount],
	['officialAccount', 45007, `${account.voice!.maxSeconds} seconds`],
])('the advice of %s on %d names what is checked: "%s"', (system, errcode, sentence) => {
	expect(hintFor(errcode, { system, errmsg: '' }).hint).toContain(sentence);
});
