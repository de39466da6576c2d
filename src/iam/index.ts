/** Access decisions: pure functions of policies, caller and context. What handlers may use of them. */
export { because, denialText } from './denials.ts';
export { decide, type Decision, type Policies, type Question } from './evaluate.ts';
export { document, everything, policy, type Policy, type PolicySource, type PolicyType } from './policies.ts';
export { checkPolicy, type PolicyUse } from './policy-documents.ts';
export { permission, requestTagKeys, resourceTagKeys, type Identity, type Permission } from './permissions.ts';
export { callerOf, type Caller } from './principals.ts';
export { reference, type ActionReference } from './reference.ts';
export { globalKeys, Keys, type CallFacts, type KeyValue } from './request-context.ts';
export { trace, type StatementTrace } from './trace.ts';
