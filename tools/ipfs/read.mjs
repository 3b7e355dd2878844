// Reads a whole baton with Helia, from one gateway and nothing else; prints what it saw as JSON.
// node read.mjs GATEWAY ROOT LIAR: where the baton of that content id is, and where it is with changed blocks.

import { car } from '@helia/car'
import { fallbackRouter } from '@helia/fallback-router'
import { trustlessGatewayBlockBroker } from '@helia/trustless-gateway-client'
import { createVerifiedFetch } from '@helia/verified-fetch'
import { CarReader } from '@ipld/car'
import * as dagCbor from '@ipld/dag-cbor'
import { createHeliaLight } from 'helia'
import { CID } from 'multiformats/cid'

const [gateway, name, liar] = process.argv.slice(2)
const root = CID.parse(name)
const patience = () => ({ signal: AbortSignal.timeout(20_000) })

// A router that says of every block that one gateway has it. (As a fallback only, Helia 7 would never ask it: it
// waits for the first of no other routers.)
const router = url => Object.assign(fallbackRouter({ gateways: [url] }), { capabilities: () => ['findProviders'] })

const helia = async url => await createHeliaLight({
  blockBrokers: [trustlessGatewayBlockBroker({ allowInsecure: true, allowLocal: true })],
  routers: [router(url)],
  codecs: [dagCbor]
}).start()

const get = async (node, cid, accept) => {
  const verifiedFetch = await createVerifiedFetch(node)
  const answer = await verifiedFetch(`ipfs://${cid}`, { headers: { accept }, ...patience() })
  if (!answer.ok) throw new Error(`${cid}: ${answer.status} ${answer.statusText}`)
  return new Uint8Array(await answer.arrayBuffer())
}

const blocks = async bytes => {
  const found = []
  for await (const block of (await CarReader.fromBytes(bytes)).blocks()) found.push(block.cid.toString())
  return found
}

setInterval(() => {}, 1000) // Helia's own waits keep no process alive
const seen = {}

// Block by block, each verified; then pinned; then written as an archive by Helia itself.
const first = await helia(gateway)
const { size, links } = dagCbor.decode(await get(first, root, 'application/vnd.ipld.raw'))
Object.assign(seen, { size, links: links.length, bytes: 0 })
for (const link of links) seen.bytes += (await get(first, link, 'application/vnd.ipld.raw')).byteLength
for await (const _ of first.pins.add(root, patience())) ;
seen.pinned = await first.pins.isPinned(root)
seen.heliasArchive = (await blocks(await get(first, root, 'application/vnd.ipld.car'))).length
await first.stop()

// From the node's own archive, into an empty Helia, which verifies each block as well.
const second = await helia(gateway)
const answer = await fetch(`${gateway}/ipfs/${root}`, { headers: { accept: 'application/vnd.ipld.car' } })
seen.archiveType = answer.headers.get('content-type')
const archive = new Uint8Array(await answer.arrayBuffer())
seen.archive = (await blocks(archive)).length
await car(second).import(await CarReader.fromBytes(archive))
seen.imported = 0
for (const link of [root, ...links]) seen.imported += await second.blockstore.has(link) ? 1 : 0
await second.stop()

// What is not what it is called is refused, and no other gateway is there to make up for it.
const third = await helia(liar)
await get(third, root, 'application/vnd.ipld.raw') // which is as it should be: the liar is there
seen.refused = []
try {
  await get(third, links[0], 'application/vnd.ipld.raw')
} catch (error) {
  if (!await third.blockstore.has(links[0])) seen.refused.push(`nothing kept; ${error.name} while asking for another`)
}
console.log(JSON.stringify(seen))
process.exit(0)
