import { createCipheriv, randomBytes } from 'node:crypto';
import { decryptFile, doubtAbout } from '../../nodes/WeComMedia/wecom/files/encryptedFile';
import { sniff } from '../../nodes/WeComMedia/wecom/files/sniff';

const KEY = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef');

async function decrypted(cipher: Buffer, sizes: number[] = [cipher.length]): Promise<Buffer> {
	async function* pieces() {
		let at = 0;
		for (let turn = 0; at < cipher.length; turn += 1) {
			const size = sizes[turn % sizes.length];
			yield cipher.subarray(at, at + size);
			at += size;
		}
	}
	const all: Buffer[] = [];
	for await (const piece of decryptFile(pieces(), KEY)) all.push(piece);
	return Buffer.concat(all);
}

/** Node's own cipher, padded to 32 by hand. */
function sealed(plain: Buffer, padding = 32 - (plain.length % 32)): Buffer {
	const cipher = createCipheriv('aes-256-cbc', KEY, KEY.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([
		cipher.update(Buffer.concat([plain, Buffer.alloc(padding, padding)])),
		cipher.final(),
	]);
}

test.each([
	['hello wecom\n', '4feddd1ea01213bf039391931ea3e1adc96b22b19aed1e0fda7256e8b80df121'],
	[
		'a'.repeat(32),
		'54b08741dc5125c4cc54f8be96872ca956c4fe1f42a196b535326738c5c8742dd22335ac73c785863cecee9f6b096825d86190c1c472a67477a2f723b26e48c1',
	],
	['b'.repeat(15), '0aaff7e3d4d3e09632ac19d56ec64d5090a3183bef4879c8c2304715dfeba9b5'],
	['c'.repeat(31), 'bdde208bda8bf554524734d884edeec018b137c38723f60537feaf5c2e45e376'],
])('the known vector of %j is opened', async (plain, hex) => {
	expect((await decrypted(Buffer.from(hex, 'hex'))).toString()).toBe(plain);
});

test.each([[[1]], [[7, 31]], [[16]], [[32]], [[33, 1, 64]], [[5000]]])(
	"what Node's own cipher sealed is opened in pieces of %j",
	async (sizes) => {
		for (const size of [1, 31, 32, 33, 4096]) {
			const plain = randomBytes(size);
			expect(await decrypted(sealed(plain), sizes)).toEqual(plain);
		}
	},
);

test('a large piece comes out in small ones, each when the next has come in', async () => {
	const plain = randomBytes(5 * 1024 * 1024 + 3);
	async function* one() {
		yield sealed(plain);
	}
	const sizes: number[] = [];
	for await (const { length } of decryptFile(one(), KEY)) sizes.push(length);
	expect(Math.max(...sizes)).toBeLessThanOrEqual(1024 * 1024 + 32);
	expect(sizes.reduce((sum, size) => sum + size)).toBe(plain.length);
});

test.each([
	['nothing', Buffer.alloc(0), 'gave an empty file'],
	['a file without content', sealed(Buffer.alloc(0)), 'link is empty'],
	['16 of 32 bytes', sealed(Buffer.from('x')).subarray(0, 16), 'no whole encrypted file'],
	['a length between blocks', sealed(Buffer.from('x')).subarray(0, 31), 'no whole encrypted file'],
	['the first half only', sealed(Buffer.alloc(64, 'x')).subarray(0, 64), 'does not fit the key'],
	['a padding of 0', sealed(Buffer.alloc(32), 0), 'does not fit the key'],
	['a padding of 33', sealed(Buffer.alloc(31), 33), 'does not fit the key'],
	['a padding that is not all alike', sealed(Buffer.from(`${'x'.repeat(30)}\x01\x02`), 0), 'fit'],
])('%s is an error', async (_what, cipher, message) => {
	await expect(decrypted(cipher)).rejects.toThrow(message);
});

test('a stream that breaks gives its own error', async () => {
	async function* broken() {
		yield sealed(Buffer.alloc(64, 'x'));
		throw new Error('made-up break');
	}
	const read = async () => {
		for await (const piece of decryptFile(broken(), KEY)) expect(piece).toBeDefined();
	};
	await expect(read()).rejects.toThrow('made-up break');
});

test.each([
	['%PDF-1.7', 'pdf', false],
	['garbage!', 'pdf', true],
	['garbage!', 'docx', true],
	['garbage!', 'txt', false],
	['garbage!', '', false],
	['\x89PNG\r\n', 'jpg', false],
])('%j under .%s is doubtful: %s', (start, extension, doubtful) => {
	const sniffed = sniff(Buffer.from(start, 'latin1'));
	expect(doubtAbout(`a.${extension}`, sniffed) !== '').toBe(doubtful);
});
