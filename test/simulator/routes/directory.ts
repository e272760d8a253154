import { requireApp } from '../access';
import { Refusal } from '../errcodes';
import type { App, Corp, Directory, VisibleRange } from '../model';
import { jsonReply, type Reply } from '../reply';
import type { Route, WeComRequest } from '../wecomRequest';

type Department = Directory['departments'][number];
type Member = Directory['members'][number];

/** What an app sees of its corp, and what it is told of it. */
interface Sight {
	app: App;
	corp: Corp;
	departments: Department[];
	/** A big company's are only looked through where they are wanted. */
	members(): Member[];
	/** The id itself where names are withheld (pages 90208, 90200). */
	named(id: string | number, name: string): string;
}

const PATHS = new Set<string>();

/** @throws Refusal 45033 beyond so many calls of one token at once */
function look(request: WeComRequest): Sight {
	const { app, corp } = requireApp(request);
	const { all } = request.record;
	const token = request.query.get('access_token');
	const underWay = all.filter(
		({ open, path, query }) => open && PATHS.has(path) && query.access_token === token,
	);
	const most = request.state.strict.directoryCallsAtOnce;
	if (underWay.length > most && underWay.indexOf(request.call) >= most) throw new Refusal(45033);

	const { directory } = corp;
	const range = rangeOf(app);
	const tagged = directory.tags.filter(({ id }) => range.tags.includes(id));
	const roots = [...range.departments, ...tagged.flatMap((tag) => tag.departments)];
	const departments = below(directory.departments, roots);
	const ids = new Set(departments.map(({ id }) => id));
	const single = new Set([...range.userIds, ...tagged.flatMap(({ userIds }) => userIds)]);
	const withheld = app.suiteId !== undefined || app.namesWithheld === true;
	return {
		app,
		corp,
		departments,
		members: () =>
			directory.members.filter(
				(member) => single.has(member.userId) || member.departments.some((id) => ids.has(id)),
			),
		named: (id, name) => (withheld ? String(id) : name),
	};
}

function rangeOf(app: App): VisibleRange {
	return app.range ?? { userIds: [], departments: app.rootVisible ? [1] : [], tags: [] };
}

/** The departments named and all below them, in the order of the corp. */
function below(all: Department[], roots: number[]): Department[] {
	const children = new Map<number, Department[]>();
	for (const each of all) {
		const siblings = children.get(each.parentId);
		if (siblings) siblings.push(each);
		else children.set(each.parentId, [each]);
	}
	const ids = new Set<number>();
	const visit = (id: number): void => {
		ids.add(id);
		for (const child of children.get(id) ?? []) visit(child.id);
	};
	roots.forEach(visit);
	return all.filter(({ id }) => ids.has(id));
}

/** agent/get (vendor page 90227): the token's own app only; of the visible range what there is. */
function getAgent(request: WeComRequest): Reply {
	const { app } = look(request);
	const agentId = request.query.get('agentid');
	if (!agentId) throw new Refusal(41011);
	if (!/^\d+$/.test(agentId)) throw new Refusal(40056);
	if (Number(agentId) !== app.agentId) throw new Refusal(301002);
	const { userIds, departments, tags } = rangeOf(app);
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		agentid: app.agentId,
		name: app.name,
		square_logo_url: 'https://wework.qpic.cn.example/logo',
		description: '',
		...(userIds.length > 0
			? { allow_userinfos: { user: userIds.map((userid) => ({ userid })) } }
			: {}),
		...(departments.length > 0 ? { allow_partys: { partyid: departments } } : {}),
		...(tags.length > 0 ? { allow_tags: { tagid: tags } } : {}),
		close: app.enabled ? 0 : 1,
		redirect_domain: '',
		report_location_flag: 0,
		isreportenter: 0,
		home_url: '',
	});
}

/** agent/list: the apps of this token. */
function listAgents(request: WeComRequest): Reply {
	const { app } = look(request);
	const own = { agentid: app.agentId, name: app.name, square_logo_url: '' };
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		agentlist: app.agentId === undefined ? [] : [own],
	});
}

