// Plain JavaScript with nothing but Node's own modules: this runs before anything is installed. CommonJS, so that jest
// can load it, too.
const { access, constants, mkdir, statfs } = require('node:fs/promises');
const { delimiter, join } = require('node:path');

async function freeSpaceOf(folder) {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
}

/** See room.d.cts. */
async function ensureRoom(folder, needed, remedy, freeSpace = freeSpaceOf) {
	let free;
	try {
		await mkdir(folder, { recursive: true });
		await access(folder, constants.W_OK);
		free = await freeSpace(folder);
	} catch (error) {
		throw new Error(`Cannot write to the folder ${folder} (${error.code}). ${remedy}`);
	}
	if (free >= needed) return;
	const gigabytes = (bytes) => `${(bytes / 1e9).toFixed(1)} GB`;
	throw new Error(
		`The disk of ${folder} has ${gigabytes(free)} free; ${gigabytes(needed)} are needed. ${remedy}`,
	);
}

/** What node-gyp needs, each by the names it may have. */
const COMPILERS = [['python3', 'python'], ['make'], ['g++', 'clang++', 'c++']];

/** See room.d.cts. */
async function missingCompilers(path = process.env.PATH ?? '') {
	if (process.platform === 'win32') return []; // node-gyp finds Visual Studio by itself there
	const folders = path.split(delimiter).filter((folder) => folder !== '');
	const has = async (name) => {
		const looks = folders.map((folder) => access(join(folder, name), constants.X_OK));
		return (await Promise.allSettled(looks)).some(({ status }) => status === 'fulfilled');
	};
	const found = await Promise.all(
		COMPILERS.map(async (names) => (await Promise.all(names.map(has))).includes(true)),
	);
	return COMPILERS.filter((_, index) => !found[index]).map(([name]) => name);
}

const HOW_TO_GET_COMPILERS =
	'Debian, Ubuntu: apt-get install python3 make g++; macOS: xcode-select --install.';

module.exports = { ensureRoom, missingCompilers, HOW_TO_GET_COMPILERS };
