/**
 * The Query protocol of IAM, STS, Auto Scaling and others, and of older clients of SQS and CloudWatch. Unlike ec2Query: lists
 * carry `member` between name and number unless the model flattens them, undeclared parameters are ignored, results stand inside
 * `<XResult>`, all violations are reported together, and an error says whether the sender or the receiver is to blame.
 *
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import { constraintMessage, lowerCamelPaths } from './constraint-texts.ts';
import { actionOf, formOf, QueryCompiler } from './query.ts';
import { withoutZeroMilliseconds } from './timestamps.ts';
import { AwsError } from './types.ts';
import type { Protocol, ServiceModel, WireResponse } from './types.ts';
import { ConstraintCompiler } from './validation.ts';
import { element, XmlCompiler, XmlSink } from './xml.ts';

const malformed = (message: string): AwsError => new AwsError('MalformedInput', message);

const readers = new QueryCompiler({
  memberName: (member) => member.xmlName ?? member.name,
  listItemName: (list, flattened) => (flattened ? undefined : (list.member.xmlName ?? 'member')),
  unknown: () => {},
  wrongType: (node, expected) => {
    switch (expected) {
      case 'boolean':
        // https://github.com/boto/boto/pull/1513 quotes it from Auto Scaling.
        return malformed('boolean must follow xsd1.1 definition');
      case 'timestamp':
        return malformed('timestamp must follow ISO8601');
      case 'list':
        return malformed('Unexpected list element termination');
      case 'map':
      case 'structure':
        return malformed('Unexpected complex element termination');
      default:
        // assumed: the wording.
        return malformed(`Invalid ${expected} value: ${node.value ?? ''}`);
    }
  },
  booleans: new Map([['true', true], ['false', false], ['1', true], ['0', false]]),
});

const constraints = new ConstraintCompiler(lowerCamelPaths, true);
const writers = new XmlCompiler(withoutZeroMilliseconds);

function answer(status: number, body: WireResponse['body'], requestId: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}

const envelopeNamespace = (model: ServiceModel | undefined): string => (model && model.xmlNamespace !== '' ? ` xmlns="${model.xmlNamespace}"` : '');

export const awsQuery: Protocol = {
  name: 'awsQuery',
  operationName: actionOf,
  parse: (_model, operation, request) => readers.structure(operation.input)(formOf(request)),
  validate: (model, operation, input) => {
    const violations = constraints.violations(model.service, operation.input, input);
    if (violations.length > 0) throw new AwsError('ValidationError', constraintMessage(violations));
  },
  writeResult: (model, operation, output, requestId) => {
    const sink = new XmlSink();
    const { name } = operation;
    sink.text += `<${name}Response${envelopeNamespace(model)}>`;
    // An output without members is a result all the same: clients look for its element. Only Unit is none.
    if (operation.output.name !== 'Unit') {
      sink.text += `<${name}Result>`;
      writers.result(operation.output)(output, sink);
      sink.text += `</${name}Result>`;
    }
    sink.text += `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${name}Response>`;
    return answer(200, sink.finish(), requestId);
  },
  writeError: (model, error, requestId) => {
    const sink = new XmlSink();
    const shape = model?.error(error.code);
    const type = error.fault === 'client' ? 'Sender' : 'Receiver';
    sink.text += `<ErrorResponse${envelopeNamespace(model)}><Error>${element('Type', type)}`;
    sink.text += element('Code', shape?.queryCode ?? error.code) + element('Message', error.message);
    if (shape) writers.structure(shape.shape)(withoutMessage(error.members), sink);
    sink.text += `</Error>${element('RequestId', requestId)}</ErrorResponse>`;
    return answer(error.status, sink.finish(), requestId);
  },
};

function withoutMessage(members: AwsError['members']): AwsError['members'] {
  const rest = { ...members };
  delete rest.message;
  delete rest.Message;
  return rest;
}
