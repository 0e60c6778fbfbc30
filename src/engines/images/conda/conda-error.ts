import {JhubError, outputOf} from '../../../errors.js'

const fixes = {
  channel: 'Check the network and the channels of the file; behind a company proxy set HTTPS_PROXY and SSL_CERT_FILE',
  digest: 'Do not use this channel: ask who runs it',
  disagree: 'Ask for other versions in the file, or for any',
  kernel: 'Add ipykernel, r-irkernel or another kernel to the dependencies of the file',
} as const

/** What `jhub_conda.py` refused, as an error for people; `undefined` for anything else that failed. */
export function condaRefusal(error: unknown, image: string): JhubError | undefined {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return undefined
  const said = outputOf(error)
  const [, kind, sentence = ''] = /^jhub: (channel|digest|disagree|kernel): (.*)$/m.exec(said) ?? []
  const known = kind as keyof typeof fixes | undefined
  if (known === undefined) return undefined
  const code = known === 'channel' || known === 'digest' ? 'JHUB-E205' : 'JHUB-E221'
  return new JhubError(code, `The image ${image} cannot be built: ${sentence}`, {fix: fixes[known]})
}
