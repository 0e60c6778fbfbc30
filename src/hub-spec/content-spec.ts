import {definedOnly} from '../defined-only.js'
import type {ContentDocument} from './content-document.js'

/** A repository that each home gets when its server starts. */
export interface ContentSpec {
  /** As it was typed. */
  readonly git: string
  /** Absent: the repository's own. */
  readonly branch?: string
  /** A file or directory of it with which JupyterLab begins. */
  readonly open?: string
}

export function toContent({git, branch, open}: ContentDocument): ContentSpec {
  return {git, ...definedOnly({branch, open})}
}

/** The directory in a home. */
export function contentDirectory({git}: ContentSpec): string {
  return (
    git
      .replace(/\/$/, '')
      .replace(/\.git$/, '')
      .split('/')
      .at(-1) ?? 'content'
  )
}

/**
 * The address as git is given it: it ends where the name of the repository ends, so that a mirror stands in for this one and not
 * for another whose name only begins like it.
 */
export function contentAddress({git}: ContentSpec): string {
  return git.endsWith('.git') || git.endsWith('/') ? git : `${git}/`
}

/** What `assets/hub/jhub_content.py` reads. The keys are its. */
export function contentSettings(content: ContentSpec | undefined): object | null {
  if (content === undefined) return null
  return {
    url: contentAddress(content),
    branch: content.branch ?? null,
    directory: contentDirectory(content),
    open: content.open ?? null,
  }
}

/** Where JupyterLab begins, below a server. */
export function firstPage(content: ContentSpec | undefined): string {
  if (content?.open === undefined) return '/lab'
  return `/lab/tree/${[contentDirectory(content), ...content.open.split('/')].map(encodeURIComponent).join('/')}`
}

/** The link that updates the repository in the server of whoever opens it, and shows it; `url` is the hub's. */
export function contentLink(content: ContentSpec, url: string): string {
  const {branch} = content
  const query = new URLSearchParams({
    repo: contentAddress(content),
    ...definedOnly({branch}),
    targetpath: contentDirectory(content),
    urlpath: content.open === undefined ? `lab/tree/${contentDirectory(content)}` : firstPage(content).slice(1),
  })
  return `${url.replace(/\/$/, '')}/hub/user-redirect/git-pull?${query.toString()}`
}
