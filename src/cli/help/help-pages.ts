import {errorCatalogue, exitCodes, JhubError} from '../../errors.js'
import {renderTerms} from '../render/text/render-terms.js'

export interface ErrorPage {
  readonly errors: readonly {readonly code: string; readonly exitCode: number; readonly meaning: string}[]
}

/** Every error code, or one. Throws `JHUB-E302` for a code that does not exist. */
export function describeErrors(only: string | undefined): ErrorPage {
  const wanted = only?.toUpperCase()
  const errors = Object.entries(errorCatalogue)
    .filter(([code]) => wanted === undefined || code === wanted)
    .map(([code, {exit, meaning}]) => ({code, exitCode: exitCodes[exit], meaning}))
  if (errors.length === 0)
    throw new JhubError('JHUB-E302', `There is no error ${wanted ?? ''}`, {fix: 'jhub help errors'})
  return {errors}
}

export function renderErrors({errors}: ErrorPage): string {
  return errors.map(({code, exitCode, meaning}) => `${code}  (exit ${String(exitCode)})\n  ${meaning}`).join('\n')
}

export interface ExitCodePage {
  readonly exitCodes: readonly {readonly code: number; readonly meaning: string}[]
}

const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  ok: 'Done, or nothing to do.',
  bug: 'A bug in jhub.',
  usage: 'The command line or the settings file is wrong.',
  precondition: 'Something that the command needs is missing. Nothing was changed, or the change was undone.',
  notFound: 'No such settings file, user, group or server.',
  conflict: 'It already exists, jhub did not create it, or another jhub is working on it.',
  timeout: 'Something did not become ready in time.',
  partial: 'Some of many failed.',
  differs: 'The hub differs from its settings file (`plan --exit-code`).',
  interrupted: 'Interrupted.',
}

export function describeExitCodes(): ExitCodePage {
  return {
    exitCodes: Object.entries(exitCodes).map(([name, code]) => ({
      code,
      meaning: exitMeanings[name as keyof typeof exitCodes],
    })),
  }
}

export function renderExitCodes(page: ExitCodePage): string {
  return renderTerms(page.exitCodes.map(({code, meaning}) => [String(code), meaning]))
}

export interface EnvironmentPage {
  readonly variables: readonly {readonly name: string; readonly meaning: string}[]
}

export function describeEnvironment(): EnvironmentPage {
  return {
    variables: [
      {name: 'JHUB_FILE', meaning: 'The settings file, like --file.'},
      {name: 'JHUB_NAME', meaning: 'The hub, like --name.'},
      {name: 'JHUB_MACHINE', meaning: 'The machine of a new hub, like --machine.'},
      {name: 'JHUB_YES', meaning: 'Answer yes, like --yes.'},
      {name: 'JHUB_LOCK_TIMEOUT', meaning: 'How long to wait for another jhub, like --lock-timeout.'},
      {name: 'JHUB_NO_INPUT', meaning: 'Never ask, like --no-input.'},
      {name: 'JHUB_CONFIG_DIR', meaning: 'The directory of settings files. Default: ~/.config/jhub'},
      {
        name: 'JHUB_STATE_DIR',
        meaning: 'Where hubs are installed. Default: ~/.local/state/jhub; for root /var/lib/jhub',
      },
      {
        name: 'JHUB_DATA_DIR',
        meaning: 'The directory of home directories. Default: ~/.local/share/jhub; for root /var/lib/jhub-data',
      },
      {name: 'NO_COLOR', meaning: 'No colours.'},
      {name: 'EDITOR, VISUAL', meaning: 'The editor of `jhub config edit`.'},
      {
        name: 'HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY',
        meaning: 'The proxy to the internet. Upper or lower case; passed on to the hub and to servers.',
      },
      {name: 'DOCKER_HOST', meaning: 'The Docker engine, as for `docker` itself.'},
      {name: 'SSL_CERT_FILE, SSL_CERT_DIR, NODE_EXTRA_CA_CERTS', meaning: 'Certificates of a company network.'},
      {name: 'UV_INDEX_URL, UV_DEFAULT_INDEX, UV_EXTRA_INDEX_URL, PIP_INDEX_URL', meaning: 'A private package index.'},
      {name: 'UV_PYTHON_INSTALL_MIRROR', meaning: 'The address from which uv downloads Python.'},
      {name: 'UV_CACHE_DIR', meaning: 'The directory where uv keeps what it downloads.'},
      {name: 'UV_OFFLINE', meaning: 'Install only what uv has downloaded before.'},
    ],
  }
}

export function renderEnvironment(page: EnvironmentPage): string {
  return renderTerms(page.variables.map(({name, meaning}) => [name, meaning]))
}
