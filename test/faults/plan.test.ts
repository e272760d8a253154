import { resources } from '../../nodes/WeComMedia/actions/resources';
import { allSystems } from '../nodes/scene';
import { faults } from './plan';
import { nodeWorks } from './work';

test('there are more than a hundred faults, and each has a name of its own', () => {
	const names = faults.map(({ group, name }) => `${group}: ${name}`);
	expect(names.length).toBeGreaterThan(100);
	expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every operation of every resource is at work in the matrix', () => {
	const offered = Object.entries(resources).flatMap(([resource, { operations }]) =>
		operations.map(({ value }) => `${resource}/${String(value)}`),
	);
	const covered = nodeWorks.map(
		({ system, operation }) => `${allSystems[system].parameters.resource}/${operation}`,
	);
	expect([...new Set(covered)].sort()).toEqual(offered.sort());
});
