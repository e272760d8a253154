/* eslint-disable @n8n/community-nodes/no-restricted-globals -- runs in Node, never inside n8n */

/** Makes this process one that gets one order over IPC, sends back what came of it, and ends, also when its parent does. */
export function serve<Order, Report>(work: (order: Order) => Promise<Report>): void {
	process.once('disconnect', () => process.exit());
	process.once('message', (order) => {
		work(order as Order).then(
			// An engine keeps timers of its own, so the process does not end by itself.
			(report) => process.send?.(report, () => process.exit()),
			(error: unknown) => {
				process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
				process.exit(1);
			},
		);
	});
}
