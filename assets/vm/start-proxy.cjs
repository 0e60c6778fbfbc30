// Runs configurable-http-proxy with its token from a file: in argv or environment other accounts could read it.
'use strict'

const {readFileSync} = require('node:fs')
const path = require('node:path')
const {pathToFileURL} = require('node:url')

process.env.CONFIGPROXY_AUTH_TOKEN = JSON.parse(readFileSync(process.env.JHUB_SECRETS_FILE, 'utf8')).proxyToken
import(pathToFileURL(path.join(process.env.JHUB_PROXY_MODULE, 'bin', 'configurable-http-proxy')).href)
