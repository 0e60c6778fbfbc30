import {isRecord} from '../document/is-record.js'

const configurationPlace = /^\/usr\/local\/etc\/jupyterhub\/jupyterhub_config\.d\/[^/]+\.py$/

/** The Python of an entry of `hub.extraFiles` that the hub reads as its configuration; `undefined` for any other file. */
export function codeInFile(file: unknown): string | undefined {
  if (!isRecord(file)) return undefined
  const {mountPath, stringData, binaryData} = file
  if (typeof mountPath !== 'string' || !configurationPlace.test(mountPath)) return undefined
  if (typeof stringData === 'string') return stringData
  return typeof binaryData === 'string' ? textInBase64(binaryData) : undefined
}

/** The text of a value that the chart takes as base64. */
export function textInBase64(value: string): string {
  return Buffer.from(value, 'base64').toString('utf8')
}
