import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import tls from 'node:tls';

/** What opens a connection, of each module that can. */
const DOORS: readonly (readonly [holder: object, names: readonly string[]])[] = [
  [net, ['connect', 'createConnection', 'createServer']],
  [net.Socket.prototype, ['connect']],
  [net.Server.prototype, ['listen']],
  [tls, ['connect', 'createServer']],
  [http, ['request', 'get', 'createServer']],
  [https, ['request', 'get', 'createServer']],
  [http2, ['connect', 'createServer', 'createSecureServer']],
  [dgram, ['createSocket']],
  [dns, ['lookup', 'resolve', 'resolve4', 'resolve6', 'reverse']],
  [dns.promises, ['lookup', 'resolve', 'resolve4', 'resolve6', 'reverse']],
  [globalThis, ['fetch', 'WebSocket']],
];

function closed(): never {
  throw new Error('a construct is synthesised without a network');
}

/** Shuts the network to everything that is loaded after this module. */
for (const [holder, names] of DOORS) {
  for (const name of names) {
    if (name in holder) Object.defineProperty(holder, name, { value: closed, writable: false, configurable: false });
  }
}
syncBuiltinESMExports();
