// What Helia's dependencies take for granted of Node.js, and version 20 has not: none of it is used here.

const zlib = require('node:zlib')
zlib.createZstdDecompress ??= () => { throw new Error('Node.js 20 has no zstd') }
require('node:worker_threads').markAsUncloneable ??= () => {}
Promise.withResolvers ??= function () {
  let resolve, reject
  const promise = new this((...both) => { [resolve, reject] = both })
  return { promise, resolve, reject }
}
