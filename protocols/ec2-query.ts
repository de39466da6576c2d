/**
 * EC2's own Query protocol. Unlike awsQuery: every list is flat (`Filter.1.Value.1`), names are the member's `ec2QueryName` or
 * its XML name with a capital, a parameter that is not declared is an error, results stand directly in the envelope beside
 * `requestId`, and errors have an envelope and words of their own.
 *
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
import { actionOf, formOf, QueryCompiler } from './query.ts';
import type { FormNode } from './query.ts';
import { withMilliseconds } from './timestamps.ts';
import { AwsError } from './types.ts';
import type { Member, Protocol, ServiceModel, StructureShape, Violation, WireResponse } from './types.ts';
import { ConstraintCompiler } from './validation.ts';
import { element, XmlCompiler, xmlDeclaration, XmlSink } from './xml.ts';

/** Parameters that carry the call itself or its signature; also those of Signature Version 2, which old clients still send. */
const callParameters = new Set([
  'Action', 'Version', 'AWSAccessKeyId', 'Signature', 'SignatureMethod', 'SignatureVersion', 'Timestamp', 'Expires', 'SecurityToken', 'AUTHPARAMS',
]);
export const isCallParameter = (name: string): boolean => callParameters.has(name) || /^x-amz-/i.test(name);

const capitalised = (name: string): string => name[0].toUpperCase() + name.slice(1);
const wireName = (member: Member): string => member.ec2QueryName ?? capitalised(member.xmlName ?? member.name);

const unknownParameter = (name: string): AwsError => new AwsError('UnknownParameter', `The parameter ${name} is not recognized`);

const expectations: Record<string, string> = {
  integer: 'Must be an integer', long: 'Must be an integer', float: 'Must be a number', double: 'Must be a number',
  boolean: "Must be 'true' or 'false'", timestamp: 'Must be a date in ISO 8601 format', blob: 'Must be encoded in base64',
};

const readers = new QueryCompiler({
  memberName: wireName,
  listItemName: () => undefined,
  unknown: (node) => {
    if (!isCallParameter(node.path)) throw unknownParameter(firstParameter(node).path);
  },
  wrongType: (node, expected) => {
    // A value where only parts are declared is a parameter that nobody knows: https://github.com/mirkokiefer/aws-lib/issues/28
    if (expected === 'list' || expected === 'map' || expected === 'structure') return unknownParameter(node.path);
    // assumed: the wording; the code is documented.
    return new AwsError('InvalidParameterValue', `Invalid value '${node.value ?? ''}' for ${node.path}. ${expectations[expected] ?? ''}`);
  },
  // assumed: capitals are accepted as boto 2 sent them.
  booleans: new Map([['true', true], ['false', false], ['True', true], ['False', false]]),
  emptyIsNone,
});

/**
 * Clients send what they do not know as an empty value, and EC2 takes it for absent: Packer a group's VPC and a profile's name
 * (https://github.com/hashicorp/packer-plugin-amazon/blob/main/common/step_security_group.go), Terraform a volume's zone, which is
 * then missing (https://github.com/hashicorp/terraform-provider-aws/issues/13990). An empty text is a text: a description, a tag's value.
 */
// assumed: which parameters these are, by their names.
function emptyIsNone({ name, target }: Member, of: StructureShape): boolean {
  return target.type === 'string' && (target.limits.enum !== undefined || /(Id|Arn|Zone|KeyName|Token)$/.test(name) || of.name.includes('IamInstanceProfileSpecification'));
}

/** The full name of a parameter under a step that is not known. */
function firstParameter(node: FormNode): FormNode {
  let leaf = node;
  while (leaf.value === undefined && leaf.children) leaf = leaf.children.values().next().value as FormNode;
  return leaf;
}

const constraints = new ConstraintCompiler(
  {
    member: (path, member) => (path === '' ? wireName(member) : `${path}.${wireName(member)}`),
    item: (path, number) => `${path}.${number}`,
    entry: (path, key) => `${path}.${key}`,
  },
  false,
  // As of a DeleteVpc whose VpcId is empty: https://github.com/kubernetes-sigs/cluster-api-provider-aws/issues/943
  true,
);

