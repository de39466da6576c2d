import type { Service } from '../../src/kit/index.ts';
import { accessKeyOperations, accessKeys, tearDownKey } from './access-keys.ts';
import { accountAliases, accountAliasOperations } from './account-aliases.ts';
import { accountProperties, accountPropertyOperations } from './account-properties.ts';
import { accountOperations } from './account.ts';
import { attachmentOperations } from './attachments.ts';
import { authorizationDetailOperations } from './authorization-details.ts';
import { credentialReportOperations, credentialReports } from './credential-reports.ts';
import { notifications } from './delegation/notifications.ts';
import { delegationOperations } from './delegation/requests.ts';
import { delegationRequests } from './delegation/stored.ts';
import * as errors from './errors.ts';
import { groupOperations, groups } from './groups.ts';
import { identityOf } from './identities.ts';
import { instanceProfileOperations, instanceProfiles } from './instance-profiles.ts';
import { lastAccessedJobs, lastAccessedOperations } from './last-accessed.ts';
import { loginProfileOperations, loginProfiles, rootPasswords } from './login-profiles.ts';
import { mfaDeviceOperations, mfaDevices } from './mfa-devices.ts';
import { oidcProviderOperations, oidcProviders } from './open-id-connect-providers.ts';
import { organizationsAccessJobs, organizationsAccessOperations } from './organizations-access-reports.ts';
import { organizationsFeatureOperations, organizationsFeatures } from './organizations-features.ts';
import { outboundFederationOperations, outboundFederations } from './outbound-web-identity-federation.ts';
import { passwordPolicies, passwordPolicyOperations } from './password-policy.ts';
import { permissions } from './permissions.ts';
import { policies, policyOperations } from './policies.ts';
import { roleTemplateOperations } from './role-templates.ts';
import { roleOperations, roles } from './roles.ts';
import { samlProviderOperations, samlProviders } from './saml-providers.ts';
import { stsPreferenceOperations, stsPreferences } from './security-token-service-preferences.ts';
import { serverCertificateOperations, serverCertificates } from './server-certificates.ts';
import { deletionTasks, serviceLinkedRoleOperations } from './service-linked-roles.ts';
import { serviceSpecificCredentialOperations, serviceSpecificCredentials } from './service-specific-credentials.ts';
import { signingCertificateOperations, signingCertificates } from './signing-certificates.ts';
import { simulationOperations } from './simulations.ts';
import { sshPublicKeyOperations, sshPublicKeys } from './ssh-public-keys.ts';
import { userOperations, users } from './users.ts';

export const iam: Service = {
  name: 'iam',
  resources: [
    users, groups, roles, policies, instanceProfiles, accessKeys, loginProfiles, sshPublicKeys, mfaDevices, passwordPolicies, signingCertificates, serverCertificates, serviceSpecificCredentials,
    accountAliases, credentialReports, lastAccessedJobs, oidcProviders, samlProviders, deletionTasks, organizationsFeatures, stsPreferences, outboundFederations, delegationRequests,
    notifications, accountProperties, rootPasswords, organizationsAccessJobs,
  ],
  refused: { error: errors.invalidInput, paths: { SimulatePrincipalPolicy: ['PolicyExclusionList', 'ResourceHandlingOption'], SimulateCustomPolicy: ['ResourceHandlingOption'] } },
  permissions,
  identityOf,
  // assumed: sizes and rates; IAM says that it throttles (https://repost.aws/knowledge-center/iam-sts-throttling-error) and nowhere how much.
  tokenBuckets: (operation) => [/^(Get|List|Simulate)/.test(operation) ? { name: 'reading', capacity: 100, perSecond: 20, tokens: 1 } : { name: 'changing', capacity: 20, perSecond: 5, tokens: 1 }],
  tearDowns: { 'access-key': tearDownKey },
  operations: {
    ...userOperations, ...groupOperations, ...roleOperations, ...policyOperations, ...attachmentOperations, ...instanceProfileOperations, ...accessKeyOperations, ...loginProfileOperations,
    ...sshPublicKeyOperations, ...mfaDeviceOperations, ...passwordPolicyOperations, ...signingCertificateOperations, ...serverCertificateOperations, ...serviceSpecificCredentialOperations,
    ...accountAliasOperations, ...accountOperations, ...authorizationDetailOperations, ...credentialReportOperations, ...simulationOperations, ...lastAccessedOperations,
    ...oidcProviderOperations, ...samlProviderOperations, ...serviceLinkedRoleOperations, ...organizationsFeatureOperations, ...stsPreferenceOperations, ...outboundFederationOperations,
    ...delegationOperations, ...roleTemplateOperations, ...accountPropertyOperations, ...organizationsAccessOperations,
  },
};
