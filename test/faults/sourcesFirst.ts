/*
 * Imported before anything else: `x.node` means x.node.ts here, and not the codex file x.node.json beside it, which
 * Node would look for first.
 */
const extensions: Partial<NodeJS.RequireExtensions> = require.extensions;
const { '.json': json } = extensions;
delete extensions['.json'];
extensions['.json'] = json;

export {};
