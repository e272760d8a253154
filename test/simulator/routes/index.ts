import { withPrefix } from '../faults';
import type { Route } from '../wecomRequest';
import { APP_CHAT_ROUTES } from './appChat';
import { ASYNC_UPLOAD_ROUTES } from './asyncUpload';
import { CUSTOMER_SERVICE_ROUTES } from './customerService';
import { DIRECTORY_ROUTES } from './directory';
import { DOWNLOAD_ROUTES } from './download';
import { MATERIAL_ROUTES } from './material';
import { MEDIA_ROUTES } from './media';
import { MESSAGE_ROUTES } from './messages';
import { OFFICIAL_ACCOUNT_ROUTES } from './officialAccount';
import { SMART_BOT_ROUTES } from './smartBot';
import { TOKEN_ROUTES } from './token';
import { WEBHOOK_ROUTES } from './webhook';
import { WELCOME_TEMPLATE_ROUTES } from './welcomeTemplate';

const ROUTES: Route[] = [
	...TOKEN_ROUTES,
	...MEDIA_ROUTES,
	...DOWNLOAD_ROUTES,
	...WEBHOOK_ROUTES,
	...ASYNC_UPLOAD_ROUTES,
	...MESSAGE_ROUTES,
	...APP_CHAT_ROUTES,
	...WELCOME_TEMPLATE_ROUTES,
	...OFFICIAL_ACCOUNT_ROUTES,
	...MATERIAL_ROUTES,
	...CUSTOMER_SERVICE_ROUTES,
	...SMART_BOT_ROUTES,
	...DIRECTORY_ROUTES,
];

const BY_PATH = new Map(ROUTES.map((route) => [withPrefix(route.path), route]));

/** The endpoint behind a path, if there is one. */
export function routeFor(path: string): Route | undefined {
	return BY_PATH.get(path);
}
