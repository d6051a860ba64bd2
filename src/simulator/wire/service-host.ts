import { isS3Host } from '../kernel/s3-address.js';

/** Whose endpoint a host name is, as AWS names them; `region` of the endpoints that are a partition's is where they are signed for. */
export type ServiceHost = { readonly service: string; readonly region: string };

const NAME =
  /^([a-z0-9-]+?)(?:-fips)?(?:\.([a-z]{2,4}(?:-[a-z]+)+-\d+))?\.(?:amazonaws\.com|amazonaws\.com\.cn|amazonaws\.eu|api\.aws|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;

/** STS's oldest endpoint, the only one here that names no Region. */
const GLOBAL_REGION = 'us-east-1';

/** Undefined for S3, whose hosts are buckets' too, and for everything that is not AWS's, such as the loopback. */
export function serviceHost(hostname: string): ServiceHost | undefined {
  const [, service, region] = NAME.exec(hostname.toLowerCase()) ?? [];
  if (service === undefined || isS3Host(hostname)) return undefined;
  return { service, region: region ?? GLOBAL_REGION };
}
