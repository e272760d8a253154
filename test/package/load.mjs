// Loads an unpacked package with n8n's own loader, as n8n does at start.
// usage: node load.mjs <folder>; prints what n8n then knows as JSON.
import 'reflect-metadata';
import core from 'n8n-core';

const loader = new core.PackageDirectoryLoader(process.argv[2]);
await loader.loadAll();

const described = ({ type, sourcePath }) => {
	const { name, displayName, icon, iconUrl, codex } = type.description ?? type;
	return { name, displayName, icon, iconUrl, codex, sourcePath };
};
console.log(
	JSON.stringify({
		nodes: Object.values(loader.nodeTypes).map(described),
		credentials: Object.values(loader.credentialTypes).map(described),
	}),
);
