import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'vitest';
import { document, type Chapter } from '../specification.js';

const getCallerIdentity: Chapter = {
  service: 'STS',
  operation: 'GetCallerIdentity',
  sentences: [
    {
      says: 'answers the account whose credentials signed the request',
      source: document('STS API Reference, GetCallerIdentity'),
      test: async (aws) => {
        const [member] = aws.members;
        expect(await aws.sts(member).send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: member });
      },
    },
  ],
};

export const stsChapters: readonly Chapter[] = [getCallerIdentity];
