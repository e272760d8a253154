class BenchFloorApi {
	name = 'benchFloorApi';

	displayName = 'Bench Floor API';

	properties = [{ displayName: 'Token', name: 'token', type: 'string', default: '' }];

	async authenticate({ token }, request) {
		return { ...request, qs: { ...request.qs, access_token: token } };
	}
}

module.exports = { BenchFloorApi };
