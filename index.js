// n8n reads the "n8n" block of package.json, never this file; it exists so that `require` of the package works.
module.exports = {};
