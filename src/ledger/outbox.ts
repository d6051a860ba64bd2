import type { Delivery, Notice, Outgoing } from '../model/notice.js';
import type { Ledger } from '../reconciler/ports.js';
import type { Bodies } from './bodies.js';
import { EXPIRES, OUTGOING, outgoingKey, toldKey } from './keys.js';
import type { Table } from './table.js';
import { untouched } from './untouched.js';

type Body = Pick<Outgoing, 'notice' | 'deliveries'>;
type Outbox = Pick<Ledger, 'addNotice' | 'outgoing' | 'moveOutgoing'>;

const DAY = 24 * 60 * 60;
/** What was told is remembered for longer than a year: the same finding is told again only if it is still there then. */
const REMEMBERED = 400 * DAY;

/**
 * Notices that wait stand in one partition, which stays small; one that is told moves out of it. Told is written before the
 * waiting one is taken away, so that at every moment at least one of the two says that there is such a notice.
 */
export function openOutbox(table: Table, bodies: Bodies): Outbox {
  async function isTold(id: string): Promise<boolean> {
    return (await table.get(toldKey(id))) !== null;
  }

  function tell({ notice, deliveries }: Body): Promise<boolean> {
    return bodies
      .seal(
        { ...toldKey(notice.id), id: notice.id, [EXPIRES]: endOf(notice, deliveries) + REMEMBERED },
        { notice, deliveries },
      )
      .then((item) => table.put(item, { type: 'absent' }));
  }

  function take(id: string, version: number): Promise<boolean> {
    return table.remove(outgoingKey(id), { type: 'unchanged', attributes: { version } });
  }

  async function write(notice: Notice, deliveries: Outgoing['deliveries'], version: number): Promise<boolean> {
    const body: Body = { notice, deliveries };
    const item = await bodies.seal({ ...outgoingKey(notice.id), version: version + 1 }, body);
    return table.put(item, version === 0 ? { type: 'absent' } : { type: 'unchanged', attributes: { version } });
  }

  return {
    async addNotice(notice, channels, now) {
      if (await isTold(notice.id)) return false;
      const waiting: Delivery = { type: 'waiting', attempts: 0, notBefore: now.toISOString(), error: null };
      const deliveries = Object.fromEntries([...new Set(channels)].map((channel) => [channel, waiting]));
      if (channels.length === 0) return tell({ notice, deliveries });
      if (!(await write(notice, deliveries, 0))) return false;
      // Somebody may have told it and taken it away between the look and the write.
      if (!(await isTold(notice.id))) return true;
      await take(notice.id, 1);
      return false;
    },
    async outgoing(edited = () => undefined) {
      const items = await table.all(OUTGOING);
      if (items.length === 0) return [];
      const told = new Set(
        (await table.getMany(items.map((item) => toldKey(item['sk'] as string)))).map((item) => item['id']),
      );
      const waiting: Outgoing[] = [];
      for (const item of items) {
        const read = await untouched<Body>(bodies, item);
        if (read.type === 'edited') {
          edited(item['sk'] as string, read.why);
          continue;
        }
        const one: Outgoing = { ...read.value, version: item['version'] as number };
        if (told.has(one.notice.id)) await take(one.notice.id, one.version);
        else if (isWaiting(one)) waiting.push(one);
        else await finish(one);
      }
      return waiting;
    },
    async moveOutgoing({ notice, deliveries, version }) {
      if (!(await write(notice, deliveries, version))) return false;
      if (!isWaiting({ deliveries })) await finish({ notice, deliveries, version: version + 1 });
      return true;
    },
  };

  /** May be repeated after a crash: who finds a notice that waits for nothing does the rest. */
  async function finish(done: Outgoing): Promise<void> {
    await tell(done);
    await take(done.notice.id, done.version);
  }
}

function isWaiting({ deliveries }: Pick<Outgoing, 'deliveries'>): boolean {
  return Object.values(deliveries).some((delivery) => delivery.type === 'waiting');
}

/** When the last of its deliveries ended, in seconds since 1970, as DynamoDB wants a time to live. */
function endOf(notice: Notice, deliveries: Outgoing['deliveries']): number {
  const ends = Object.values(deliveries).map((delivery) => (delivery.type === 'waiting' ? notice.at : delivery.at));
  return Math.max(...[notice.at, ...ends].map((at) => Math.floor(Date.parse(at) / 1000)));
}
