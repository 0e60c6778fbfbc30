import type {Send} from './hub-request.js'
import {unexpectedAnswer} from './unexpected-answer.js'
import {isRecord} from '../../hub-spec/document/is-record.js'

/** JupyterHub's own upper bound (`api_page_max_limit`). */
const pageSize = 200

interface Page {
  readonly items: readonly unknown[]
  readonly _pagination: {readonly total: number}
}

/** Every item of a list that JupyterHub gives in pages; after the first, the pages come side by side. */
export async function readPages(send: Send, path: string): Promise<readonly unknown[]> {
  const read = async (offset: number) => {
    const {body} = await send(`${path}?limit=${String(pageSize)}&offset=${String(offset)}`, {
      accept: 'application/jupyterhub-pagination+json',
    })
    if (!isPage(body)) throw unexpectedAnswer(path, 'no list with the number of all items')
    return body
  }
  const first = await read(0)
  const offsets = Array.from(
    {length: Math.ceil(first._pagination.total / pageSize) - 1},
    (_, index) => (index + 1) * pageSize,
  )
  const rest = await Promise.all(offsets.map(read))
  return [first, ...rest].flatMap(({items}) => items)
}

function isPage(body: unknown): body is Page {
  if (!isRecord(body) || !Array.isArray(body['items'])) return false
  const pagination = body['_pagination']
  return isRecord(pagination) && typeof pagination['total'] === 'number'
}
