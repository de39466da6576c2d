import type { Assertion } from './saml-assertions.ts';

/** Attributes that are condition keys. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-saml */
const OID = 'urn:oid:';
const EDU_PERSON = `${OID}1.3.6.1.4.1.5923.1.1.1.`;
const EDU_ORG = `${OID}1.3.6.1.4.1.5923.1.2.1.`;
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/';

const KEYS: Readonly<Record<string, string>> = {
  [`${EDU_PERSON}1`]: 'edupersonaffiliation', [`${EDU_PERSON}2`]: 'edupersonnickname', [`${EDU_PERSON}3`]: 'edupersonorgdn', [`${EDU_PERSON}4`]: 'edupersonorgunitdn', [`${EDU_PERSON}5`]: 'edupersonprimaryaffiliation',
  [`${EDU_PERSON}6`]: 'edupersonprincipalname', [`${EDU_PERSON}7`]: 'edupersonentitlement', [`${EDU_PERSON}8`]: 'edupersonprimaryorgunitdn', [`${EDU_PERSON}9`]: 'edupersonscopedaffiliation',
  [`${EDU_PERSON}10`]: 'edupersontargetedid', [`${EDU_PERSON}11`]: 'edupersonassurance',
  [`${EDU_ORG}2`]: 'eduorghomepageuri', [`${EDU_ORG}3`]: 'eduorgidentityauthnpolicyuri', [`${EDU_ORG}4`]: 'eduorglegalname', [`${EDU_ORG}5`]: 'eduorgsuperioruri', [`${EDU_ORG}6`]: 'eduorgwhitepagesuri',
  [`${OID}2.5.4.3`]: 'cn', [`${OID}2.5.4.45`]: 'x500UniqueIdentifier', [`${OID}0.9.2342.19200300.100.1.1`]: 'uid', [`${OID}0.9.2342.19200300.100.1.3`]: 'mail', [`${OID}0.9.2342.19200300.100.1.45`]: 'organizationStatus',
  'http://schemas.xmlsoap.org/claims/CommonName': 'commonName', [`${CLAIMS}name`]: 'name', [`${CLAIMS}givenname`]: 'givenName', [`${CLAIMS}surname`]: 'surname', [`${CLAIMS}emailaddress`]: 'mail',
  'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid': 'primaryGroupSID',
};

export function samlKeys(assertion: Assertion, account: string, providerName: string, nameQualifier: string): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {
    'saml:aud': assertion.recipient, 'saml:iss': assertion.issuer, 'saml:sub': assertion.subject, 'saml:sub_type': assertion.subjectType, 'saml:namequalifier': nameQualifier, 'saml:doc': `${account}/${providerName}`,
  };
  for (const [name, values] of assertion.attributes) if (Object.hasOwn(KEYS, name)) keys[`saml:${KEYS[name]}`] = values;
  return keys;
}
