/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
/** What most tests of this room begin with: a simulator, a world and the accounts of the simulator's demo. */
import type { WeComClient } from '../../nodes/WeComMedia/wecom/client/client';
import { downloadMedia, type Download } from '../../nodes/WeComMedia/wecom/calls/download';
import { corpApp, customerService } from '../../nodes/WeComMedia/wecom/accounts/corpApp';
import { officialAccount } from '../../nodes/WeComMedia/wecom/accounts/officialAccount';
import { DOWNLOADS } from '../../nodes/WeComMedia/wecom/accounts/rules';
import { robot } from '../../nodes/WeComMedia/wecom/accounts/robots';
import { thirdPartyApp } from '../../nodes/WeComMedia/wecom/accounts/thirdPartyApp';
import type { System } from '../../nodes/WeComMedia/wecom/accounts/system';
import { TokenCache } from '../../nodes/WeComMedia/wecom/accounts/tokens';
import type { MediaFile } from '../../nodes/WeComMedia/wecom/files/mediaFile';
import { uploadPacked } from '../../nodes/WeComMedia/wecom/calls/upload';
import { packMedia } from '../../nodes/WeComMedia/wecom/files/packing';
import type { UploadRequest } from '../../nodes/WeComMedia/wecom/files/packing';
import type { UploadedMedia } from '../../nodes/WeComMedia/wecom/calls/upload';
import { startSimulator, type Simulator, type SimulatorOptions } from '../simulator';
import { clientFor, testWorld, type TestWorld } from './testWorld';

/** A system and the client that speaks for it. */
export interface Connected {
	system: System;
	client: WeComClient;
}

export interface Scene {
	sim: Simulator;
	world: TestWorld;
	tokens: TokenCache;
	/** The token cache's clock, in ms; it moves only when a test moves it. */
	clock: { now: number };
	app(corpSecret?: string, corpId?: string): Connected;
	customerService(): Connected;
	thirdPartyApp(): Connected;
	robot(webhookKey?: string): Connected;
	officialAccount(appSecret?: string): Connected;
}

export interface SceneOptions extends SimulatorOptions {
	/** Of the world's clock, see testWorld. */
	speed?: number;
	maxRetries?: number;
}

/** @returns a scene that is new for every test; its simulator is closed after the test */
export function useScene(options: SceneOptions = {}): Scene {
	const scene = {} as Scene;
	beforeEach(async () => {
		Object.assign(scene, sceneOf(await startSimulator(options), options));
	});
	afterEach(async () => await scene.sim.close());
	return scene;
}

/** @returns the accounts of a running simulator; `tokens` may be shared by several scenes */
export function sceneOf(
	sim: Simulator,
	{ speed, maxRetries }: SceneOptions = {},
	shared?: TokenCache,
): Scene {
	const { corp, suite, robot: demoRobot, officialAccount: account } = sim.demo;
	const baseUrl = sim.url;
	const world = testWorld(undefined, speed);
	const clock = { now: 1_800_000_000_000 };
	const tokens = shared ?? new TokenCache(() => clock.now);
	const connected = (system: System): Connected => ({
		system,
		client: clientFor(system, world, maxRetries),
	});
	return {
		sim,
		world,
		tokens,
		clock,
		app: (corpSecret = corp.corpSecret, corpId = corp.corpId) =>
			connected(corpApp({ baseUrl, corpId, corpSecret, agentId: '' }, world, tokens)),
		customerService: () => {
			const { corpId, customerServiceSecret: corpSecret } = corp;
			return connected(
				customerService({ baseUrl, corpId, corpSecret, agentId: '' }, world, tokens),
			);
		},
		thirdPartyApp: () => connected(thirdPartyApp({ baseUrl, ...suite }, world, tokens)),
		robot: (webhookKey = demoRobot.webhookKey) => connected(robot({ baseUrl, webhookKey })),
		officialAccount: (appSecret = account.appSecret) =>
			connected(officialAccount({ baseUrl, appId: account.appId, appSecret }, world, tokens)),
	};
}

/** Uploads with the panel's defaults. @returns what WeCom has, and why it is not what was asked */
export async function upload(
	{ client, system }: Connected,
	file: MediaFile,
	changes: Partial<UploadRequest> = {},
): Promise<UploadedMedia & { reason: string }> {
	const packed = await packMedia(system, {
		file,
		requested: 'auto',
		fileName: '',
		fallbackToFile: false,
		skipChecks: false,
		...changes,
	});
	return { ...(await uploadPacked(client, system, packed)), reason: packed.reason };
}

/** A business call without side effects, repeated as often as wished. */
export async function harmlessCall({ client }: Connected): Promise<unknown> {
	return await client.call({ path: 'getcallbackip', method: 'GET', repeatable: true });
}

/** In small pieces a download does what it does with large files; the real size has a test of its own. */
export const PIECE = 64_000;

/** To be called once in a test file, outside any test: downloads come in pieces of {@link PIECE} bytes. */
export function usePieces(): void {
	let replaced: { restore(): void };
	beforeEach(() => {
		replaced = jest.replaceProperty(DOWNLOADS, 'pieceBytes', PIECE);
	});
	afterEach(() => replaced.restore());
}

/** @returns the Range header that asks for the rest of the piece in which this byte lies */
export function pieceFrom(byte: number): string {
	return `bytes=${byte}-${Math.ceil((byte + 1) / PIECE) * PIECE - 1}`;
}

/** @returns all bytes of a download */
export async function bytesIn(download: Download): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const piece of download.bytes) pieces.push(piece);
	return Buffer.concat(pieces);
}

/** @returns the Range headers of the gets that arrived, oldest first */
export function rangesSeen({ sim }: Scene): Array<string | undefined> {
	return sim.record.calls('media/get').map((call) => call.headers.range);
}

/** Downloads media of the simulator and reads it to its end. */
export async function downloaded(connected: Connected, mediaId: string) {
	const download = await downloadMedia(connected.client, connected.system, mediaId);
	return { ...download, content: await bytesIn(download) };
}

/** @returns the pauses before a repetition, in ms; the watch over a stream looks up every 5 s */
export function retryPauses({ world }: Scene): number[] {
	return world.pauses.filter((ms) => ms !== 5_000);
}

/** @returns what a promise fails with, after checking that it is of this class */
export async function failureOf<T extends Error>(
	promise: Promise<unknown>,
	type: abstract new (...args: never[]) => T,
): Promise<T> {
	const failure = await promise.then(
		() => new Error('nothing failed'),
		(error: unknown) => error,
	);
	expect(failure).toBeInstanceOf(type);
	return failure as T;
}

/** Waits until something is so that another socket brings about; the test runs out of time if it never is. */
export async function eventually(isSo: () => boolean): Promise<void> {
	while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
