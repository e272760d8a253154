import type { Directory } from './model';

/** A company of many members in many departments, as many in each. */
export function companyOf(members: number, departments: number): Directory {
	return {
		departments: Array.from({ length: departments }, (_, n) => ({
			id: n + 1,
			name: n === 0 ? '演示公司' : `部门${n}`,
			parentId: n === 0 ? 0 : 1,
		})),
		members: Array.from({ length: members }, (_, n) => ({
			userId: `user${n}`,
			name: `员工${n}`,
			departments: [(n % departments) + 1],
		})),
		tags: [],
	};
}
