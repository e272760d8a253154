/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */

/** A stopwatch that other programs do not disturb: seconds of processor time this process has used since. */
export function startCpuWatch(): () => number {
	const start = process.cpuUsage();
	return () => {
		const { user, system } = process.cpuUsage(start);
		return (user + system) / 1e6;
	};
}
