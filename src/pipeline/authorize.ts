import type { Exchange } from './exchange.ts';

/**
 * May this principal do this? Root may; credentials of users and roles are authenticated, and policies are not
 * evaluated yet: COVERAGE.md says so, and `/_fogbank/info` answers `"iam": "not evaluated"`.
 */
export function authorize(_x: Exchange): void {}
