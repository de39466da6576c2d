import * as sdk from '@aws-sdk/client-iam';
import { expect, it } from 'vitest';
import { control } from '../../support/control.ts';
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

it('EnableOrganizationsRootSessions: is for the management account and delegated administrators, of an organisation with all features', async () => {
  const organization = { id: 'o-exampleorgid', root: 'r-abcd', management: '123456789012', accounts: { '111122223333': '', '444455556666': 'ou-abcd-12345678' }, administrators: '444455556666' };
  const as = (accessKeyId: string) => new sdk.IAMClient(fb.config({ accessKeyId }));
  await control(fb, 'PUT', 'organizations', { ...organization, features: 'CONSOLIDATED_BILLING' });
  expect((await refusal(fb.iam.send(new sdk.EnableOrganizationsRootSessionsCommand({})))).code).toBe('OrganizationNotInAllFeaturesModeException');
  expect(await control(fb, 'PUT', 'organizations', organization)).toEqual({ id: 'o-exampleorgid', accounts: 3 });
  expect((await refusal(as('111122223333').send(new sdk.EnableOrganizationsRootSessionsCommand({})))).code).toBe('AccountNotManagementOrDelegatedAdministratorException');
  await as('444455556666').send(new sdk.EnableOrganizationsRootSessionsCommand({}));
  expect(await fb.iam.send(new sdk.ListOrganizationsFeaturesCommand({}))).toMatchObject({ OrganizationId: 'o-exampleorgid', EnabledFeatures: ['RootSessions'] });
  await fb.iam.send(new sdk.DisableOrganizationsRootSessionsCommand({}));
  expect((await as('444455556666').send(new sdk.ListOrganizationsFeaturesCommand({}))).EnabledFeatures).toEqual([]);
  // An account that is no longer listed has left.
  await control(fb, 'PUT', 'organizations', { ...organization, accounts: { '111122223333': '' }, administrators: '' });
  expect((await refusal(as('444455556666').send(new sdk.ListOrganizationsFeaturesCommand({})))).code).toBe('OrganizationNotFoundException');
});

it.each([
  [{ id: 'nonsense' }, "organization put: 'nonsense' is no id of an organization"],
  [{ root: 'x' }, "organization put: 'x' is no id of a root"],
  [{ management: '1' }, "organization put: '1' is no account id of twelve digits"],
  [{ accounts: { '111122223333': 'somewhere' } }, "organization put: 'somewhere' of 111122223333 is no path of organizational units below the root"],
  [{ administrators: '777788889999' }, 'organization put: 777788889999 is no account of the organization'],
  [{ policies: { 'p-12345678': {} } }, 'organization put: p-12345678: '],
])('organization put: refuses %j', async (wrong, message) => {
  const { error } = await control(fb, 'PUT', 'organizations', { id: 'o-exampleorgid', root: 'r-abcd', management: '123456789012', accounts: {}, ...wrong });
  expect(error).toContain(message);
});
