import type { IamOperations } from '../../fixtures/models/iam.ts';
import { AwsError, organizationOf, resource, type Context, type Handlers, type Organization } from '../../src/kit/index.ts';

/** Central management of member accounts' root users. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management */
type Features = NonNullable<IamOperations['ListOrganizationsFeatures']['output']['EnabledFeatures']>;

interface OrganizationsFeatures {
  OrganizationId: string;
  EnabledFeatures: Features;
}

/** In the management account. */
export const organizationsFeatures = resource<OrganizationsFeatures>({
  service: 'iam',
  kind: 'organizations-features',
  global: true,
  shape: 'ListOrganizationsFeaturesResponse',
  id: { member: 'OrganizationId' },
  notFound: () => notInOrganization(),
  tags: null,
});

const notInOrganization = (): AwsError => new AwsError('OrganizationNotFoundException', 'The request was rejected because no organization is associated with your account.');

/** The caller's organization, where they may manage the root users of its members. */
async function managedOrganization(ctx: Context): Promise<Organization> {
  const organization = await organizationOf(ctx.world.store, ctx.account);
  if (!organization) throw notInOrganization();
  if (organization.FeatureSet !== 'ALL') throw new AwsError('OrganizationNotInAllFeaturesModeException', 'The request was rejected because your organization does not have All features enabled.');
  if (ctx.account !== organization.MasterAccountId && !organization.delegatedAdministrators.includes(ctx.account)) {
    throw new AwsError('AccountNotManagementOrDelegatedAdministratorException', 'The request was rejected because the account making the request is not the management account or delegated administrator account for centralized root access.');
  }
  return organization;
}

/** They are kept in the management account, whoever of both asks. */
async function featuresOf(ctx: Context): Promise<{ at: Context; present: OrganizationsFeatures | undefined; features: OrganizationsFeatures }> {
  const { Id, MasterAccountId } = await managedOrganization(ctx);
  const at = ctx.in(MasterAccountId, ctx.region);
  const present = await at.find(organizationsFeatures, Id);
  return { at, present, features: present ?? { OrganizationId: Id, EnabledFeatures: [] } };
}

const switched = (feature: Features[number], on: boolean) => async (_input: object, ctx: Context): Promise<OrganizationsFeatures> => {
  const { at, present, features } = await featuresOf(ctx);
  const others = features.EnabledFeatures.filter((f) => f !== feature);
  const changed = { ...features, EnabledFeatures: on ? [...others, feature] : others };
  return present ? at.save(organizationsFeatures, changed) : at.create(organizationsFeatures, changed);
};

export const organizationsFeatureOperations = {
  ListOrganizationsFeatures: async (_input, ctx) => (await featuresOf(ctx)).features,
  EnableOrganizationsRootCredentialsManagement: switched('RootCredentialsManagement', true),
  DisableOrganizationsRootCredentialsManagement: switched('RootCredentialsManagement', false),
  EnableOrganizationsRootSessions: switched('RootSessions', true),
  DisableOrganizationsRootSessions: switched('RootSessions', false),
} satisfies Handlers<IamOperations>;
