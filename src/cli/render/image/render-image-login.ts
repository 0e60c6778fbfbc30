import type {ImageLoginResult, ImageLogoutResult} from '../../../hub/image/image-login.js'

export function renderImageLogin({registry, user, outcome}: ImageLoginResult): string {
  return outcome === 'applied'
    ? `${registry} accepts the account ${user}. The cluster has it now, as the servers' pull secret.`
    : `${registry} accepts the account ${user}, and it is saved. The hub's servers do not use it yet: \`jhub up\` gives it to them.`
}

export function renderImageLogout({registry, wasThere}: ImageLogoutResult): string {
  return wasThere ? `The hub no longer has an account for ${registry}.` : `The hub had no account for ${registry}.`
}