/** department/list (vendor page 90208): recursive, without pages. */
function listDepartments(request: WeComRequest): Reply {
	const { corp, departments, named } = look(request);
	const root = request.query.get('id');
	let shown = departments;
	if (root !== null) {
		if (!/^\d+$/.test(root)) throw new Refusal(60123);
		if (!corp.directory.departments.some(({ id }) => id === Number(root))) throw new Refusal(60003);
		if (!departments.some(({ id }) => id === Number(root))) throw new Refusal(60011);
		shown = below(departments, [Number(root)]);
	}
	if (shown.length === 0 && request.state.strict.noDepartments === 60011) throw new Refusal(60011);
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		department: shown.map(({ id, name, parentId }, index) => ({
			id,
			name: named(id, name),
			department_leader: [],
			parentid: parentId,
			order: 100_000_000 - index,
		})),
	});
}

/** user/simplelist (vendor page 90200): of one department, without those below it. */
function listMembers(request: WeComRequest): Reply {
	const { corp, departments, named } = look(request);
	const id = request.query.get('department_id');
	if (!id || !/^\d+$/.test(id)) throw new Refusal(60123);
	const department = Number(id);
	if (!corp.directory.departments.some((each) => each.id === department)) throw new Refusal(60003);
	if (!departments.some((each) => each.id === department)) throw new Refusal(60011);
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		// Whoever sees a department sees all of its members.
		userlist: corp.directory.members
			.filter((member) => member.departments.includes(department))
			.map(({ userId, name, departments: all }) => ({
				userid: userId,
				name: named(userId, name),
				department: all,
			})),
	});
}

/** user/get (vendor page 90196). */
function getMember(request: WeComRequest): Reply {
	const { corp, members, named } = look(request);
	const userId = request.query.get('userid') ?? '';
	const isHere = (member: Member) => member.userId.toLowerCase() === userId.toLowerCase();
	if (!corp.directory.members.some(isHere)) throw new Refusal(60111);
	const member = members().find(isHere);
	if (!member) throw new Refusal(60011);
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		userid: member.userId,
		name: named(member.userId, member.name),
		department: member.departments,
		status: 1,
	});
}

/** tag/list (vendor page 90216): all tags for an own app, its own for a third-party app. */
function listTags(request: WeComRequest): Reply {
	const { app, corp } = look(request);
	const tags = app.suiteId === undefined ? corp.directory.tags : [];
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		taglist: tags.map(({ id, name }) => ({ tagid: id, tagname: name })),
	});
}

/** tag/get (vendor page 90213): of its members those that the app sees. */
function getTag(request: WeComRequest): Reply {
	const { corp, members, named } = look(request);
	const id = request.query.get('tagid');
	if (!id) throw new Refusal(41017);
	const tag = corp.directory.tags.find((each) => String(each.id) === id);
	if (!tag) throw new Refusal(40068);
	return jsonReply({
		errcode: 0,
		errmsg: 'ok',
		tagname: tag.name,
		userlist: members()
			.filter(({ userId }) => tag.userIds.includes(userId))
			.map(({ userId, name }) => ({ userid: userId, name: named(userId, name) })),
		partylist: tag.departments,
	});
}

export const DIRECTORY_ROUTES: Route[] = [
	{ method: 'GET', path: 'agent/get', handle: getAgent },
	{ method: 'GET', path: 'agent/list', handle: listAgents },
	{ method: 'GET', path: 'department/list', handle: listDepartments },
	{ method: 'GET', path: 'user/simplelist', handle: listMembers },
	{ method: 'GET', path: 'user/get', handle: getMember },
	{ method: 'GET', path: 'tag/list', handle: listTags },
	{ method: 'GET', path: 'tag/get', handle: getTag },
];
for (const { path } of DIRECTORY_ROUTES) PATHS.add(`/cgi-bin/${path}`);
