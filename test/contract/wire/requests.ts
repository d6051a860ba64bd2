import { expect } from 'vitest';
import { GetCallerIdentityCommand, type GetCallerIdentityCommandOutput } from '@aws-sdk/client-sts';
import { assumption, document, type Chapter } from '../specification.js';
import { form, refusal, sendChanged, sendForm, sendJson } from './raw-request.js';

const COMMON_ERRORS = document('STS API Reference, Common Errors');
const MALFORMED = assumption('AWS documents no code for a form that does not fit; MalformedInput is what users report');
const SERIALIZATION = assumption(
  'as of the services whose documentation names the errors of AWS JSON, such as DynamoDB',
);

export const requests: Chapter = {
  service: 'The wire',
  operation: 'Requests',
  sentences: [
    {
      says: 'takes the parameters of the query protocol from the URL of a GET as well as from the body of a POST',
      source: document('STS API Reference, Making Query Requests'),
      test: async (aws) => {
        const answer = (await sendChanged(aws.sts(), new GetCallerIdentityCommand({}), (request) => {
          request.method = 'GET';
          request.query = { Action: 'GetCallerIdentity', Version: '2011-06-15' };
          request.body = '';
          delete request.headers['content-length'];
          delete request.headers['content-type'];
        })) as GetCallerIdentityCommandOutput;
        expect(answer.Account).toBe(aws.members[0]);
      },
    },
    {
      says: 'answers MissingAction, HTTP status 400, where no action is named',
      source: COMMON_ERRORS,
      differs: { moto: 'answers 404 without a code', ministack: 'answers InvalidAction' },
      test: async (aws) => {
        await expect(sendForm(aws.cloudFormation(), 'Version=2010-05-15')).rejects.toMatchObject(
          refusal('MissingAction', 400),
        );
      },
    },
    {
      says: 'answers MissingAction where the body is a form and its type says that it is not',
      source: assumption('a body is read by its type'),
      differs: { moto: 'fails with a page in HTML', ministack: 'reads the form all the same' },
      test: async (aws) => {
        const asked = sendChanged(aws.sts(), new GetCallerIdentityCommand({}), (request) => {
          request.headers['content-type'] = 'application/json';
        });
        await expect(asked).rejects.toMatchObject(refusal('MissingAction', 400));
      },
    },
    {
      says: 'answers InvalidAction, HTTP status 400, where the action is none of the service’s',
      source: COMMON_ERRORS,
      differs: { moto: 'fails with a page in HTML' },
      test: async (aws) => {
        await expect(sendForm(aws.cloudFormation(), form('MakeTea'))).rejects.toMatchObject(
          refusal('InvalidAction', 400),
        );
      },
    },
    {
      says: 'answers InvalidAction where the version is missing or another than the service’s',
      source: assumption('AWS’s text names the version, or NO_VERSION_SPECIFIED'),
      differs: { moto: 'serves any version, and none', ministack: 'serves any version, and none' },
      test: async (aws) => {
        const client = aws.cloudFormation();
        await expect(sendForm(client, 'Action=ListStacks')).rejects.toMatchObject(refusal('InvalidAction', 400));
        await expect(sendForm(client, 'Action=ListStacks&Version=2009-05-15')).rejects.toMatchObject(
          refusal('InvalidAction', 400),
        );
      },
    },
    {
      says: 'answers MalformedQueryString, HTTP status 404, where an escape is none',
      source: COMMON_ERRORS,
      differs: { moto: 'reads the escape as text', ministack: 'reads the escape as text' },
      test: async (aws) => {
        await expect(sendForm(aws.cloudFormation(), form('ListStacks', '&NextToken=%zz'))).rejects.toMatchObject(
          refusal('MalformedQueryString', 404),
        );
      },
    },
    {
      says: 'ignores a parameter that the operation does not have',
      source: assumption('clients newer than the service are served'),
      test: async (aws) => {
        await expect(sendForm(aws.cloudFormation(), form('DescribeStacks', '&Tea=green'))).resolves.toBeDefined();
      },
    },
    {
      says: 'answers MalformedInput where a parameter is given twice',
      source: MALFORMED,
      differs: { moto: 'fails with a page in HTML', ministack: 'takes one of the two' },
      test: async (aws) => {
        const twice = form('DescribeStacks', '&NextToken=a&NextToken=b');
        await expect(sendForm(aws.cloudFormation(), twice)).rejects.toMatchObject(refusal('MalformedInput', 400));
      },
    },
    {
      says: 'answers MalformedInput where a boolean or a number is none',
      source: MALFORMED,
      differs: { moto: 'fails with a page in HTML', ministack: 'accepts it, and creates the stack' },
      test: async (aws) => {
        for (const wrong of ['DisableRollback=maybe', 'TimeoutInMinutes=soon', 'TimeoutInMinutes=1.5']) {
          const asked = form('CreateStack', `&StackName=${aws.unique('wrong')}&TemplateBody=%7B%7D&${wrong}`);
          await expect(sendForm(aws.cloudFormation(), asked), wrong).rejects.toMatchObject(
            refusal('MalformedInput', 400),
          );
        }
      },
    },
    {
      says: 'answers MalformedInput where the index of a list’s item is no positive number',
      source: MALFORMED,
      differs: { moto: 'ignores the item', ministack: 'ignores the item' },
      test: async (aws) => {
        for (const index of ['x', '0', '-1']) {
          const asked = form('ListStacks', `&StackStatusFilter.member.${index}=CREATE_COMPLETE`);
          await expect(sendForm(aws.cloudFormation(), asked), index).rejects.toMatchObject(
            refusal('MalformedInput', 400),
          );
        }
      },
    },
    {
      says: 'answers MalformedInput where text stands for a list, or a structure for text',
      source: MALFORMED,
      differs: { moto: 'ignores it', ministack: 'ignores it' },
      test: async (aws) => {
        for (const wrong of ['StackStatusFilter=CREATE_COMPLETE', 'NextToken.member.1=a']) {
          await expect(sendForm(aws.cloudFormation(), form('ListStacks', `&${wrong}`)), wrong).rejects.toMatchObject(
            refusal('MalformedInput', 400),
          );
        }
      },
    },
    {
      says: 'reads the items of a list by their numbers, whether or not some are left out',
      source: assumption('nothing says that they have to be in a row'),
      test: async (aws) => {
        const asked = form(
          'ListStacks',
          '&StackStatusFilter.member.7=DELETE_FAILED&StackStatusFilter.member.3=ROLLBACK_FAILED',
        );
        await expect(sendForm(aws.cloudFormation(), asked)).resolves.toBeDefined();
      },
    },
    {
      says: 'answers SerializationException, HTTP status 400, where a body is no JSON',
      source: SERIALIZATION,
      differs: { moto: 'lists the accounts', ministack: 'lists the accounts' },
      test: async (aws) => {
        for (const body of ['{"MaxResults":', '[]', 'null'])
          await expect(sendJson(aws.organizations(), 'ListAccounts', body), body).rejects.toMatchObject(
            refusal('SerializationException', 400),
          );
      },
    },
    {
      says: 'answers SerializationException where JSON has another type than the member',
      source: SERIALIZATION,
      differs: { moto: 'fails with a page in HTML', ministack: 'lists the accounts' },
      test: async (aws) => {
        for (const body of ['{"MaxResults":"ten"}', '{"MaxResults":1.5}', '{"NextToken":["a"]}'])
          await expect(sendJson(aws.organizations(), 'ListAccounts', body), body).rejects.toMatchObject(
            refusal('SerializationException', 400),
          );
      },
    },
    {
      says: 'answers UnknownOperationException where x-amz-target names no operation of the service',
      source: SERIALIZATION,
      differs: { moto: 'fails with a page in HTML', ministack: 'answers InvalidAction' },
      test: async (aws) => {
        await expect(sendJson(aws.organizations(), 'MakeTea', '{}')).rejects.toMatchObject(
          refusal('UnknownOperationException', 400),
        );
      },
    },
    {
      says: 'answers RequestEntityTooLarge, HTTP status 413, where the body has more than 1 MiB',
      source: assumption(
        'AWS publishes no number for the query protocol; two hundred parameters of 4,096 bytes still fit',
      ),
      differs: { moto: 'takes any size', ministack: 'takes any size' },
      test: async (aws) => {
        const asked = form('ListStacks', `&NextToken=${'a'.repeat(1024 * 1024)}`);
        await expect(sendForm(aws.cloudFormation(), asked)).rejects.toMatchObject(
          refusal('RequestEntityTooLarge', 413),
        );
      },
    },
    {
      says: 'answers NotImplemented, HTTP status 501, where AWS has the operation and the simulator does not',
      source: assumption('no code of AWS’s may be mistaken for it'),
      alone: 'an emulator has other operations',
      test: async (aws) => {
        await expect(sendForm(aws.cloudFormation(), form('DescribePublisher'))).rejects.toMatchObject(
          refusal('NotImplemented', 501),
        );
      },
    },
  ],
};
