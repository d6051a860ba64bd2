import * as z from 'zod';
import { manifest } from './deployable.js';
import {
  Duration,
  ExternalId,
  Moment,
  PartitionName,
  Percentage,
  PermissionsBoundary,
  RegionName,
  RoleName,
  Text,
} from './scalars.js';
import { Channel, Listener } from './notify.js';
import { Schedule } from './schedule.js';
import { advice, strict } from './strict.js';

const Freeze = strict({ from: Moment, to: Moment, reason: Text }).refine(
  (freeze) => Date.parse(freeze.from) <= Date.parse(freeze.to),
  advice('the freeze ends before it begins', 'exchange from and to'),
);

/** A bucket's name once `${account.id}` and `${region}` are filled in; those two are checked with the other references. */
const BucketName = z
  .string()
  .max(128)
  .regex(/^(?:[a-z0-9.-]|\$\{[^}]*\})+$/, 'write lower-case letters, digits, hyphens, ${account.id} and ${region}');

export const ControllerManifest = manifest(
  'Controller',
  strict({
    partition: PartitionName,
    homeRegion: RegionName,
    table: z
      .string()
      .regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'write 3 to 255 letters, digits or _.-')
      .optional(),
    artifactBucket: BucketName.optional(),
    roles: strict({
      plan: RoleName,
      apply: RoleName,
      cloudformation: RoleName.optional(),
      externalId: ExternalId.optional(),
    }),
    budgets: strict({
      delete: z.int().min(0).optional(),
      replace: z.int().min(0).optional(),
      accounts: z.union([z.int().min(0), Percentage]).optional(),
      window: Duration.optional(),
      checks: z.int().min(1).max(3600).optional(),
    }).optional(),
    freeze: z.array(Freeze).optional(),
    permissionsBoundary: PermissionsBoundary.optional(),
    schedule: strict({ reconcile: Schedule.optional(), drift: Schedule.optional() }).optional(),
    notify: z.array(Channel).max(20).optional(),
    heartbeat: Listener.optional(),
    trust: strict({ branch: Text.optional(), allowedSigners: Text.optional() }).optional(),
  }),
);
export type ControllerManifest = z.infer<typeof ControllerManifest>;
