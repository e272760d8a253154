import { outputOf, type Execution, type N8nRest } from '../../test/e2e/rest';
import type { Simulator } from '../../test/simulator';
import { firstItem, sha256, succeeded } from './exampleRun';
import type { RoundTrip } from './exampleRun';

/** The workflow whose editor page `npm start` names. */
export const GROUP_ID = 'wecomNewFileBot1';
const MEMBERS_ID = 'wecomFileMember1';
const IMAGE_ID = 'wecomImageHtml01';
const DRAFT_ID = 'wecomDraftPic001';

/** Runs "send every new file to a WeCom group" and looks at what the group got. */
export async function runGroupExample(rest: N8nRest, simulator: Simulator): Promise<RoundTrip> {
	const execution = await runById(rest, GROUP_ID);
	const sent = sha256(await fileOf(rest, execution, 'Its Attachment'));
	return messageTrip('group chat', execution, 'Send to Group', sent, simulator);
}

/** Runs "send a file to members" and looks at what they got. */
export async function runMembersExample(rest: N8nRest, simulator: Simulator): Promise<RoundTrip> {
	const execution = await runById(rest, MEMBERS_ID);
	const sent = sha256(await fileOf(rest, execution, 'Make It a File'));
	return messageTrip('members', execution, 'Send to Members', sent, simulator);
}

/** Runs "upload a permanent image" and fetches the image from its link. */
export async function runImageExample(rest: N8nRest): Promise<RoundTrip> {
	const execution = await runById(rest, IMAGE_ID);
	const sent = sha256(await fileOf(rest, execution, 'Make It a File'));
	const { file_name, file_size, url } = firstItem(execution, 'Upload Permanent Image');
	const { html } = firstItem(execution, 'Article');
	if (!String(html).includes(String(url))) throw new Error('The article does not show the image.');
	const image = Buffer.from(await (await fetch(String(url))).arrayBuffer());
	return {
		way: 'article picture',
		fileName: String(file_name),
		size: Number(file_size),
		mediaId: '',
		sent,
		received: sha256(image),
	};
}

/** Runs "put a weekly picture into a draft" and fetches the draft's picture from its link. */
export async function runDraftExample(rest: N8nRest, simulator: Simulator): Promise<RoundTrip> {
	const execution = await rest.run(
		await rest.workflow(DRAFT_ID),
		'When clicking ‘Execute workflow’',
	);
	succeeded(execution);
	const sent = sha256(await fileOf(rest, execution, 'Make It a File'));
	const { file_name, file_size, media_id } = firstItem(execution, 'Cover');
	const { url } = firstItem(execution, 'Picture for the Text');
	const draft = simulator.state.drafts.get(String(firstItem(execution, 'Add Draft').media_id));
	if (!JSON.stringify(draft?.articles).includes(String(url))) {
		throw new Error('The draft does not show the picture.');
	}
	const picture = Buffer.from(await (await fetch(String(url))).arrayBuffer());
	return {
		way: 'draft picture',
		fileName: String(file_name),
		size: Number(file_size),
		mediaId: String(media_id),
		sent,
		received: sha256(picture),
	};
}

async function runById(rest: N8nRest, id: string): Promise<Execution> {
	const execution = await rest.run(await rest.workflow(id));
	succeeded(execution);
	return execution;
}

async function fileOf(rest: N8nRest, execution: Execution, node: string): Promise<Buffer> {
	const [item] = outputOf(execution, node);
	const id = item?.binary?.data.id;
	if (!id) throw new Error(`The node '${node}' of the example put out no file.`);
	return await rest.binary(id);
}

function messageTrip(
	way: string,
	execution: Execution,
	node: string,
	sent: string,
	simulator: Simulator,
): RoundTrip {
	const { file_size, media_id } = firstItem(execution, node);
	const { media } = simulator.state.messages.filter((message) => message.media).at(-1) ?? {};
	return {
		way,
		fileName: media?.fileName ?? '',
		size: Number(file_size),
		mediaId: String(media_id),
		sent,
		received: media ? sha256(media.bytes) : '',
	};
}
