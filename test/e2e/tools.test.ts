/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillOnce, isComplete, isRunning, projectRoot } from '../../scripts/lib/cache';
import { freePort } from '../../scripts/lib/ports';
import { capture, end, start } from '../../scripts/lib/processes';
import { table } from '../../scripts/lib/table';
import { parseFlatted } from './flatted';
import { pause } from './rest';

let folder: string;
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'n8n-e2e-tools-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe('a folder of the cache', () => {
	const write = (text: string) => async (partial: string) => {
		await writeFile(join(partial, 'content'), text);
	};

	test('has its name only once it is complete', async () => {
		const target = join(folder, 'thing');
		await fillOnce(target, async (partial) => {
			expect(existsSync(target)).toBe(false);
			await write('first')(partial);
		});
		expect(isComplete(target)).toBe(true);
	});

	test('is filled once', async () => {
		const target = join(folder, 'thing');
		await fillOnce(target, write('first'));
		await fillOnce(target, write('second'));
		expect(await readFile(join(target, 'content'), 'utf8')).toBe('first');
	});

	test('leaves nothing behind when filling it fails', async () => {
		const failing = fillOnce(join(folder, 'thing'), async () => {
			throw new Error('no network');
		});
		await expect(failing).rejects.toThrow('no network');
		expect(await readdir(folder)).toEqual([]);
	});

	test('replaces what an interrupted run left, and tidies its half copy away', async () => {
		const target = join(folder, 'thing');
		const gone = start('true', []);
		await new Promise((resolve) => gone.once('close', resolve));
		await mkdir(target);
		await mkdir(`${target}.partial-${gone.pid}`);
		await fillOnce(target, write('whole'));
		expect(await readdir(folder)).toEqual(['thing']);
		expect(await readFile(join(target, 'content'), 'utf8')).toBe('whole');
	});

	test('that two processes fill at once is complete for both', async () => {
		const target = join(folder, 'thing');
		const script = join(folder, 'fill.ts');
		const cache = JSON.stringify(join(projectRoot, 'scripts', 'lib', 'cache.ts'));
		await writeFile(
			script,
			`import { writeFileSync, existsSync } from 'node:fs';
			import { fillOnce, isComplete } from ${cache};
			const target = ${JSON.stringify(target)};
			void fillOnce(target, async (partial) => {
				writeFileSync(partial + '/content', 'whole');
				writeFileSync(${JSON.stringify(folder)} + '/met-' + process.pid, '');
				while (!existsSync(${JSON.stringify(join(folder, 'go'))})) await new Promise((r) => setTimeout(r, 20));
			}).then(() => process.exit(isComplete(target) ? 0 : 1));`,
		);
		const both = [1, 2].map(
			async () =>
				await capture(process.execPath, ['--import', 'tsx', script], { cwd: projectRoot }),
		);
		const met = async () =>
			(await readdir(folder)).filter((name) => name.startsWith('met-')).length;
		while ((await met()) < 2) await pause(50);
		await writeFile(join(folder, 'go'), '');
		expect((await Promise.all(both)).map(({ code, stderr }) => ({ code, stderr }))).toEqual([
			{ code: 0, stderr: '' },
			{ code: 0, stderr: '' },
		]);
		expect((await readdir(folder)).filter((name) => name.startsWith('thing'))).toEqual(['thing']);
	});
});

describe('a program started here', () => {
	/** A program that starts another one and notes both ids down. */
	const family = (file: string) => ['-c', `sleep 600 & echo $! $$ > ${file}; wait`];

	async function membersIn(file: string): Promise<number[]> {
		while (!existsSync(file) || (await readFile(file, 'utf8')) === '') await pause(20);
		return (await readFile(file, 'utf8')).trim().split(' ').map(Number);
	}

	test('ends with everything it has started', async () => {
		const file = join(folder, 'ids');
		const program = start('sh', family(file));
		const members = await membersIn(file);
		await end(program);
		while (members.some(isRunning)) await pause(50);
	});

	test('ends even when the process that started it is killed', async () => {
		const file = join(folder, 'ids');
		const script = join(folder, 'starter.ts');
		const processes = JSON.stringify(join(projectRoot, 'scripts', 'lib', 'processes.ts'));
		await writeFile(
			script,
			`import { start } from ${processes};
			start('sh', ${JSON.stringify(family(file))});
			setTimeout(() => process.kill(process.pid, 'SIGKILL'), 200);`,
		);
		await capture(process.execPath, ['--import', 'tsx', script], { cwd: projectRoot });
		const members = await membersIn(file);
		while (members.some(isRunning)) await pause(50);
	});

	test('that does not exist ends with a code and a reason', async () => {
		const { code, stderr } = await capture('no-such-program', []);
		expect(code).toBe(127);
		expect(stderr).toContain('no-such-program');
	});
});

test('a port in use is passed over', async () => {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as { port: number };
	expect(await freePort(port)).toBeGreaterThan(port);
	server.close();
});

test('a table lines up Chinese and Latin cells', () => {
	const text = table(
		['name', 'size'],
		[
			['季度报告', '1'],
			['ab', '22'],
		],
	);
	expect(text.split('\n')).toEqual([
		'name      size',
		'────────  ────',
		'季度报告  1',
		'ab        22',
	]);
});

test("n8n's stored execution data is read back, cycles included", () => {
	const data = parseFlatted('[{"a":"1","n":5,"self":"0"},["2","2"],"text"]') as {
		a: string[];
		n: number;
		self: unknown;
	};
	expect(data).toMatchObject({ a: ['text', 'text'], n: 5 });
	expect(data.self).toBe(data);
});
