/** What a handler may use; handlers import this file and nothing else of the machine. */
export { AwsError } from '../../protocols/types.ts';
export type { Structure } from '../../protocols/types.ts';
export { isoTime } from '../clock/clock.ts';
export { BASE32 } from '../ids/source.ts';
export { driftOf, verifyTotp } from '../identity/totp.ts';
export type { Principal, Session } from '../identity/principals.ts';
export { identityOf, judge, type Judgement } from './access.ts';
export { Context, GLOBAL } from './context.ts';
export { wildcardMatcher, type Filter } from './filters.ts';
export { pageOf, pagePosition, pageToken } from './pages.ts';
export { getter, release, setAt } from './paths.ts';
export type { Handlers, Operation, Service } from './registry.ts';
export { generateRsaKey, type Random } from './rsa-keys.ts';
export { hours, minutes, resource, seconds, type Declaration, type Reference, type Resource, type AnyResource } from './resource.ts';
export { checkTags, mergeTags, specifiedTags, tagMember, type TagPair, type TagSpecification } from './tags.ts';
export { lastUse, useOfEntity, useOfKey, useOfService, type Use } from './uses.ts';
export { creates, deletes, describes, modifies, page, type Verb } from './verbs.ts';
