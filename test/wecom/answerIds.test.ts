import {
	WeComApiError,
	WeComHttpError,
	WeComJobError,
} from '../../nodes/WeComMedia/wecom/client/errors';
import { queryJob, submitJob } from '../../nodes/WeComMedia/wecom/calls/asyncUpload';
import { uploadImage } from '../../nodes/WeComMedia/wecom/calls/upload';
import { fileOf } from './files';
import { failureOf, upload, useScene } from './scene';

const scene = useScene();

/** What is no id, although JavaScript makes a text of it. */
const NO_IDS: unknown[] = [{}, { id: 'x' }, [], ['x'], 17, true, null, '', '  '];

const answer = (member: string, id: unknown) =>
	JSON.stringify({ errcode: 0, errmsg: 'ok', [member]: id });

test.each(NO_IDS)('media_id %j is an incomplete answer, not a success', async (id) => {
	scene.sim.faults.next({ path: 'media/upload', body: answer('media_id', id) });
	const { message } = await failureOf(upload(scene.app(), fileOf('pdf')), WeComHttpError);
	expect(message).toBe('media/upload was answered without media_id');
});

test.each(NO_IDS)(
	'url %j of a permanent image is one as well, and the image may be stored',
	async (id) => {
		const { client, system } = scene.app();
		scene.sim.faults.next({ path: 'media/uploadimg', body: answer('url', id) });
		const request = { file: fileOf('png'), fileName: '', skipChecks: false };
		const failure = await failureOf(uploadImage(client, system, request), WeComHttpError);
		expect(failure.message).toBe('media/uploadimg was answered without url');
		expect(failure.hint).toMatch(/^WeCom may have stored the image all the same/);
		expect(scene.sim.record.count('media/uploadimg')).toBe(1);
	},
);

test.each(NO_IDS)('jobid %j is one as well, and the job may be running', async (id) => {
	scene.sim.faults.next({ path: 'media/upload_by_url', body: answer('jobid', id) });
	const submitting = submitJob(scene.app().client, {
		url: 'https://files.example/film.mp4',
		type: 'file',
		fileName: '',
		md5: '9e107d9d372bb6826bd81d3542a419d6',
		checkUrl: false,
	});
	const failure = await failureOf(submitting, WeComHttpError);
	expect(failure.message).toBe('media/upload_by_url was answered without jobid');
	expect(failure.hint).toMatch(/^WeCom may have started the job all the same/);
	expect(scene.sim.record.count('media/upload_by_url')).toBe(1);
});

test.each(NO_IDS)('access_token %j is no token, and the call for it is named', async (token) => {
	scene.sim.faults.next({ path: 'gettoken', body: answer('access_token', token) });
	const { message } = await failureOf(upload(scene.app(), fileOf('pdf')), WeComHttpError);
	expect(message).toBe('gettoken was answered without access_token');
	expect(scene.sim.record.count('media/upload')).toBe(0);
});

test.each([{}, [], true, null, '', '  ', '2x', 1.5])(
	'status %j of a job is an incomplete answer, not a job under way',
	async (status) => {
		const body = JSON.stringify({ errcode: 0, status });
		scene.sim.faults.next({ path: 'media/get_upload_by_url_result', body });
		const { message } = await failureOf(queryJob(scene.app().client, 'job1'), WeComJobError);
		expect(message).toBe('media/get_upload_by_url_result was answered without status');
	},
);

test.each([{ a: 1 }, ['a'], 5, true, null])('errmsg %j is no text to be shown', async (errmsg) => {
	const body = JSON.stringify({ errcode: 40058, errmsg });
	scene.sim.faults.next({ path: 'media/upload', body });
	const failure = await failureOf(upload(scene.app(), fileOf('pdf')), WeComApiError);
	expect(failure.errmsg).toBe('');
});

test.each(NO_IDS)('media_id %j of a job is an error that keeps the jobid', async (id) => {
	scene.sim.faults.next({
		path: 'media/get_upload_by_url_result',
		body: JSON.stringify({ errcode: 0, status: 2, detail: { media_id: id } }),
	});
	const { jobid, message } = await failureOf(queryJob(scene.app().client, 'job1'), WeComJobError);
	expect(message).toBe('WeCom says that the upload job is done, but gave no media_id');
	expect(jobid).toBe('job1');
});
