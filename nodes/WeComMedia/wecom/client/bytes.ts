/** Bytes in a megabyte as the vendor's own samples and clients count it (vendor page 90253 says only "MB"). */
export const MIB = 1024 * 1024;

/** @returns a whole number for people, "2,000"; Intl would take 10 ms of the package's loading for that */
export function grouped(count: number): string {
	return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

const UNITS = ['KB', 'MB', 'GB'];
/** One byte more than 20 MB is 20.000001 MB: six decimals tell any two sizes apart that WeCom handles. */
const MAX_DECIMALS = 6;

/**
 * A size for people: "5 bytes", "640 KB", "19.1 MB", with 1 MB = 1024 × 1024 bytes.
 *
 * A size that is not exactly round is never shown as round: one byte over a limit of 20 MB reads
 * "20.000001 MB", so "20 MB is more than the 20 MB allowed" cannot happen.
 *
 * @param n size in bytes
 */
export function formatBytes(n: number): string {
	if (!(n >= 1024)) return n === 1 ? '1 byte' : `${n} bytes`;
	let value = n / 1024;
	let unit = 0;
	while (value >= 1024 && unit < UNITS.length - 1) {
		value /= 1024;
		unit += 1;
	}
	let decimals = 1;
	while (!Number.isInteger(value) && isRoundAt(value, decimals) && decimals < MAX_DECIMALS) {
		decimals += 1;
	}
	return `${Number(value.toFixed(decimals))} ${UNITS[unit]}`;
}

function isRoundAt(value: number, decimals: number): boolean {
	return Number.isInteger(Number(value.toFixed(decimals)));
}
