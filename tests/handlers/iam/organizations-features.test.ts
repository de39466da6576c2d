import * as sdk from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { fogbank, refusal } from '../../support/fogbank.ts';

const fb = await fogbank();

it.each([
  ['ListOrganizationsFeatures', new sdk.ListOrganizationsFeaturesCommand({})],
  ['EnableOrganizationsRootCredentialsManagement', new sdk.EnableOrganizationsRootCredentialsManagementCommand({})],
  ['DisableOrganizationsRootCredentialsManagement', new sdk.DisableOrganizationsRootCredentialsManagementCommand({})],
  ['EnableOrganizationsRootSessions', new sdk.EnableOrganizationsRootSessionsCommand({})],
  ['DisableOrganizationsRootSessions', new sdk.DisableOrganizationsRootSessionsCommand({})],
] as const)('%s is refused outside an organisation', async (_name, command) => {
  expect(await refusal(fb.iam.send(command as sdk.ListOrganizationsFeaturesCommand))).toEqual({ code: 'OrganizationNotFoundException', message: 'The request was rejected because no organization is associated with your account.', status: 400 });
});