/** What a refusal calls by the server's own name. https://github.com/awsdocs/aws-doc-sdk-examples/pull/1302 quotes that of CreateTags. */
const SERVER_NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  CreateTags: { ResourceId: 'resourceIdSet', Tag: 'tagSet' },
  DeleteTags: { ResourceId: 'resourceIdSet' },
  // https://github.com/kubernetes-sigs/cluster-api-provider-aws/issues/943
  DeleteVpc: { VpcId: 'vpcId' },
};

/** EC2 stops at the first violation. */
function violationError(operation: string, violation: Violation): AwsError {
  const { path } = violation;
  switch (violation.kind) {
    case 'missing':
      // https://github.com/getmoto/moto/issues/112 quotes it for CreateSecurityGroup.
      return new AwsError('MissingParameter', `The request must contain the parameter ${SERVER_NAMES[operation]?.[path] ?? path}`);
    case 'unknown':
      return unknownParameter(path);
    case 'range':
      // https://github.com/aws/aws-sdk-ruby/pull/2575 quotes the lower bound, "greater than 5" for a minimum of 5.
      return invalidValue(` ${violation.value} `, path, `Expecting a value ${violation.min !== undefined ? `greater than ${violation.min}` : `less than or equal to ${violation.max}`}.`);
    case 'enum':
      // assumed: the second sentence.
      return invalidValue(violation.value, path, `Must be one of: ${violation.allowed.join(', ')}.`);
    case 'length':
      return invalidValue(violation.value, path, violation.max !== undefined ? `Length exceeds maximum of ${violation.max}.` : `Length must be at least ${violation.min}.`);
    default:
      return invalidValue(violation.value, path, '');
  }
}

/** Messages name the parameter with a small letter: "Value (standard) for parameter volumeId is invalid". */
function invalidValue(value: string, path: string, why: string): AwsError {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const parameter = /^\d+$/.test(name) ? path : name;
  return new AwsError('InvalidParameterValue', `Value (${value}) for parameter ${parameter[0].toLowerCase()}${parameter.slice(1)} is invalid. ${why}`.trim());
}

/** They had no result once, and still say that it went well, which no model knows. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html */
const SAY_TRUE: ReadonlySet<string> = new Set(['AssociateAddress', 'CreatePlacementGroup', 'CreateSecurityGroup']);

const writers = new XmlCompiler(withMilliseconds);

function answer(status: number, body: WireResponse['body'], requestId: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml;charset=UTF-8', 'x-amzn-requestid': requestId }, body };
}

const namespaceOf = (model: ServiceModel): string => (model.xmlNamespace.endsWith('/') ? model.xmlNamespace : `${model.xmlNamespace}/`);

export const ec2Query: Protocol = {
  name: 'ec2Query',
  operationName: actionOf,
  parse: (_model, operation, request) => readers.structure(operation.input)(formOf(request)),
  validate: (model, operation, input) => {
    const [first] = constraints.violations(model.service, operation.input, input);
    if (first) throw violationError(operation.name, first);
  },
  writeResult: (model, operation, output, requestId) => {
    const sink = new XmlSink();
    const name = `${operation.name}Response`;
    sink.text += `<${name} xmlns="${namespaceOf(model)}">${element('requestId', requestId)}`;
    // An operation without a result says that it went well: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteVolume.html
    if (operation.output.members.size === 0 || SAY_TRUE.has(operation.name)) sink.text += '<return>true</return>';
    // What answers for one attribute has no word of the others, not even that they are empty:
    // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
    if (operation.output.members.size > 0) (operation.input.members.has('Attribute') ? writers.structure(operation.output) : writers.result(operation.output))(output, sink);
    sink.text += `</${name}>`;
    return answer(200, sink.finish(), requestId);
  },
  writeError: (_model, error, requestId) => {
    const text = `${xmlDeclaration}<Response><Errors><Error>${element('Code', error.code)}${element('Message', error.message)}</Error></Errors>${element('RequestID', requestId)}</Response>`;
    return answer(error.status, text, requestId);
  },
};
