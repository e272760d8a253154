/** Which fault strikes which call: everything that fits, from the calls that an undisturbed run makes. */
import { createHash } from 'node:crypto';

import type { FaultClock } from './clock';
import type { Fault } from './fault';
import { connectionFaults } from './faultsOfConnections';
import { fileFaults } from './faultsOfFiles';
import { formFaults } from './faultsOfForm';
import { jsonFaults } from './faultsOfJson';
import { statusFaults } from './faultsOfStatus';
import type { Call, Target } from './proxy';
import { describe, TOKEN_CALLS, type Scenario } from './scenario';
import { Stage } from './stage';
import { nodeWorks, type Work } from './work';
import { panelWorks } from './workOfPanel';
import { triggerWorks } from './workOfTrigger';

export const faults: Fault[] = [
	...connectionFaults,
	...statusFaults,
	...formFaults,
	...jsonFaults,
	...fileFaults,
];

/** Those that need files on disk come last: they add no number to the scenarios of the others. */
export const works: Work[] = [...nodeWorks, ...triggerWorks, ...panelWorks].sort(
	(a, b) => Number(a.onDisk ?? false) - Number(b.onDisk ?? false),
);

const FAILURE_MODES = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;

/**
 * @returns the calls of a work that nobody disturbs
 * @throws when the work does not succeed by itself
 */
export async function callsOf(work: Work, clock: FaultClock): Promise<Call[]> {
	const stage = await Stage.set(work, clock);
	try {
		const run = await stage.run({});
		if (run.error)
			throw new Error(`${work.name}: ${run.error.message} ${run.error.description ?? ''}`);
		const complaints = await work.check(stage, run);
		if (complaints.length > 0) throw new Error(`${work.name}: ${complaints.join('; ')}`);
		if (stage.effects() !== work.effects)
			throw new Error(`${work.name}: ${stage.effects()} effects`);
		return stage.proxy.calls;
	} finally {
		await stage.close();
	}
}

/**
 * Every fault strikes every call, once and for good, in at least one work; where another work makes the same call, one
 * in {@link SAMPLE}. In a fixed order, the same on every machine.
 */
export async function plan(clock: FaultClock, isOnDisk: boolean): Promise<Scenario[]> {
	const scenarios: Scenario[] = [];
	const struck = new Set<string>();
	for (const work of works.filter(({ onDisk = false }) => isOnDisk || !onDisk)) {
		const calls = await callsOf(work, clock);
		const ours = 'ours' in work ? calls.slice(0, work.ours) : calls;
		ours.forEach((call, position) => {
			if (!work.tokens && isCallForToken(call)) return;
			const isMadeByN8n = calls.slice(ours.length).some(({ name }) => name === call.name);
			for (const fault of faults) {
				if (fault.strikes && !fault.strikes(call)) continue;
				if (fault.refused && calls.slice(0, position).some(isFetchedByWeCom)) continue;
				for (const always of fault.onlyOnce || isMadeByN8n ? [false] : [false, true]) {
					const target = { fault, call, position, always };
					const onError = FAILURE_MODES[scenarios.length % FAILURE_MODES.length];
					const scenario: Scenario = { work, target, onError };
					// What is never right is not waited for, so it makes no difference how often it comes.
					const isNew = !struck.has(kindOf(target)) && !(always && fault.means === 'fatal');
					struck.add(kindOf(target));
					if (isNew || digitOf(scenario) % SAMPLE === 0) scenarios.push(scenario);
				}
			}
		});
	}
	return scenarios;
}

const SAMPLE = 16;

function kindOf({ fault, call, always }: Target): string {
	const { name, nth, answer } = call;
	const place = answer?.status === 206 && nth > 1 ? 'later' : 'first';
	return [name, place, fault.group, fault.name, always].join(' | ');
}

/** A number that belongs to a scenario and stays the same while others come and go. */
function digitOf(scenario: Scenario): number {
	return createHash('md5').update(describe(scenario)).digest().readUInt32BE();
}

/** From then on WeCom fetches the link, and the host of the link has to be there. */
function isFetchedByWeCom({ name }: Call): boolean {
	return name === 'media/upload_by_url';
}

function isCallForToken({ name }: Call): boolean {
	return TOKEN_CALLS.test(name) || name === 'get_api_domain_ip';
}

/** A tenth that stays the same while others come and go. */
export function tenthOf(scenarios: Scenario[]): Scenario[] {
	return scenarios.filter((scenario) => digitOf(scenario) % 10 === 0);
}
