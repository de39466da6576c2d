import type { StoredRole } from './roles.ts';
import * as errors from './errors.ts';

/** What the service that a role is linked to keeps for itself. https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html#edit-service-linked-role */
export function refuseChangeOfLinked(role: Pick<StoredRole, 'RoleName' | '$'>): void {
  if (role.$.linkedTo !== undefined) throw errors.unmodifiableEntity(`Cannot perform the operation on the protected role '${role.RoleName}' - this role is only modifiable by AWS`);
}
