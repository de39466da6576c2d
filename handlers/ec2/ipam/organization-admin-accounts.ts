import type { Ec2Operations } from '../../../fixtures/models/ec2.ts';
import type { Handlers } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';
import * as errors from './errors.ts';

function checkAccount(id: string): void {
  if (!/^\d{12}$/.test(id)) throw general.invalidValue(id, 'delegatedAdminAccountId', 'This is not an account ID.');
}

/** Only the management account of an organization names the IPAM account; here no account is in one. https://docs.aws.amazon.com/vpc/latest/ipam/enable-integ-ipam.html */
export const organizationAdminAccountOperations = {
  EnableIpamOrganizationAdminAccount: async (input) => {
    checkAccount(input.DelegatedAdminAccountId);
    throw errors.noOrganization();
  },
  DisableIpamOrganizationAdminAccount: async (input) => {
    checkAccount(input.DelegatedAdminAccountId);
    throw errors.notRegistered(input.DelegatedAdminAccountId);
  },
} satisfies Handlers<Ec2Operations>;
