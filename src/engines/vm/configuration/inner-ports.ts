import type {Files} from '../../../host/files.js'
import type {InnerPorts} from './hub-settings.js'

export async function readInnerPorts(files: Files, file: string): Promise<InnerPorts | undefined> {
  const text = await files.read(file)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isInnerPorts(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isInnerPorts(value: unknown): value is InnerPorts {
  return (
    typeof value === 'object' &&
    value !== null &&
    'proxyApi' in value &&
    Number.isInteger(value.proxyApi) &&
    'hub' in value &&
    Number.isInteger(value.hub) &&
    'door' in value &&
    Number.isInteger(value.door)
  )
}
