import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as events from 'aws-cdk-lib/aws-events';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type * as s3 from 'aws-cdk-lib/aws-s3';
import type * as stepfunctions from 'aws-cdk-lib/aws-stepfunctions';
import type * as core from 'aws-cdk-lib/core';
import type * as constructs from 'constructs';

type Modules = {
  'aws-cdk-lib': typeof core;
  'aws-cdk-lib/aws-events': typeof events;
  'aws-cdk-lib/aws-iam': typeof iam;
  'aws-cdk-lib/aws-lambda': typeof lambda;
  'aws-cdk-lib/aws-s3': typeof s3;
  'aws-cdk-lib/aws-stepfunctions': typeof stepfunctions;
  constructs: typeof constructs;
};

/** The CDK, each part loaded on first use: most constructs need few of them. */
export type Cdk = {
  load<Name extends keyof Modules>(name: Name): Modules[Name];
  /** Any other module, of which nothing is known beforehand; null where there is none of that name. */
  loadAny(name: string): Readonly<Record<string, unknown>> | null;
};

/** Loads packages from one folder and no other. */
export function openCdk(modules: string): Cdk {
  const load = createRequire(join(modules, 'evenkeel.cjs'));
  return {
    load: (name) => load(name) as Modules[typeof name],
    loadAny: (name) => {
      try {
        return load(name) as Readonly<Record<string, unknown>>;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return null;
        throw error;
      }
    },
  };
}
