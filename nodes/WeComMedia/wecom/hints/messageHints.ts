import type { HintTable } from './types';

/** Sending to members, app chats and external contacts (vendor pages 90236, 90248, 90313). */
export const MESSAGE_HINTS: HintTable = {
	40003: ['A UserID is not valid', 'Check the member IDs (通讯录 → the member → 账号).'],
	40008: ['The message type is not valid', "Choose another 'Content' or 'Media Type'."],
	40032: [
		'The number of members is not valid',
		'Name at least 1 and at most 1000 members in one message.',
	],
	44004: ['The message is empty', 'Fill in the text of the message.'],
	45002: [
		'The message is too long',
		"Shorten the text to 2048 bytes (about 680 Chinese characters), turn on 'Split Long Text', or send it as a file.",
	],
	45008: ['The message has too many articles', 'Use at most 8 articles in one message.'],
	60011: [
		'The app may not reach this member or department',
		'Widen the visible range of the app (应用管理 → the app → 可见范围).',
	],
	60111: ['The UserID does not exist', 'Check the member ID (通讯录 → the member → 账号).'],
	81013: [
		'None of the receivers can be reached',
		'Check the IDs and that the receivers are in the visible range of the app (应用管理 → the app → 可见范围).',
	],
	82001: ['The message has no receiver', 'Fill in members, departments or tags.'],
	82002: ['The message names too many departments', 'Name at most 100 departments.'],
	82003: ['The message names too many tags', 'Name at most 100 tags.'],
	84061: [
		'The member has no such external contact',
		'Use a member who has added this customer as a contact (外部联系人).',
	],
	40050: ['The chat is not known', 'Use the chatid of a chat that this app created.'],
	86001: [
		'The chat ID is not valid',
		'Use the chatid that WeCom returned when this app created the chat.',
	],
	86003: ['The chat does not exist', 'Use the chatid of a chat that this app created.'],
	86004: ['The name of the chat is not valid', "Change 'Chat Name': at most 50 characters."],
	86005: ['The owner of the chat is not valid', "Make one of the members the 'Owner'."],
	86006: ['The number of members is not valid', 'Name 2 to 2,000 members.'],
	86007: [
		'A member of the chat is not valid',
		'Check the user IDs and that all members are in the visible range of the app (应用管理 → the app → 可见范围).',
	],
	86008: [
		'The chat was created by another app',
		'Use the credential of the app that created the chat, because only that app can send to it.',
	],
	86101: ['Only the owner of the chat may do this', 'Make the change as the owner of the chat.'],
	86201: ['The chat ID is missing', "Fill in 'Chat ID'."],
	86202: ['The name of the chat is missing', "Fill in 'Chat Name'."],
	86203: ['The owner of the chat is missing', "Fill in 'Owner'."],
	86204: ['The members of the chat are missing', "Add at least two 'Members'."],
	86205: ['The chat ID is too long', 'Use at most 32 letters and digits.'],
	86214: ['The type of the chat is not valid', 'Use the chatid of a chat that this app created.'],
	86215: [
		'A chat with this chat ID exists already',
		"Use the existing chat, or another 'Chat ID' in the options.",
	],
};

/** Group robot (vendor page 99110, and replies seen in the field). */
export const ROBOT_HINTS: HintTable = {
	40004: [
		'The robot does not take this media type',
		"Set 'Media Type' to file or voice, since images are sent directly and not uploaded.",
	],
	40006: [
		'The file size is not valid',
		'Use a file of more than 5 bytes and at most 20 MB, for voices at most 2 MB.',
	],
	40007: [
		'The media_id is not valid for this robot',
		'Upload the file again with the same webhook key, because a media_id is valid for 3 days and only the robot that uploaded it can send it.',
	],
	40008: ['The robot does not take this message type', "Choose another 'Content'."],
	40009: [
		'The image has a size that the robot does not take',
		'Shrink the image to at most 2 MB or send it as a file.',
	],
	40058: [
		'A parameter has a value that WeCom does not take',
		"Read WeCom's own text: if it names 'key', copy the webhook URL of the robot again, otherwise it names the field that is missing, wrong or too long.",
	],
	45001: ['The file is too large', 'Keep to 20 MB for files and 2 MB for voices and images.'],
	45009: [
		'The robot has sent too many messages',
		'Find out what else sends through the same robot, because WeCom accepts 20 messages a minute from all senders together.',
	],
	93000: [
		'The webhook key is not valid, or the robot was removed',
		'Copy the webhook URL of the robot again (群聊 → 消息推送 / 群机器人), and wait some minutes if the robot is new.',
	],
	93004: ['The robot is switched off', 'Switch it on in the group chat (群聊 → 群机器人).'],
	93006: ['The chat ID is not valid', 'Use the ID of a group that this robot is in.'],
	93008: ['The robot is not in the group', 'Add it to the group chat (群聊 → 群机器人 → 添加).'],
};

