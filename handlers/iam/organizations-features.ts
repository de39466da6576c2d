import type { IamOperations } from '../../fixtures/models/iam.ts';
import { AwsError, resource, type Context, type Handlers } from '../../src/kit/index.ts';

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

/** What of an organization iam reads. */
interface Organization {
  readonly Id: string;
  readonly FeatureSet?: string;
  readonly MasterAccountId?: string;
}

/** The account's organization, where there is a service that has one: 'organizations:organization'. */
async function organizationOf(ctx: Context): Promise<Organization> {
  const kind = ctx.world.registry.resource('organizations:organization');
  const [organization] = kind ? ((await ctx.list(kind)) as unknown as Organization[]) : [];
  if (!organization) throw notInOrganization();
  if (organization.FeatureSet !== undefined && organization.FeatureSet !== 'ALL') {
    throw new AwsError('OrganizationNotInAllFeaturesModeException', 'The request was rejected because your organization does not have All features enabled.');
  }
  if (organization.MasterAccountId !== undefined && organization.MasterAccountId !== ctx.account) {
    throw new AwsError('AccountNotManagementOrDelegatedAdministratorException', 'The request was rejected because the account making the request is not the management account or delegated administrator account for centralized root access.');
  }
  return organization;
}

async function featuresOf(ctx: Context): Promise<{ present: OrganizationsFeatures | undefined; features: OrganizationsFeatures }> {
  const { Id } = await organizationOf(ctx);
  const present = await ctx.find(organizationsFeatures, Id);
  return { present, features: present ?? { OrganizationId: Id, EnabledFeatures: [] } };
}

const switched = (feature: Features[number], on: boolean) => async (_input: object, ctx: Context): Promise<OrganizationsFeatures> => {
  const { present, features } = await featuresOf(ctx);
  const others = features.EnabledFeatures.filter((f) => f !== feature);
  const changed = { ...features, EnabledFeatures: on ? [...others, feature] : others };
  return present ? ctx.save(organizationsFeatures, changed) : ctx.create(organizationsFeatures, changed);
};

export const organizationsFeatureOperations = {
  ListOrganizationsFeatures: async (_input, ctx) => (await featuresOf(ctx)).features,
  EnableOrganizationsRootCredentialsManagement: switched('RootCredentialsManagement', true),
  DisableOrganizationsRootCredentialsManagement: switched('RootCredentialsManagement', false),
  EnableOrganizationsRootSessions: switched('RootSessions', true),
  DisableOrganizationsRootSessions: switched('RootSessions', false),
} satisfies Handlers<IamOperations>;