/** WeChat Customer Service (vendor page 94677). */
export const CUSTOMER_SERVICE_HINTS: HintTable = {
	41004: [
		'The Secret is missing',
		'Fill in the Secret of Customer Service (微信客服 → API), or of an app allowed there, in the credential.',
	],
	40014: [
		'The access token is not valid',
		'It was renewed once already, so check that the Secret is of Customer Service (微信客服) or of an app allowed there, and that Base URL leads to the right WeCom.',
	],
	40091: [
		'The Secret does not belong to this Corp ID',
		'Copy Corp ID (我的企业 → 企业信息) and the Secret of Customer Service (微信客服) from the console of the same company.',
	],
	40001: [
		'The Secret is not valid',
		'Use the Secret of Customer Service (微信客服 → API), or since December 2023 that of an app allowed there (微信客服 → 可调用接口的应用).',
	],
	40009: [
		'The image has a size that WeCom does not take',
		'Shrink the image to at most 2 MB, which every edition of Customer Service takes.',
	],
	40011: [
		'The video has a size that WeCom does not take',
		'Cut or compress the video to an MP4 of at most 10 MB.',
	],
	45001: [
		'The file is too large',
		'Keep to 10 MB for images and videos (2 MB is safest for images), 2 MB for voices and 20 MB for files.',
	],
	48002: [
		'The app may not use the Customer Service API',
		'Let an administrator allow the app in the console (应用管理 → 微信客服 → 可调用接口的应用).',
	],
	95000: [
		'The customer service account does not exist',
		'Check open_kfid (微信客服 → 客服账号) and that the app may manage this account.',
	],
	95001: [
		'More than 5 messages were sent since the customer wrote last',
		'Wait until the customer writes again.',
	],
	95002: [
		'The customer wrote more than 48 hours ago',
		'Wait until the customer writes again, because WeCom allows replies for 48 hours only.',
	],
	95007: ['The message token is not valid', 'Use the newest token from the event.'],
	95011: [
		'The company runs Customer Service inside WeCom, and the Secret is from outside',
		'Take the Secret from the WeCom admin console (应用管理 → 微信客服), not from the separate Customer Service site.',
	],
	95012: [
		'The company does not run Customer Service inside WeCom',
		'Switch it on in the WeCom admin console (应用管理 → 微信客服), or take the Secret from the separate Customer Service site.',
	],
	95013: ['The conversation has ended', 'Wait until the customer starts a new one.'],
	95014: [
		'The member is not a servicer of this account',
		'Add the member as a servicer (微信客服 → 客服账号 → 接待人员).',
	],
	95016: [
		'The state of the conversation does not allow this',
		'Check who handles the conversation now (会话状态) before sending.',
	],
	95017: [
		'The conversation cannot change to this state',
		'Check who handles the conversation now (会话状态) before changing it.',
	],
	95018: [
		'The state of the conversation does not allow this message',
		'Send only while the conversation is new or handled by the assistant (新接入待处理, 由智能助手接待), not while a person handles it.',
	],
	60020: [
		'WeCom does not trust the IP address of this n8n',
		'Add {ip} to the trusted IP addresses (企业可信IP) of the app the Secret belongs to, Customer Service (微信客服) itself or one allowed there, and try again after a minute.',
	],
};
